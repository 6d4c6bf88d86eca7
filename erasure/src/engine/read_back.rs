//! Looking for what should be gone, by a path of its own: the live catalog says where, and the manifest can only add to it.
//!
//! Three searches, none of which asks an erased row:
//!
//! - by key: every column that names an organization, a user or a contact, by its name or by what it refers to;
//! - by identifier: numbers, addresses and short names that were written down before the erasure, in every text column of
//!   the tables that belong to no organization, and in the records of organizations that stay; what other people wrote is
//!   theirs and is left alone, and rows of another erasure were read back with that one;
//! - by file: an organization's folder, a contact's files.

use std::collections::BTreeSet;

use super::{Subject, identifiers::Identifiers, mention::Mentions, owned::keys, steps::like};
use crate::{
    contact::Contact,
    db::{Catalog, Column, Db, Error, Statement, Table, Value},
    id::ErasureId,
    manifest::Entry,
    media::MediaError,
    services::Services,
};

/// So many rows in one place are enough to know that something is wrong.
const LOOK_NO_FURTHER: i64 = 1_000;
/// The column by which the platform's tables belong to an organization.
const OWNER: &str = "organization_id";

/// A place where a subject still stands.
pub(super) struct Place {
    pub(super) table: String,
    pub(super) column: String,
    pub(super) rows: i64,
}

impl Place {
    pub(super) fn target(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// What a read-back saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) tables: BTreeSet<String>,
    pub(super) columns: BTreeSet<String>,
    pub(super) found_in: Vec<Place>,
}

/// One subject, looked for where the database and the files say that it could be.
pub(super) struct ReadBack<'a> {
    pub(super) services: &'a Services,
    pub(super) catalog: &'a Catalog,
    pub(super) subject: &'a Subject,
    pub(super) known: &'a Identifiers,
}

/// Texts, looked for in the tables that belong to no organization, or in what one organization keeps.
pub(super) struct TextSearch<'a> {
    pub(super) services: &'a Services,
    pub(super) catalog: &'a Catalog,
    /// Whose texts they are.
    pub(super) erasure: &'a ErasureId,
    pub(super) texts: &'a [String],
}

impl ReadBack<'_> {
    /// By key.
    pub(super) async fn by_key(&self, seen: &mut Seen) -> Result<(), Error> {
        for (name, table) in &self.catalog.tables {
            let entry = self.services.manifest.table(name);
            for column in suspects(self.subject, name, table, entry) {
                let (condition, args) = self.row_of(table, column);
                let rows = count(&self.services.db, (name, table), &condition, args).await?;
                seen.note(name, column, rows);
            }
        }
        Ok(())
    }

    /// By file.
    pub(super) async fn by_file(&self, seen: &mut Seen) -> Result<(), MediaError> {
        let media = &self.services.media;
        let mut left = 0;
        match self.subject {
            Subject::Organization(organization) => left = media.count(organization).await?,
            Subject::Contact(contact) => {
                for file in &self.known.files {
                    left += u64::from(media.has(&contact.organization, file).await?);
                }
            }
            Subject::User(_) => {}
        }
        if left > 0 {
            seen.found_in.push(Place {
                table: "media".to_owned(),
                column: String::new(),
                rows: i64::try_from(left).unwrap_or(i64::MAX),
            });
        }
        Ok(())
    }

    /// The condition for a row that names the subject in this column.
    fn row_of(&self, table: &Table, column: &str) -> (String, Vec<Value>) {
        match self.subject {
            Subject::Organization(id) => (format!("\"{column}\" = $1"), vec![Value::from(id)]),
            Subject::User(id) => (format!("\"{column}\" = $1"), vec![Value::from(id)]),
            // With its organization an index finds it; the id alone would do.
            Subject::Contact(Contact { organization, id }) if table.has(OWNER) => (
                format!("\"{OWNER}\" = $1 AND \"{column}\" = $2"),
                vec![Value::from(organization), Value::from(id)],
            ),
            Subject::Contact(contact) => {
                (format!("\"{column}\" = $1"), vec![Value::from(&contact.id)])
            }
        }
    }
}

/// The columns of a table in which the subject could still stand.
pub(crate) fn suspects<'c>(
    subject: &Subject,
    name: &str,
    table: &'c Table,
    entry: Option<&'c Entry>,
) -> BTreeSet<&'c str> {
    let (root, by_name): (_, fn(&str) -> bool) = match subject {
        Subject::Organization(_) => ("organizations", |column| column == OWNER),
        Subject::User(_) => ("users", |column| column.ends_with("user_id")),
        Subject::Contact(_) => ("contacts", |column| column == "contact_id"),
    };
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let named = columns.filter(|column| by_name(column) || (name == root && *column == "id"));
    // A reference to a contact is a pair; what ties the row to its organization is no suspect.
    let referring = table
        .foreign_keys
        .iter()
        .filter(|reference| reference.to_table == root)
        .flat_map(|reference| &reference.columns)
        .map(String::as_str)
        .filter(|column| root != "contacts" || *column != OWNER);
    let keys = entry.into_iter().flat_map(|entry| keys(entry, subject));
    // What goes through another table holds that one's ids, not the subject's.
    let told = keys.filter(|key| key.through.is_none());
    let told = told.map(|key| key.column.as_str());
    named.chain(referring).chain(told).collect()
}

