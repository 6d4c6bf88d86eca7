//! Leaving no erased byte behind.
//!
//! On SQLite `secure_delete` has overwritten the rows; now what it leaves in the gaps of pages is overwritten, and the log that
//! still remembers all of it goes. On Postgres the storage
//! in which rows were deleted is written anew, one relation at a time, and what one erasure had rewritten serves all that
//! were ready before: many small erasures share one rewrite.

use std::{collections::BTreeSet, pin::pin, time::Duration};

use tokio::time::timeout;

use super::Work;
use crate::{
    db::{Backend, Error, Rewritten, value::args},
    engine::{Subject, store},
    id::OrganizationId,
    job::{Attempt, StepError},
    time::Timestamp,
};

/// A checkpoint of a large log takes seconds, a rewrite of a large table longer.
const AT_MOST: Duration = Duration::from_mins(1);
/// Whoever is in the way is a page being rendered: it is gone in a moment.
const PATIENCE: Duration = Duration::from_millis(200);

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

/// Page after page; where it came to is part of the checkpoint.
async fn overwrite_remains(work: &Work<'_>) -> Result<Attempt, StepError> {
    let reached = work.step.reached.first().map(|page| page.parse());
    let after = reached.and_then(Result::ok).unwrap_or_default();
    match work.services.db.clear_gaps(after).await? {
        None => cut_log(work).await,
        Some(page) => {
            let mut tx = work.begin().await?;
            let key = [page.to_string()];
            store::reach(&mut tx, &work.erasure.id, work.step, 0, &key).await?;
            super::super::commit(tx).await?;
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
        cause: "a reader still looks at an old state of the database",
        not_before: Some(work.services.now() + PATIENCE),
    })
}

async fn rewrite_storage(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let touched = store::touched(&services.db, &work.erasure.id).await?;
    let gone_at = touched.iter().map(|row| row.done_at).max().unwrap_or(0);
    for relation in storage(work, &touched).await? {
        let last = last_rewrite(work, &relation).await?;
        if last > gone_at {
            continue;
        }
        let again_at = Timestamp::from_millis(last) + services.settings.rewrite_gap;
        if last > 0 && again_at > services.now() {
            return Ok(Attempt::Later {
                cause: "storage is rewritten together with what others delete meanwhile",
                not_before: Some(again_at),
            });
        }
        return rewrite(work, &relation, gone_at).await;
    }
    let tx = work.begin().await?;
    work.complete(tx, 0, None).await
}

async fn rewrite(work: &Work<'_>, relation: &str, gone_at: i64) -> Result<Attempt, StepError> {
    let services = work.services;
    let began_at = services.now().as_millis().max(gone_at + 1);
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
                 INSERT INTO storage_rewrites (relation, began_at) VALUES ($1, $2)
                 ON CONFLICT (relation) DO UPDATE SET began_at = excluded.began_at",
                args![relation, began_at],
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

async fn last_rewrite(work: &Work<'_>, relation: &str) -> Result<i64, Error> {
    let row: Option<(i64,)> = work
        .services
        .db
        .fetch_optional(
            "SELECT began_at FROM storage_rewrites WHERE relation = $1",
            args![relation],
        )
        .await?;
    Ok(row.map_or(0, |(at,)| at))
}
