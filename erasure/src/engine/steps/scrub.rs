//! Leaving no erased byte behind.
//!
//! On SQLite `secure_delete` has overwritten the rows; now the empty pages go back to the file system, what was left in the
//! gaps of the others is overwritten, and the log that still remembers all of it is cut. On Postgres the storage
//! in which rows were deleted is written anew, one relation at a time, and what one erasure had rewritten serves all that
//! were ready before: many small erasures share one rewrite. Postgres copies what some old transaction can still see, so the
//! rewrite waits until nobody looks at a state in which the erased rows were there.

use std::{
    collections::BTreeSet,
    pin::pin,
    time::{Duration, Instant},
};

use sqlx::FromRow;
use tokio::time::timeout;

use super::Work;
use crate::{
    db::{Backend, Error, Rewritten, value::args},
    engine::{Pace, Subject, store},
    id::OrganizationId,
    job::{Attempt, StepError},
    time::Timestamp,
};

/// A checkpoint of a large log takes seconds, a rewrite of a large table longer.
const AT_MOST: Duration = Duration::from_mins(1);
/// Whoever is in the way is a page being rendered: it is gone in a moment.
const PATIENCE: Duration = Duration::from_millis(200);
/// Why nothing goes on.
const OLD_STATE: &str = "a reader still looks at an old state of the database";
/// How long pages are given back before the job looks at the clock again.
const TURN: Duration = Duration::from_secs(1);

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    work.lease
        .extend(&services.db, services.now() + AT_MOST)
        .await?;
    match services.db.backend() {
        Backend::Sqlite => overwrite_remains(work).await,
        Backend::Postgres => rewrite_storage(work).await,
    }
}

/// First the file becomes smaller, then what is left of it is gone through, from its end to its beginning; where that came to
/// is part of the checkpoint.
async fn overwrite_remains(work: &Work<'_>) -> Result<Attempt, StepError> {
    let db = &work.services.db;
    let reached = work.step.reached.first().map(|page| page.parse());
    let before = reached.and_then(Result::ok);
    if before.is_none() {
        db.forget_samples().await?;
        if !give_back(work).await? {
            return Ok(Attempt::Progressed);
        }
    }
    match db.clear_gaps(before).await? {
        None => cut_log(work).await,
        Some(page) => {
            let mut tx = work.begin().await?;
            let key = [page.to_string()];
            store::reach(&mut tx, &work.erasure.id, work.step, 0, &key).await?;
            work.commit(tx).await?;
            Ok(Attempt::Progressed)
        }
    }
}

async fn cut_log(work: &Work<'_>) -> Result<Attempt, StepError> {
    if work.services.db.truncate_log().await? {
        let tx = work.begin().await?;
        return work.complete(tx, 0, None).await;
    }
    Ok(Attempt::Later {
        cause: OLD_STATE,
        not_before: Some(work.services.now() + PATIENCE),
    })
}

/// Gives free pages back in small portions, between which others write; says whether none is left.
async fn give_back(work: &Work<'_>) -> Result<bool, StepError> {
    let db = &work.services.db;
    let mut pace = Pace::default();
    let turn = Instant::now();
    while turn.elapsed() < TURN {
        let began = Instant::now();
        if db.give_back(pace.rows()).await? == 0 {
            return Ok(true);
        }
        pace.learn(began);
        db.relieve_log().await;
    }
    Ok(false)
}

async fn rewrite_storage(work: &Work<'_>) -> Result<Attempt, StepError> {
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
            return Ok(Attempt::Later {
                cause: "storage is rewritten together with what others delete meanwhile",
                not_before: Some(again_at),
            });
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
