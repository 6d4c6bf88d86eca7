//! What is kept at this moment, for how many, until when and why, and what ends next. Numbers, never names.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use crate::{
    archive,
    backup::{self, Watch},
    db::{Error, Statement},
    hold,
    manifest::{Entry, Group, Term},
    services::Services,
    time::Timestamp,
};

/// How many of the next ends of archive records are shown.
const PURGES: usize = 20;

/// What is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// The moment of which it speaks.
    pub at: Timestamp,
    /// Every table of which rows stay when an organization or a person has gone.
    pub tables: Vec<KeptTable>,
    /// What ends next of the archive.
    pub next_purges: Vec<Purge>,
    /// Legal holds.
    pub holds: HoldTotals,
    /// What was last written into a backup thirty days ago is in none any more.
    pub backups_end_after_days: u64,
    /// What the last look at the backups saw; none when nobody ever looked.
    pub backups: Option<Watch>,
}

/// A table of which rows stay.
#[derive(Clone, Debug, Serialize)]
pub struct KeptTable {
    /// Its name.
    pub table: String,
    /// On which basis.
    pub basis: String,
    /// Until when, in words.
    pub until: String,
    /// How many rows there are now.
    pub rows: i64,
    /// When the next of them end, where that is known beforehand.
    pub next_end: Option<Timestamp>,
}

/// Archive records that end together.
#[derive(Clone, Debug, Serialize)]
pub struct Purge {
    /// When.
    pub at: Timestamp,
    /// By which statute they were kept until then.
    pub basis: String,
    /// How many records, each of one erased organization.
    pub organizations: usize,
    /// How many invoices were sealed in them.
    pub invoices: i64,
}

/// Legal holds, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HoldTotals {
    /// Holds that stand.
    pub active: i64,
    /// Those whose review is overdue.
    pub past_review: i64,
    /// Deletions that wait for one.
    pub held_erasures: i64,
}

/// What is kept now.
///
/// # Errors
/// When the database fails.
pub async fn overview(services: &Services) -> Result<Overview, Error> {
    let mut tables = Vec::new();
    for entry in services.manifest.tables() {
        if let Some(kept) = kept(services, entry).await? {
            tables.push(kept);
        }
    }
    Ok(Overview {
        at: services.now(),
        tables,
        next_purges: next_purges(services).await?,
        holds: hold::totals(services).await?,
        backups_end_after_days: super::BACKUP_DAYS,
        backups: backup::last_look(&services.db).await?,
    })
}

async fn kept(services: &Services, entry: &Entry) -> Result<Option<KeptTable>, Error> {
    if entry.category != Group::Internal && entry.keep.is_none() {
        return Ok(None); // goes with the organization or the person
    }
    let (rows, next_end) = match &entry.term {
        Some(Term::By { by }) if by == "archive" => archive::rows_of(services, &entry.name).await?,
        Some(Term::After { column, days }) => {
            let (rows, oldest) = count(services, entry, Some(column)).await?;
            let span = Duration::from_hours(u64::from(*days) * 24);
            (rows, oldest.map(|at| Timestamp::from_millis(at) + span))
        }
        Some(Term::By { .. } | Term::With { .. } | Term::Never { .. }) | None => {
            count(services, entry, None)
                .await
                .map(|(rows, _)| (rows, None))?
        }
    };
    let (basis, until) = match (&entry.keep, &entry.term) {
        (Some(keep), _) => (keep.basis.clone(), keep.until.clone()),
        (None, Some(term)) => (
            "while somebody is signed in or about to be".to_owned(),
            words(term),
        ),
        (None, None) => (String::new(), String::new()),
    };
    Ok(Some(KeptTable {
        table: entry.name.clone(),
        basis,
        until,
        rows,
        next_end,
    }))
}

fn words(term: &Term) -> String {
    match term {
        Term::After { column, days } => format!("{days} day(s) after {column}"),
        Term::With { with, .. } => format!("with {with}"),
        Term::By { by } => format!("by {by}"),
        Term::Never { never } => never.clone(),
    }
}

/// How many rows there are, and the oldest moment in a column.
async fn count(
    services: &Services,
    entry: &Entry,
    moment: Option<&str>,
) -> Result<(i64, Option<i64>), Error> {
    let oldest = moment.map_or_else(
        || "CAST(NULL AS BIGINT)".to_owned(),
        |column| format!("MIN(\"{column}\")"),
    );
    let text = format!("SELECT count(*), {oldest} FROM \"{}\"", entry.name);
    services
        .db
        .fetch_one(Statement::from_checked_names(text), vec![])
        .await
}

async fn next_purges(services: &Services) -> Result<Vec<Purge>, Error> {
    let mut days: BTreeMap<(Timestamp, String), (usize, i64)> = BTreeMap::new();
    for record in archive::list(services).await? {
        let of_day = days.entry((record.keep_until, record.basis)).or_default();
        of_day.0 += 1;
        of_day.1 += record.records;
    }
    Ok(days
        .into_iter()
        .take(PURGES)
        .map(|((at, basis), (organizations, invoices))| Purge {
            at,
            basis,
            organizations,
            invoices,
        })
        .collect())
}
