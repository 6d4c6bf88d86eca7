//! Deleting rows, a batch at a time, each batch with its checkpoints in the same transaction.
//!
//! A batch goes on from table to table until its time is up: most organizations are small, and a transaction for each of
//! their fifty tables would cost more than their rows. Within a table it takes the next stretch of the primary key; where it
//! came to is part of the checkpoint, so that what is gone is never looked at again.

mod empty;
mod large;
mod take;

use std::time::Instant;

pub(super) use self::take::Batch;
use self::{
    empty::Empty,
    large::{begin_unasked, clear_away},
    take::take,
};
use super::{
    AT_MOST, Work,
    inventory::{Target, targets},
    search,
};
use crate::{
    db::{Error, Tx, value::args},
    engine::{
        Pace, Stage, Subject,
        step::Step,
        store::{self, Erasure},
    },
    job::{self, Attempt, Kind, StepError},
    manifest::{Entry, Fate, Key},
};

pub(crate) async fn attempt(work: &Work<'_>, pace: &mut Pace) -> Result<Attempt, StepError> {
    let steps = store::open_steps_of(&work.services.db, &work.erasure.id, Stage::Rows).await?;
    let manifest = work.services.manifest.as_ref();
    let Some(targets) = targets(manifest, &steps) else {
        return Ok(Attempt::Parked {
            cause: "the plan names a table that the manifest does not know",
        });
    };
    let first = steps.first().zip(targets.first());
    let unasked = begin_unasked(work, first, &pace.asked).await?;
    let by_itself = unasked.is_some();
    let (mut tx, size) = match unasked {
        Some(tx) => (tx, &mut pace.unasked),
        None => (work.begin().await?, &mut pace.asked),
    };
    let throttle = job::throttle_in(&mut tx, Kind::Erasure).await?;
    let may_take = throttle.room(size.rows());
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
        let goes_on = batch.is_last && room > 0 && !size.is_spent(began) && !by_itself;
        checkpoints.push(batch.checkpoint(step, work.services.now()));
        if !goes_on {
            break;
        }
    }
    store::reach_all(&mut tx, &work.erasure.id, &checkpoints).await?;
    let now = work.services.now();
    let free_at = job::spend(&mut tx, Kind::Erasure, throttle, may_take - room, now).await?;
    work.commit(tx).await?;
    if room <= 0 && may_take == size.rows() {
        size.learn(began);
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

/// Anonymized rows went one step earlier, with their copies; detached ones were never counted.
fn expected(key: &Key, step: &Step) -> i64 {
    match key.fate {
        Fate::Erase | Fate::Archive => step.expected.unwrap_or(0),
        Fate::Anonymize | Fate::Detach => 0,
    }
}
