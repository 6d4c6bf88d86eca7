//! The plan: every step of an erasure as a row, written in the transaction that confirms it.
//!
//! The plan is complete before anything is done, so that a crash can never leave half of one.

use super::{Stage, Subject, count::keys};
use crate::{
    db::{Error, Tx, value::args},
    id::ErasureId,
    manifest::{Category, Fate, Manifest},
};

/// A step that is to be written.
#[derive(Default)]
struct Draft<'a> {
    subject: Option<&'a Subject>,
    target: Option<String>,
    category: Option<Category>,
}

/// Writes the plan.
pub(crate) async fn write_plan(
    tx: &mut Tx,
    erasure: &ErasureId,
    manifest: &Manifest,
    subjects: &[Subject],
) -> Result<(), Error> {
    let mut plan: Vec<(Stage, Draft<'_>)> = vec![(Stage::Inventory, Draft::default())];
    for subject in subjects {
        for profile in connected_profiles(tx, subject).await? {
            plan.push((
                Stage::Meta,
                Draft {
                    subject: Some(subject),
                    target: Some(profile),
                    category: None,
                },
            ));
        }
    }
    plan.extend(copies(manifest, subjects));
    for subject in subjects
        .iter()
        .filter(|subject| matches!(subject, Subject::Organization(_)))
    {
        for prefix in manifest.prefixes() {
            plan.push((
                Stage::Media,
                Draft {
                    subject: Some(subject),
                    target: Some(prefix.name.clone()),
                    category: None,
                },
            ));
        }
    }
    plan.extend(rows(manifest, subjects));
    plan.extend(
        [Stage::Scrub, Stage::Verify, Stage::Receipt].map(|stage| (stage, Draft::default())),
    );
    for (position, (stage, draft)) in (1..).zip(plan) {
        insert(tx, erasure, position, stage, &draft).await?;
    }
    Ok(())
}

/// What is kept in another form is copied before the originals go.
fn copies<'a>(manifest: &Manifest, subjects: &'a [Subject]) -> Vec<(Stage, Draft<'a>)> {
    let mut steps = Vec::new();
    for subject in subjects {
        let fates = |fate| {
            manifest
                .tables()
                .iter()
                .filter(move |entry| keys(entry, subject).iter().any(|key| key.fate == fate))
        };
        if fates(Fate::Archive).next().is_some() {
            steps.push((
                Stage::Archive,
                Draft {
                    subject: Some(subject),
                    target: None,
                    category: None,
                },
            ));
        }
        steps.extend(fates(Fate::Anonymize).map(|entry| {
            (
                Stage::Anonymize,
                Draft {
                    subject: Some(subject),
                    target: Some(entry.name.clone()),
                    category: None,
                },
            )
        }));
    }
    steps
}

/// Rows go leaf to root, and at each table all subjects' rows.
fn rows<'a>(manifest: &Manifest, subjects: &'a [Subject]) -> Vec<(Stage, Draft<'a>)> {
    let mut steps = Vec::new();
    for entry in manifest.tables() {
        for subject in subjects {
            for key in keys(entry, subject) {
                let category = (key.fate == Fate::Erase)
                    .then(|| entry.category.category())
                    .flatten();
                let target = Some(format!("{}.{}", entry.name, key.column));
                steps.push((
                    Stage::Rows,
                    Draft {
                        subject: Some(subject),
                        target,
                        category,
                    },
                ));
            }
        }
    }
    steps
}

async fn connected_profiles(tx: &mut Tx, subject: &Subject) -> Result<Vec<String>, Error> {
    let Subject::Organization(organization) = subject else {
        return Ok(vec![]);
    };
    let rows: Vec<(String,)> = tx
        .fetch_all(
            "-- connected_profiles
             SELECT id FROM whatsapp_profiles WHERE organization_id = $1 ORDER BY id",
            args![organization],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn insert(
    tx: &mut Tx,
    erasure: &ErasureId,
    position: i64,
    stage: Stage,
    draft: &Draft<'_>,
) -> Result<(), Error> {
    tx.execute(
        "-- insert_step
         INSERT INTO erasure_steps (erasure_id, position, stage, subject_kind, subject_id, target, category)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            erasure,
            position,
            stage.as_str(),
            draft.subject.map(Subject::kind),
            draft.subject.map(Subject::id),
            draft.target.as_deref(),
            draft.category.map(Category::as_str),
        ],
    )
    .await?;
    Ok(())
}
