//! Reading back: only an empty search lets the receipt be written.
//!
//! Whatever is found reopens the step that should have taken it, and everything after it that proves it.

mod together;

use std::time::Duration;

use super::Work;
use crate::{
    engine::{
        Stage, identifiers,
        read_back::{Place, ReadBack, Seen},
        store,
        text_search::TextSearch,
    },
    job::{Attempt, StepError},
};

/// Reopening more often than this means that somebody writes behind the fence.
const REOPENINGS: i64 = 3;
/// A contact is looked for in every record of a large organization.
const AT_MOST: Duration = Duration::from_mins(2);

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    work.keep_for(AT_MOST).await?;
    let catalog = services.db.present_catalog().await?;
    let (mut seen, mut texts) = (Seen::default(), Vec::new());
    for subject in store::subjects(&services.db, &work.erasure.id).await? {
        let known = identifiers::of(services, &work.erasure.id, &subject).await?;
        let read_back = ReadBack {
            services,
            catalog: &catalog,
            subject: &subject,
            known: &known,
        };
        read_back.by_key(&mut seen).await?;
        let search = TextSearch {
            services,
            catalog: &catalog,
            erasures: &[&work.erasure.id],
            texts: &known.texts,
        };
        for organization in &known.within {
            search.run(Some(organization), &mut seen).await?;
        }
        if read_back.by_file(&mut seen).await.is_err() {
            return Ok(Attempt::Later {
                cause: "the media store cannot be read back",
                not_before: None,
            });
        }
        texts.extend(known.texts);
    }
    together::search(work, &catalog, &texts, &mut seen).await?;
    if seen.found_in.is_empty() {
        let outcome = format!("{}/{}", seen.tables.len(), seen.columns.len());
        let tx = work.begin().await?;
        return work.complete(tx, 0, Some(&outcome)).await;
    }
    reopen(work, &seen.found_in).await
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
