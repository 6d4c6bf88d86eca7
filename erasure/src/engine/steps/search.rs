//! Deleting from a full-text index that holds texts of its own.
//!
//! Such a table of SQLite has no index by which an organization's rows could be found. It is gone through once, in the order
//! of its rows' numbers, and each batch begins where the last one ended.

use crate::{
    db::{Error, Statement, Tx, value::args},
    engine::{Subject, step::Step},
    manifest::{Entry, Key},
};

use super::rows::Batch;

pub(super) async fn stretch(
    tx: &mut Tx,
    step: &Step,
    (entry, key, subject): (&Entry, &Key, &Subject),
    room: i64,
) -> Result<Batch, Error> {
    let (table, owner) = (&entry.name, &key.column);
    let after: i64 = match step.reached.first() {
        Some(number) => number
            .parse()
            .map_err(|_| Error::Corrupt("erasure_steps.reached"))?,
        None => i64::MIN,
    };
    let find = format!(
        "SELECT rowid FROM \"{table}\" WHERE \"{owner}\" = $1 AND rowid > $2 ORDER BY rowid LIMIT $3"
    );
    let found: Vec<(i64,)> = tx
        .fetch_all(
            Statement::from_checked_names(find),
            args![subject.id(), after, room],
        )
        .await?;
    let Some((end,)) = found.last() else {
        return Ok(Batch {
            rows: 0,
            is_last: true,
            reached: step.reached.clone(),
        });
    };
    let delete =
        format!("DELETE FROM \"{table}\" WHERE \"{owner}\" = $1 AND rowid > $2 AND rowid <= $3");
    tx.execute(
        Statement::from_checked_names(delete),
        args![subject.id(), after, *end],
    )
    .await?;
    let rows = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(Batch {
        rows,
        is_last: rows < room,
        reached: vec![end.to_string()],
    })
}
