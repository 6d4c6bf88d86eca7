//! Postgres: the storage in which rows were deleted is written anew, one relation at a time. Postgres copies what some old
//! transaction can still see, so the rewrite waits until nobody looks at a state in which the erased rows were there.

use std::collections::{BTreeSet, HashMap};

use super::{OLD_STATE, PATIENCE, Work};
use crate::{
    db::{Error, Rewritten, Tx, value::args},
    engine::{Subject, store},
    id::OrganizationId,
    job::{self, Attempt, StepError},
    time::Timestamp,
};

/// Why an erasure is parked until a person, or another erasure, has made the table smaller.
const TOO_LARGE: &str =
    "a table is too large to be rewritten under a lock: name pg_repack in QLIENTO_PG_REPACK";

pub(super) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let touched = store::touched(&services.db, &work.erasure.id).await?;
    let reached = work.step.reached.first().map(|number| number.parse());
    let Some(gone_before) = reached.and_then(Result::ok) else {
        return note_that_all_is_gone(work).await;
    };
    let mut relations = storage(work, &touched).await?;
    let rewrites = rewrites(work).await?;
    relations.extend(owed(&rewrites));
    for relation in relations {
        let last = rewrites.get(&relation).copied().unwrap_or_default();
        if last.horizon >= gone_before {
            continue;
        }
        let again_at = Timestamp::from_millis(last.began_at) + services.settings.rewrite_gap;
        if again_at > services.now() {
            return Ok(Attempt::Rest { until: again_at }); // together with what others delete meanwhile
        }
        return rewrite(work, (&relation, last.began_at), gone_before).await;
    }
    let tx = work.begin().await?;
    work.complete(tx, 0, None).await
}

/// Everything that this erasure deletes was deleted before this transaction: clocks may stand still or go back, their numbers
/// do not.
async fn note_that_all_is_gone(work: &Work<'_>) -> Result<Attempt, StepError> {
    let number = work.services.db.next_transaction().await?;
    reach(work, &[number.to_string()]).await?;
    Ok(Attempt::Progressed)
}

async fn reach(work: &Work<'_>, reached: &[String]) -> Result<(), StepError> {
    let mut tx = work.begin().await?;
    store::reach(&mut tx, &work.erasure.id, work.step, 0, reached).await?;
    work.commit(tx).await
}

async fn rewrite(
    work: &Work<'_>,
    (relation, last_began_at): (&str, i64),
    gone_before: i64,
) -> Result<Attempt, StepError> {
    let services = work.services;
    let Some(horizon) = services.db.horizon(gone_before).await? else {
        // What somebody can still see is copied with the rest.
        return Ok(Attempt::Later {
            cause: OLD_STATE,
            not_before: Some(services.now() + PATIENCE),
        });
    };
    let began_at = services.now();
    if !announce(work, relation, (last_began_at, began_at.as_millis())).await? {
        return Ok(Attempt::Rest {
            until: began_at + services.settings.rewrite_gap,
        });
    }
    let under_lock = Some(services.settings.rewrite_under_lock_bytes);
    let rewriting = services.db.rewrite(relation, under_lock);
    let rewritten = work.while_it_takes(rewriting).await?;
    if rewritten != Rewritten::Done {
        announce(work, relation, (began_at.as_millis(), last_began_at)).await?;
    }
    match rewritten {
        Rewritten::Done => {
            let mut tx = work.begin().await?;
            tx.execute(
                "-- note_rewrite
                 UPDATE storage_rewrites SET began_at = $1, horizon = $2 WHERE relation = $3",
                args![began_at, horizon, relation],
            )
            .await?;
            wake_those_who_waited(&mut tx, services.now()).await?;
            work.advance(tx, 0).await
        }
        Rewritten::NotNow => Ok(Attempt::Later {
            cause: "a table is in use and cannot be rewritten this moment",
            not_before: Some(services.now() + PATIENCE),
        }),
        Rewritten::TooLarge => {
            reach(work, &[gone_before.to_string(), relation.to_owned()]).await?;
            Ok(Attempt::Parked { cause: TOO_LARGE })
        }
    }
}

