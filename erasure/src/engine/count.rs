//! Counting what belongs to somebody: for the preview that a person reads and for the inventory behind the fence alike.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    Subject,
    owned::{Owned, keys},
};
use crate::{
    db::{Db, Error, Source, Statement, Value},
    manifest::{Category, Entry, Fate, Key, Manifest},
};

/// Rows by category, all seven, also where there are none.
pub(crate) type CategoryTotals = BTreeMap<Category, i64>;

/// How many rows belong to a subject by each of these keys of these tables, in one statement. A person's rows inside an
/// organization that goes as a whole are that organization's, so that nothing is counted twice.
pub(super) async fn count_rows(
    db: &Db,
    manifest: &Manifest,
    (subject, subjects): (&Subject, &[Subject]),
    owned: &[(&Entry, &Key)],
) -> Result<Vec<i64>, Error> {
    let whole = subjects.iter().filter(|other| {
        matches!(
            (subject, other),
            (Subject::User(_), Subject::Organization(_))
        )
    });
    let whole: Vec<Value> = whole.map(|other| Value::from(other.id())).collect();
    let mut args = vec![];
    let mut counting = Vec::new();
    for (entry, key) in owned {
        let theirs = Owned::by(manifest, entry, key, subject);
        let mut condition = theirs.condition;
        if let Some(organization) = &entry.organization {
            for place in (theirs.args.len() + 1..).take(whole.len()) {
                let _ = write!(condition, " AND \"{}\" <> ${place}", organization.column);
            }
        }
        counting.push(format!(
            "SELECT count(*) FROM \"{}\" WHERE {condition}",
            entry.name
        ));
        args = theirs.args; // the same for each
    }
    args.extend(whole);
    numbers(&mut Source::Db(db), &counting, args).await
}

/// SQLite joins no more than 500 statements.
const AT_ONCE: usize = 250;

/// The number that each of these statements says, asked all at once: the way to the database takes longer than they do.
pub(super) async fn numbers(
    source: &mut Source<'_>,
    statements: &[String],
    args: Vec<Value>,
) -> Result<Vec<i64>, Error> {
    let mut numbers = vec![0; statements.len()];
    for (numbers, statements) in numbers.chunks_mut(AT_ONCE).zip(statements.chunks(AT_ONCE)) {
        let text = Statement::from_checked_names(all_at_once(statements));
        note(numbers, source.all(text, args.clone()).await?);
    }
    Ok(numbers)
}

/// One statement that says the number of each, beside its place.
pub(super) fn all_at_once(statements: &[String]) -> String {
    let numbered = statements.iter().enumerate();
    let numbered =
        numbered.map(|(place, statement)| format!("SELECT CAST({place} AS BIGINT), ({statement})"));
    numbered.collect::<Vec<_>>().join(" UNION ALL ")
}

/// Puts what [`all_at_once`] said into its places.
pub(super) fn note(numbers: &mut [i64], rows: Vec<(i64, i64)>) {
    for (place, number) in rows {
        let noted = usize::try_from(place)
            .ok()
            .and_then(|place| numbers.get_mut(place));
        if let Some(noted) = noted {
            *noted = number;
        }
    }
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
    for subject in subjects {
        let shown = manifest.tables().iter().filter_map(|entry| {
            let category = entry.category.category()?;
            let keys = keys(entry, subject).into_iter();
            Some(
                keys.filter(|key| key.fate != Fate::Detach)
                    .map(move |key| (category, (entry, key))),
            )
        });
        let (categories, owned): (Vec<_>, Vec<_>) = shown.flatten().unzip();
        let counted = count_rows(db, manifest, (subject, subjects), &owned).await?;
        for (category, rows) in categories.into_iter().zip(counted) {
            *totals.entry(category).or_default() += rows;
        }
    }
    Ok(totals)
}
