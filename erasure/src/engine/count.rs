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
    numbers(&mut Source::Db(db), "", &counting, args).await
}

/// Numbers in one statement: neither database nests an expression much deeper than twice that.
const AT_ONCE: usize = 250;

/// The number that each of these statements says, asked all at once: the way to the database takes longer than they do. What
/// stands `with` them, they all know.
pub(super) async fn numbers(
    source: &mut Source<'_>,
    with: &str,
    statements: &[String],
    args: Vec<Value>,
) -> Result<Vec<i64>, Error> {
    let mut numbers = Vec::with_capacity(statements.len());
    for statements in statements.chunks(AT_ONCE) {
        let text = Statement::from_checked_names(all_at_once(with, statements));
        numbers.extend(said(source.optional(text, args.clone()).await?)?);
    }
    Ok(numbers)
}

/// One statement that says the number of each, in one row and one text: every row has a way of its own to go.
pub(super) fn all_at_once(with: &str, statements: &[String]) -> String {
    let numbers = statements.iter().map(|statement| format!("({statement})"));
    format!(
        "{with}SELECT '' || {}",
        numbers.collect::<Vec<_>>().join(" || ' ' || ")
    )
}

/// The numbers in what [`all_at_once`] said.
pub(super) fn said(row: Option<(String,)>) -> Result<Vec<i64>, Error> {
    let (numbers,) = row.unwrap_or_default();
    let numbers = numbers.split(' ').map(str::parse);
    numbers
        .collect::<Result<_, _>>()
        .map_err(|_| Error::Corrupt("numbers asked for at once"))
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
