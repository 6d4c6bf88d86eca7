//! Taking rows of one table: all of them, the next stretch of the primary key, or some that an index finds.

use super::{expected, search};
use crate::{
    db::{Error, Source, Statement, Tx, Value},
    engine::{
        Subject,
        owned::Owned,
        step::Step,
        store,
        stretch::{Stretch, quoted},
    },
    manifest::{Entry, Fate, Key, Manifest},
    time::Timestamp,
};

/// What one stretch of one table came to.
pub(in super::super) struct Batch {
    pub(in super::super) rows: i64,
    /// Nothing is left behind it.
    pub(in super::super) is_last: bool,
    /// Where it ended, when that can be said.
    pub(in super::super) reached: Vec<String>,
}

impl Batch {
    /// There was nothing to take.
    pub(super) const NOTHING: Self = Self {
        rows: 0,
        is_last: true,
        reached: vec![],
    };

    pub(super) fn checkpoint(self, step: &Step, now: Timestamp) -> store::Checkpoint {
        store::Checkpoint {
            position: step.position,
            rows: self.rows,
            reached: self.reached,
            done_at: self.is_last.then_some(now),
        }
    }
}

/// Takes up to `room` rows.
pub(super) async fn take(
    tx: &mut Tx,
    (manifest, step): (&Manifest, &Step),
    (entry, key, subject): (&Entry, &Key, &Subject),
    room: i64,
) -> Result<Batch, Error> {
    let counted = expected(key, step);
    if step.erased == 0 && (1..=room).contains(&counted) && !entry.is_search {
        return whole(tx, Owned::by(manifest, entry, key, subject), entry).await;
    }
    match keyset(entry, key) {
        None if entry.is_search && key.fate != Fate::Detach => {
            search::stretch(tx, step, (entry, key, subject), room).await
        }
        Some(rest) => stretch(tx, step, (entry, key, subject), rest, room).await,
        None => portion(tx, manifest, (entry, key, subject), room).await,
    }
}

/// Deletes all rows: so few were counted behind the fence that they fit into one batch.
async fn whole(tx: &mut Tx, owned: Owned, entry: &Entry) -> Result<Batch, Error> {
    let text = format!("DELETE FROM \"{}\" WHERE {}", entry.name, owned.condition);
    let rows = tx
        .execute(Statement::from_checked_names(text), owned.args)
        .await?;
    Ok(Batch {
        rows: count(rows),
        ..Batch::NOTHING
    })
}

/// The columns behind the owner's in a primary key of one or two texts more: such a table is clustered by its owner.
pub(super) fn keyset<'e>(entry: &'e Entry, key: &Key) -> Option<&'e [String]> {
    match entry.primary_key.split_first() {
        Some((first, rest @ ([_] | [_, _])))
            if *first == key.column && entry.text_key && key.fate != Fate::Detach =>
        {
            Some(rest)
        }
        _ => None,
    }
}

/// Deletes the next stretch of the primary key: first its upper end is found, then everything up to there goes.
async fn stretch(
    tx: &mut Tx,
    step: &Step,
    (entry, key, subject): (&Entry, &Key, &Subject),
    rest: &[String],
    room: i64,
) -> Result<Batch, Error> {
    let stretch = Stretch::new(&entry.name, &key.column, rest);
    let owner = subject.id();
    let after = stretch.beginning(&step.reached);
    let Some(reached) = stretch.end(Source::Tx(tx), &owner, &after, room).await? else {
        return Ok(Batch {
            rows: 0,
            is_last: true,
            reached: after,
        });
    };
    let rows = tx
        .execute(stretch.delete(), Stretch::args(&owner, &after, &reached))
        .await?;
    let rows = count(rows);
    Ok(Batch {
        rows,
        is_last: rows < room,
        reached,
    })
}

/// Deletes or detaches some of the rows, found by an index.
async fn portion(
    tx: &mut Tx,
    manifest: &Manifest,
    (entry, key, subject): (&Entry, &Key, &Subject),
    room: i64,
) -> Result<Batch, Error> {
    let (table, column) = (&entry.name, &key.column);
    let columns = quoted(&entry.primary_key, "");
    let act = match key.fate {
        Fate::Detach => format!("UPDATE \"{table}\" SET \"{column}\" = NULL"),
        Fate::Erase | Fate::Archive | Fate::Anonymize => format!("DELETE FROM \"{table}\""),
    };
    let owned = Owned::by(manifest, entry, key, subject);
    let statement = Statement::from_checked_names(format!(
        "{act} WHERE ({columns}) IN (SELECT {columns} FROM \"{table}\" WHERE {} LIMIT ${})",
        owned.condition,
        owned.next_place(),
    ));
    let mut args = owned.args;
    args.push(Value::from(room));
    let rows = count(tx.execute(statement, args).await?);
    Ok(Batch {
        rows,
        is_last: rows < room,
        reached: vec![],
    })
}

fn count(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
