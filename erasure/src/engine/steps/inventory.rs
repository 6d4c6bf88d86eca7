//! Counting what is there, behind the fence: these are the numbers that the erasure is held against.

use super::Work;
use crate::{
    db::value::args,
    engine::{
        Stage, Subject,
        count::{count_rows, keys},
        step::Step,
        store,
    },
    job::{Attempt, StepError},
    manifest::{Entry, Fate, Key, Manifest},
};

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let Work {
        services, erasure, ..
    } = work;
    let subjects = store::subjects(&services.db, &erasure.id).await?;
    let mut counted = Vec::new();
    for step in store::steps_of(&services.db, &erasure.id, Stage::Rows).await? {
        let Some((entry, key, subject)) = target(&services.manifest, &step) else {
            return Ok(Attempt::Parked {
                cause: "the plan names a table that the manifest does not know",
            });
        };
        if key.fate != Fate::Detach {
            counted.push((
                step.position,
                count_rows(&services.db, entry, key, subject, &subjects).await?,
            ));
        }
    }
    let mut tx = work.begin().await?;
    for (position, expected) in counted {
        tx.execute(
            "-- expect_rows
             UPDATE erasure_steps SET expected = $1 WHERE erasure_id = $2 AND position = $3",
            args![expected, &erasure.id, position],
        )
        .await?;
    }
    tx.execute(
        "-- begin_erasing
         UPDATE erasures SET state = 'erasing' WHERE id = $1 AND state = 'waiting'",
        args![&erasure.id],
    )
    .await?;
    work.complete(tx, 0, None).await
}

/// The table, key and subject that a step's row names as `table.column`.
pub(super) fn target<'w>(
    manifest: &'w Manifest,
    step: &'w Step,
) -> Option<(&'w Entry, &'w Key, &'w Subject)> {
    let (table, column) = step.target.as_deref()?.split_once('.')?;
    let subject = step.subject.as_ref()?;
    let entry = manifest.table(table)?;
    let key = keys(entry, subject)
        .into_iter()
        .find(|key| key.column == column)?;
    Some((entry, key, subject))
}
