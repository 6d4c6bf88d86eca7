//! Deleting rows, a batch at a time, each batch with its checkpoints in the same transaction.
//!
//! A batch goes on from table to table until its time is up: most organizations are small, and a transaction for each of
//! their fifty tables would cost more than their rows. Within a table it takes the next stretch of the primary key; where it
//! came to is part of the checkpoint, so that what is gone is never looked at again.

use std::time::Instant;

use super::{Work, inventory::target};
use crate::{
    db::{Error, Statement, Tx, Value},
    engine::{Pace, Stage, Subject, step::Step, store},
    job::{self, Attempt, Kind, StepError},
    manifest::{Entry, Fate, Key},
};

pub(crate) async fn attempt(work: &Work<'_>, pace: &mut Pace) -> Result<Attempt, StepError> {
    let steps = store::open_steps_of(&work.services.db, &work.erasure.id, Stage::Rows).await?;
    let mut tx = work.begin().await?;
    let throttle = job::throttle_in(&mut tx, Kind::Erasure).await?;
    let may_take = throttle.room(pace.rows());
    let (began, mut room) = (Instant::now(), may_take);
    for step in &steps {
        let Some((entry, key, subject)) = target(&work.services.manifest, step) else {
            return Ok(Attempt::Parked {
                cause: "the plan names a table that the manifest does not know",
            });
        };
        let batch = match take(&mut tx, step, (entry, key, subject), room).await {
            Err(error) if error.is_still_referred_to() => {
                drop(tx);
                return go_back(work, entry).await;
            }
            taken => taken?,
        };
        if was_expected(key, step) && batch.is_last && step.erased + batch.rows == 0 {
            return Ok(Attempt::Parked {
                cause: "rows were counted, but none was there to delete",
            });
        }
        work.checkpoint(&mut tx, step, &batch).await?;
        room -= batch.rows;
        if !batch.is_last || room <= 0 || Pace::is_spent(began) {
            break;
        }
    }
    let now = work.services.now();
    let free_at = job::spend(&mut tx, Kind::Erasure, throttle, may_take - room, now).await?;
    super::super::commit(tx).await?;
    work.services.db.relieve_log().await;
    if room <= 0 && may_take == pace.rows() {
        pace.learn(began);
    }
    Ok(match free_at.filter(|at| *at > now) {
        Some(until) => Attempt::Rest { until },
        None => Attempt::Progressed,
    })
}

/// Somebody wrote rows behind the fence that refer to what is to go now: theirs is erased first, again.
async fn go_back(work: &Work<'_>, entry: &Entry) -> Result<Attempt, StepError> {
    let mut tx = work.begin().await?;
    let mut reopened = 0;
    let tables = work.services.manifest.tables().iter();
    for referring in tables.filter(|other| other.refers_to.contains(&entry.name)) {
        for key in referring.organization.iter().chain(&referring.user) {
            let target = format!("{}.{}", referring.name, key.column);
            reopened += store::reopen(&mut tx, &work.erasure.id, &target).await?;
        }
    }
    if reopened == 0 {
        return Ok(Attempt::Parked {
            cause: "rows that no step of the plan erases refer to what is to go",
        });
    }
    super::super::commit(tx).await?;
    tracing::error!(erasure.id = %work.erasure.id, table = entry.name, "rows were written behind the fence");
    Ok(Attempt::Later {
        cause: "another program writes behind the fence: its rows go first",
        not_before: None,
    })
}

/// What one stretch of one table came to.
pub(super) struct Batch {
    pub(super) rows: i64,
    /// Nothing is left behind it.
    pub(super) is_last: bool,
    /// Where it ended, when that can be said.
    pub(super) reached: Vec<String>,
}

/// Anonymized rows went one step earlier, with their copies; detached ones were never counted.
const fn was_expected(key: &Key, step: &Step) -> bool {
    let is_ours_to_erase = matches!(key.fate, Fate::Erase | Fate::Archive);
    is_ours_to_erase
        && match step.expected {
            Some(expected) => expected > 0,
            None => false,
        }
}

/// Takes up to `room` rows.
async fn take(
    tx: &mut Tx,
    step: &Step,
    (entry, key, subject): (&Entry, &Key, &Subject),
    room: i64,
) -> Result<Batch, Error> {
    match keyset(entry, key) {
        Some(rest) => stretch(tx, step, (entry, key, subject), rest, room).await,
        None => portion(tx, (entry, key, subject), room).await,
    }
}

