//! Deleting rows, a batch at a time, each batch with its checkpoints in the same transaction.
//!
//! A batch goes on from table to table until its time is up: most organizations are small, and a transaction for each of
//! their fifty tables would cost more than their rows. Within a table it takes the next stretch of the primary key; where it
//! came to is part of the checkpoint, so that what is gone is never looked at again.

use std::{collections::BTreeSet, time::Instant};

use super::{
    AT_MOST, Work,
    inventory::{Target, by_subject, targets},
    search,
};
use crate::{
    db::{Error, Source, Statement, Tx, Value, value::args},
    engine::{
        Pace, Stage, Subject,
        count::numbers,
        owned::Owned,
        step::Step,
        store::{self, Erasure},
        stretch::{Stretch, quoted},
    },
    id::OrganizationId,
    job::{self, Attempt, Kind, StepError},
    manifest::{Entry, Fate, Key, Manifest, Reference},
    time::Timestamp,
};

/// So many rows of one table are cleared away at once; fewer are not worth a walk through its indexes.
const VERY_MANY: i64 = 20_000;

pub(crate) async fn attempt(work: &Work<'_>, pace: &mut Pace) -> Result<Attempt, StepError> {
    let steps = store::open_steps_of(&work.services.db, &work.erasure.id, Stage::Rows).await?;
    let manifest = work.services.manifest.as_ref();
    let Some(targets) = targets(manifest, &steps) else {
        return Ok(Attempt::Parked {
            cause: "the plan names a table that the manifest does not know",
        });
    };
    let first = steps.first().zip(targets.first());
    let unasked = begin_unasked(work, first, pace).await?;
    let by_itself = unasked.is_some();
    let mut tx = match unasked {
        Some(tx) => tx,
        None => work.begin().await?,
    };
    let throttle = job::throttle_in(&mut tx, Kind::Erasure).await?;
    let may_take = throttle.room(pace.rows());
    let (began, mut room) = (Instant::now(), may_take);
    let mut empty = Empty::default();
    let mut checkpoints = Vec::new();
    for (step, (_, target)) in steps.iter().zip(&targets) {
        let (entry, key, subject) = *target;
        let batch = if empty
            .has(&mut tx, (manifest, &targets), (step, key))
            .await?
        {
            Batch::NOTHING
        } else {
            match take(&mut tx, (manifest, step), *target, room).await {
                Err(error) if error.is_still_referred_to() => {
                    drop(tx);
                    return go_back(work, entry).await;
                }
                taken => taken?,
            }
        };
        let erased = step.erased + batch.rows;
        if batch.is_last && erased < expected(key, step) {
            if others_take_part(&mut tx, work.erasure, subject).await? {
                store::expect(&mut tx, &work.erasure.id, &[(step.position, erased)]).await?;
            } else if erased == 0 {
                return Ok(Attempt::Parked {
                    cause: "rows were counted, but none was there to delete",
                });
            }
        }
        room -= batch.rows;
        let goes_on = batch.is_last && room > 0 && !pace.is_spent(began) && !by_itself;
        checkpoints.push(batch.checkpoint(step, work.services.now()));
        if !goes_on {
            break;
        }
    }
    store::reach_all(&mut tx, &work.erasure.id, &checkpoints).await?;
    let now = work.services.now();
    let free_at = job::spend(&mut tx, Kind::Erasure, throttle, may_take - room, now).await?;
    work.commit(tx).await?;
    if room <= 0 && may_take == pace.rows() {
        pace.learn(began);
    }
    work.services.db.relieve_log().await;
    clear_away(work, &steps, &targets, &checkpoints).await?;
    let rested_at = now + Pace::rest(work.services.db.replicas_behind().await?);
    let until = free_at.map_or(rested_at, |free_at| free_at.max(rested_at));
    Ok(if until > now {
        Attempt::Rest { until }
    } else {
        Attempt::Progressed
    })
}

