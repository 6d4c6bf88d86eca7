//! Work that an operator holds back while it goes on: a pause, and a rate that all workers share.
//!
//! A claim looks here first, so a pause ends what is being worked on within a worker's turn. The rate is a debt: each
//! batch moves the moment at which the next one may begin, in the transaction that deletes its rows. A crash therefore
//! neither forgets rows nor counts them twice.

use std::num::NonZeroU32;

use sqlx::FromRow;

use super::Kind;
use crate::{
    db::{Db, Error, Tx, value::args},
    services::Services,
    time::Timestamp,
};

/// What is set for a kind of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct Throttle {
    /// Since when nothing is worked on; unix milliseconds.
    pub paused_at: Option<i64>,
    /// How many rows all workers together may take in a second.
    pub rows_per_second: Option<i64>,
}

impl Throttle {
    /// What one batch may take: a quarter of a second's share, so that the rate is kept within every second.
    pub(crate) fn room(&self, rows: i64) -> i64 {
        self.rows_per_second
            .map_or(rows, |rate| rows.min((rate / 4).max(1)))
    }
}

/// Holds all work of this kind back, or lets it go on. Work that was paused already stays paused since then.
///
/// # Errors
/// When the database fails.
pub async fn pause(services: &Services, kind: Kind, paused: bool) -> Result<(), Error> {
    let now = paused.then(|| services.now());
    services
        .db
        .execute(
            "-- pause_jobs
             INSERT INTO job_throttles (kind, paused_at) VALUES ($1, $2)
             ON CONFLICT (kind) DO UPDATE SET paused_at = CASE WHEN excluded.paused_at IS NULL THEN NULL
                                                               ELSE COALESCE(job_throttles.paused_at, excluded.paused_at) END",
            args![kind.as_str(), now],
        )
        .await?;
    Ok(())
}

/// Sets how many rows all workers together may take in a second; `None`: as many as they can.
///
/// # Errors
/// When the database fails.
pub async fn limit(
    services: &Services,
    kind: Kind,
    rows_per_second: Option<NonZeroU32>,
) -> Result<(), Error> {
    let rate = rows_per_second.map(|rate| i64::from(rate.get()));
    services
        .db
        .execute(
            "-- limit_jobs
             INSERT INTO job_throttles (kind, rows_per_second) VALUES ($1, $2)
             ON CONFLICT (kind) DO UPDATE SET rows_per_second = excluded.rows_per_second, free_at = 0",
            args![kind.as_str(), rate],
        )
        .await?;
    Ok(())
}

/// What is set now.
///
/// # Errors
/// When the database fails.
pub async fn throttle(db: &Db, kind: Kind) -> Result<Throttle, Error> {
    let row = db.fetch_optional(FIND, args![kind.as_str()]).await?;
    Ok(row.unwrap_or_default())
}

/// The same inside a batch.
pub(crate) async fn throttle_in(tx: &mut Tx, kind: Kind) -> Result<Throttle, Error> {
    let row = tx.fetch_optional(FIND, args![kind.as_str()]).await?;
    Ok(row.unwrap_or_default())
}

const FIND: &str = "-- find_throttle
    SELECT paused_at, rows_per_second FROM job_throttles WHERE kind = $1";

/// Writes down that a batch took so many rows; says until when nothing more may be taken. Without a rate nothing is written,
/// so that workers never wait for each other's counting.
pub(crate) async fn spend(
    tx: &mut Tx,
    kind: Kind,
    throttle: Throttle,
    rows: i64,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let Some(rate) = throttle.rows_per_second.filter(|_| rows > 0) else {
        return Ok(None);
    };
    let cost = rows.saturating_mul(1_000) / rate;
    let free_at: Option<(i64,)> = tx
        .fetch_optional(
            "-- spend_rate
             UPDATE job_throttles SET free_at = $2 + CASE WHEN free_at > $3 THEN free_at ELSE $3 END
             WHERE  kind = $1
             RETURNING free_at",
            args![kind.as_str(), cost, now],
        )
        .await?;
    Ok(free_at.map(|(at,)| Timestamp::from_millis(at)))
}
