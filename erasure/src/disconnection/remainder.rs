//! What Meta has not confirmed in time: it is asked on, while the live data is gone already.
//!
//! Only the ids and the token stay, sealed under a key of their own, and no longer than [`TERM`]. When Meta confirms at last,
//! or the term ends, the key is destroyed, the row goes, and the step of the erasure says which of the two it was.

use std::time::Duration;

use sqlx::FromRow;

use super::task::{Outcome, Task};
use crate::{
    db::{Db, Error, Tx, value::args},
    graph::Evidence,
    id::{ErasureId, RowId},
    job::{self, Attempt, Lease, StepError},
    services::Services,
    time::Timestamp,
    vault::{Place, Scope},
};

/// How long Meta is asked. Its outages last hours, and a person may have to mend a permission.
pub(crate) const TERM: Duration = Duration::from_hours(30 * 24);
/// The least time between two tries: nothing is in a hurry any more.
const REST: Duration = Duration::from_mins(15);

#[derive(FromRow)]
struct Row {
    erasure_id: String,
    position: i64,
    sealed: Vec<u8>,
    keep_until: i64,
}

/// How many things Meta has not confirmed, for whoever watches.
///
/// # Errors
/// When the database fails.
pub async fn unconfirmed(db: &Db) -> Result<i64, Error> {
    db.number("SELECT count(*) FROM meta_remainders", args![])
        .await
}

/// Keeps a task for later, in the transaction that lets the erasure go on without it.
pub(crate) async fn keep(
    tx: &mut Tx,
    services: &Services,
    (erasure, position): (&ErasureId, i64),
    task: &Task,
) -> Result<(), Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = RowId::mint(now, random);
    let key = services
        .vault
        .data_key(tx, Scope::Remainder(&id), now)
        .await?;
    tx.execute(
        "-- insert_meta_remainder
         INSERT INTO meta_remainders (id, erasure_id, position, sealed, created_at, keep_until)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            &id,
            erasure,
            position,
            key.seal(place(id.as_str()), &task.to_json()?, random),
            now,
            now + TERM,
        ],
    )
    .await?;
    job::enqueue(tx, services, job::Kind::Remainder, id.as_str(), now + REST).await
}

/// One try at one remainder.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let now = services.now();
    let Some(row) = find(&services.db, &lease.subject).await? else {
        return end(services, lease, None).await; // its term has ended
    };
    if Timestamp::from_millis(row.keep_until) <= now {
        tracing::error!(erasure.id = %row.erasure_id, "Meta has never confirmed; what was kept for it is destroyed");
        return end(services, lease, Some((&row, &NEVER))).await;
    }
    if has_earlier(&services.db, &row).await? {
        return Ok(Attempt::Later {
            cause: "the token is still needed",
            not_before: Some(now + REST),
        });
    }
    let text = services
        .vault
        .open(&services.db, place(&lease.subject), &row.sealed)
        .await?;
    let task = Task::from_json(&text)?;
    // Somebody may have connected the same account since.
    match task.attempt(services, lease).await? {
        Ok(outcome) => end(services, lease, Some((&row, &outcome))).await,
        Err(delay) => Ok(Attempt::Later {
            cause: "Meta has not confirmed yet",
            not_before: Some(now + delay.wait.unwrap_or_default().max(REST)),
        }),
    }
}

const NEVER: Outcome = Outcome::of("never_confirmed");

/// Destroys what has reached its term, also of jobs that wait for a person.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(services: &Services) -> Result<u64, Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.execute(
        "-- say_what_was_never_confirmed
         UPDATE erasure_steps SET outcome = $2
         WHERE  outcome = 'unconfirmed' AND EXISTS (
                    SELECT 1 FROM meta_remainders AS r
                    WHERE  r.erasure_id = erasure_steps.erasure_id AND r.position = erasure_steps.position AND r.keep_until <= $1)",
        args![now, NEVER.result],
    )
    .await?;
    tx.execute(
        "-- destroy_keys_of_ended_remainders
         DELETE FROM data_keys WHERE scope IN (SELECT 'remainder/' || id FROM meta_remainders WHERE keep_until <= $1)",
        args![now],
    )
    .await?;
    let ended = tx
        .execute(
            "DELETE FROM meta_remainders WHERE keep_until <= $1",
            args![now],
        )
        .await?;
    tx.commit().await?;
    Ok(ended)
}

const fn place(row: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "meta_remainders",
        column: "sealed",
        row,
    }
}

async fn find(db: &Db, id: &str) -> Result<Option<Row>, Error> {
    db.fetch_optional(
        "-- find_meta_remainder
         SELECT erasure_id, position, sealed, keep_until FROM meta_remainders WHERE id = $1",
        args![id],
    )
    .await
}

/// What comes before it in the plan needs the token that this one may revoke.
async fn has_earlier(db: &Db, row: &Row) -> Result<bool, Error> {
    let earlier = db
        .number(
            "-- earlier_meta_remainders
             SELECT count(*) FROM meta_remainders WHERE erasure_id = $1 AND position < $2",
            args![row.erasure_id.as_str(), row.position],
        )
        .await?;
    Ok(earlier > 0)
}

/// Says in the erasure's step what it came to, and destroys the secrets.
async fn end(
    services: &Services,
    lease: &Lease,
    outcome: Option<(&Row, &Outcome)>,
) -> Result<Attempt, StepError> {
    let mut tx = services.db.begin().await?;
    lease.hold(&mut tx, services.now()).await?;
    if let Some((row, outcome)) = outcome {
        let id = RowId::stored(lease.subject.clone());
        tx.execute(
            "-- say_what_meta_said_at_last
             UPDATE erasure_steps SET outcome = $1, evidence = $2 WHERE erasure_id = $3 AND position = $4",
            args![
                outcome.result,
                to_json(outcome.evidence.as_ref())?,
                row.erasure_id.as_str(),
                row.position,
            ],
        )
        .await?;
        tx.execute("DELETE FROM meta_remainders WHERE id = $1", args![&id])
            .await?;
        services
            .vault
            .destroy_key(&mut tx, Scope::Remainder(&id))
            .await?;
    }
    lease.finish(&mut tx, services.now()).await?;
    tx.commit().await?;
    Ok(Attempt::Done)
}

/// How evidence is stored.
pub(crate) fn to_json(evidence: Option<&Evidence>) -> Result<Option<String>, Error> {
    evidence
        .map(|evidence| {
            serde_json::to_string(evidence).map_err(|_| Error::Corrupt("erasure_steps.evidence"))
        })
        .transpose()
}
