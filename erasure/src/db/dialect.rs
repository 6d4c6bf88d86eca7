//! The few sentences that each database says in its own way. Everything else is one text for both.

use super::{Backend, Statement};

impl Backend {
    /// Behind a sub-select that picks the row to take: workers on one Postgres step over what another is taking.
    pub(crate) const fn stepping_over_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "", // one writer: nobody else is taking anything
            Self::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// In front of an archive table's name.
    pub(super) const fn archive_schema(self) -> &'static str {
        match self {
            Self::Sqlite => "", // one file, one schema
            Self::Postgres => "qliento_archive.",
        }
    }
}

impl Statement {
    /// The same sentence with what this database adds to it in the place of `{dialect}`.
    pub(crate) fn with(text: &'static str, dialect: &'static str) -> Self {
        Self::from_checked_names(text.replace("{dialect}", dialect))
    }
}
