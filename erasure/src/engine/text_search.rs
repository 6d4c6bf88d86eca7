//! Looking for texts that name somebody: numbers, addresses and short names that were written down before the erasure.
//!
//! They are looked for in every text column of the tables that belong to no organization, and in the records of organizations
//! that stay. What other people wrote is theirs and is left alone, and rows of another erasure are read back with that one.

use std::collections::BTreeMap;

use super::{
    mention::Mentions,
    read_back::{Looked, OWNER, Searches, Seen},
    steps::like,
};
use crate::{
    db::{
        Catalog, Column, Error, Table, Value,
        value::{places, rows_of_places},
    },
    id::ErasureId,
    manifest::Entry,
    services::Services,
};

/// Texts, looked for in the tables that belong to no organization, or in what one organization keeps.
pub(super) struct TextSearch<'a> {
    pub(super) services: &'a Services,
    pub(super) catalog: &'a Catalog,
    /// Whose texts they are: in their rows they are looked for as well.
    pub(super) erasures: &'a [&'a ErasureId],
    pub(super) texts: &'a [String],
}

/// A table that is searched.
struct Searched<'a> {
    table: &'a Table,
    columns: Vec<(&'a str, Manner)>,
    /// The column by which rows belong to one of the owners; `None`: all rows are searched.
    within: Option<&'a str>,
}

impl TextSearch<'_> {
    /// In the tables that belong to no organization; with one, in its records. First all text columns of a table at once; where
    /// anything is found, each alone, so that its place can be named.
    pub(super) async fn run(
        &self,
        organization: Option<&str>,
        seen: &mut Seen,
    ) -> Result<(), Error> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let owners = match organization {
            Some(organization) => vec![organization],
            None => self.erasures.iter().map(|id| id.as_str()).collect(),
        };
        let with = self.texts_and_patterns(owners.len());
        let args = self.args(&owners);
        let mut places = self.places(organization);
        let mut together = Searches::of(&with);
        for (name, searched) in &places {
            let names = searched.columns.iter().map(|(column, _)| *column).collect();
            let condition = holding_a_text(&searched.columns, searched.within, owners.len());
            together.add((*name, searched.table), names, &condition);
        }
        let db = &self.services.db;
        let found: Vec<_> = together.run(db, args.clone()).await?.collect();
        let mut again = Searches::of(&with);
        for (place, rows) in found {
            if rows == 0 {
                seen.note(place, 0);
            } else if let Some(searched) = places.remove(place.table) {
                for column in searched.columns {
                    let condition = holding_a_text(&[column], searched.within, owners.len());
                    again.add((place.table, searched.table), vec![column.0], &condition);
                }
            }
        }
        for (place, rows) in again.run(db, args).await? {
            seen.note(place, rows);
        }
        Ok(())
    }

    /// Remembers every place that belongs to no organization as one where a search found nothing.
    pub(super) fn note_nothing(&self, seen: &mut Seen) {
        if self.texts.is_empty() {
            return;
        }
        for (table, searched) in self.places(None) {
            let columns = searched.columns.iter().map(|(column, _)| *column).collect();
            seen.note(Looked { table, columns }, 0);
        }
    }

    /// Where texts could stand, by table.
    fn places(&self, organization: Option<&str>) -> BTreeMap<&str, Searched<'_>> {
        let tables = self.catalog.tables.iter();
        let places = tables.filter_map(|(name, table)| {
            let entry = self.services.manifest.table(name);
            let within = match (owner_of(table, entry), organization) {
                (None, None) => erasures_own(table),
                (Some(owner), Some(_)) => Some(owner),
                (None, Some(_)) | (Some(_), None) => return None,
            };
            let columns = table.columns.iter();
            let columns: Vec<_> = columns
                .filter_map(|column| Some((column.name.as_str(), manner(column, entry)?)))
                .collect();
            let searched = Searched {
                table,
                columns,
                within,
            };
            (!searched.columns.is_empty()).then_some((name.as_str(), searched))
        });
        places.collect()
    }

    /// In front of the statement, so that it stays short however many there are: behind the owners stand the texts, then what
    /// they look like inside of something.
    fn texts_and_patterns(&self, owners: usize) -> String {
        let count = self.texts.len();
        format!(
            "WITH texts (text) AS MATERIALIZED (VALUES {}), patterns (pattern) AS MATERIALIZED (VALUES {}) ",
            rows_of_places(owners + 1, 1, count),
            rows_of_places(owners + 1 + count, 1, count)
        )
    }

    fn args(&self, owners: &[&str]) -> Vec<Value> {
        let patterns = Mentions::of(self.texts).exact_patterns();
        let owners = owners.iter().map(|owner| Value::from(*owner));
        let texts = self.texts.iter().map(|text| Value::from(text.as_str()));
        owners
            .chain(texts)
            .chain(patterns.into_iter().map(Value::from))
            .collect()
    }
}

/// The condition for a row of one of the owners in which one of these columns holds one of the texts.
fn holding_a_text(columns: &[(&str, Manner)], within: Option<&str>, owners: usize) -> String {
    let any: Vec<String> = columns
        .iter()
        .map(|(column, manner)| match manner {
            Manner::Whole => format!("lower(\"{column}\") IN (SELECT text FROM texts)"),
            Manner::Inside => format!(
                "EXISTS (SELECT 1 FROM patterns WHERE {})",
                like(column, "pattern")
            ),
        })
        .collect();
    let any = any.join(" OR ");
    within.map_or(format!("({any})"), |owner| {
        format!("\"{owner}\" IN ({}) AND ({any})", places(1, owners))
    })
}

/// How a column is searched for a text.
#[derive(Clone, Copy)]
enum Manner {
    /// The column is the text.
    Whole,
    /// The text stands somewhere in it.
    Inside,
}

/// How a column is searched; `None`: it holds no text, or what other people wrote.
fn manner(column: &Column, entry: Option<&Entry>) -> Option<Manner> {
    let is_among = |names: fn(&Entry) -> &[String]| {
        entry.is_some_and(|entry| names(entry).contains(&column.name))
    };
    if is_among(|entry| &entry.free_text) {
        None
    } else if column.is_json() || is_among(|entry| &entry.json) {
        Some(Manner::Inside)
    } else {
        column.is_text().then_some(Manner::Whole)
    }
}

/// The column by which each row of a table belongs to one erasure.
fn erasures_own(table: &Table) -> Option<&str> {
    let mut references = table.foreign_keys.iter();
    let own = references.find(|reference| reference.to_table == "erasures")?;
    let column = table.column(own.columns.first()?)?;
    (!column.nullable).then_some(column.name.as_str())
}

/// The column by which a table's rows belong to an organization.
fn owner_of<'t>(table: &'t Table, entry: Option<&'t Entry>) -> Option<&'t str> {
    let told = entry.and_then(|entry| entry.organization.as_ref());
    let told = told.map(|key| key.column.as_str());
    let named = table.column(OWNER).map(|column| column.name.as_str());
    told.or(named)
}
