//! Security events lose whoever they were about: what [`crate::anonymity`] allows is kept as numbers, for 90 days.
//!
//! A day of an organization is judged as a whole, whatever the size of a batch: first its numbers are written, in a transaction
//! that notes that they are, then its events are deleted, in as many batches as they need. Where all fit into one batch they go
//! at once. A crash counts nothing twice. What one person left in an organization that stays cannot be hidden among others and is
//! deleted only.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range, time::Instant};

use sqlx::FromRow;

use super::Work;
use crate::{
    anonymity::{Combination, Seen, keep},
    db::{Error, Statement, Tx, Value, value::args},
    engine::{Size, Subject, store},
    id::OrganizationId,
    job::{Attempt, StepError},
    retention,
    time::Timestamp,
};

const DAY_MS: i64 = 24 * 3_600 * 1_000;
const EVER: Range<i64> = i64::MIN..i64::MAX;
/// Of a flood of events a part is enough: what is not read is not kept.
const LOOK_NO_FURTHER: i64 = 20_000;

pub(crate) async fn attempt(work: &Work<'_>, size: &Size) -> Result<Attempt, StepError> {
    match &work.step.subject {
        Some(Subject::Organization(organization)) => by_the_day(work, organization, size).await,
        Some(Subject::User(user)) => {
            let theirs = Events {
                condition: "user_id = $1",
                args: args![user],
            };
            let mut tx = work.begin().await?;
            let rows = theirs.delete(&mut tx, size.rows()).await?;
            if rows < size.rows() {
                work.complete(tx, rows, Some("0")).await
            } else {
                work.advance(tx, rows).await
            }
        }
        Some(Subject::Contact(_)) | None => Ok(Attempt::Parked {
            cause: "the plan names nobody whose events to anonymize",
        }),
    }
}

/// How far the step has come: the day whose numbers are written, and how many events are kept as numbers so far.
struct Reached {
    day: Option<i64>,
    kept: i64,
}

impl Reached {
    /// As the step's row has it. A step that was done and is done again goes on counting.
    fn read(work: &Work<'_>) -> Result<Self, Error> {
        let damaged = || Error::Corrupt("erasure_steps.reached");
        let number = |text: &String| text.parse().map_err(|_| damaged());
        match work.step.reached.as_slice() {
            [] => Ok(Self {
                day: None,
                kept: work.step.outcome.as_ref().map_or(Ok(0), number)?,
            }),
            [day, kept] => Ok(Self {
                day: (!day.is_empty()).then(|| number(day)).transpose()?,
                kept: number(kept)?,
            }),
            _ => Err(damaged()),
        }
    }

    fn write(&self) -> Vec<String> {
        let day = self.day.map(|day| day.to_string());
        vec![day.unwrap_or_default(), self.kept.to_string()]
    }
}

async fn by_the_day(
    work: &Work<'_>,
    organization: &OrganizationId,
    size: &Size,
) -> Result<Attempt, StepError> {
    let mut reached = Reached::read(work)?;
    let mut tx = work.begin().await?;
    let (began, mut room) = (Instant::now(), size.rows());
    if reached.day.is_none() && Events::of(organization).fit(&mut tx, room).await? {
        reached.kept += keep_days(work, &mut tx, organization, EVER).await?;
        let rows = Events::of(organization).delete(&mut tx, room).await?;
        return work
            .complete(tx, rows, Some(&reached.kept.to_string()))
            .await;
    }
    while room > 0 && !size.is_spent(began) {
        let day = if let Some(day) = reached.day {
            day
        } else {
            let Some(day) = first_day(&mut tx, organization).await? else {
                let kept = reached.kept.to_string();
                return work.complete(tx, size.rows() - room, Some(&kept)).await;
            };
            reached.kept += keep_days(work, &mut tx, organization, day..day + DAY_MS).await?;
            reached.day = Some(day);
            day
        };
        let events = Events::between(organization, day..day + DAY_MS);
        let rows = events.delete(&mut tx, room).await?;
        if rows < room {
            reached.day = None;
        }
        room -= rows;
    }
    let rows = size.rows() - room;
    store::reach(&mut tx, &work.erasure.id, work.step, rows, &reached.write()).await?;
    work.commit(tx).await?;
    Ok(Attempt::Progressed)
}

