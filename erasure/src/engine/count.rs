//! Counting what belongs to somebody: for the preview that a person reads and for the inventory behind the fence alike.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    Subject,
    owned::{Owned, keys},
};
use crate::{
    db::{Db, Error, Statement, Value},
    manifest::{Category, Entry, Fate, Key, Manifest},
};

/// Rows by category, all seven, also where there are none.
pub(crate) type CategoryTotals = BTreeMap<Category, i64>;

/// How many rows of a table belong to a subject by this key. A person's rows inside an organization that goes as a whole
/// are that organization's, so that nothing is counted twice.
pub(crate) async fn count_rows(
    db: &Db,
    manifest: &Manifest,
    (entry, key, subject): (&Entry, &Key, &Subject),
    subjects: &[Subject],
) -> Result<i64, Error> {
    let Owned {
        condition,
        mut args,
    } = Owned::by(manifest, entry, key, subject);
    let mut text = format!("SELECT count(*) FROM \"{}\" WHERE {condition}", entry.name);
    if let (Subject::User(_), Some(organization)) = (subject, &entry.organization) {
        for other in subjects
            .iter()
            .filter(|other| matches!(other, Subject::Organization(_)))
        {
            args.push(Value::from(other.id()));
            let _ = write!(text, " AND \"{}\" <> ${}", organization.column, args.len());
        }
    }
    db.number(Statement::from_checked_names(text), args).await
}

/// What an erasure of these subjects takes away, by category.
pub(crate) async fn count_categories(
    db: &Db,
    manifest: &Manifest,
    subjects: &[Subject],
) -> Result<CategoryTotals, Error> {
    let mut totals: CategoryTotals = Category::ALL
        .into_iter()
        .map(|category| (category, 0))
        .collect();
    for entry in manifest.tables() {
        let Some(category) = entry.category.category() else {
            continue;
        };
        for subject in subjects {
            for key in keys(entry, subject)
                .into_iter()
                .filter(|key| key.fate != Fate::Detach)
            {
                let rows = count_rows(db, manifest, (entry, key, subject), subjects).await?;
                *totals.entry(category).or_default() += rows;
            }
        }
    }
    Ok(totals)
}
