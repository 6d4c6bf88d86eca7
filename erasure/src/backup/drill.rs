//! Restoring for practice: the copy is put together beside the database, catches up, is measured and thrown away.

use super::{
    BackupId, RestoreError, Which, Workshop,
    restore::{choose, close_copy, fits, stage},
};
use crate::{
    backup::list,
    db::{
        StagingError,
        staging::{Purpose, Staging},
    },
};

/// A copy that nobody will ever work with.
pub struct Rehearsal {
    staging: Staging,
    /// The backup that it came from.
    pub backup: BackupId,
    /// Lines that the ledger holds and the copy does not.
    pub entries: usize,
}

impl Rehearsal {
    /// The copy's address: it is closed, like one that was put in place.
    #[must_use]
    pub fn url(&self) -> String {
        self.staging.url()
    }

    /// Throws the copy away.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn end(self) -> Result<(), StagingError> {
        self.staging.discard().await
    }
}

/// Opens a backup to its end and puts its database together, beside the one that is there and without touching it.
///
/// # Errors
/// See [`RestoreError`].
pub async fn rehearse(workshop: &Workshop, which: &Which) -> Result<Rehearsal, RestoreError> {
    let backup = choose(workshop, which).await?;
    let opening = list::open(&workshop.store, &super::restore::name(&backup)).await?;
    let entries = fits(workshop, &opening.header).await?.len();
    let staging = stage(workshop, Purpose::Drill, opening).await?;
    match close_copy(workshop, &staging, &backup).await {
        Ok(()) => Ok(Rehearsal {
            staging,
            backup,
            entries,
        }),
        Err(error) => {
            let _ = staging.discard().await;
            Err(error)
        }
    }
}
