//! The jobs' rows.

use sqlx::FromRow;

use super::{
    Kind,
    lease::{LEASE, Lease, StepError, exactly_one},
};
use crate::{
    db::{Db, Error, Statement, Tx, value::args},
    id::{RowId, uuid_v7},
    services::Services,
    time::Timestamp,
};

/// Puts a job in line, in the transaction of the fact that makes it necessary.
pub(crate) async fn enqueue(
    tx: &mut Tx,
    services: &Services,
    kind: Kind,
    subject: &str,
    due_at: Timestamp,
) -> Result<(), Error> {
    let id = RowId::mint(services.now(), services.random.as_ref());
    tx.execute(
        "-- enqueue_job
         INSERT INTO jobs (id, kind, subject, due_at) VALUES ($1, $2, $3, $4)",
        args![&id, kind.as_str(), subject, due_at],
    )
    .await?;
    Ok(())
}

/// The same, unless it is in line already.
pub(crate) async fn enqueue_once(
    tx: &mut Tx,
    services: &Services,
    kind: Kind,
    subject: &str,
    due_at: Timestamp,
) -> Result<(), Error> {
    let id = RowId::mint(services.now(), services.random.as_ref());
    tx.execute(
        "-- enqueue_job_once
         INSERT INTO jobs (id, kind, subject, due_at) VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO NOTHING",
        args![&id, kind.as_str(), subject, due_at],
    )
    .await?;
    Ok(())
}

/// Puts a job in line whose subject may have had one before.
pub(crate) async fn enqueue_again(
    tx: &mut Tx,
    services: &Services,
    kind: Kind,
    subject: &str,
    due_at: Timestamp,
) -> Result<(), Error> {
    let id = RowId::mint(services.now(), services.random.as_ref());
    tx.execute(
        "-- enqueue_job_again
         INSERT INTO jobs (id, kind, subject, due_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (subject) DO UPDATE SET due_at = excluded.due_at, done_at = NULL, parked_at = NULL, attempts = 0, cause = NULL,
                                             lease_token = NULL, lease_until = 0",
        args![&id, kind.as_str(), subject, due_at],
    )
    .await?;
    Ok(())
}

/// Lets a job that nobody works on wait until another moment.
pub(crate) async fn move_to(tx: &mut Tx, subject: &str, due_at: Timestamp) -> Result<(), Error> {
    tx.execute(
        "-- move_job
         UPDATE jobs SET due_at = $1, cause = NULL WHERE subject = $2 AND done_at IS NULL",
        args![due_at, subject],
    )
    .await?;
    Ok(())
}

/// Lets a job that rests look at once: something that it waited for has been decided.
pub(crate) async fn wake(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "-- wake_job
         UPDATE jobs SET due_at = $1 WHERE subject = $2 AND done_at IS NULL AND due_at > $1",
        args![now, subject],
    )
    .await?;
    Ok(())
}

/// Puts a parked job back in line: what it needed a person for has come about.
pub(crate) async fn unpark(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "-- unpark_job
         UPDATE jobs SET parked_at = NULL, due_at = $1, attempts = 0, cause = NULL
         WHERE  subject = $2 AND parked_at IS NOT NULL AND done_at IS NULL",
        args![now, subject],
    )
    .await?;
    Ok(())
}

/// Takes a job out of line before anybody worked on it.
pub(crate) async fn cancel(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "-- cancel_job
         UPDATE jobs SET done_at = $1, lease_token = NULL, lease_until = 0 WHERE subject = $2 AND done_at IS NULL",
        args![now, subject],
    )
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct ClaimedRow {
    id: String,
    subject: String,
    attempts: i64,
}

/// Takes the lease of the job that has been due longest; with `subject`, of that one.
pub(super) async fn claim(
    services: &Services,
    kind: Kind,
    subject: Option<&str>,
) -> Result<Option<Lease>, Error> {
    let now = services.now();
    // Reading costs nobody the writer's lock; most looks find nothing.
    let due: Option<(i64,)> = services
        .db
        .fetch_optional(
            "-- any_job_due
             SELECT due_at FROM jobs
             WHERE  kind = $1 AND done_at IS NULL AND parked_at IS NULL AND lease_until <= $2 AND due_at <= $2
               AND  (CAST($3 AS TEXT) IS NULL OR subject = $3)
               AND  NOT EXISTS (SELECT 1 FROM job_throttles AS t WHERE t.kind = $1 AND (t.paused_at IS NOT NULL OR t.free_at > $2))
             LIMIT  1",
            args![kind.as_str(), now, subject],
        )
        .await?;
    if due.is_none() {
        return Ok(None);
    }
    let token = uuid_v7(now, services.random.as_ref());
    let mut tx = services.db.begin().await?;
    // The condition stands twice on purpose: two workers may pick the same id; the second then matches nothing.
    let claimed: Option<ClaimedRow> = tx
        .fetch_optional(
            Statement::with(
                "-- claim_job
             UPDATE jobs
             SET    lease_token = $1, lease_until = $2, attempts = attempts + 1
             WHERE  id = (SELECT id FROM jobs
                          WHERE  kind = $3 AND done_at IS NULL AND parked_at IS NULL AND lease_until <= $4 AND due_at <= $4
                            AND  (CAST($5 AS TEXT) IS NULL OR subject = $5)
                            AND  NOT EXISTS (SELECT 1 FROM job_throttles AS t
                                             WHERE t.kind = $3 AND (t.paused_at IS NOT NULL OR t.free_at > $4))
                          ORDER  BY due_at, id LIMIT 1 {dialect})
               AND  lease_until <= $4
             RETURNING id, subject, attempts",
                services.db.backend().stepping_over_locked(),
            ),
            args![token.as_str(), now + LEASE, kind.as_str(), now, subject],
        )
        .await?;
    tx.commit().await?;
    Ok(claimed.map(|row| Lease {
        job: row.id,
        token,
        attempts: row.attempts,
        subject: row.subject,
    }))
}

