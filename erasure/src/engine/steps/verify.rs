//! Reading back, by a path of its own: the live catalog says where to look, and the manifest can only add to it.
//!
//! Every table that has a column for an organization or a user, by its name or by what it refers to, is searched for every
//! subject. Whatever is found
//! reopens the step that should have taken it; only an empty search lets the receipt be written.

use std::collections::BTreeSet;

use super::Work;
use crate::{
    db::{Catalog, Error, Statement, Table, value::args},
    engine::{Stage, Subject, count::keys, store},
    job::{Attempt, StepError},
    manifest::Entry,
};

/// A place where a subject could still stand.
struct Place {
    table: String,
    column: String,
    rows: i64,
}

impl Place {
    fn target(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// What the read-back saw, for the receipt.
#[derive(Default)]
struct Seen {
    tables: BTreeSet<String>,
    columns: BTreeSet<String>,
    found_in: Vec<Place>,
}

/// Reopening more often than this means that somebody writes behind the fence.
const REOPENINGS: i64 = 3;
/// So many rows in one place are enough to know that something is wrong.
const LOOK_NO_FURTHER: i64 = 1_000;

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let catalog = services.db.catalog().await?;
    let mut seen = Seen::default();
    for subject in store::subjects(&services.db, &work.erasure.id).await? {
        look_for(work, &catalog, &subject, &mut seen).await?;
        if let Subject::Organization(organization) = &subject {
            match services.media.count(organization).await {
                Ok(0) => {}
                Ok(files) => seen.found_in.push(Place {
                    table: "media".to_owned(),
                    column: String::new(),
                    rows: i64::try_from(files).unwrap_or(i64::MAX),
                }),
                Err(_) => {
                    return Ok(Attempt::Later {
                        cause: "the media store cannot be read back",
                        not_before: None,
                    });
                }
            }
        }
    }
    if seen.found_in.is_empty() {
        let outcome = format!("{}/{}", seen.tables.len(), seen.columns.len());
        let tx = work.begin().await?;
        return work.complete(tx, 0, Some(&outcome)).await;
    }
    reopen(work, &seen.found_in).await
}

async fn look_for(
    work: &Work<'_>,
    catalog: &Catalog,
    subject: &Subject,
    seen: &mut Seen,
) -> Result<(), Error> {
    for (name, table) in &catalog.tables {
        let entry = work.services.manifest.table(name);
        for column in suspects(subject, name, table, entry) {
            seen.tables.insert(name.clone());
            seen.columns.insert(format!("{name}.{column}"));
            let text = format!(
                "SELECT count(*) FROM (SELECT 1 FROM \"{name}\" WHERE \"{column}\" = $1 LIMIT {LOOK_NO_FURTHER}) AS found"
            );
            let rows = work
                .services
                .db
                .number(Statement::from_checked_names(text), args![subject.id()])
                .await?;
            if rows > 0 {
                seen.found_in.push(Place {
                    table: name.clone(),
                    column: column.to_owned(),
                    rows,
                });
            }
        }
    }
    Ok(())
}

/// The columns of a table in which the subject could still stand.
fn suspects<'c>(
    subject: &Subject,
    name: &str,
    table: &'c Table,
    entry: Option<&'c Entry>,
) -> BTreeSet<&'c str> {
    let (root, by_name): (_, fn(&str) -> bool) = match subject {
        Subject::Organization(_) => ("organizations", |column| column == "organization_id"),
        Subject::User(_) => ("users", |column| column.ends_with("user_id")),
    };
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let named = columns.filter(|column| by_name(column) || (name == root && *column == "id"));
    let referring = table
        .foreign_keys
        .iter()
        .filter(|reference| reference.to_table == root && reference.columns.len() == 1)
        .flat_map(|reference| &reference.columns)
        .map(String::as_str);
    let keys = entry.into_iter().flat_map(|entry| keys(entry, subject));
    let told = keys.map(|key| key.column.as_str());
    named.chain(referring).chain(told).collect()
}

/// Makes the steps undone that should have taken what was found, and everything after them that proves it.
async fn reopen(work: &Work<'_>, found_in: &[Place]) -> Result<Attempt, StepError> {
    let rows = found_in.iter().map(|place| place.rows).sum();
    let places: Vec<String> = found_in.iter().map(Place::target).collect();
    tracing::error!(erasure.id = %work.erasure.id, places = places.join(", "), rows, "the read-back found rows");
    if work.step.reopened >= REOPENINGS {
        return Ok(Attempt::Parked {
            cause: "the read-back keeps finding rows",
        });
    }
    let mut tx = work.begin().await?;
    let mut reopened = 0;
    for place in found_in {
        reopened += store::reopen(&mut tx, &work.erasure.id, &place.target()).await?;
        // Anonymized rows and files are named by their table alone.
        reopened += store::reopen(&mut tx, &work.erasure.id, &place.table).await?;
    }
    if reopened == 0 {
        return Ok(Attempt::Parked {
            cause: "the read-back found rows that no step of the plan erases",
        });
    }
    for stage in [Stage::Scrub, Stage::Verify] {
        store::reopen_stage(&mut tx, &work.erasure.id, stage).await?;
    }
    // What was found is counted for whoever watches.
    work.advance(tx, rows).await
}
