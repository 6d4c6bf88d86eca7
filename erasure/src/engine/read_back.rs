//! Looking for what should be gone, by a path of its own: the live catalog says where, and the manifest can only add to it.
//!
//! Three searches, none of which asks an erased row:
//!
//! - by key: every column that names an organization, a user or a contact, by its name or by what it refers to;
//! - by identifier: what [`super::text_search`] does;
//! - by file: an organization's folder, a contact's files.

use std::collections::BTreeSet;

use super::{
    Subject,
    count::{all_at_once, numbers, said},
    identifiers::Identifiers,
    owned::keys,
};
use crate::{
    contact::Contact,
    db::{Catalog, Db, Error, Source, Table, Value, value::args},
    manifest::Entry,
    media::MediaError,
    services::Services,
};

/// So many rows in one place are enough to know that something is wrong.
const LOOK_NO_FURTHER: i64 = 1_000;
/// The column by which the platform's tables belong to an organization.
pub(super) const OWNER: &str = "organization_id";

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

impl ReadBack<'_> {
    /// By key.
    pub(super) async fn by_key(&self, seen: &mut Seen) -> Result<(), Error> {
        let mut searches = Searches::of("");
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

/// Where a search looks.
pub(super) struct Looked<'a> {
    pub(super) table: &'a str,
    pub(super) columns: Vec<&'a str>,
}

/// Searches of many tables, made all at once; those of the archive by the way that leads there.
pub(super) struct Searches<'a> {
    /// What stands in front of each statement.
    with: &'a str,
    here: (Vec<Looked<'a>>, Vec<String>),
    apart: (Vec<Looked<'a>>, Vec<String>),
}

impl<'a> Searches<'a> {
    pub(super) fn of(with: &'a str) -> Self {
        Self {
            with,
            here: Default::default(),
            apart: Default::default(),
        }
    }

    pub(super) fn add(
        &mut self,
        (name, table): (&'a str, &Table),
        columns: Vec<&'a str>,
        condition: &str,
    ) {
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
    pub(super) async fn run(
        self,
        db: &Db,
        args: Vec<Value>,
    ) -> Result<impl Iterator<Item = (Looked<'a>, i64)>, Error> {
        let (places, statements) = self.here;
        let here = numbers(&mut Source::Db(db), self.with, &statements, args.clone()).await?;
        let (places_apart, statements) = self.apart;
        let mut apart = vec![];
        if !statements.is_empty() {
            let text = all_at_once(self.with, &statements);
            apart = said(db.archive_all(&text, args).await?.pop())?;
        }
        Ok(places
            .into_iter()
            .zip(here)
            .chain(places_apart.into_iter().zip(apart)))
    }
}

impl Seen {
    /// Remembers that a place was looked at, and what was found there.
    pub(super) fn note(&mut self, place: Looked<'_>, rows: i64) {
        let Looked { table, columns } = place;
        self.tables.insert(table.to_owned());
        let names = columns.iter().map(|column| format!("{table}.{column}"));
        self.columns.extend(names);
        if rows > 0 {
            self.found_in.push(Place {
                table: table.to_owned(),
                column: columns.concat(),
                rows,
            });
        }
    }
}
