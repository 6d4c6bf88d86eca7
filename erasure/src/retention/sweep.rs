//! The one sweep: whatever has reached the term that the manifest gives it ends here, a few hundred rows at a time.
//!
//! Several workers may sweep at once; the second finds nothing. A crash between two batches leaves rows for the next sweep.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    archive,
    db::{Error, Statement, Value, value::places},
    disconnection, hold,
    manifest::{Emptied, Entry, Manifest, Term},
    request,
    services::Services,
    staff,
    time::Timestamp,
};

/// Rows of one transaction: nobody waits for more than some milliseconds.
const BATCH: usize = 500;
/// Of rows that others go with, for which each brings dozens.
const PARENTS: usize = 20;

/// How many rows of each table were ended, or lost a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept(pub BTreeMap<String, u64>);

impl Swept {
    fn count(&mut self, table: &str, rows: u64) {
        if rows > 0 {
            *self.0.entry(table.to_owned()).or_default() += rows;
        }
    }
}

/// Ends what has reached its term. The worker does this every few minutes.
///
/// # Errors
/// When the database fails; what was ended before stays so, and the next sweep goes on.
pub async fn sweep(services: &Services) -> Result<Swept, Error> {
    let mut swept = Swept::default();
    swept.count("holds", hold::expire(services).await?);
    swept.count("meta_remainders", disconnection::sweep(services).await?);
    swept.count("archive_pages", archive::end_pages(services).await?);
    swept.count("requests", request::sweep(services).await?);
    swept.count("staff_audit", staff::sweep(services).await?);
    archive::enqueue_ended(services).await?;
    let mut tx = services.db.begin().await?;
    let names = archive::end_names(&mut tx, services.now()).await?;
    tx.commit().await?;
    swept.count("archive_openings", names);
    for entry in services.manifest.tables() {
        for emptied in &entry.emptied {
            swept.count(&entry.name, empty(services, entry, emptied).await?);
        }
        if let Some(Term::After { column, days }) = &entry.term {
            let until = ended_by(services.now(), *days);
            swept.count(&entry.name, end(services, entry, column, until).await?);
        }
    }
    if !swept.0.is_empty() {
        let (tables, rows) = (swept.0.len(), swept.0.values().sum::<u64>());
        tracing::info!(tables, rows, "what had reached its term was destroyed");
    }
    Ok(swept)
}

/// What has happened up to this moment has reached a term of so many days.
fn ended_by(now: Timestamp, days: u32) -> Timestamp {
    now - Duration::from_hours(u64::from(days) * 24)
}

async fn empty(services: &Services, entry: &Entry, emptied: &Emptied) -> Result<u64, Error> {
    let set: Vec<_> = emptied
        .columns
        .iter()
        .map(|column| format!("\"{column}\" = NULL"))
        .collect();
    let full: Vec<_> = emptied
        .columns
        .iter()
        .map(|column| format!("\"{column}\" IS NOT NULL"))
        .collect();
    let condition = format!("\"{}\" <= $1 AND ({})", emptied.after, full.join(" OR "));
    let text = format!(
        "UPDATE \"{}\" SET {} WHERE {}",
        entry.name,
        set.join(", "),
        some_of(entry, &condition)
    );
    let until = ended_by(services.now(), emptied.days);
    in_batches(services, &text, until).await
}

async fn end(
    services: &Services,
    entry: &Entry,
    column: &str,
    until: Timestamp,
) -> Result<u64, Error> {
    let children = children(&services.manifest, &entry.name);
    if !children.is_empty() {
        return with_children(services, entry, column, until, &children).await;
    }
    let condition = format!("\"{column}\" <= $1");
    let text = format!(
        "DELETE FROM \"{}\" WHERE {}",
        entry.name,
        some_of(entry, &condition)
    );
    in_batches(services, &text, until).await
}

/// A condition that holds for so many rows as one transaction takes.
fn some_of(entry: &Entry, condition: &str) -> String {
    let key: Vec<_> = entry
        .primary_key
        .iter()
        .map(|column| format!("\"{column}\""))
        .collect();
    let key = key.join(", ");
    format!(
        "({key}) IN (SELECT {key} FROM \"{}\" WHERE {condition} LIMIT $2)",
        entry.name
    )
}

async fn in_batches(services: &Services, text: &str, until: Timestamp) -> Result<u64, Error> {
    let batch = u64::try_from(BATCH).unwrap_or(u64::MAX);
    let mut all = 0;
    loop {
        let args = vec![
            Value::from(until),
            Value::from(i64::try_from(BATCH).unwrap_or(i64::MAX)),
        ];
        let statement = Statement::from_checked_names(text.to_owned());
        let rows = services.db.execute(statement, args).await?;
        all += rows;
        if rows < batch {
            return Ok(all);
        }
    }
}

/// The tables whose rows go with those of another, and the column that says with which.
fn children<'m>(manifest: &'m Manifest, parent: &str) -> Vec<(&'m Entry, &'m str)> {
    manifest
        .tables()
        .iter()
        .filter_map(|entry| match &entry.term {
            Some(Term::With { with, through }) if with == parent => Some((entry, through.as_str())),
            _ => None,
        })
        .collect()
}

async fn with_children(
    services: &Services,
    entry: &Entry,
    column: &str,
    until: Timestamp,
    children: &[(&Entry, &str)],
) -> Result<u64, Error> {
    let [key] = entry.primary_key.as_slice() else {
        return Err(Error::Corrupt(
            "a term that others follow, but no single key",
        ));
    };
    let find = format!(
        "SELECT \"{key}\" FROM \"{}\" WHERE \"{column}\" <= $1 ORDER BY \"{column}\" LIMIT {PARENTS}",
        entry.name
    );
    let mut all = 0;
    loop {
        let mut tx = services.db.begin().await?;
        let find = Statement::from_checked_names(find.clone());
        let ended: Vec<(String,)> = tx.fetch_all(find, vec![Value::from(until)]).await?;
        if ended.is_empty() {
            return Ok(all);
        }
        let ids = || ended.iter().map(|(id,)| Value::from(id.as_str())).collect();
        let places = places(1, ended.len());
        for (child, through) in children {
            let text = format!(
                "DELETE FROM \"{}\" WHERE \"{through}\" IN ({places})",
                child.name
            );
            tx.execute(Statement::from_checked_names(text), ids())
                .await?;
        }
        let text = format!(
            "DELETE FROM \"{}\" WHERE \"{key}\" IN ({places})",
            entry.name
        );
        all += tx
            .execute(Statement::from_checked_names(text), ids())
            .await?;
        tx.commit().await?;
    }
}
