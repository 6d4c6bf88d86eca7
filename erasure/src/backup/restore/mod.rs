//! Putting a backup in the place of the database.
//!
//! The backup is read to its end and its copy opened, checked and closed again before anything is touched that is there. Then
//! the copy takes the database's place, marked so that nobody opens it, and [`catch_up()`] does the rest. Wherever a restore
//! breaks off, the same command goes on.

mod catch_up;
mod media;
mod read_back;
mod replay;
mod work;

use std::{io, sync::Arc};

use tokio::runtime::Handle;

pub use self::catch_up::{CatchUpError, CaughtUp, catch_up, replay_by_hand};
use super::{
    BackupError, BackupId, BackupStore, Header, Standing, StoreError, Summary,
    frames::{FrameReader, Part},
    header::Opening,
    list,
    pipe::StoreReader,
    store::ENDING,
};
use crate::{
    db::{
        self, Db, OpenError, StagingError,
        staging::{self, Purpose, Staging},
    },
    id::RowId,
    ledger::{Entry, Ledger, LedgerError, Noted, bookmark},
    random::Random,
    time::{Clock, Timestamp},
    vault::MasterKeys,
};

/// What it takes to restore, where there may be no database to ask.
#[derive(Clone)]
pub struct Workshop {
    /// Where backups are.
    pub store: Arc<dyn BackupStore>,
    /// The master keys.
    pub masters: MasterKeys,
    /// What was erased.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// The database's address.
    pub url: String,
}

/// Which backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest that can be restored.
    Latest,
    /// This one.
    Named(BackupId),
}

/// A copy that is in place, and closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The backup that it came from.
    pub backup: Option<BackupId>,
    /// Whether an earlier try had come so far.
    pub was_in_place: bool,
}

/// Why nothing was restored. The database and its files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The store is empty.
    #[error("there is no backup that could be restored: `qliento backup list` shows what there is")]
    None,
    /// There is none of that name.
    #[error("there is no backup of that name: `qliento backup list` shows them")]
    Unknown,
    /// Another one is in place and has to be finished first.
    #[error(
        "the restore of {0} is under way: finish that one first, with the same command and its name"
    )]
    AnotherUnderWay(String),
    /// It says that it was made later than now.
    #[error(
        "the backup says that it was made on {made_at}, which is later than now ({now}): the clock was set back. Set it right first"
    )]
    FromTheFuture {
        /// When it was made.
        made_at: Timestamp,
        /// What time it is.
        now: Timestamp,
    },
    /// Nobody can say which one is the latest.
    #[error(
        "{older} was made earlier than {newer} by the clock, and later by the ledger: the clock was set back. Name the one that you mean"
    )]
    ClockWasSetBack {
        /// Earlier by the clock.
        older: BackupId,
        /// Later by the clock.
        newer: BackupId,
    },
    /// It belongs to another ledger.
    #[error(
        "the backup is of another deployment: it follows another ledger than the one in QLIENTO_LEDGER_FILE"
    )]
    ForeignDeployment,
    /// The ledger does not say what happened since.
    #[error(
        "the ledger does not reach back to this backup: nobody can say who was erased since. Take a newer backup, or put the newest copy of the ledger back"
    )]
    LedgerDoesNotReachBack,
    /// A later version of this program made the database.
    #[error(
        "the backup's database is newer than this program: restore it with the version of qliento that made it, or a later one"
    )]
    NewerSchema,
    /// It cannot be brought up to this program.
    #[error("the backup's database cannot be brought up to this program: {0}")]
    Schema(OpenError),
    /// SQLite finds a fault in it.
    #[error(
        "the copy opens, but SQLite finds a fault in it: take another backup; nothing was changed"
    )]
    Faulty,
    /// The backup itself.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The place where the copy goes.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// The database fails.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<StoreError> for RestoreError {
    fn from(error: StoreError) -> Self {
        Self::Backup(error.into())
    }
}

/// Puts a backup in the place of the database; one that is in place already is found there.
///
/// # Errors
/// See [`RestoreError`].
pub async fn put_in_place(workshop: &Workshop, which: &Which) -> Result<Placed, RestoreError> {
    if let Some(placed) = in_place(workshop, which).await? {
        return Ok(placed);
    }
    let chosen = choose(workshop, which).await?;
    let opening = list::open(&workshop.store, &name(&chosen)).await?;
    let entries = fits(workshop, &opening.header).await?;
    tracing::info!(
        backup = chosen.as_str(),
        entries = entries.len(),
        "the backup is opened and checked"
    );
    let staging = stage(workshop, Purpose::Restore, opening).await?;
    if let Err(error) = close_copy(workshop, &staging, &chosen).await {
        let _ = staging.discard().await;
        return Err(error);
    }
    fail::fail_point!("restore::staged");
    staging.place().await?;
    fail::fail_point!("restore::placed");
    Ok(Placed {
        backup: Some(chosen),
        was_in_place: false,
    })
}

/// Removes what the copy has replaced, once it is open.
///
/// # Errors
/// When it cannot be removed.
pub async fn forget_replaced(url: &str) -> Result<(), StagingError> {
    staging::forget_replaced(url).await
}