/// Tells other workers that storage is being written anew, so that they wait for it as for one that was; or takes that back.
/// Whoever says it second is not heard. A worker that dies over it has them wait for as long as they would have.
async fn announce(
    work: &Work<'_>,
    relation: &str,
    (last, now): (i64, i64),
) -> Result<bool, StepError> {
    let mut tx = work.begin().await?;
    let rows = tx
        .execute(
            "-- announce_rewrite
             INSERT INTO storage_rewrites (relation, began_at, horizon) VALUES ($1, $2, $4)
             ON CONFLICT (relation) DO UPDATE SET began_at = excluded.began_at WHERE storage_rewrites.began_at = $3",
            args![relation, now, last, NOTHING_YET],
        )
        .await?;
    work.commit(tx).await?;
    Ok(rows == 1)
}

/// What was too large for those who are parked has been written anew, because others deleted enough of it: they go on.
async fn wake_those_who_waited(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    let waited: Vec<(String,)> = tx
        .fetch_all(
            "-- rewritten_for_the_parked
             SELECT j.subject
             FROM   jobs AS j
             JOIN   erasure_steps AS s ON s.erasure_id = j.subject AND s.stage = 'scrub' AND s.done_at IS NULL
             JOIN   storage_rewrites AS r ON r.relation = s.reached::json ->> 1 AND r.horizon >= (s.reached::json ->> 0)::bigint
             WHERE  j.kind = 'erasure' AND j.parked_at IS NOT NULL AND j.done_at IS NULL AND j.cause = $1",
            args![TOO_LARGE],
        )
        .await?;
    for (erasure,) in waited {
        job::unpark(tx, &erasure, now).await?;
    }
    Ok(())
}

/// The relations in which rows of this erasure lay.
async fn storage(work: &Work<'_>, touched: &[store::Touched]) -> Result<BTreeSet<String>, Error> {
    let subjects = touched
        .iter()
        .map(|row| Subject::stored(&row.subject_kind, row.subject_id.clone()))
        .collect::<Option<Vec<_>>>()
        .ok_or(Error::Corrupt("erasure_steps.subject_kind"))?;
    let tables: Vec<_> = touched
        .iter()
        .zip(&subjects)
        .map(|(row, subject)| {
            let table = row.target.split_once('.').map_or(&*row.target, |of| of.0);
            // A person's rows may lie in any partition.
            (table, subject.organization().map(OrganizationId::as_str))
        })
        .collect();
    work.services.db.storage_of(&tables).await
}

/// Where erased values may lie besides: noted when they were taken out of it.
fn owed(rewrites: &HashMap<String, Rewrite>) -> impl Iterator<Item = String> {
    let owed = rewrites.iter().filter(|(_, last)| last.horizon == 0);
    owed.map(|(relation, _)| relation.clone())
}

/// The horizon of storage that never was written anew, and owes nothing.
const NOTHING_YET: i64 = 1;

/// When storage was last written anew, and what went with it: whatever was deleted by transactions before the horizon.
#[derive(Clone, Copy, Default)]
struct Rewrite {
    began_at: i64,
    horizon: i64,
}

/// The last rewrite of each relation that had one.
async fn rewrites(work: &Work<'_>) -> Result<HashMap<String, Rewrite>, Error> {
    let rows: Vec<(String, i64, i64)> = work
        .services
        .db
        .fetch_all(
            "-- last_rewrites
             SELECT relation, began_at, horizon FROM storage_rewrites",
            args![],
        )
        .await?;
    let rewrite = |(relation, began_at, horizon)| (relation, Rewrite { began_at, horizon });
    Ok(rows.into_iter().map(rewrite).collect())
}