/// The columns behind the owner's in a primary key of one or two texts more: such a table is clustered by its owner.
fn keyset<'e>(entry: &'e Entry, key: &Key) -> Option<&'e [String]> {
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
    let end = Stretch::new(entry, key, rest);
    let after: Vec<String> = if step.reached.len() == rest.len() {
        step.reached.clone()
    } else {
        vec![String::new(); rest.len()] // before every text
    };
    let mut args = vec![Value::from(subject.id())];
    args.extend(after.iter().map(|text| Value::from(text.as_str())));
    let mut looking = args.clone();
    looking.push(Value::from(room));
    let Some(reached) = upper_end(tx, end.find(), looking, rest.len()).await? else {
        return Ok(Batch {
            rows: 0,
            is_last: true,
            reached: after,
        });
    };
    args.extend(reached.iter().map(|text| Value::from(text.as_str())));
    let rows = count(tx.execute(end.delete(), args).await?);
    Ok(Batch {
        rows,
        is_last: rows < room,
        reached,
    })
}

async fn upper_end(
    tx: &mut Tx,
    statement: Statement,
    args: Vec<Value>,
    columns: usize,
) -> Result<Option<Vec<String>>, Error> {
    if columns == 1 {
        let row: Option<(String,)> = tx.fetch_optional(statement, args).await?;
        Ok(row.map(|(one,)| vec![one]))
    } else {
        let row: Option<(String, String)> = tx.fetch_optional(statement, args).await?;
        Ok(row.map(|(one, two)| vec![one, two]))
    }
}

/// The statements for stretches of one table, keys written as rows: `(a, b) > ($2, $3)`.
struct Stretch<'a> {
    table: &'a str,
    owner: &'a str,
    rest: String,
    width: usize,
    descending: String,
}

impl<'a> Stretch<'a> {
    fn new(entry: &'a Entry, key: &'a Key, rest: &[String]) -> Self {
        Self {
            table: &entry.name,
            owner: &key.column,
            rest: quoted(rest, ""),
            width: rest.len(),
            descending: quoted(rest, " DESC"),
        }
    }

    fn find(&self) -> Statement {
        let Self {
            table,
            owner,
            rest,
            descending,
            width,
        } = self;
        let after = places(2, *width);
        Statement::from_checked_names(format!(
            "SELECT {rest} FROM (SELECT {rest} FROM \"{table}\" WHERE \"{owner}\" = $1 AND ({rest}) > ({after}) \
             ORDER BY {rest} LIMIT ${}) AS batch ORDER BY {descending} LIMIT 1",
            width + 2
        ))
    }

    fn delete(&self) -> Statement {
        let Self {
            table,
            owner,
            rest,
            width,
            ..
        } = self;
        let (after, end) = (places(2, *width), places(width + 2, *width));
        Statement::from_checked_names(format!(
            "DELETE FROM \"{table}\" WHERE \"{owner}\" = $1 AND ({rest}) > ({after}) AND ({rest}) <= ({end})"
        ))
    }
}

/// `"a" DESC, "b" DESC`: columns of the catalog, whatever their names, each with what stands behind it.
fn quoted(columns: &[String], each: &str) -> String {
    let columns: Vec<_> = columns
        .iter()
        .map(|column| format!("\"{column}\"{each}"))
        .collect();
    columns.join(", ")
}

/// `$2, $3`: so many places from that one on.
fn places(first: usize, count: usize) -> String {
    let places: Vec<_> = (first..first + count)
        .map(|place| format!("${place}"))
        .collect();
    places.join(", ")
}

/// Deletes or detaches some of the rows, found by an index.
async fn portion(
    tx: &mut Tx,
    (entry, key, subject): (&Entry, &Key, &Subject),
    room: i64,
) -> Result<Batch, Error> {
    let (table, column) = (&entry.name, &key.column);
    let columns = quoted(&entry.primary_key, "");
    let act = match key.fate {
        Fate::Detach => format!("UPDATE \"{table}\" SET \"{column}\" = NULL"),
        Fate::Erase | Fate::Archive | Fate::Anonymize => format!("DELETE FROM \"{table}\""),
    };
    let statement = Statement::from_checked_names(format!(
        "{act} WHERE ({columns}) IN (SELECT {columns} FROM \"{table}\" WHERE \"{column}\" = $1 LIMIT $2)"
    ));
    let args = vec![Value::from(subject.id()), Value::from(room)];
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
