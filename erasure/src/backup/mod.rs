//! Backups that cannot bring anyone back.
//!
//! 1. [`create()`] reads the database as it is at one moment ([`crate::db::snapshot`]) and the media files, and streams them
//!    through `frames`, zstd and the vault's cipher into a [`BackupStore`]. Nothing lies in clear on the way.
//! 2. `schedule` does so every day, from the worker; [`prune()`] ends what is at its term, measures what is left, and rings
//!    when the promise would break.
//! 3. [`put_in_place`] opens a backup to its end before it changes anything, and puts the copy in the place of the database:
//!    closed, so that no process opens it.
//! 4. [`catch_up`] does once more what the ledger knows and the copy does not, reads back, and only then opens it.
//!
//! What is restorable: the database, to the moment at which the backup was begun or a little later, less everybody who was
//! erased since; and, unless it was left out, the content of every media file.

mod create;
mod drill;
mod frames;
mod header;
mod list;
mod pipe;
mod prune;
mod restore;
mod schedule;
mod store;

use std::io;

pub use self::{
    create::{CreateError, Created, Options, create},
    drill::{Rehearsal, rehearse},
    frames::Summary,
    header::{BackupId, DatabaseHeader, Header, LedgerMark, MalformedBackupId},
    list::{Listed, Standing, list},
    prune::{PruneError, Watch, breaks_the_promise, last_look, prune},
    restore::{
        CatchUpError, CaughtUp, Placed, RestoreError, Which, Workshop, catch_up, forget_replaced,
        put_in_place, replay_by_hand,
    },
    schedule::{Schedule, TurnError, run, turn},
    store::{BackupBucket, BackupFolder, BackupStore, StoreError, Stored, Upload},
};
use crate::vault::{FileKey, MasterKeyId, MasterKeys, StreamFault, VaultError};
use header::Opening;

/// Why a backup cannot be read. Found out before anything else is touched.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is something else.
    #[error("this file is not a backup of qliento's")]
    NotABackup,
    /// A later version of this program made it.
    #[error("a newer version of qliento made this backup: restore it with that version")]
    NewerFormat,
    /// Its first bytes were changed or cut.
    #[error("the backup's header is damaged: take another backup")]
    HeaderDamaged,
    /// It takes another master key.
    #[error(
        "the backup takes the master key {0}, which is not in the file that QLIENTO_MASTER_KEY_FILE names: if that key was rotated, add the line of the file that was set aside then (its name ends in .retired-{0})"
    )]
    OtherMasterKey(MasterKeyId),
    /// Its content was changed or cut.
    #[error("the backup cannot be used: {0}. Take another backup; nothing was changed")]
    Damaged(#[from] StreamFault),
    /// Its content makes no sense.
    #[error("the backup cannot be used: {0}. Take another backup; nothing was changed")]
    Unreadable(io::Error),
    /// The store does not hand it over.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        match (StreamFault::of(&error), pipe::store_error(&error)) {
            (Some(fault), _) => Self::Damaged(fault),
            (None, Some(fault)) => Self::Store(fault),
            (None, None) => Self::Unreadable(error),
        }
    }
}

impl Opening {
    /// The key of what is behind the header.
    fn key(&self, masters: &MasterKeys) -> Result<FileKey, BackupError> {
        let needed = &self.header.master_key;
        let master = needed.parse().map_err(|()| BackupError::HeaderDamaged)?;
        masters
            .open_file_key(master, &self.label, &self.wrapped)
            .map_err(|error| match error {
                VaultError::MasterKeyMissing(_) => BackupError::OtherMasterKey(master),
                VaultError::UnknownFormat | VaultError::KeyMissing | VaultError::Refused => {
                    BackupError::HeaderDamaged
                }
            })
    }
}