/// A batch of one large table to whose rows of this owner nothing refers any more: that is asked once, and then the database
/// need not ask it again for each row, which takes longer than to delete one. `None`: something does, or it cannot do without.
async fn begin_unasked(
    work: &Work<'_>,
    first: Option<(&Step, &Target<'_>)>,
    pace: &Pace,
) -> Result<Option<Tx>, StepError> {
    let Some((step, (_, (entry, key, subject)))) = first else {
        return Ok(None);
    };
    let is_large = keyset(entry, key).is_some() && expected(key, step) - step.erased > pace.rows();
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
async fn clear_away(
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

/// Steps for which there is no row: of a small organization most. They are asked for all at once, when the first of them is met
/// for which none was counted.
#[derive(Default)]
struct Empty(Option<BTreeSet<i64>>);

impl Empty {
    /// Whether there is nothing for this step to take, as far as that is known.
    async fn has(
        &mut self,
        tx: &mut Tx,
        (manifest, targets): (&Manifest, &[Target<'_>]),
        (step, key): (&Step, &Key),
    ) -> Result<bool, Error> {
        if expected(key, step) > 0 || step.erased > 0 {
            return Ok(false);
        }
        let positions = match self.0.take() {
            Some(positions) => positions,
            None => without_rows(tx, manifest, targets).await?,
        };
        Ok(self.0.insert(positions).contains(&step.position))
    }
}

async fn without_rows(
    tx: &mut Tx,
    manifest: &Manifest,
    targets: &[Target<'_>],
) -> Result<BTreeSet<i64>, Error> {
    let mut empty = BTreeSet::new();
    let found_by_key = targets
        .iter()
        .copied()
        .filter(|(_, (entry, ..))| !entry.is_search);
    for group in by_subject(found_by_key) {
        let (mut asked, mut args) = (Vec::new(), Vec::new());
        for (entry, key) in group.owned {
            let owned = Owned::by(manifest, entry, key, group.subject);
            asked.push(format!(
                "SELECT count(*) FROM (SELECT 1 FROM \"{}\" WHERE {} LIMIT 1) AS found",
                entry.name, owned.condition
            ));
            args = owned.args; // the same for each
        }
        let rows = numbers(&mut Source::Tx(tx), "", &asked, args).await?;
        let found = group.positions.into_iter().zip(rows);
        empty.extend(
            found
                .filter(|(_, rows)| *rows == 0)
                .map(|(position, _)| position),
        );
    }
    Ok(empty)
}

/// Whether another erasure may have taken rows that were counted for this one, and counts them itself: of a contact's, its
/// organization's; of an organization's, that of a contact of it which was under way when this one was confirmed.
async fn others_take_part(
    tx: &mut Tx,
    erasure: &Erasure,
    subject: &Subject,
) -> Result<bool, Error> {
    let (statement, arguments) = match subject {
        Subject::User(_) => return Ok(false),
        Subject::Contact(contact) => (
            "-- is_organization_going
             SELECT NOT EXISTS (SELECT 1 FROM organizations WHERE id = $1 AND frozen_at IS NULL)",
            args![&contact.organization],
        ),
        Subject::Organization(organization) => (
            "-- are_contacts_going
             SELECT EXISTS (SELECT 1 FROM erasure_subjects AS s JOIN erasures AS e ON e.id = s.erasure_id
                            WHERE s.kind = 'contact' AND s.subject_id LIKE $1
                            AND (e.completed_at IS NULL OR e.completed_at >= $2))",
            args![format!("{organization}/%"), erasure.confirmed_at],
        ),
    };
    let answer: Option<(bool,)> = tx.fetch_optional(statement, arguments).await?;
    Ok(answer.is_some_and(|(yes,)| yes))
}

/// Somebody wrote rows behind the fence that refer to what is to go now: theirs is erased first, again.
async fn go_back(work: &Work<'_>, entry: &Entry) -> Result<Attempt, StepError> {
    let mut tx = work.begin().await?;
    let mut reopened = 0;
    let tables = work.services.manifest.tables().iter();
    for referring in tables.filter(|other| other.refers_to.contains(&entry.name)) {
        for key in referring.keys() {
            let target = format!("{}.{}", referring.name, key.column);
            reopened += store::reopen(&mut tx, &work.erasure.id, &target).await?;
        }
    }
    if reopened == 0 {
        return Ok(Attempt::Parked {
            cause: "rows that no step of the plan erases refer to what is to go",
        });
    }
    work.commit(tx).await?;
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

impl Batch {
    /// There was nothing to take.
    const NOTHING: Self = Self {
        rows: 0,
        is_last: true,
        reached: vec![],
    };

    fn checkpoint(self, step: &Step, now: Timestamp) -> store::Checkpoint {
        store::Checkpoint {
            position: step.position,
            rows: self.rows,
            reached: self.reached,
            done_at: self.is_last.then_some(now),
        }
    }
}

/// Anonymized rows went one step earlier, with their copies; detached ones were never counted.
fn expected(key: &Key, step: &Step) -> i64 {
    match key.fate {
        Fate::Erase | Fate::Archive => step.expected.unwrap_or(0),
        Fate::Anonymize | Fate::Detach => 0,
    }
}

/// Takes up to `room` rows.
async fn take(
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
