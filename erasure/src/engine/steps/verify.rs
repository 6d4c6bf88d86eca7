//! Reading back, by a path of its own: the live catalog, not the manifest, says where to look.
//!
//! Every table that has a column for an organization or refers to a user is searched for every subject. Whatever is found
//! reopens the step that should have taken it; only an empty search lets the receipt be written.

use std::collections::BTreeSet;

use super::Work;
use crate::{
    db::{Catalog, Error, Statement, value::args},
    engine::{Subject, store},
    job::{Attempt, StepError},
};

/// A place where a subject could still stand.
struct Place {
    table: String,
    column: String,
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

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let catalog = services.db.catalog().await?;
    let mut seen = Seen::default();
    for subject in store::subjects(&services.db, &work.erasure.id).await? {
        look_for(work, &catalog, &subject, &mut seen).await?;
        if let Subject::Organization(organization) = &subject {
            match services.media.count(organization).await {
                Ok(0) => {}
                Ok(_) => seen.found_in.push(Place {
                    table: "media".to_owned(),
                    column: String::new(),
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
        let columns = table.columns.iter().map(|column| column.name.as_str());
        let suspects: Vec<&str> = match (subject, name.as_str()) {
            (Subject::Organization(_), "organizations") | (Subject::User(_), "users") => vec!["id"],
            (Subject::Organization(_), _) => columns
                .filter(|column| *column == "organization_id")
                .collect(),
            (Subject::User(_), _) => columns
                .filter(|column| column.ends_with("user_id"))
                .collect(),
        };
        for column in suspects {
            seen.tables.insert(name.clone());
            seen.columns.insert(format!("{name}.{column}"));
            let text = format!(
                "SELECT count(*) FROM (SELECT 1 FROM {name} WHERE {column} = $1 LIMIT 1) AS found"
            );
            if work
                .services
                .db
                .number(Statement::from_checked_names(text), args![subject.id()])
                .await?
                != 0
            {
                seen.found_in.push(Place {
                    table: name.clone(),
                    column: column.to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// Makes the steps undone that should have taken what was found, and everything after them that proves it.
async fn reopen(work: &Work<'_>, found_in: &[Place]) -> Result<Attempt, StepError> {
    let places: Vec<String> = found_in
        .iter()
        .map(|place| format!("{}.{}", place.table, place.column))
        .collect();
    tracing::error!(erasure.id = %work.erasure.id, places = places.join(", "), "the read-back found rows");
    if work.step.erased >= REOPENINGS {
        return Ok(Attempt::Parked {
            cause: "the read-back keeps finding rows",
        });
    }
    let mut tx = work.begin().await?;
    let mut reopened = 0;
    for place in found_in {
        reopened += tx
            .execute(
                "-- reopen_steps
                 UPDATE erasure_steps SET done_at = NULL, reached = NULL
                 WHERE  erasure_id = $1 AND (target = $2 OR target = $3)",
                args![
                    &work.erasure.id,
                    format!("{}.{}", place.table, place.column),
                    place.table.as_str()
                ],
            )
            .await?;
    }
    if reopened == 0 {
        return Ok(Attempt::Parked {
            cause: "the read-back found rows that no step of the plan erases",
        });
    }
    tx.execute(
        "-- reopen_scrub
         UPDATE erasure_steps SET done_at = NULL WHERE erasure_id = $1 AND stage = 'scrub'",
        args![&work.erasure.id],
    )
    .await?;
    // Counts how often: the column counts rows in other steps.
    work.advance(tx, 1).await
}
