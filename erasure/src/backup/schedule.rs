//! Backups by themselves: the worker looks every few minutes, ends what is at its term, and makes a backup when one is due.
//!
//! Of several workers one does it: it holds the watch's row until a moment in time, and moves that on while it writes. One
//! that dies is followed by the next; what it had begun was never published, and is swept.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{interval, timeout},
};

use super::{BackupStore, CreateError, Created, Options, PruneError, create, prune};
use crate::{
    db::{Error, value::args},
    id::uuid_v7,
    ledger::{self, Closed},
    services::Services,
};

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_mins(5);
/// How long whoever makes a backup holds the row without a word.
const HOLD: Duration = Duration::from_mins(2);
/// How often it gives word.
const WORD: Duration = Duration::from_secs(30);

/// Where backups go, and how often.
#[derive(Clone)]
pub struct Schedule {
    /// Where.
    pub store: Arc<dyn BackupStore>,
    /// From one to the next.
    pub every: Duration,
}

/// Why a turn came to nothing. The next one tries again.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The database and the ledger do not fit together: a backup of it would be worth nothing.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// Nothing was ended.
    #[error(transparent)]
    Prune(#[from] PruneError),
    /// Nothing was made.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The database fails.
    #[error(transparent)]
    Database(#[from] Error),
}

/// Takes turns until `stop` becomes true; a backup that is being written is given up then.
pub async fn run(services: Services, schedule: Schedule, mut stop: watch::Receiver<bool>) {
    let given_up = Arc::new(AtomicBool::new(false));
    let (mut waiting, giving_up) = (stop.clone(), Arc::clone(&given_up));
    let turns = async move {
        while !*waiting.borrow() {
            match turn(&services, &schedule, &given_up).await {
                Ok(Some(created)) => {
                    let (backup, bytes) = (created.id.as_str(), created.bytes);
                    tracing::info!(backup, bytes, "a backup was made");
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(cause = %error, "no backup was made; the next look tries again");
                }
            }
            let _ = timeout(LOOK, waiting.wait_for(|stop| *stop)).await;
        }
    };
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
        giving_up.store(true, Ordering::Relaxed);
    };
    tokio::join!(turns, stopped);
}

/// Ends what is at its term, and makes a backup when one is due; `None`: none was, or another worker is at it.
///
/// # Errors
/// See [`TurnError`].
pub async fn turn(
    services: &Services,
    schedule: &Schedule,
    given_up: &Arc<AtomicBool>,
) -> Result<Option<Created>, TurnError> {
    let token = uuid_v7(services.now(), services.random.as_ref());
    if !hold(services, &token).await? {
        return Ok(None);
    }
    let done = held(services, schedule, (&token, given_up)).await;
    let_go(services, &token).await?;
    done
}

async fn held(
    services: &Services,
    schedule: &Schedule,
    (token, given_up): (&str, &Arc<AtomicBool>),
) -> Result<Option<Created>, TurnError> {
    let now = services.now();
    // The bookmark moves on, so that the ledger may forget.
    ledger::follow(services).await?;
    let watch = prune(services, &schedule.store).await?;
    if watch
        .newest_at
        .is_some_and(|at| now.since(at) < schedule.every)
    {
        return Ok(None);
    }
    let options = Options {
        stop: Arc::clone(given_up),
        ..Options::default()
    };
    let making = create(services, schedule.store.as_ref(), &options);
    let lost = async {
        let mut words = interval(WORD);
        words.tick().await; // the first is at once, and it has just been held
        loop {
            words.tick().await;
            if !hold(services, token).await.unwrap_or(true) {
                return; // another worker took it for dead
            }
        }
    };
    let created = tokio::select! {
        created = making => created?,
        () = lost => return Err(CreateError::Stopped.into()),
    };
    prune(services, &schedule.store).await?;
    Ok(Some(created))
}

/// Takes the row, or keeps it.
async fn hold(services: &Services, token: &str) -> Result<bool, Error> {
    let now = services.now();
    services
        .db
        .execute(
            "-- begin_watch
             INSERT INTO backup_watch (id, looked_at, copies, unreadable, bytes) VALUES (1, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING",
            args![],
        )
        .await?;
    let rows = services
        .db
        .execute(
            "-- hold_watch
             UPDATE backup_watch SET held_by = $1, held_until = $2 WHERE id = 1 AND (held_by = $1 OR held_until <= $3)",
            args![token, now + HOLD, now],
        )
        .await?;
    Ok(rows == 1)
}

async fn let_go(services: &Services, token: &str) -> Result<(), Error> {
    services
        .db
        .execute(
            "-- let_watch_go
             UPDATE backup_watch SET held_by = NULL, held_until = 0 WHERE id = 1 AND held_by = $1",
            args![token],
        )
        .await?;
    Ok(())
}
