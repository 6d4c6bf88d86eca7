//! Reading the record: a page at a time, filtered, and as a copy to take away. That somebody read it is on record too.

use serde::Serialize;
use sqlx::FromRow;

use super::Outcome;
use crate::{
    db::{Error, Statement, Value, value::args},
    id::StaffId,
    services::Services,
    staff::{Act, ActError, Staff},
    time::Timestamp,
};

/// Entries on a page.
const PAGE: i64 = 50;
/// Entries of a copy that are read at once.
const BATCH: i64 = 1_000;

/// Which entries. An empty filter means all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// By this member.
    pub staff: Option<StaffId>,
    /// Of this act.
    pub act: Option<Act>,
    /// Only what was done, or only what was refused.
    pub outcome: Option<Outcome>,
    /// About what has this id.
    pub subject: Option<String>,
}

/// An entry as people read it.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Recorded {
    /// Its place in the chain.
    pub position: i64,
    /// When, in unix milliseconds.
    #[serde(serialize_with = "as_moment")]
    pub occurred_at: i64,
    /// Who: a member's id.
    pub staff_id: Option<String>,
    /// Their address, as long as they have one with us.
    pub email: Option<String>,
    /// What they were then; `operator`, or `stranger`.
    pub role: String,
    /// What.
    pub act: String,
    /// Whether it was done.
    pub outcome: String,
    /// What it was about.
    pub subject_kind: Option<String>,
    /// Its id.
    pub subject: Option<String>,
    /// A word more.
    pub detail: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
fn as_moment<S: serde::Serializer>(millis: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Timestamp::from_millis(*millis))
}

/// A page of entries, the newest first.
#[derive(Debug)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Recorded>,
    /// Where the next, older page begins: entries before this position.
    pub older: Option<i64>,
}

/// The newest entries that fit, or those before a position.
///
/// # Errors
/// See [`ActError`].
pub async fn page(
    services: &Services,
    staff: &Staff,
    filter: &Filter,
    before: Option<i64>,
) -> Result<Page, ActError> {
    let mut acting = staff.begin(services, Act::ReadAudit).await?;
    let mut values = arguments(filter);
    values.extend(args![before.unwrap_or(i64::MAX), PAGE + 1]);
    let mut entries: Vec<Recorded> = acting
        .tx()
        .fetch_all(
            fitting(
                "-- page_of_audit",
                "a.position < $5 ORDER BY a.position DESC LIMIT $6",
            ),
            values,
        )
        .await?;
    acting.commit(None, None).await?;
    let full = usize::try_from(PAGE).unwrap_or_default();
    let older = (entries.len() > full)
        .then(|| entries.get(full - 1).map(|entry| entry.position))
        .flatten();
    entries.truncate(full);
    Ok(Page { entries, older })
}

/// Entries that fit a filter, those of them that the rest of the statement says.
fn fitting(name: &'static str, rest: &'static str) -> Statement {
    Statement::from_checked_names(format!(
        "{name}
         SELECT a.position, a.occurred_at, a.staff_id, p.email, a.role, a.act, a.outcome, a.subject_kind, a.subject, a.detail
         FROM   staff_audit AS a LEFT JOIN staff AS p ON p.id = a.staff_id
         WHERE  (CAST($1 AS TEXT) IS NULL OR a.staff_id = $1)
           AND  (CAST($2 AS TEXT) IS NULL OR a.act = $2)
           AND  (CAST($3 AS TEXT) IS NULL OR a.outcome = $3)
           AND  (CAST($4 AS TEXT) IS NULL OR a.subject = $4)
           AND  {rest}"
    ))
}

fn arguments(filter: &Filter) -> Vec<Value> {
    args![
        filter.staff.as_ref().map(StaffId::as_str),
        filter.act.map(Act::as_str),
        filter.outcome.map(Outcome::as_str),
        filter.subject.as_deref(),
    ]
}

/// A copy that is being taken: batch after batch, so that its length does not matter.
pub struct Copying {
    services: Services,
    filter: Filter,
    after: i64,
    upto: i64,
}

/// Begins a copy of what fits, the oldest first. That it was taken is on record before the first batch is read.
///
/// # Errors
/// See [`ActError`].
pub async fn copy(services: &Services, staff: &Staff, filter: Filter) -> Result<Copying, ActError> {
    let acting = staff.begin(services, Act::ExportAudit).await?;
    acting.commit(None, None).await?;
    let upto = services
        .db
        .number("SELECT last_position FROM staff_audit_ends", args![])
        .await?;
    Ok(Copying {
        services: services.clone(),
        filter,
        after: 0,
        upto,
    })
}

impl Copying {
    /// The next entries; empty when there are no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Vec<Recorded>, Error> {
        let mut values = arguments(&self.filter);
        values.extend(args![self.after, self.upto, BATCH]);
        let entries: Vec<Recorded> = self
            .services
            .db
            .fetch_all(
                fitting(
                    "-- batch_of_audit",
                    "a.position > $5 AND a.position <= $6 ORDER BY a.position LIMIT $7",
                ),
                values,
            )
            .await?;
        if let Some(last) = entries.last() {
            self.after = last.position;
        }
        Ok(entries)
    }
}
