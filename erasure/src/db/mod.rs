//! The database: one SQL text, values in and rows out, on SQLite or Postgres.
//!
//! Statements are prose with `$1 … $N`, in the words that both databases know. A use case opens a transaction and passes it
//! to the `store` functions beside it; stores never open one. Only this folder knows which database it is.
//!
//! - [`open`]: addresses, connections, schema; [`sqlite`] and [`postgres`] hold what only one of them needs.
//! - [`dialect`]: the few sentences that each says in its own way.
//! - [`archive`]: the way to the archive's tables, which no other statement has.
//! - [`catalog`]: what tables really exist; [`derived`]: what is kept beside their rows.
//! - [`snapshot`]: what a backup is made of; [`libpq`] talks to Postgres's own programs.
//! - [`staging`]: a copy that is put together beside the database, and takes its place.
//! - [`rewrite`]: leaving no erased byte in the files; [`gaps`] are what SQLite forgets, [`free_pages`] what it gives back,
//!   [`mod@pages`] how its file is laid out.
//!
//! SQLite has one writer: [`Db::begin`] takes it at once (`BEGIN IMMEDIATE`), so that a transaction can never discover
//! halfway that somebody else wrote. On Postgres transactions run beside each other (`READ COMMITTED`): a use case that
//! decides on what it read says [`Tx::alone`] first.

mod archive;
mod catalog;
mod cause;
mod derived;
mod dialect;
mod error;
pub mod faults;
mod free_pages;
mod gaps;
mod libpq;
mod maintenance;
mod open;
mod pages;
mod postgres;
mod record;
mod repack;
mod rewrite;
pub mod scratch;
pub(crate) mod snapshot;
mod source;
mod sqlite;
pub(crate) mod staging;
mod tx;
pub(crate) mod value;

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow, PgPool, SqlitePool, postgres::PgRow, sqlite::SqliteRow};

use crate::time::Timestamp;

pub(crate) use self::cause::{cause, reason};
pub use self::{
    catalog::{Catalog, Column, ForeignKey, Table},
    derived::{Derived, VirtualTable},
    error::Error,
    libpq::ProgramError,
    open::OpenError,
    rewrite::Rewritten,
    snapshot::SnapshotError,
    staging::StagingError,
    tx::Tx,
    value::Value,
};
use self::{
    faults::{Call, Faults, meet},
    tx::Open,
};
pub(crate) use self::{open::last_migration, record::Record, source::Source};

/// A row that can be read from either database.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// A file in this process.
    Sqlite,
    /// A server.
    Postgres,
}

impl Backend {
    /// Its name, as figures and messages have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A handle on the database; clones share it.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    faults: Option<Faults>,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite {
        /// One connection: SQLite has one writer.
        writer: SqlitePool,
        /// One that asks no foreign key, for whoever has the writer and lets it rest.
        unasked: SqlitePool,
        readers: SqlitePool,
        /// Writes the log back while others write on.
        log: Arc<sqlite::Log>,
        /// For snapshots.
        file: Arc<snapshot::DatabaseFile>,
        /// For read-backs.
        catalog: Arc<catalog::KnownCatalog>,
    },
    Postgres {
        pool: PgPool,
        /// For what is too large to be rewritten under a lock.
        repack: Option<repack::Repack>,
    },
}

/// `ask!(self.pools, sql, args, fetch_all)`: runs the same statement on whichever pool there is.
macro_rules! ask {
    ($pools:expr, $sql:expr, $args:expr, $fetch:ident) => {
        match $pools {
            Pools::Sqlite { readers, .. } => {
                sqlx::query_as_with($sql.into().safe(), value::for_sqlite($args))
                    .$fetch(readers)
                    .await
            }
            Pools::Postgres { pool, .. } => {
                sqlx::query_as_with($sql.into().safe(), value::for_postgres($args))
                    .$fetch(pool)
                    .await
            }
        }
    };
}

impl Db {
    /// Which database it is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// What time it is on the database's server; `None` for a file, where there is no other clock.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn time(&self) -> Result<Option<Timestamp>, Error> {
        Ok(match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { pool, .. } => {
                Some(Timestamp::from_millis(postgres::time(pool).await?))
            }
        })
    }

    /// How the database was made, on a server: encoding, collation, character classes.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn locale(&self) -> Result<Option<[String; 3]>, Error> {
        Ok(match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { pool, .. } => Some(postgres::locale(pool).await?),
        })
    }

    /// Starts a transaction that will write. Dropping it undoes everything.
    ///
    /// # Errors
    /// When a connection cannot be had in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        meet(self.faults.as_ref(), Call::Begin).await?;
        let open = match &self.pools {
            Pools::Sqlite { writer, .. } => {
                Open::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Postgres { pool, .. } => Open::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            open,
            _turn: None,
            faults: self.faults.clone(),
        })
    }

    /// The same, but no foreign key asks of each row that goes whether another refers to it: whoever writes in it has asked
    /// for all of them at once. `None` where that cannot be had: Postgres leaves it to its administrators.
    ///
    /// # Errors
    /// When a connection cannot be had in time.
    pub(crate) async fn begin_unasked(&self) -> Result<Option<Tx>, Error> {
        let Pools::Sqlite {
            writer, unasked, ..
        } = &self.pools
        else {
            return Ok(None);
        };
        meet(self.faults.as_ref(), Call::Begin).await?;
        let turn = writer.acquire().await?; // everybody who writes waits in one line
        let open = Open::Sqlite(unasked.begin_with("BEGIN IMMEDIATE").await?);
        Ok(Some(Tx {
            open,
            _turn: Some(Box::new(turn)),
            faults: self.faults.clone(),
        }))
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
        meet(self.faults.as_ref(), Call::Statement).await?;
        Ok(ask!(&self.pools, sql, args, fetch_optional)?)
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
        meet(self.faults.as_ref(), Call::Statement).await?;
        Ok(ask!(&self.pools, sql, args, fetch_one)?)
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
        meet(self.faults.as_ref(), Call::Statement).await?;
        Ok(ask!(&self.pools, sql, args, fetch_all)?)
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
