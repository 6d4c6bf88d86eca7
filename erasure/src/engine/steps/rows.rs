//! Deleting rows, a batch at a time, each batch with its checkpoint in the same transaction.
//!
//! A batch is the next stretch of the primary key, always from its beginning: what is gone is never looked at again.

use std::time::Instant;

use super::{Work, inventory::target};
use crate::{
    db::{Statement, value::args},
    engine::Pace,
    job::{Attempt, StepError},
    manifest::{Entry, Fate, Key},
};

pub(crate) async fn attempt(work: &Work<'_>, pace: &mut Pace) -> Result<Attempt, StepError> {
    let Work { services, step, .. } = work;
    let Some((entry, key, subject)) = target(&services.manifest, step) else {
        return Ok(Attempt::Parked {
            cause: "the plan names a table that the manifest does not know",
        });
    };
    let statement = Statement::from_checked_names(match key.fate {
        Fate::Detach => detach(entry, key),
        Fate::Erase | Fate::Archive | Fate::Anonymize => erase(entry, key),
    });
    let limit = pace.rows();
    let mut tx = work.begin().await?;
    let began = Instant::now();
    let rows = tx.execute(statement, args![subject.id(), limit]).await?;
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    if rows >= limit {
        let attempt = work.advance(tx, rows).await;
        pace.learn(began);
        return attempt;
    }
    // Anonymized rows went one step earlier, with their copies.
    let was_ours_to_erase = matches!(key.fate, Fate::Erase | Fate::Archive);
    if was_ours_to_erase && step.expected.unwrap_or(0) > 0 && step.erased + rows == 0 {
        return Ok(Attempt::Parked {
            cause: "rows were counted, but none was there to delete",
        });
    }
    work.complete(tx, rows, None).await
}

/// Deletes the first `$2` rows of `$1`.
fn erase(entry: &Entry, key: &Key) -> String {
    let (table, column) = (&entry.name, &key.column);
    match entry.primary_key.as_slice() {
        // Clustered by owner, then one more column: a range of the tree, found by its upper end.
        [first, rest] if first == column => format!(
            "DELETE FROM {table} WHERE {column} = $1 AND {rest} <= \
             (SELECT max({rest}) FROM (SELECT {rest} FROM {table} WHERE {column} = $1 ORDER BY {rest} LIMIT $2))"
        ),
        primary_key => {
            let columns = primary_key.join(", ");
            format!(
                "DELETE FROM {table} WHERE ({columns}) IN (SELECT {columns} FROM {table} WHERE {column} = $1 LIMIT $2)"
            )
        }
    }
}

/// Empties the column in the first `$2` rows of `$1`.
fn detach(entry: &Entry, key: &Key) -> String {
    let (table, column, columns) = (&entry.name, &key.column, entry.primary_key.join(", "));
    format!(
        "UPDATE {table} SET {column} = NULL WHERE ({columns}) IN \
         (SELECT {columns} FROM {table} WHERE {column} = $1 LIMIT $2)"
    )
}