/// The day of the oldest event that is left; where it begins.
async fn first_day(tx: &mut Tx, organization: &OrganizationId) -> Result<Option<i64>, Error> {
    let row: Option<(Option<i64>,)> = tx
        .fetch_optional(
            "-- oldest_security_event
             SELECT MIN(occurred_at) FROM security_events WHERE organization_id = $1",
            args![organization],
        )
        .await?;
    let oldest = row.and_then(|(oldest,)| oldest);
    Ok(oldest.map(|at| at - at.rem_euclid(DAY_MS)))
}

#[derive(FromRow)]
struct SeenRow {
    kind: String,
    ip_address: String,
    person: String,
    hour: i64,
    events: i64,
}

/// Writes what may be kept of these days, each judged by itself; says how many events that stands for.
async fn keep_days(
    work: &Work<'_>,
    tx: &mut Tx,
    organization: &OrganizationId,
    span: Range<i64>,
) -> Result<i64, Error> {
    let rows: Vec<SeenRow> = tx
        .fetch_all(
            "-- security_events_of_days
             SELECT kind, ip_address, COALESCE(user_id, ip_address) AS person,
                    occurred_at - occurred_at % 3600000 AS hour, count(*) AS events
             FROM   security_events WHERE organization_id = $1 AND occurred_at >= $2 AND occurred_at < $3
             GROUP  BY 1, 2, 3, 4
             LIMIT  $4",
            args![organization, span.start, span.end, LOOK_NO_FURTHER],
        )
        .await?;
    let mut days: BTreeMap<i64, Vec<Seen>> = BTreeMap::new();
    for row in rows {
        days.entry(row.hour.div_euclid(DAY_MS))
            .or_default()
            .push(Seen {
                kind: row.kind,
                address: row.ip_address,
                person: row.person,
                hour: Timestamp::from_millis(row.hour),
                events: row.events,
            });
    }
    let mut kept = 0;
    for seen in days.into_values() {
        for (combination, events) in keep(seen) {
            kept += add(work, tx, &combination, events).await?;
        }
    }
    Ok(kept)
}

/// Adds to what is known of a combination, unless its 90 days are over.
async fn add(
    work: &Work<'_>,
    tx: &mut Tx,
    combination: &Combination,
    events: i64,
) -> Result<i64, Error> {
    let keep_until = retention::security_log_ends(combination.since);
    if keep_until <= work.services.now() {
        return Ok(0);
    }
    tx.execute(
        "-- add_anonymous_events
         INSERT INTO anonymous_security_events (kind, network, since, hours, events, keep_until)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (kind, network, since, hours) DO UPDATE SET events = anonymous_security_events.events + excluded.events",
        args![
            combination.kind.as_str(),
            combination.network.as_str(),
            combination.since,
            combination.hours,
            events,
            keep_until,
        ],
    )
    .await?;
    Ok(events)
}

/// Some security events.
struct Events {
    condition: &'static str,
    args: Vec<Value>,
}

impl Events {
    fn of(organization: &OrganizationId) -> Self {
        Self {
            condition: "organization_id = $1",
            args: args![organization],
        }
    }

    fn between(organization: &OrganizationId, span: Range<i64>) -> Self {
        Self {
            condition: "organization_id = $1 AND occurred_at >= $2 AND occurred_at < $3",
            args: args![organization, span.start, span.end],
        }
    }

    /// Whether there are no more than so many.
    async fn fit(self, tx: &mut Tx, room: i64) -> Result<bool, Error> {
        let text = format!(
            "SELECT count(*) FROM (SELECT 1 FROM security_events WHERE {} LIMIT {}) AS found",
            self.condition,
            room + 1
        );
        let text = Statement::from_checked_names(text);
        let row: Option<(i64,)> = tx.fetch_optional(text, self.args).await?;
        Ok(row.is_some_and(|(events,)| events <= room))
    }

    /// Deletes at most so many of them; says how many.
    async fn delete(self, tx: &mut Tx, limit: i64) -> Result<i64, Error> {
        let Self {
            condition,
            mut args,
        } = self;
        let mut text = format!(
            "DELETE FROM security_events WHERE (organization_id, id) IN \
             (SELECT organization_id, id FROM security_events WHERE {condition}"
        );
        args.push(Value::from(limit));
        let _ = write!(text, " LIMIT ${})", args.len());
        let rows = tx
            .execute(Statement::from_checked_names(text), args)
            .await?;
        Ok(i64::try_from(rows).unwrap_or(i64::MAX))
    }
}
