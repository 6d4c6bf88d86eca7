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
    let steps = store::steps_of(&services.db, &erasure.id, Stage::Rows).await?;
    let Some(targets) = targets(&services.manifest, &steps) else {
        return Ok(Attempt::Parked {
            cause: "the plan names a table that the manifest does not know",
        });
    };
    let counts = targets
        .into_iter()
        .filter(|(_, (_, key, _))| key.fate != Fate::Detach);
    let mut counted = Vec::new();
    for Group {
        subject,
        positions,
        owned,
    } in by_subject(counts)
    {
        let whose = (subject, subjects.as_slice());
        let rows = count_rows(&services.db, &services.manifest, whose, &owned).await?;
        counted.extend(positions.into_iter().zip(rows));
    }
    let mut tx = work.begin().await?;
    store::expect(&mut tx, &erasure.id, &counted).await?;
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

/// A step's position, and what it is about.
pub(super) type Target<'w> = (i64, (&'w Entry, &'w Key, &'w Subject));

/// What each of the steps is about; `None`: the manifest knows nothing of one of them.
pub(super) fn targets<'w>(manifest: &'w Manifest, steps: &'w [Step]) -> Option<Vec<Target<'w>>> {
    let found = steps
        .iter()
        .map(|step| Some((step.position, target(manifest, step)?)));
    found.collect()
}

/// Steps about one subject: its rows in all tables are asked for at once.
pub(super) struct Group<'w> {
    pub(super) subject: &'w Subject,
    pub(super) positions: Vec<i64>,
    pub(super) owned: Vec<(&'w Entry, &'w Key)>,
}

/// The steps, each subject's together.
pub(super) fn by_subject<'w>(targets: impl Iterator<Item = Target<'w>>) -> Vec<Group<'w>> {
    let mut groups: Vec<Group<'w>> = Vec::new();
    for (position, (entry, key, subject)) in targets {
        let known = groups.iter_mut().find(|group| group.subject == subject);
        if let Some(group) = known {
            group.positions.push(position);
            group.owned.push((entry, key));
        } else {
            groups.push(Group {
                subject,
                positions: vec![position],
                owned: vec![(entry, key)],
            });
        }
    }
    groups
}

/// The table, key and subject that a step's row names as `table.column`.
fn target<'w>(manifest: &'w Manifest, step: &'w Step) -> Option<(&'w Entry, &'w Key, &'w Subject)> {
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
