//! Opening, checking and migrating the database.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    SqlitePool,
    migrate::{Migrate as _, MigrateError, Migrator},
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteSynchronous,
    },
};

use super::{Db, Error};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

/// How long a statement waits for a lock that somebody else holds.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// Connections that only read. Pages are short; a few are enough for one machine.
const READERS: u32 = 4;

/// Why the database cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not one of ours.
    #[error("the database address is not understood: write for example sqlite:var/qliento.db")]
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
    /// It can be read, but not written.
    #[error("the database is read-only: give this user the right to write the file and its folder")]
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
        "this SQLite cannot overwrite what is deleted (secure_delete): use the one that is built in"
    )]
    NoSecureDelete,
    /// Something else.
    #[error("the database cannot be used: {0}")]
    Other(String),
}

impl Db {
    /// Opens the database at an address such as `sqlite:var/qliento.db`; the file is created when it is missing.
    ///
    /// # Errors
    /// When it cannot be used; the message says what to do.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if !url.starts_with("sqlite:") {
            return Err(OpenError::Address);
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|_| OpenError::Address)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .foreign_keys(true)
            .busy_timeout(LOCK_PATIENCE)
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .optimize_on_close(false, None);
        let writer = pool(1, options.clone()).await?;
        let db = Self {
            writer,
            readers: pool(READERS, options).await?,
        };
        db.assert_secure_delete().await?;
        db.assert_writable().await?;
        Ok(db)
    }

    /// Brings the schema up to this program's.
    ///
    /// # Errors
    /// When the database is ahead of the program, or a migration fails; then the schema is as it was.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        MIGRATIONS.run(&self.writer).await.map_err(migration_fault)
    }

    /// Checks that the schema is exactly this program's.
    ///
    /// # Errors
    /// [`OpenError::Behind`], [`OpenError::Ahead`] or [`OpenError::Diverged`].
    pub async fn assert_current(&self) -> Result<(), OpenError> {
        let mut connection = self
            .writer
            .acquire()
            .await
            .map_err(|error| classify(&error))?;
        let table = MIGRATIONS.table_name.as_ref();
        connection
            .ensure_migrations_table(table)
            .await
            .map_err(migration_fault)?;
        let applied = connection
            .list_applied_migrations(table)
            .await
            .map_err(migration_fault)?;
        if applied
            .iter()
            .any(|done| MIGRATIONS.iter().all(|known| known.version != done.version))
        {
            return Err(OpenError::Ahead);
        }
        for known in MIGRATIONS.iter() {
            match applied.iter().find(|done| done.version == known.version) {
                None => return Err(OpenError::Behind),
                Some(done) if done.checksum != known.checksum => {
                    return Err(OpenError::Diverged(known.version));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Closes every connection, so that the file can be moved or looked at.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn assert_secure_delete(&self) -> Result<(), OpenError> {
        let (on,): (i64,) = sqlx::query_as("PRAGMA secure_delete")
            .fetch_one(&self.writer)
            .await
            .map_err(|error| classify(&error))?;
        if on == 1 {
            Ok(())
        } else {
            Err(OpenError::NoSecureDelete)
        }
    }

    /// Takes the writer's lock and lets it go: a database that cannot be written is refused now and not at midnight.
    async fn assert_writable(&self) -> Result<(), OpenError> {
        match self.begin().await {
            Ok(mut tx) => match tx
                .execute("CREATE TABLE writable_probe (id INTEGER)", vec![])
                .await
            {
                Ok(_) => Ok(()),
                Err(Error::Sqlx(error)) => Err(classify(&error)),
                Err(other) => Err(OpenError::Other(other.to_string())),
            },
            Err(Error::Sqlx(error)) => Err(classify(&error)),
            Err(other) => Err(OpenError::Other(other.to_string())),
        }
    }
}

async fn pool(size: u32, options: SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(30)) // a page that waits longer is answered with "try again"
        .connect_with(options)
        .await
        .map_err(|error| classify(&error))
}

fn migration_fault(error: MigrateError) -> OpenError {
    if let MigrateError::VersionMissing(_) = error {
        OpenError::Ahead
    } else if let MigrateError::VersionMismatch(version) = error {
        OpenError::Diverged(version)
    } else if let MigrateError::Execute(inner) = error {
        classify(&inner)
    } else {
        OpenError::Other(error.to_string())
    }
}

/// SQLite's primary result codes: <https://www.sqlite.org/rescode.html>.
fn classify(error: &sqlx::Error) -> OpenError {
    let code = error
        .as_database_error()
        .and_then(|error| error.code()?.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => OpenError::Locked,
        Some(8) => OpenError::ReadOnly,
        Some(14) => OpenError::Unreachable("SQLite code 14".to_owned()),
        Some(11 | 26) => OpenError::NotADatabase,
        _ => OpenError::Other(error.to_string()),
    }
}
