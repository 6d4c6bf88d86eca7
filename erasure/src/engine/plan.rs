//! The plan: every step of an erasure as a row, written in the transaction that confirms it.
//!
//! The plan is complete before anything is done, so that a crash can never leave half of one.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::{Stage, Subject, owned::keys, steps::meta::target};
use crate::{
    db::{
        Error, Statement, Tx,
        value::{PARAMETERS, args, rows_of_places},
    },
    disconnection::Act,
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

impl<'a> Draft<'a> {
    /// About a subject and something of theirs.
    fn of(subject: &'a Subject, target: String) -> Self {
        Self {
            subject: Some(subject),
            target: Some(target),
            category: None,
        }
    }
}

/// Writes the plan for these subjects; of some of them copies may stand in records that stay.
pub(super) async fn write_plan(
    tx: &mut Tx,
    erasure: &ErasureId,
    manifest: &Manifest,
    (subjects, copied): (&[Subject], &[&Subject]),
) -> Result<(), Error> {
    let mut plan: Vec<(Stage, Draft<'_>)> = vec![(Stage::Inventory, Draft::default())];
    for subject in subjects {
        plan.extend(at_meta(tx, subject).await?);
    }
    plan.extend(copies(manifest, subjects));
    plan.extend(files(manifest, subjects));
    plan.extend(rows(manifest, subjects));
    plan.extend(mentions(manifest, copied));
    plan.extend(
        [Stage::Scrub, Stage::Verify, Stage::Receipt].map(|stage| (stage, Draft::default())),
    );
    insert(tx, erasure, &plan).await
}

/// An organization's files go by their folder, a contact's one by one.
fn files<'a>(manifest: &Manifest, subjects: &'a [Subject]) -> Vec<(Stage, Draft<'a>)> {
    let has_files = |subject: &&Subject| !matches!(subject, Subject::User(_));
    let steps = subjects.iter().filter(has_files).flat_map(|subject| {
        let prefixes = manifest.prefixes().iter();
        prefixes.map(move |prefix| (Stage::Media, Draft::of(subject, prefix.name.clone())))
    });
    steps.collect()
}

/// Records that stay may hold copies of a person's number or address.
fn mentions<'a>(manifest: &Manifest, copied: &[&'a Subject]) -> Vec<(Stage, Draft<'a>)> {
    let steps = copied.iter().flat_map(|subject| {
        let columns = manifest.tables().iter().flat_map(|entry| {
            let named = entry.json.iter();
            named.map(move |column| format!("{}.{column}", entry.name))
        });
        columns.map(move |target| (Stage::Mentions, Draft::of(subject, target)))
    });
    steps.collect()
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
            let draft = Draft {
                subject: Some(subject),
                ..Draft::default()
            };
            steps.push((Stage::Archive, draft));
        }
        steps.extend(
            fates(Fate::Anonymize)
                .map(|entry| (Stage::Anonymize, Draft::of(subject, entry.name.clone()))),
        );
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
                let draft = Draft::of(subject, format!("{}.{}", entry.name, key.column));
                steps.push((Stage::Rows, Draft { category, ..draft }));
            }
        }
    }
    steps
}

#[derive(FromRow)]
struct ProfileRow {
    id: String,
    waba_id: String,
    token_digest: Option<Vec<u8>>,
    deregistration_chosen_at: Option<i64>,
}

/// Each number's own callback first, then each account, each token last: it is needed for the others.
async fn at_meta<'a>(tx: &mut Tx, subject: &'a Subject) -> Result<Vec<(Stage, Draft<'a>)>, Error> {
    let Subject::Organization(organization) = subject else {
        return Ok(vec![]);
    };
    let profiles: Vec<ProfileRow> = tx
        .fetch_all(
            // Of an account's numbers the first with a token speaks for it.
            "-- connected_profiles
             SELECT id, waba_id, token_digest, deregistration_chosen_at FROM whatsapp_profiles WHERE organization_id = $1
             ORDER  BY token_digest IS NULL, id",
            args![organization],
        )
        .await?;
    let (mut wabas, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    let mut acts: Vec<(Act, &str)> = Vec::new();
    for profile in &profiles {
        acts.push((Act::Override, &profile.id));
        if wabas.insert(&profile.waba_id) {
            acts.push((Act::Subscription, &profile.id));
        }
        if profile.deregistration_chosen_at.is_some() {
            acts.push((Act::Registration, &profile.id));
        }
        if profile.token_digest.is_some() && tokens.insert(&profile.token_digest) {
            acts.push((Act::Token, &profile.id));
        }
    }
    acts.sort_by_key(|(act, _)| *act);
    let steps = acts.into_iter().map(|(act, profile)| {
        let draft = Draft::of(subject, target(act, profile));
        (Stage::Meta, draft)
    });
    Ok(steps.collect())
}

/// Columns of a step's row.
const WIDTH: usize = 7;

async fn insert(
    tx: &mut Tx,
    erasure: &ErasureId,
    plan: &[(Stage, Draft<'_>)],
) -> Result<(), Error> {
    let numbered: Vec<(i64, _)> = (1..).zip(plan).collect();
    for some in numbered.chunks(PARAMETERS / WIDTH) {
        let args = some.iter().flat_map(|(position, (stage, draft))| {
            args![
                erasure,
                *position,
                stage.as_str(),
                draft.subject.map(Subject::kind),
                draft.subject.map(Subject::id),
                draft.target.as_deref(),
                draft.category.map(Category::as_str),
            ]
        });
        let text = format!(
            "-- insert_steps
             INSERT INTO erasure_steps (erasure_id, position, stage, subject_kind, subject_id, target, category) VALUES {}",
            rows_of_places(1, WIDTH, some.len())
        );
        tx.execute(Statement::from_checked_names(text), args.collect())
            .await?;
    }
    Ok(())
}
