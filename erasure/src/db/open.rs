//! Opening, checking and migrating the database.

use std::{path::PathBuf, time::Duration};

use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migrator};

use super::{Db, Error, Pools, postgres, repack::Repack, sqlite};

static ON_SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static ON_POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// How long a statement waits for a lock that somebody else holds.
pub(super) const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait for a free connection: a page that waits longer is answered with "try again".
pub(super) const POOL_PATIENCE: Duration = Duration::from_secs(30);

/// Why the database cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not one of ours.
    #[error(
        "the database address is not understood: write for example sqlite:var/qliento.db or postgres://qliento@localhost/qliento"
    )]
    Address,
    /// There is no such file, or its folder cannot be written.
    #[error(
        "the database file cannot be opened: check that its folder exists and that this user may write there ({0})"
    )]
    Unreachable(String),
    /// Another process holds it.
    #[error(
        "the database is locked by another program: stop that program, or wait for it, and start again"
    )]
    Locked,
    /// The server is not there, or does not let us in.
    #[error("the database server cannot be used: check its address, name and password ({0})")]
    NoServer(String),
    /// The server is too old.
    #[error("the database server is Postgres {0}: 15 or newer is needed")]
    TooOld(i64),
    /// The operator names `pg_repack`, but the database lacks its half.
    #[error(
        "QLIENTO_PG_REPACK is set, but the database has no such extension: run `CREATE EXTENSION pg_repack` there as a superuser"
    )]
    NoRepack,
    /// It can be read, but not written.
    #[error(
        "the database is read-only: give this user the right to write (the file and its folder; on a server, the primary)"
    )]
    ReadOnly,
    /// The file is not a database.
    #[error(
        "the file is not a SQLite database, or it is damaged: name another one, or restore a backup"
    )]
    NotADatabase,
    /// Its schema is older than this program.
    #[error("the database is older than this program: run `qliento migrate`")]
    Behind,
    /// Its schema is newer than this program.
    #[error(
        "the database is newer than this program: start the version of qliento that wrote it, or a later one"
    )]
    Ahead,
    /// A migration that was applied is not the one that this program carries.
    #[error(
        "migration {0} of the database is not the one this program carries: use the program that created it"
    )]
    Diverged(i64),
    /// Erased bytes would stay in the file.
    #[error(
        "this SQLite cannot overwrite what is deleted (secure_delete, sqlite_dbpage): use the one that is built in"
    )]
    NoSecureDelete,
    /// The file keeps the pages of what was deleted.
    #[error(
        "this SQLite file never becomes smaller: stop what uses it, run `PRAGMA auto_vacuum = INCREMENTAL; VACUUM;` on it once, and start again"
    )]
    NeverSmaller,
    /// Something else.
    #[error("the database cannot be used: {0}")]
    Other(String),
}

impl Db {
    /// Opens the database at an address such as `sqlite:var/qliento.db` (the file is created when it is missing) or
    /// `postgres://qliento@localhost/qliento`.
    ///
    /// # Errors
    /// When it cannot be used; the message says what to do.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => sqlite::open(url).await,
            Some("postgres" | "postgresql") => postgres::open(url).await,
            _ => Err(OpenError::Address),
        }
    }

    /// Lets large storage be rewritten by the `pg_repack` at this path, on Postgres; elsewhere it changes nothing.
    ///
    /// # Errors
    /// [`OpenError::NoRepack`] when the database lacks the extension.
    pub async fn with_repack(mut self, program: PathBuf) -> Result<Self, OpenError> {
        if let Pools::Postgres { pool, repack } = &mut self.pools {
            *repack = Some(Repack::new(pool, program).await?);
        }
        Ok(self)
    }

    /// Brings the schema up to this program's.
    ///
    /// # Errors
    /// When the database is ahead of the program, or a migration fails; then the schema is as it was.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        let done = match &self.pools {
            Pools::Sqlite { writer, .. } => ON_SQLITE.run(writer).await,
            Pools::Postgres { pool, .. } => ON_POSTGRES.run(pool).await,
        };
        done.map_err(|error| self.migration_fault(error))
    }

    /// Checks that the schema is exactly this program's.
    ///
    /// # Errors
    /// [`OpenError::Behind`], [`OpenError::Ahead`] or [`OpenError::Diverged`].
    pub async fn assert_current(&self) -> Result<(), OpenError> {
        let applied = match &self.pools {
            Pools::Sqlite { writer, .. } => match writer.acquire().await {
                Ok(mut connection) => applied(&mut *connection, &ON_SQLITE).await,
                Err(error) => return Err(sqlite::classify(&error)),
            },
            Pools::Postgres { pool, .. } => match pool.acquire().await {
                Ok(mut connection) => applied(&mut *connection, &ON_POSTGRES).await,
                Err(error) => return Err(postgres::classify(&error)),
            },
        };
        let applied = applied.map_err(|error| self.migration_fault(error))?;
        compare(&applied, self.migrations())
    }

    /// The number of the last migration that was applied.
    ///
    /// # Errors
    /// When there is no schema, or the database fails.
    pub(crate) async fn last_migration(&self) -> Result<i64, Error> {
        self.number(
            "-- last_migration
             SELECT CAST(MAX(version) AS BIGINT) FROM _sqlx_migrations",
            vec![],
        )
        .await
    }

    /// Whether SQLite finds everything in its file where it should be. A server looks after its own.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn is_sound(&self) -> Result<bool, Error> {
        let Pools::Sqlite { readers, .. } = &self.pools else {
            return Ok(true);
        };
        let (words,): (String,) = sqlx::query_as("PRAGMA quick_check(1)")
            .fetch_one(readers)
            .await?;
        Ok(words == "ok")
    }

    /// Closes every connection, so that the file can be moved or looked at.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite {
                writer,
                unasked,
                readers,
                ..
            } => {
                readers.close().await;
                unasked.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, .. } => pool.close().await,
        }
    }

    pub(super) const fn migrations(&self) -> &'static Migrator {
        match self.pools {
            Pools::Sqlite { .. } => &ON_SQLITE,
            Pools::Postgres { .. } => &ON_POSTGRES,
        }
    }

    fn migration_fault(&self, error: MigrateError) -> OpenError {
        if let MigrateError::VersionMissing(_) = error {
            OpenError::Ahead
        } else if let MigrateError::VersionMismatch(version) = error {
            OpenError::Diverged(version)
        } else if let MigrateError::Execute(inner) = error {
            match self.pools {
                Pools::Sqlite { .. } => sqlite::classify(&inner),
                Pools::Postgres { .. } => postgres::classify(&inner),
            }
        } else {
            OpenError::Other(error.to_string())
        }
    }
}

/// The number of the last migration that this program carries; both databases have the same.
pub(crate) fn last_migration() -> i64 {
    ON_SQLITE
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// The migrations that the database has seen: version and checksum.
async fn applied<C: Migrate>(
    connection: &mut C,
    known: &Migrator,
) -> Result<Vec<AppliedMigration>, MigrateError> {
    let table = known.table_name.as_ref();
    connection.ensure_migrations_table(table).await?;
    connection.list_applied_migrations(table).await
}

fn compare(applied: &[AppliedMigration], known: &Migrator) -> Result<(), OpenError> {
    if applied
        .iter()
        .any(|done| known.iter().all(|ours| ours.version != done.version))
    {
        return Err(OpenError::Ahead);
    }
    for ours in known.iter() {
        match applied.iter().find(|done| done.version == ours.version) {
            None => return Err(OpenError::Behind),
            Some(done) if done.checksum != ours.checksum => {
                return Err(OpenError::Diverged(ours.version));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
