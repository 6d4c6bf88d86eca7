//! The one table of facts: what holds personal data, and what becomes of it.
//!
//! `platform.toml` names every table, column, file prefix and outside service. It becomes a [`Manifest`] only by being
//! held against the live catalog ([`Manifest::platform`]), so whoever has a `Manifest` has one that covers the database
//! completely and whose tables stand in an order in which they can be erased. An operator who keeps tables of their own in
//! the same database describes them in a second file, which is checked the same way and erased in the same order.
//!
//! **To add a table**: write the migration, start the program, and do what the message says: name the table here with its
//! category, the column that ties it to an organization or user, and each of its columns as personal or plain. A table of this
//! product's own also says when its rows end ([`Term`]).

mod category;
mod check;
mod derived;
mod draft;
mod fault;
mod order;
mod term;

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use self::draft::Draft;
pub use self::{
    category::{Category, Group},
    draft::ManifestError,
    fault::Fault,
    term::{Emptied, Term},
};
use crate::db::{Catalog, Db, Error};

/// Why there is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file itself is wrong.
    #[error(transparent)]
    File(#[from] ManifestError),
    /// The operator's own file is wrong.
    #[error("{}: {error}", .file.display())]
    OwnFile {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        error: ManifestError,
    },
    /// The operator's own file cannot be read.
    #[error("{}: the manifest file cannot be read: {error}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The file and the database do not agree. Every difference is listed.
    #[error("the manifest does not cover the database:\n{}", lines(.0))]
    Faults(Vec<Fault>),
    /// The catalog cannot be read.
    #[error(transparent)]
    Database(#[from] Error),
}

fn lines(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(|fault| format!("  - {fault}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is deleted.
    Erase,
    /// It is sealed into an archive record, then deleted.
    Archive,
    /// It is copied without identifiers, then deleted.
    Anonymize,
    /// The column is emptied; the row stays, because it is another's.
    Detach,
}

impl Fate {
    /// The name that the file and JSON use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Archive => "archive",
            Self::Anonymize => "anonymize",
            Self::Detach => "detach",
        }
    }
}

/// What ties a row to an organization or a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The column that holds the id.
    pub column: String,
    /// What becomes of the row.
    pub fate: Fate,
    /// The table that the column refers to, when it holds the id of a row there instead of the owner's own: a message
    /// belongs to the contact of its conversation.
    pub through: Option<String>,
}

/// Why rows stay.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// On which basis.
    pub basis: String,
    /// When they end.
    pub until: String,
}

/// A table, its rows' fate, and all of its columns.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The table.
    pub name: String,
    /// What its rows count as.
    pub category: Group,
    /// How rows belong to an organization.
    pub organization: Option<Key>,
    /// How rows belong to a person with a sign-in.
    #[serde(default)]
    pub user: Vec<Key>,
    /// How rows belong to a contact of the organization.
    pub contact: Option<Key>,
    /// Why rows stay that no key reaches.
    pub keep: Option<Keep>,
    /// When rows end by time.
    pub term: Option<Term>,
    /// Columns that end before their row does.
    #[serde(default)]
    pub emptied: Vec<Emptied>,
    /// Columns that say something about a person.
    pub personal: Vec<String>,
    /// The other columns.
    pub plain: Vec<String>,
    /// Personal columns that hold JSON, into which anybody's number or address may have been copied.
    #[serde(default)]
    pub json: Vec<String>,
    /// Personal columns that hold what somebody wrote: words about another stay the writer's.
    #[serde(default)]
    pub free_text: Vec<String>,
    /// Columns of these that open something: nobody is given them, not even whom they belong to.
    #[serde(default)]
    pub secret: Vec<String>,
    /// Columns of these that may speak of other people: whoever takes only their own data with them does not get these.
    #[serde(default)]
    pub third_party: Vec<String>,
    /// The primary key, from the catalog.
    #[serde(skip)]
    pub primary_key: Vec<String>,
    /// Whether all of the primary key is text, from the catalog.
    #[serde(skip)]
    pub text_key: bool,
    /// Whether it is a full-text index that holds texts of its own, from the catalog.
    #[serde(skip)]
    pub is_search: bool,
    /// The tables that rows refer to, from the catalog.
    #[serde(skip_deserializing)]
    pub refers_to: Vec<String>,
    /// The foreign keys that refer to rows by their primary key, from the catalog; `None`: there are others.
    #[serde(skip)]
    pub referred_by: Option<Vec<Reference>>,
    /// Whether it is the operator's own table.
    #[serde(skip_deserializing)]
    pub is_own: bool,
}