impl TextSearch<'_> {
    /// In the tables that belong to no organization; with one, in its records.
    pub(super) async fn run(
        &self,
        organization: Option<&str>,
        seen: &mut Seen,
    ) -> Result<(), Error> {
        if self.texts.is_empty() {
            return Ok(());
        }
        for (name, table) in &self.catalog.tables {
            let entry = self.services.manifest.table(name);
            match (owner(table, entry), organization) {
                (None, None) => {
                    let within = erasures_own(table).map(|column| (column, self.erasure.as_str()));
                    self.look_in(name, table, within, seen).await?;
                }
                (Some(owner), Some(organization)) => {
                    self.look_in(name, table, Some((owner, organization)), seen)
                        .await?;
                }
                (None, Some(_)) | (Some(_), None) => {}
            }
        }
        Ok(())
    }

    /// All text columns of a table at once; if anything is found, each alone, so that its place can be named.
    async fn look_in(
        &self,
        name: &str,
        table: &Table,
        within: Option<(&str, &str)>,
        seen: &mut Seen,
    ) -> Result<(), Error> {
        let entry = self.services.manifest.table(name);
        let searched: Vec<_> = table
            .columns
            .iter()
            .filter_map(|column| Some((column.name.as_str(), manner(column, entry)?)))
            .collect();
        if searched.is_empty() {
            return Ok(());
        }
        let (condition, args) = self.holding_a_text(&searched, within);
        let db = &self.services.db;
        if count(db, (name, table), &condition, args).await? == 0 {
            seen.tables.insert(name.to_owned());
            let names = searched
                .iter()
                .map(|(column, _)| format!("{name}.{column}"));
            seen.columns.extend(names);
            return Ok(());
        }
        for (column, manner) in searched {
            let (condition, args) = self.holding_a_text(&[(column, manner)], within);
            let rows = count(db, (name, table), &condition, args).await?;
            seen.note(name, column, rows);
        }
        Ok(())
    }

    fn holding_a_text(
        &self,
        columns: &[(&str, Manner)],
        within: Option<(&str, &str)>,
    ) -> (String, Vec<Value>) {
        let mut args = Vec::new();
        let mut any = Vec::new();
        for (column, manner) in columns {
            match manner {
                Manner::Whole => {
                    let places = self.texts.iter().map(|text| {
                        args.push(Value::from(text.as_str()));
                        format!("${}", args.len())
                    });
                    let places: Vec<_> = places.collect();
                    any.push(format!("lower(\"{column}\") IN ({})", places.join(", ")));
                }
                Manner::Inside => {
                    for pattern in Mentions::of(self.texts).exact_patterns() {
                        args.push(Value::from(pattern));
                        any.push(like(column, args.len()));
                    }
                }
            }
        }
        let mut condition = format!("({})", any.join(" OR "));
        if let Some((owner, organization)) = within {
            args.push(Value::from(organization));
            condition = format!("\"{owner}\" = ${} AND {condition}", args.len());
        }
        (condition, args)
    }
}

impl Seen {
    /// Remembers that a place was looked at, and what was found there.
    fn note(&mut self, table: &str, column: &str, rows: i64) {
        self.tables.insert(table.to_owned());
        self.columns.insert(format!("{table}.{column}"));
        if rows > 0 {
            self.found_in.push(Place {
                table: table.to_owned(),
                column: column.to_owned(),
                rows,
            });
        }
    }
}

/// How many rows fit, up to more than enough.
async fn count(
    db: &Db,
    (name, table): (&str, &Table),
    condition: &str,
    args: Vec<Value>,
) -> Result<i64, Error> {
    let counting = |schema: &str| {
        format!(
            "SELECT count(*) FROM (SELECT 1 FROM {schema}\"{name}\" WHERE {condition} LIMIT {LOOK_NO_FURTHER}) AS found"
        )
    };
    if table.is_apart {
        let rows: Vec<(i64,)> = db.archive_all(&counting("{archive}"), args).await?;
        return Ok(rows.first().map_or(0, |(count,)| *count));
    }
    let text = Statement::from_checked_names(counting(""));
    db.number(text, args).await
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
fn owner<'t>(table: &'t Table, entry: Option<&'t Entry>) -> Option<&'t str> {
    let told = entry.and_then(|entry| entry.organization.as_ref());
    let told = told.map(|key| key.column.as_str());
    let named = table.column(OWNER).map(|column| column.name.as_str());
    told.or(named)
}
