//! Counting what is there, behind the fence: these are the numbers that the erasure is held against.

use super::Work;
use crate::{
    db::value::args,
    engine::{Stage, Subject, count::count_rows, owned::keys, step::Step, store},
    job::{Attempt, StepError},
    ledger,
    manifest::{Entry, Fate, Key, Manifest},
};

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let Work {
        services, erasure, ..
    } = work;
    // From here on data goes: a restored copy must know that it has to go again.
    if let Err(error) = ledger::confirmed(services, erasure).await? {
        return Ok(error.as_attempt());
    }
    let subjects = store::subjects(&services.db, &erasure.id).await?;
    let mut counted = Vec::new();
    for step in store::steps_of(&services.db, &erasure.id, Stage::Rows).await? {
        let Some((entry, key, subject)) = target(&services.manifest, &step) else {
            return Ok(Attempt::Parked {
                cause: "the plan names a table that the manifest does not know",
            });
        };
        if key.fate != Fate::Detach {
            let owned = (entry, key, subject);
            let rows = count_rows(&services.db, &services.manifest, owned, &subjects).await?;
            counted.push((step.position, rows));
        }
    }
    let mut tx = work.begin().await?;
    for (position, expected) in counted {
        store::expect(&mut tx, &erasure.id, position, expected).await?;
    }
    let begun = tx
        .execute(
            "-- begin_erasing
             UPDATE erasures SET state = 'erasing' WHERE id = $1 AND state IN ('waiting', 'erasing')",
            args![&erasure.id],
        )
        .await?;
    if begun == 0 {
        return Ok(Attempt::Later {
            cause: "a legal hold keeps it",
            not_before: None,
        });
    }
    work.complete(tx, 0, None).await
}

/// The table, key and subject that a step's row names as `table.column`.
pub(super) fn target<'w>(
    manifest: &'w Manifest,
    step: &'w Step,
) -> Option<(&'w Entry, &'w Key, &'w Subject)> {
    let (entry, column, subject) = named(manifest, step)?;
    let key = keys(entry, subject)
        .into_iter()
        .find(|key| key.column == column)?;
    Some((entry, key, subject))
}

/// The table, column and subject that a step's row names as `table.column`.
pub(super) fn named<'w>(
    manifest: &'w Manifest,
    step: &'w Step,
) -> Option<(&'w Entry, &'w str, &'w Subject)> {
    let (table, column) = step.target.as_deref()?.split_once('.')?;
    Some((manifest.table(table)?, column, step.subject.as_ref()?))
}
