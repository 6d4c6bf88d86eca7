//! Ending backups at their term, and measuring whether the promise holds: letters and receipts name the day by which the last
//! copy is gone.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use sqlx::FromRow;

use super::{BackupStore, Listed, Standing, StoreError, list, restore::name};
use crate::{
    db::{Db, Error, value::args},
    ledger::{LedgerError, bookmark},
    retention::{BACKUP_DAYS, backups_end},
    services::Services,
    time::Timestamp,
};

/// Backups go a day before the promise ends: the store may be away for a while.
const TERM: Duration = Duration::from_hours((BACKUP_DAYS - 1) * 24);
/// A backup that was begun so long ago and never published will never be.
const UNFINISHED: Duration = Duration::from_hours(48);

/// The ledger is kept as long as any backup, and seven days more.
const LEDGER_TERM: Duration = Duration::from_hours((BACKUP_DAYS + 7) * 24);

/// What a look at the store saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Watch {
    /// When it was looked at.
    pub looked_at: Timestamp,
    /// Backups that could be restored.
    pub copies: i64,
    /// … that could not, and are there all the same.
    pub unreadable: i64,
    /// Bytes of all of them.
    pub bytes: i64,
    /// How old the oldest is, restorable or not.
    pub oldest_at: Option<Timestamp>,
    /// When the newest was made that could be restored.
    pub newest_at: Option<Timestamp>,
}

impl Watch {
    /// Whether something is still there that people were told is gone.
    #[must_use]
    pub fn breaks_the_promise(&self, now: Timestamp) -> bool {
        self.oldest_at.is_some_and(|at| backups_end(at) <= now)
    }

    fn of(listed: &[Listed], now: Timestamp) -> Self {
        let count = |wanted: fn(Standing) -> bool| {
            let fitting = listed.iter().filter(|backup| wanted(backup.standing));
            i64::try_from(fitting.count()).unwrap_or(i64::MAX)
        };
        let bytes = listed.iter().map(|backup| backup.bytes).sum::<u64>();
        let restorable = listed
            .iter()
            .filter(|backup| backup.standing == Standing::Restorable && backup.made_at <= now);
        Self {
            looked_at: now,
            copies: count(|standing| standing == Standing::Restorable),
            unreadable: count(|standing| standing != Standing::Restorable),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            oldest_at: listed.iter().map(|backup| backup.made_at).min(),
            newest_at: restorable.map(|backup| backup.made_at).max(),
        }
    }
}

/// Whether one of these is still there though people were told that it is gone.
#[must_use]
pub fn breaks_the_promise(listed: &[Listed], now: Timestamp) -> bool {
    Watch::of(listed, now).breaks_the_promise(now)
}

/// Why backups were not ended, or nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The database fails.
    #[error(transparent)]
    Database(#[from] Error),
}

/// Deletes every backup at its term, whatever stands in it, and looks at what is left.
///
/// # Errors
/// When the store cannot be listed. One that keeps what it should delete is an alarm instead: see
/// [`Watch::breaks_the_promise`].
pub async fn prune(services: &Services, store: &Arc<dyn BackupStore>) -> Result<Watch, PruneError> {
    let now = services.now();
    let masters = services.vault.master_keys();
    for backup in list(store, &masters).await? {
        if backup.made_at + TERM <= now
            && let Err(error) = store.delete(&name(&backup.id)).await
        {
            tracing::error!(backup = backup.id.as_str(), cause = %error, "a backup at its term cannot be deleted");
        }
    }
    if let Err(error) = store.sweep(now - UNFINISHED).await {
        tracing::error!(cause = %error, "what is left of an interrupted backup cannot be deleted");
    }
    let listed = list(store, &masters).await?;
    let watch = Watch::of(&listed, now);
    if watch.breaks_the_promise(now) {
        tracing::error!(
            "a backup is older than {BACKUP_DAYS} days: people were told that it is gone. Delete it, or give this program the right to"
        );
    }
    keep(&services.db, &watch).await?;
    compact_ledger(services, &listed).await?;
    Ok(watch)
}

/// Drops what the ledger noted before the oldest backup and [`LEDGER_TERM`]: nothing is left that would have to hear of it.
async fn compact_ledger(services: &Services, listed: &[Listed]) -> Result<(), PruneError> {
    let Some(mark) = bookmark::find(&services.db).await? else {
        return Ok(());
    };
    let mut needed = mark.line.sequence;
    for backup in listed {
        match &backup.header {
            Some(header) if header.ledger.ledger == mark.ledger => {
                needed = needed.min(header.ledger.sequence);
            }
            Some(_) => {}
            None => return Ok(()), // nobody can say how far back it reaches
        }
    }
    let before = services.now() - LEDGER_TERM;
    let dropped = services.ledger.compact(needed, before).await?;
    if dropped > 0 {
        tracing::info!(dropped, "the ledger dropped what no backup needs");
    }
    Ok(())
}

#[derive(FromRow)]
struct WatchRow {
    looked_at: i64,
    copies: i64,
    unreadable: i64,
    bytes: i64,
    oldest_at: Option<i64>,
    newest_at: Option<i64>,
}

impl From<WatchRow> for Watch {
    fn from(row: WatchRow) -> Self {
        Self {
            looked_at: Timestamp::from_millis(row.looked_at),
            copies: row.copies,
            unreadable: row.unreadable,
            bytes: row.bytes,
            oldest_at: row.oldest_at.map(Timestamp::from_millis),
            newest_at: row.newest_at.map(Timestamp::from_millis),
        }
    }
}

/// What the last look saw; `None`: nobody ever looked.
///
/// # Errors
/// When the database fails.
pub async fn last_look(db: &Db) -> Result<Option<Watch>, Error> {
    let row: Option<WatchRow> = db
        .fetch_optional(
            "-- last_look_at_backups
             SELECT looked_at, copies, unreadable, bytes, oldest_at, newest_at FROM backup_watch WHERE looked_at > 0",
            args![],
        )
        .await?;
    Ok(row.map(Watch::from))
}

async fn keep(db: &Db, watch: &Watch) -> Result<(), Error> {
    db.execute(
        "-- keep_look_at_backups
         INSERT INTO backup_watch (id, looked_at, copies, unreadable, bytes, oldest_at, newest_at) VALUES (1, $1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at, copies = excluded.copies, unreadable = excluded.unreadable,
                                        bytes = excluded.bytes, oldest_at = excluded.oldest_at, newest_at = excluded.newest_at",
        args![
            watch.looked_at,
            watch.copies,
            watch.unreadable,
            watch.bytes,
            watch.oldest_at,
            watch.newest_at
        ],
    )
    .await?;
    Ok(())
}