impl Entry {
    /// Every key by which its rows belong to somebody.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.organization
            .iter()
            .chain(&self.user)
            .chain(&self.contact)
    }
}

/// A foreign key, seen from the table that it refers to.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The table that refers.
    pub table: String,
    /// Its columns that hold the other's primary key, in the order of that.
    pub columns: Vec<String>,
}

/// Files below a prefix.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefix {
    /// Which store.
    pub name: String,
    /// What the files count as.
    pub category: Group,
}

/// An outside service that holds something for an organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remote {
    /// Which service.
    pub name: String,
    /// The table that says what it holds.
    pub table: String,
}

/// A counter that belongs to no column.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// The sequence.
    pub name: String,
    /// Why it stays: it counts for everybody.
    pub keep: Keep,
}

const PLATFORM: &str = include_str!("platform.toml");

/// The manifest, held against the live catalog.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    tables: Vec<Entry>,
    prefixes: Vec<Prefix>,
    remotes: Vec<Remote>,
    sequences: Vec<Sequence>,
}

impl Manifest {
    /// The platform's manifest, checked against this database. Postgres is told to keep no samples of personal columns, and to
    /// forget those it has: its planner would remember what no erasure reaches.
    ///
    /// # Errors
    /// When the file is wrong or does not cover the database; every difference is named.
    pub async fn platform(db: &Db) -> Result<Self, LoadError> {
        Self::load(draft::parse(PLATFORM)?, db).await
    }

    /// The platform's manifest with the tables that an operator's own file adds, checked against this database.
    ///
    /// # Errors
    /// As [`Manifest::platform`]; also when the file cannot be read.
    pub async fn with_own(db: &Db, file: &Path) -> Result<Self, LoadError> {
        let own = std::fs::read_to_string(file).map_err(|error| LoadError::Unreadable {
            file: file.to_owned(),
            error,
        })?;
        let mut draft = draft::parse(PLATFORM)?;
        draft.extend(&own).map_err(|error| LoadError::OwnFile {
            file: file.to_owned(),
            error,
        })?;
        Self::load(draft, db).await
    }

    /// A manifest's text, checked against a catalog.
    ///
    /// # Errors
    /// As [`Manifest::platform`].
    pub fn read(text: &str, catalog: &Catalog) -> Result<Self, LoadError> {
        Self::hold(draft::parse(text)?, catalog)
    }

    async fn load(draft: Draft, db: &Db) -> Result<Self, LoadError> {
        let catalog = db.catalog().await?;
        let manifest = Self::hold(draft, &catalog)?;
        derived::forget(&manifest.tables, &catalog.derived, db).await?;
        Ok(manifest)
    }

    fn hold(draft: Draft, catalog: &Catalog) -> Result<Self, LoadError> {
        let mut faults = check::faults(&draft, catalog);
        faults.extend(derived::faults(&draft, catalog));
        if !faults.is_empty() {
            return Err(LoadError::Faults(faults));
        }
        let tables = order::leaf_to_root(draft.table, catalog)
            .map_err(|fault| LoadError::Faults(vec![fault]))?;
        Ok(Self {
            tables,
            prefixes: draft.prefix,
            remotes: draft.remote,
            sequences: draft.sequence,
        })
    }

    /// The tables, in an order in which no row is erased before the rows that refer to it.
    #[must_use]
    pub fn tables(&self) -> &[Entry] {
        &self.tables
    }

    /// What is said about a table.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Entry> {
        self.tables.iter().find(|entry| entry.name == name)
    }

    /// The file prefixes.
    #[must_use]
    pub fn prefixes(&self) -> &[Prefix] {
        &self.prefixes
    }

    /// The counters that belong to no column.
    #[must_use]
    pub fn sequences(&self) -> &[Sequence] {
        &self.sequences
    }

    /// The outside services.
    #[must_use]
    pub fn remotes(&self) -> &[Remote] {
        &self.remotes
    }
}