/// How one job stands.
pub(super) enum Standing {
    /// It is finished, or was never there.
    Done,
    /// It waits: for its time, or for a person.
    Waiting,
    /// A worker holds its lease.
    Held,
}

pub(super) async fn standing(services: &Services, subject: &str) -> Result<Standing, Error> {
    let row: Option<(i64,)> = services
        .db
        .fetch_optional(
            "-- standing_of_job
             SELECT lease_until FROM jobs WHERE subject = $1 AND done_at IS NULL",
            args![subject],
        )
        .await?;
    Ok(match row {
        None => Standing::Done,
        Some((until,)) if Timestamp::from_millis(until) > services.now() => Standing::Held,
        Some(_) => Standing::Waiting,
    })
}

/// Lets go of a job until later.
pub(super) async fn postpone(
    db: &Db,
    lease: &Lease,
    due_at: Timestamp,
    cause: Option<&str>,
) -> Result<(), StepError> {
    let rows = db
        .execute(
            "-- postpone_job
             UPDATE jobs SET due_at = $1, cause = $2, lease_token = NULL, lease_until = 0
             WHERE  id = $3 AND lease_token = $4 AND done_at IS NULL",
            args![due_at, cause, lease.job.as_str(), lease.token.as_str()],
        )
        .await?;
    exactly_one(rows)
}

/// Lets go of a job until a person has looked.
pub(super) async fn park(
    db: &Db,
    lease: &Lease,
    now: Timestamp,
    cause: &str,
) -> Result<(), StepError> {
    let rows = db
        .execute(
            "-- park_job
             UPDATE jobs SET parked_at = $1, cause = $2, lease_token = NULL, lease_until = 0
             WHERE  id = $3 AND lease_token = $4 AND done_at IS NULL",
            args![now, cause, lease.job.as_str(), lease.token.as_str()],
        )
        .await?;
    exactly_one(rows)
}

/// Puts parked work back in line because a person has looked: all of it, or that of one subject. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn retry_parked(services: &Services, subject: Option<&str>) -> Result<u64, Error> {
    services
        .db
        .execute(
            "-- retry_parked_jobs
             UPDATE jobs SET parked_at = NULL, due_at = $1, attempts = 0
             WHERE  parked_at IS NOT NULL AND done_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR subject = $2)",
            args![services.now(), subject],
        )
        .await
}

/// Jobs that do not get on for the same reason.
#[derive(Clone, Debug, FromRow)]
pub struct HeldUp {
    /// What they are about: `erasure`, `letter`.
    pub kind: String,
    /// Whether they wait for a person; the others are tried again.
    pub parked: bool,
    /// The reason, which is one of the program's own sentences.
    pub cause: String,
    /// How many.
    pub jobs: i64,
}

/// What holds jobs up, for those who watch.
///
/// # Errors
/// When the database fails.
pub async fn held_up(db: &Db) -> Result<Vec<HeldUp>, Error> {
    db.fetch_all(
        "-- jobs_held_up
         SELECT kind, parked_at IS NOT NULL AS parked, cause, count(*) AS jobs
         FROM   jobs
         WHERE  done_at IS NULL AND cause IS NOT NULL
         GROUP  BY kind, parked_at IS NOT NULL, cause
         ORDER  BY kind, parked, cause",
        args![],
    )
    .await
}

/// How the line stands, for those who watch it.
#[derive(Clone, Debug, FromRow)]
pub struct Totals {
    /// Jobs that could be worked on now.
    pub due: i64,
    /// Jobs that wait for a person.
    pub parked: i64,
    /// When the job that has been due longest became due; unix milliseconds.
    pub oldest_due_at: Option<i64>,
    /// Since when an operator has held work back; unix milliseconds.
    pub paused_at: Option<i64>,
}

pub(crate) async fn totals(db: &Db, now: Timestamp) -> Result<Totals, Error> {
    db.fetch_one(
        "-- job_totals
         SELECT count(*) FILTER (WHERE parked_at IS NULL AND due_at <= $1)   AS due,
                count(*) FILTER (WHERE parked_at IS NOT NULL)                AS parked,
                MIN(due_at) FILTER (WHERE parked_at IS NULL AND due_at <= $1) AS oldest_due_at,
                (SELECT MIN(paused_at) FROM job_throttles)                   AS paused_at
         FROM   jobs
         WHERE  done_at IS NULL",
        args![now],
    )
    .await
}
