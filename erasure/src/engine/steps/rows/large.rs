//! What pays where very many rows of one table go: asking for all of them at once, and clearing them away.

use super::{AT_MOST, Target, Work, expected, take::keyset};
use crate::{
    db::{Error, Statement, Tx, Value},
    engine::{Size, Subject, step::Step, store},
    id::OrganizationId,
    job::StepError,
    manifest::Reference,
};

/// So many rows of one table are cleared away at once; fewer are not worth a walk through its indexes.
const VERY_MANY: i64 = 20_000;

/// A batch of one large table to whose rows of this owner nothing refers any more: that is asked once, and then the database
/// need not ask it again for each row, which takes longer than to delete one. `None`: something does, or it cannot do without.
pub(super) async fn begin_unasked(
    work: &Work<'_>,
    first: Option<(&Step, &Target<'_>)>,
    size: &Size,
) -> Result<Option<Tx>, StepError> {
    let Some((step, (_, (entry, key, subject)))) = first else {
        return Ok(None);
    };
    let is_large = keyset(entry, key).is_some() && expected(key, step) - step.erased > size.rows();
    let Some(references) = entry.referred_by.as_ref().filter(|_| is_large) else {
        return Ok(None);
    };
    let Some(mut tx) = work.begin_unasked().await? else {
        return Ok(None);
    };
    if is_referred_to(&mut tx, references, subject).await? {
        return Ok(None);
    }
    Ok(Some(tx))
}

/// Whether anything refers to rows of this owner; the first column of each reference is theirs.
async fn is_referred_to(
    tx: &mut Tx,
    references: &[Reference],
    owner: &Subject,
) -> Result<bool, Error> {
    let asked: Vec<_> = references
        .iter()
        .map(|Reference { table, columns }| {
            let set: Vec<_> = columns
                .iter()
                .enumerate()
                .map(|(place, column)| match place {
                    0 => format!("\"{column}\" = $1"),
                    _ => format!("\"{column}\" IS NOT NULL"),
                })
                .collect();
            format!(
                "EXISTS (SELECT 1 FROM \"{table}\" WHERE {})",
                set.join(" AND ")
            )
        })
        .collect();
    if asked.is_empty() {
        return Ok(false);
    }
    let statement = Statement::from_checked_names(format!("SELECT {}", asked.join(" OR ")));
    let row: Option<(bool,)> = tx
        .fetch_optional(statement, vec![Value::from(owner.id())])
        .await?;
    Ok(row.is_none_or(|(yes,)| yes))
}

/// What went in very many rows is asked for again by each row that it referred to, whether anything refers to it still.
/// Postgres would find all the dead, one by one.
pub(super) async fn clear_away(
    work: &Work<'_>,
    steps: &[Step],
    targets: &[Target<'_>],
    checkpoints: &[store::Checkpoint],
) -> Result<(), StepError> {
    let done = checkpoints
        .iter()
        .zip(steps)
        .zip(targets)
        .filter(|((checkpoint, step), _)| {
            checkpoint.done_at.is_some() && step.erased + checkpoint.rows >= VERY_MANY
        });
    let tables: Vec<_> = done
        .map(|(_, (_, (entry, _, subject)))| {
            (
                &*entry.name,
                subject.organization().map(OrganizationId::as_str),
            )
        })
        .collect();
    if tables.is_empty() {
        return Ok(());
    }
    work.keep_for(AT_MOST).await?;
    for relation in work.services.db.storage_of(&tables).await? {
        work.while_it_takes(work.services.db.clear_away(&relation))
            .await?;
    }
    Ok(())
}
