//! Looking for what should be gone, by a path of its own: the live catalog says where, and the manifest can only add to it.
//!
//! Three searches, none of which asks an erased row:
//!
//! - by key: every column that names an organization, a user or a contact, by its name or by what it refers to;
//! - by identifier: numbers, addresses and short names that were written down before the erasure, in every text column of
//!   the tables that belong to no organization, and in the records of organizations that stay; what other people wrote is
//!   theirs and is left alone, and rows of another erasure were read back with that one;
//! - by file: an organization's folder, a contact's files.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

use super::{
    Subject,
    count::{all_at_once, note, numbers},
    identifiers::Identifiers,
    mention::Mentions,
    owned::keys,
    steps::like,
};
use crate::{
    contact::Contact,
    db::{
        Catalog, Column, Db, Error, Source, Table, Value,
        value::{args, places},
    },
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
        let mut searches = Searches::default();
        for (name, table) in &self.catalog.tables {
            let entry = self.services.manifest.table(name);
            for column in suspects(self.subject, name, table, entry) {
                let condition = self.row_of(table, column);
                searches.add((name, table), vec![column], &condition);
            }
        }
        for (place, rows) in searches.run(&self.services.db, self.args()).await? {
            seen.note(place, rows);
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
    fn row_of(&self, table: &Table, column: &str) -> String {
        let names = format!("\"{column}\" = $1");
        match self.subject {
            // With its organization an index finds it; the id alone would do.
            Subject::Contact(_) if table.has(OWNER) => format!("{names} AND \"{OWNER}\" = $2"),
            Subject::Organization(_) | Subject::User(_) | Subject::Contact(_) => names,
        }
    }

    /// What stands for the places in [`Self::row_of`].
    fn args(&self) -> Vec<Value> {
        match self.subject {
            Subject::Organization(id) => args![id],
            Subject::User(id) => args![id],
            Subject::Contact(Contact { organization, id }) => args![id, organization],
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
        let patterns: Vec<String> = Mentions::of(self.texts).exact_patterns();
        let texts = self.texts.iter().map(String::as_str);
        let owner = organization.unwrap_or(self.erasure.as_str());
        let args: Vec<Value> = iter::once(owner)
            .chain(texts)
            .chain(patterns.iter().map(String::as_str))
            .map(Value::from)
            .collect();
        let db = &self.services.db;
        let (mut together, mut alone) = (Searches::default(), BTreeMap::new());
        for (name, table) in &self.catalog.tables {
            let entry = self.services.manifest.table(name);
            let within = match (owner_of(table, entry), organization) {
                (None, None) => erasures_own(table),
                (Some(owner), Some(_)) => Some(owner),
                (None, Some(_)) | (Some(_), None) => continue,
            };
            let searched = table.columns.iter();
            let searched: Vec<_> = searched
                .filter_map(|column| Some((column.name.as_str(), manner(column, entry)?)))
                .collect();
            if searched.is_empty() {
                continue;
            }
            let names = searched.iter().map(|(column, _)| *column).collect();
            let condition = self.holding_a_text(&searched, patterns.len(), within);
            together.add((name, table), names, &condition);
            alone.insert(name.as_str(), (table, searched, within));
        }
        let mut again = Searches::default();
        for (place, rows) in together.run(db, args.clone()).await? {
            if rows == 0 {
                seen.note(place, 0);
            } else if let Some((table, searched, within)) = alone.remove(place.table) {
                for column in searched {
                    let condition = self.holding_a_text(&[column], patterns.len(), within);
                    again.add((place.table, table), vec![column.0], &condition);
                }
            }
        }
        for (place, rows) in again.run(db, args).await? {
            seen.note(place, rows);
        }
        Ok(())
    }

    /// `$1` is the owner; behind it stand the texts and then their patterns.
    fn holding_a_text(
        &self,
        columns: &[(&str, Manner)],
        patterns: usize,
        within: Option<&str>,
    ) -> String {
        let texts = 2..2 + self.texts.len();
        let patterns = texts.end..texts.end + patterns;
        let any: Vec<String> = columns
            .iter()
            .flat_map(|(column, manner)| match manner {
                Manner::Whole => {
                    let places = places(texts.start, texts.len());
                    vec![format!("lower(\"{column}\") IN ({places})")]
                }
                Manner::Inside => patterns.clone().map(|place| like(column, place)).collect(),
            })
            .collect();
        let any = any.join(" OR ");
        within.map_or(format!("({any})"), |owner| {
            format!("\"{owner}\" = $1 AND ({any})")
        })
    }
}

/// Where a search looks.
struct Looked<'a> {
    table: &'a str,
    columns: Vec<&'a str>,
}

/// Searches of many tables, made all at once; those of the archive by the way that leads there.
#[derive(Default)]
struct Searches<'a> {
    here: (Vec<Looked<'a>>, Vec<String>),
    apart: (Vec<Looked<'a>>, Vec<String>),
}

impl<'a> Searches<'a> {
    fn add(&mut self, (name, table): (&'a str, &Table), columns: Vec<&'a str>, condition: &str) {
        let ((places, statements), schema) = if table.is_apart {
            (&mut self.apart, "{archive}")
        } else {
            (&mut self.here, "")
        };
        places.push(Looked {
            table: name,
            columns,
        });
        statements.push(format!(
            "SELECT count(*) FROM (SELECT 1 FROM {schema}\"{name}\" WHERE {condition} LIMIT {LOOK_NO_FURTHER}) AS found"
        ));
    }

    /// How many rows fit at each place, up to more than enough.
    async fn run(
        self,
        db: &Db,
        args: Vec<Value>,
    ) -> Result<impl Iterator<Item = (Looked<'a>, i64)>, Error> {
        let (places, statements) = self.here;
        let here = numbers(&mut Source::Db(db), &statements, args.clone()).await?;
        let (places_apart, statements) = self.apart;
        let mut apart = vec![0; statements.len()];
        if !statements.is_empty() {
            note(
                &mut apart,
                db.archive_all(&all_at_once(&statements), args).await?,
            );
        }
        Ok(places
            .into_iter()
            .zip(here)
            .chain(places_apart.into_iter().zip(apart)))
    }
}

impl Seen {
    /// Remembers that a place was looked at, and what was found there.
    fn note(&mut self, place: Looked<'_>, rows: i64) {
        let Looked { table, columns } = place;
        self.tables.insert(table.to_owned());
        self.columns
            .extend(columns.iter().map(|column| format!("{table}.{column}")));
        if rows > 0 {
            self.found_in.push(Place {
                table: table.to_owned(),
                column: columns.concat(),
                rows,
            });
        }
    }
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
