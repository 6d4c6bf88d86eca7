//! Catching up: what the ledger knows and the copy does not is done once more and read back; only then the copy is opened.
//!
//! Nobody else works with the copy meanwhile: no page, no worker, no letter. Every part may be done twice, so whoever breaks
//! off goes on from the beginning.

use std::sync::Arc;

use serde::Serialize;

use super::{media, read_back, replay, work};
use crate::{
    backup::{BackupError, BackupId, BackupStore},
    db::{self, value::args},
    hold,
    id::{ErasureId, RowId},
    ledger::{
        self, Fact, LedgerError,
        bookmark::{self, Bookmark},
        compare::{self, CompareError, Difference},
    },
    media::MediaError,
    services::Services,
};

/// What catching up came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaughtUp {
    /// Erasures that the ledger knows and that had ended since the copy was made.
    pub erased_since: usize,
    /// … and of which something was in the copy, and was erased again.
    pub erased_again: usize,
    /// Erasures that had been confirmed, and were again.
    pub confirmed_again: usize,
    /// Erasures that had been cancelled, and were again.
    pub cancelled_again: usize,
    /// Legal holds that stand and of which the copy had never heard, and that were placed again.
    pub holds_again: usize,
    /// Media files that were brought back.
    pub media_files: u64,
}

/// Why the copy stays closed.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    /// It never met a ledger.
    #[error("this database never met a ledger: nobody can say who was erased since")]
    NoBookmark,
    /// The ledger does not hold the line up to which the copy has followed it.
    #[error(
        "the ledger does not hold the line up to which this copy has followed it: put the newest copy of the ledger back"
    )]
    LedgerDoesNotReachBack,
    /// An erasure needs a person.
    #[error("erasure {erasure} cannot go on: {cause}")]
    Parked {
        /// Which.
        erasure: ErasureId,
        /// Why.
        cause: String,
    },
    /// Nothing goes on any more.
    #[error(
        "erasure {erasure} has waited for {minutes} minutes and nothing went on: {cause}. Mend that, and say it again: it goes on from here"
    )]
    Stuck {
        /// Which.
        erasure: ErasureId,
        /// For how long.
        minutes: u64,
        /// What it waits for.
        cause: String,
    },
    /// Somebody is still there.
    #[error("after everything was replayed, {0} still stands in the copy: it stays closed")]
    StillThere(String),
    /// The ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Media files cannot be brought back.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Media files cannot be looked at or removed.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The database fails.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<CompareError> for CatchUpError {
    fn from(error: CompareError) -> Self {
        match error {
            CompareError::Ledger(error) => Self::Ledger(error),
            CompareError::LineMissing => Self::LedgerDoesNotReachBack,
            CompareError::Database(error) => Self::Database(error),
        }
    }
}

/// Lets a copy that is in place catch up with the ledger, and opens it. With a store, its media files are brought back as
/// well. A database that is open is left alone.
///
/// # Errors
/// See [`CatchUpError`]; the copy stays closed.
pub async fn catch_up(
    services: &Services,
    store: Option<&Arc<dyn BackupStore>>,
) -> Result<CaughtUp, CatchUpError> {
    let mark = bookmark::find(&services.db)
        .await?
        .ok_or(CatchUpError::NoBookmark)?;
    let Some(restore) = mark.restore.clone() else {
        return Ok(CaughtUp::default());
    };
    let now = services.now();
    // From here on every other copy is an older one.
    let restoring = Fact::Restoring {
        restore: restore.clone(),
        backup: mark.backup.clone(),
    };
    services.ledger.note(&restoring, now).await?;
    fail::fail_point!("restore::restoring");
    let difference = compare::difference(services, mark.line).await?;
    let mut caught_up = CaughtUp {
        erased_since: difference.gone.len(),
        cancelled_again: difference.cancelled.len(),
        media_files: bring_media_back(services, store, &mark, &difference).await?,
        ..CaughtUp::default()
    };
    fail::fail_point!("restore::media");
    begin_anew(services).await?;
    ledger::make_up(services, &difference).await?;
    caught_up.holds_again = hold::place_again(services, &difference.held).await?;
    (caught_up.erased_again, caught_up.confirmed_again) =
        replay::replay(services, &difference).await?;
    hold::hold_again(services, &difference.held).await?;
    replay::let_go(services, &difference.gone).await?;
    fail::fail_point!("restore::replayed");
    work::until_gone(services, &difference.gone).await?;
    fail::fail_point!("restore::worked");
    media::remove_unknown(services).await?;
    read_back::nobody_is_left(services, &difference.gone).await?;
    fail::fail_point!("restore::read_back");
    let restored = Fact::Restored {
        restore,
        replayed: i64::try_from(caught_up.erased_again).unwrap_or(i64::MAX),
    };
    services.ledger.note(&restored, services.now()).await?;
    let tip = services.ledger.tip().await?;
    let mut tx = services.db.begin().await?;
    bookmark::put(&mut tx, &tip).await?;
    tx.commit().await?;
    services.db.persist().await?;
    fail::fail_point!("restore::opened");
    Ok(caught_up)
}

/// The same for a copy that somebody put in place by other means: it is closed first.
///
/// # Errors
/// As [`catch_up`].
pub async fn replay_by_hand(services: &Services) -> Result<CaughtUp, CatchUpError> {
    let restore = RowId::mint(services.now(), services.random.as_ref());
    let mark = bookmark::find(&services.db)
        .await?
        .ok_or(CatchUpError::NoBookmark)?;
    if mark.restore.is_none() {
        bookmark::close(&services.db, &restore, None).await?;
    }
    catch_up(services, None).await
}

async fn bring_media_back(
    services: &Services,
    store: Option<&Arc<dyn BackupStore>>,
    mark: &Bookmark,
    difference: &Difference,
) -> Result<u64, CatchUpError> {
    let backup: Option<BackupId> = mark.backup.as_deref().and_then(|id| id.parse().ok());
    match (store, backup) {
        (Some(store), Some(backup)) => {
            media::bring_back(services, store, &backup, &difference.gone).await
        }
        (_, None) | (None, _) => Ok(0),
    }
}

/// What a copy must not inherit: who was signed in, codes, and what held work back then.
async fn begin_anew(services: &Services) -> Result<(), db::Error> {
    let mut tx = services.db.begin().await?;
    for statement in [
        "DELETE FROM sessions",
        "DELETE FROM staff_sessions",
        "DELETE FROM staff_invitations",
        "DELETE FROM deletion_codes",
        "DELETE FROM job_throttles",
        "-- unpark_all
         UPDATE jobs SET parked_at = NULL, cause = NULL, attempts = 0, lease_token = NULL, lease_until = 0 WHERE done_at IS NULL",
    ] {
        tx.execute(statement, args![]).await?;
    }
    tx.commit().await
}
