//! Postgres: the storage in which rows were deleted is written anew, one relation at a time. Postgres copies what some old
//! transaction can still see, so the rewrite waits until nobody looks at a state in which the erased rows were there.

use std::{collections::BTreeSet, pin::pin};

use sqlx::FromRow;
use tokio::time::timeout;

use super::{AT_MOST, OLD_STATE, PATIENCE, Work};
use crate::{
    db::{Error, Rewritten, value::args},
    engine::{Subject, store},
    id::OrganizationId,
    job::{Attempt, StepError},
    time::Timestamp,
};

pub(super) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let touched = store::touched(&services.db, &work.erasure.id).await?;
    let reached = work.step.reached.first().map(|number| number.parse());
    let Some(gone_before) = reached.and_then(Result::ok) else {
        return note_that_all_is_gone(work).await;
    };
    let mut relations = storage(work, &touched).await?;
    relations.extend(owed(work).await?);
    for relation in relations {
        let last = last_rewrite(work, &relation).await?;
        if last.horizon >= gone_before {
            continue;
        }
        let again_at = Timestamp::from_millis(last.began_at) + services.settings.rewrite_gap;
        if again_at > services.now() {
            return Ok(Attempt::Rest { until: again_at }); // together with what others delete meanwhile
        }
        return rewrite(work, &relation, gone_before).await;
    }
    let tx = work.begin().await?;
    work.complete(tx, 0, None).await
}

/// Everything that this erasure deletes was deleted before this transaction: clocks may stand still or go back, their numbers
/// do not.
async fn note_that_all_is_gone(work: &Work<'_>) -> Result<Attempt, StepError> {
    let number = work.services.db.next_transaction().await?;
    let mut tx = work.begin().await?;
    store::reach(
        &mut tx,
        &work.erasure.id,
        work.step,
        0,
        &[number.to_string()],
    )
    .await?;
    work.commit(tx).await?;
    Ok(Attempt::Progressed)
}

async fn rewrite(work: &Work<'_>, relation: &str, gone_before: i64) -> Result<Attempt, StepError> {
    let services = work.services;
    let began_at = services.now().as_millis();
    let Some(horizon) = services.db.horizon(gone_before).await? else {
        // What somebody can still see is copied with the rest.
        return Ok(Attempt::Later {
            cause: OLD_STATE,
            not_before: Some(services.now() + PATIENCE),
        });
    };
    match holding_the_lease(
        work,
        services
            .db
            .rewrite(relation, services.settings.rewrite_under_lock_bytes),
    )
    .await?
    {
        Rewritten::Done => {
            let mut tx = work.begin().await?;
            tx.execute(
                "-- note_rewrite
                 INSERT INTO storage_rewrites (relation, began_at, horizon) VALUES ($1, $2, $3)
                 ON CONFLICT (relation) DO UPDATE SET began_at = excluded.began_at, horizon = excluded.horizon",
                args![relation, began_at, horizon],
            )
            .await?;
            work.advance(tx, 0).await
        }
        Rewritten::NotNow => Ok(Attempt::Later {
            cause: "a table is in use and cannot be rewritten this moment",
            not_before: Some(services.now() + PATIENCE),
        }),
        Rewritten::TooLarge => Ok(Attempt::Parked {
            cause: "a table is too large to be rewritten under a lock: name pg_repack in QLIENTO_PG_REPACK",
        }),
    }
}

/// A large table takes minutes: meanwhile the job stays ours.
async fn holding_the_lease(
    work: &Work<'_>,
    rewriting: impl Future<Output = Result<Rewritten, Error>>,
) -> Result<Rewritten, StepError> {
    let mut rewriting = pin!(rewriting);
    loop {
        if let Ok(done) = timeout(AT_MOST / 2, &mut rewriting).await {
            return Ok(done?);
        }
        let services = work.services;
        work.lease
            .extend(&services.db, services.now() + AT_MOST)
            .await?;
    }
}

/// The relations in which rows of this erasure lay.
async fn storage(work: &Work<'_>, touched: &[store::Touched]) -> Result<BTreeSet<String>, Error> {
    let mut relations = BTreeSet::new();
    for row in touched {
        let table = row
            .target
            .split_once('.')
            .map_or(row.target.as_str(), |(table, _)| table);
        let subject = Subject::stored(&row.subject_kind, row.subject_id.clone())
            .ok_or(Error::Corrupt("erasure_steps.subject_kind"))?;
        // A person's rows may lie in any partition.
        let organization = subject.organization().map(OrganizationId::as_str);
        relations.extend(work.services.db.storage_of(table, organization).await?);
    }
    Ok(relations)
}

/// Where erased values may lie besides: noted when they were taken out of it.
async fn owed(work: &Work<'_>) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = work
        .services
        .db
        .fetch_all(
            "-- owed_rewrites
             SELECT relation FROM storage_rewrites WHERE horizon = 0",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(relation,)| relation).collect())
}

/// When storage was last written anew, and what went with it: whatever was deleted by transactions before the horizon.
#[derive(Default, FromRow)]
struct Rewrite {
    began_at: i64,
    horizon: i64,
}

async fn last_rewrite(work: &Work<'_>, relation: &str) -> Result<Rewrite, Error> {
    let last = work
        .services
        .db
        .fetch_optional(
            "-- last_rewrite
             SELECT began_at, horizon FROM storage_rewrites WHERE relation = $1",
            args![relation],
        )
        .await?;
    Ok(last.unwrap_or_default())
}
