//! Working on a closed copy: erasures alone, until those have ended that had ended before, and not for ever.

use std::{collections::HashSet, time::Duration};

use futures::future::try_join_all;
use sqlx::FromRow;
use tokio::time::interval;

use super::CatchUpError;
use crate::{
    db::{Error, value::args},
    id::ErasureId,
    job::{self, Kind},
    ledger::Case,
    services::Services,
};

/// How soon an erasure is looked at again that waits for something.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Erasures worked on at the same time: a small one mostly waits for answers of the database.
const AT_ONCE: usize = 4;
/// How long nothing may go on: three times the longest wait between two tries.
const PATIENCE: Duration = Duration::from_mins(15);

/// An erasure that has to end.
#[derive(Clone, FromRow, PartialEq, Eq)]
struct Unfinished {
    id: String,
    parked_at: Option<i64>,
    cause: Option<String>,
    /// Grows with whatever is done for it.
    done: i64,
}

/// Works until every one of these erasures has ended.
pub(super) async fn until_gone(services: &Services, gone: &[Case]) -> Result<(), CatchUpError> {
    let required: HashSet<&str> = gone.iter().map(|case| case.erasure.as_str()).collect();
    let mut looks = interval(LOOK_AGAIN);
    let (mut before, mut since) = (vec![], services.now());
    loop {
        looks.tick().await;
        try_join_all((0..AT_ONCE).map(|_| job::run_due_of(services, Kind::Erasure))).await?;
        let unfinished = unfinished(services, &required).await?;
        let Some(first) = unfinished.first() else {
            return Ok(());
        };
        if let Some(parked) = unfinished.iter().find(|one| one.parked_at.is_some()) {
            return Err(CatchUpError::Parked {
                erasure: ErasureId::stored(parked.id.clone()),
                cause: parked.cause.clone().unwrap_or_default(),
            });
        }
        let now = services.now();
        if marks(&unfinished) != before {
            (before, since) = (marks(&unfinished), now);
        } else if now.since(since) >= PATIENCE {
            return Err(CatchUpError::Stuck {
                erasure: ErasureId::stored(first.id.clone()),
                minutes: PATIENCE.as_secs() / 60,
                cause: first
                    .cause
                    .clone()
                    .unwrap_or_else(|| "it is not due yet".to_owned()),
            });
        }
    }
}

/// How far they have come: another answer means that something went on.
fn marks(unfinished: &[Unfinished]) -> Vec<(String, i64)> {
    unfinished
        .iter()
        .map(|one| (one.id.clone(), one.done))
        .collect()
}

async fn unfinished(
    services: &Services,
    required: &HashSet<&str>,
) -> Result<Vec<Unfinished>, Error> {
    let rows: Vec<Unfinished> = services
        .db
        .fetch_all(
            "-- unfinished_erasures
             SELECT e.id, j.parked_at, j.cause,
                    (SELECT CAST(COALESCE(SUM(s.erased + CASE WHEN s.done_at IS NULL THEN 0 ELSE 1 END), 0) AS BIGINT)
                     FROM   erasure_steps AS s WHERE s.erasure_id = e.id) AS done
             FROM   erasures AS e JOIN jobs AS j ON j.subject = e.id
             WHERE  e.state <> 'completed' AND j.done_at IS NULL
             ORDER  BY e.id",
            args![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| required.contains(row.id.as_str()))
        .collect())
}
