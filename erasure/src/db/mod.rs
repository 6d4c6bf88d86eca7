//! The database: one SQL text, values in and rows out.
//!
//! Statements are prose with `$1 … $N`. A use case opens a transaction and passes it to the `store` functions beside it;
//! stores never open one. Only this folder knows which database it is.
//!
//! SQLite has one writer: [`Db::begin`] takes it at once (`BEGIN IMMEDIATE`), so that a transaction can never discover
//! halfway that somebody else wrote. Reads go through their own connections and see the last committed state.

mod catalog;
mod open;
pub(crate) mod value;

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, FromRow, Sqlite, SqliteConnection, SqlitePool,
    sqlite::{SqliteArguments, SqliteRow},
};

pub use self::{
    catalog::{Catalog, Column, ForeignKey, Table},
    open::OpenError,
    value::Value,
};

/// What went wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The statement could not be run, now.
    #[error("the database did not answer as it should")]
    Sqlx(#[from] sqlx::Error),
    /// A row says what no program of ours can have written.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(&'static str),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
}

/// What the database said, in its own words, for the log; it never contains values.
pub(crate) fn cause(error: &Error) -> String {
    match error {
        Error::Sqlx(sqlx::Error::Database(database)) => format!("{error}: {}", database.message()),
        Error::Sqlx(other) => format!("{error}: {other}"),
        Error::Corrupt(_) | Error::Vault(_) => error.to_string(),
    }
}

/// A row that can be read from the database.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin> Row for T {}

/// A handle on the database; clones share it.
#[derive(Clone, Debug)]
pub struct Db {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Db {
    /// Starts a transaction that will write. Dropping it undoes everything.
    ///
    /// # Errors
    /// When the writer cannot be had in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        Ok(Tx(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn fetch_optional<R: Row>(
        &self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Option<R>, Error> {
        Ok(sqlx::query_as_with(sql.into().safe(), value::bind(args))
            .fetch_optional(&self.readers)
            .await?)
    }

    /// Reads the one row that is certainly there.
    ///
    /// # Errors
    /// When the statement fails or finds nothing.
    pub async fn fetch_one<R: Row>(
        &self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<R, Error> {
        Ok(sqlx::query_as_with(sql.into().safe(), value::bind(args))
            .fetch_one(&self.readers)
            .await?)
    }

    /// Reads all rows.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn fetch_all<R: Row>(
        &self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Vec<R>, Error> {
        Ok(sqlx::query_as_with(sql.into().safe(), value::bind(args))
            .fetch_all(&self.readers)
            .await?)
    }

    /// Reads a number, for example a count.
    ///
    /// # Errors
    /// When the statement fails or finds nothing.
    pub async fn number(&self, sql: impl Into<Statement>, args: Vec<Value>) -> Result<i64, Error> {
        let (number,): (i64,) = self.fetch_one(sql, args).await?;
        Ok(number)
    }

    /// Writes one statement in a transaction of its own; says how many rows it touched.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn execute(&self, sql: impl Into<Statement>, args: Vec<Value>) -> Result<u64, Error> {
        let mut tx = self.begin().await?;
        let rows = tx.execute(sql, args).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Reads the live catalog: what tables, columns and references really exist.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub async fn catalog(&self) -> Result<Catalog, Error> {
        catalog::read(&self.readers).await
    }

    /// Writes the log back into the database file and cuts it to nothing, so that no erased byte stays in either.
    /// Says whether it could: a reader that still looks at an old state prevents it.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn truncate_log(&self) -> Result<bool, Error> {
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.writer)
            .await?;
        Ok(busy == 0)
    }
}

/// A transaction. What is not committed did not happen.
pub struct Tx(sqlx::Transaction<'static, Sqlite>);

impl Tx {
    /// Makes it so.
    ///
    /// # Errors
    /// When the database refuses; then nothing of it happened.
    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.0.commit().await?)
    }

    /// Writes; says how many rows it touched.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn execute(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<u64, Error> {
        Ok(sqlx::query_with(sql.into().safe(), value::bind(args))
            .execute(self.connection())
            .await?
            .rows_affected())
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn fetch_optional<R: Row>(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Option<R>, Error> {
        Ok(sqlx::query_as_with(sql.into().safe(), value::bind(args))
            .fetch_optional(self.connection())
            .await?)
    }

    /// Reads all rows.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn fetch_all<R: Row>(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Vec<R>, Error> {
        Ok(sqlx::query_as_with(sql.into().safe(), value::bind(args))
            .fetch_all(self.connection())
            .await?)
    }

    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

/// A statement: our own words, or words built from names that the manifest holds and the catalog confirmed.
pub struct Statement(Cow<'static, str>);

impl Statement {
    fn safe(self) -> AssertSqlSafe<Cow<'static, str>> {
        AssertSqlSafe(self.0)
    }

    /// A statement whose table and column names come from the checked manifest. Values never do: they are arguments.
    pub(crate) fn from_checked_names(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl From<&'static str> for Statement {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

type Arguments = SqliteArguments;