/// A copy that an earlier try put in place and did not open.
async fn in_place(workshop: &Workshop, which: &Which) -> Result<Option<Placed>, RestoreError> {
    if !staging::exists(&workshop.url).await? {
        return Ok(None);
    }
    // A database that cannot be opened is what backups are for.
    let Ok(db) = Db::open(&workshop.url).await else {
        return Ok(None);
    };
    let mark = bookmark::find(&db).await.ok().flatten();
    db.close().await;
    let Some(mark) = mark.filter(bookmark::Bookmark::is_copy) else {
        return Ok(None);
    };
    let backup: Option<BackupId> = mark.backup.and_then(|id| id.parse().ok());
    match (which, &backup) {
        (Which::Named(asked), Some(there)) if asked != there => {
            Err(RestoreError::AnotherUnderWay(there.to_string()))
        }
        (Which::Named(_) | Which::Latest, _) => Ok(Some(Placed {
            backup,
            was_in_place: true,
        })),
    }
}

pub(super) async fn choose(workshop: &Workshop, which: &Which) -> Result<BackupId, RestoreError> {
    let listed = list::list(&workshop.store, &workshop.masters).await?;
    if let Which::Named(id) = which {
        let found = listed.into_iter().find(|backup| backup.id == *id);
        return found.map(|backup| backup.id).ok_or(RestoreError::Unknown);
    }
    let mut headers = listed
        .into_iter()
        .filter(|backup| backup.standing == Standing::Restorable)
        .filter_map(|backup| backup.header);
    let latest = headers.next().ok_or(RestoreError::None)?;
    // What the ledger knew when they were made is the one order that no clock changes.
    match headers.find(|other| other.ledger.sequence > latest.ledger.sequence) {
        Some(other) => Err(RestoreError::ClockWasSetBack {
            older: other.id,
            newer: latest.id,
        }),
        None => Ok(latest.id),
    }
}

/// Whether the backup is ours, and the ledger says what happened since; then that is the answer.
pub(super) async fn fits(workshop: &Workshop, header: &Header) -> Result<Vec<Entry>, RestoreError> {
    let now = workshop.clock.now();
    if header.made_at > now {
        return Err(RestoreError::FromTheFuture {
            made_at: header.made_at,
            now,
        });
    }
    if header.database.migration > db::last_migration() {
        return Err(RestoreError::NewerSchema);
    }
    if workshop.ledger.tip().await?.ledger.as_ref() != Some(&header.ledger.ledger) {
        return Err(RestoreError::ForeignDeployment);
    }
    let line = Noted {
        sequence: header.ledger.sequence,
        head: header.ledger.head,
    };
    let entries = workshop.ledger.entries_behind(line).await?;
    entries.ok_or(RestoreError::LedgerDoesNotReachBack)
}

/// Reads the whole backup and puts its database together beside the one that is there.
pub(super) async fn stage(
    workshop: &Workshop,
    purpose: Purpose,
    opening: Opening,
) -> Result<Staging, RestoreError> {
    opening.key(&workshop.masters)?; // before anything is written
    let locale = opening.header.database.locale.as_ref();
    let staging = Arc::new(Staging::beside(&workshop.url, purpose, locale).await?);
    let (receiving, backup) = (Arc::clone(&staging), name(&opening.header.id));
    let unpacked = unpack(workshop, backup, move |part, content| match part {
        Part::Database { name } => receiving.receive(name, content),
        Part::Media { .. } | Part::MediaIndex { .. } => Ok(()),
    })
    .await;
    let staging = Arc::into_inner(staging).ok_or(RestoreError::Faulty)?;
    match unpacked {
        Ok(_) => Ok(staging),
        Err(error) => {
            let _ = staging.discard().await;
            Err(error.into())
        }
    }
}

/// Reads a backup from its first byte to its last, and hands every file in it to `each`.
async fn unpack(
    workshop: &Workshop,
    name: String,
    each: impl FnMut(&Part, &mut (dyn io::Read + Send)) -> io::Result<()> + Send + 'static,
) -> Result<Summary, BackupError> {
    let (store, masters) = (Arc::clone(&workshop.store), workshop.masters.clone());
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut from = StoreReader::new(runtime, store.as_ref(), name);
        let opening = Opening::read(&mut from)?;
        let sealed = opening.key(&masters)?.open(from);
        Ok(FrameReader::new(zstd::Decoder::new(sealed)?).files(each)?)
    })
    .await
    .unwrap_or_else(|_| Err(BackupError::Unreadable(io::ErrorKind::Other.into())))
}

/// Checks the copy, brings its schema up to this program's, and marks it as one that nobody opens.
pub(super) async fn close_copy(
    workshop: &Workshop,
    staging: &Staging,
    backup: &BackupId,
) -> Result<(), RestoreError> {
    let db = Db::open(&staging.url())
        .await
        .map_err(RestoreError::Schema)?;
    let closed = close_copy_in(workshop, &db, backup).await;
    db.close().await;
    closed
}

async fn close_copy_in(
    workshop: &Workshop,
    db: &Db,
    backup: &BackupId,
) -> Result<(), RestoreError> {
    if !db.is_sound().await? {
        return Err(RestoreError::Faulty);
    }
    db.migrate().await.map_err(RestoreError::Schema)?;
    let restore = RowId::mint(workshop.clock.now(), workshop.random.as_ref());
    if !bookmark::close(db, &restore, Some(backup.as_str())).await? {
        return Err(RestoreError::LedgerDoesNotReachBack);
    }
    db.truncate_log().await?;
    Ok(())
}

pub(super) fn name(backup: &BackupId) -> String {
    format!("{backup}{ENDING}")
}
