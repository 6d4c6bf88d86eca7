//! Numbers for those who watch: counts, ages and the program's own sentences, about nobody.

use sqlx::FromRow;

use crate::{
    db::{Error, value::args},
    hold, job,
    retention::HoldTotals,
    services::Services,
    time::Timestamp,
};

/// How everything stands.
#[derive(Clone, Debug)]
pub struct Totals {
    /// The line of jobs.
    pub jobs: job::Totals,
    /// What holds jobs up.
    pub held_up: Vec<job::HeldUp>,
    /// Erasures by state.
    pub erasures: Vec<(String, i64)>,
    /// Those that have begun and not ended.
    pub unfinished: Unfinished,
    /// What read-backs found that should have been gone: rows and files, ever.
    pub found_rows: i64,
    /// Legal holds.
    pub holds: HoldTotals,
}

/// Erasures that have begun and not ended.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Unfinished {
    /// When the oldest of them began; unix milliseconds.
    pub oldest_began_at: Option<i64>,
    /// How many are past what was promised.
    pub overdue: i64,
}

/// How everything stands now.
///
/// # Errors
/// When the database fails.
pub async fn totals(services: &Services) -> Result<Totals, Error> {
    let (db, now) = (&services.db, services.now());
    Ok(Totals {
        jobs: job::totals(db, now).await?,
        held_up: job::held_up(db).await?,
        erasures: db
            .fetch_all(
                "-- erasures_by_state
                 SELECT state, count(*) FROM erasures GROUP BY state ORDER BY state",
                args![],
            )
            .await?,
        unfinished: unfinished(services, now).await?,
        found_rows: db
            .number(
                "-- found_rows
                 SELECT CAST(COALESCE(SUM(erased), 0) AS BIGINT) FROM erasure_steps WHERE stage = 'verify'",
                args![],
            )
            .await?,
        holds: hold::totals(services).await?,
    })
}

async fn unfinished(services: &Services, now: Timestamp) -> Result<Unfinished, Error> {
    let promise = i64::try_from(crate::progress::PROMISE.as_millis()).unwrap_or(i64::MAX);
    services
        .db
        .fetch_one(
            "-- unfinished_erasures
             SELECT MIN(starts_at)                                                AS oldest_began_at,
                    count(*) FILTER (WHERE starts_at < CAST($1 AS BIGINT) - $2)   AS overdue
             FROM   erasures
             WHERE  state IN ('waiting', 'erasing') AND starts_at <= $1",
            args![now, promise],
        )
        .await
}
