//! What only SQLite needs: one writer, a log, and deletes that overwrite.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    str::FromStr as _,
    sync::Arc,
};

use sqlx::{
    SqliteConnection, SqlitePool,
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteSynchronous,
    },
};

use super::{
    Db, Error, Pools,
    open::{LOCK_PATIENCE, OpenError, POOL_PATIENCE},
    snapshot::DatabaseFile,
};

/// Connections that only read. Pages are short; a few are enough for one machine.
const READERS: u32 = 4;

pub(super) async fn open(url: &str) -> Result<Db, OpenError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| OpenError::Address)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(LOCK_PATIENCE)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", LOG_PAGES.to_string())
        .optimize_on_close(false, None);
    let database = options.get_filename().to_owned();
    // This is the writer's to say: it takes the write lock, so whoever reads would wait for whoever writes.
    let first = options.clone().auto_vacuum(SqliteAutoVacuum::Incremental);
    let writer = pool(1).connect_with(first).await;
    let writer = writer.map_err(|error| classify(&error))?;
    let unasked = pool(1).connect_lazy_with(options.clone().foreign_keys(false));
    let readers = pool(READERS).connect_with(options.clone()).await;
    let readers = readers.map_err(|error| classify(&error))?;
    assert_final_deletes(&writer).await?;
    let db = Db {
        pools: Pools::Sqlite {
            writer,
            unasked,
            readers,
            log: Arc::new(Log::of(&database)),
            file: Arc::new(DatabaseFile::of(options)),
            catalog: Arc::default(),
        },
        faults: None,
    };
    assert_writable(&db).await?;
    Ok(db)
}

/// What is written into the log before a writer has to write it back itself: 64 MiB. SQLite's own 4 MiB make a large
/// erasure wait for the disk after nearly every batch, and with it whoever writes next.
const LOG_PAGES: u32 = 16_384;

/// The log, written back beside the work: [`Log::relieve`] after a batch.
#[derive(Debug)]
pub(super) struct Log {
    /// Its file.
    path: PathBuf,
    /// The file beside it that all connections share: what is in the log.
    index: PathBuf,
    /// Held while it is written back.
    under_way: tokio::sync::Mutex<()>,
}

impl Log {
    /// The log of the database in this file.
    fn of(database: &Path) -> Self {
        let beside = |ending| {
            let mut path = database.as_os_str().to_owned();
            path.push(ending);
            path.into()
        };
        Self {
            path: beside("-wal"),
            index: beside("-shm"),
            under_way: tokio::sync::Mutex::default(),
        }
    }

    /// Starts writing the log back, unless that is under way, and waits for it only when the log has grown long: then
    /// nothing is written meanwhile, so that it can begin anew.
    pub(super) async fn relieve(self: &Arc<Self>, readers: &SqlitePool) {
        if self.pages() > LOG_PAGES / 4 * 3 {
            let _guard = self.under_way.lock().await;
            self.write_back(readers).await;
            return;
        }
        if self.under_way.try_lock().is_ok() {
            let (log, readers) = (Arc::clone(self), readers.clone());
            tokio::spawn(async move {
                let _guard = log.under_way.lock().await;
                log.write_back(&readers).await;
            });
        }
    }

    /// How long the log is now, as the header of its index says (`mxFrame`, <https://www.sqlite.org/walformat.html>); 0: there is none,
    /// or nobody can say.
    fn pages(&self) -> u32 {
        let mut number = [0; 4];
        let read = File::open(&self.index).and_then(|file| file.read_exact_at(&mut number, 16));
        read.map_or(0, |()| u32::from_ne_bytes(number))
    }

    /// Has the log on the disk. A log that is not there was written back, and what it held is there already.
    pub(super) async fn persist(&self) -> Result<(), Error> {
        match tokio::fs::File::open(&self.path).await {
            Ok(file) => Ok(file.sync_data().await.map_err(sqlx::Error::Io)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(sqlx::Error::Io(error).into()),
        }
    }

    /// Writes the log back into the database file and cuts it to nothing, so that no erased byte stays in either. Says
    /// whether it could: a reader that still looks at an old state prevents it.
    ///
    /// Whoever wants to write waits for a truncation. So most is written back before, beside them.
    pub(super) async fn truncate(
        &self,
        writer: &SqlitePool,
        readers: &SqlitePool,
    ) -> Result<bool, Error> {
        let _guard = self.under_way.lock().await;
        self.write_back(readers).await;
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(writer)
            .await?;
        Ok(busy == 0)
    }

    /// A failure is nobody's loss: the next writer beyond the limit does it, and the scrub insists.
    async fn write_back(&self, readers: &SqlitePool) {
        let _ = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(readers)
            .await;
    }
}

fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(POOL_PATIENCE)
        .test_before_acquire(false) // within this process it cannot have gone away; it is tested when it is given back
        .after_connect(|connection, _| Box::pin(assert_secure_delete(connection)))
}

/// Stands for [`OpenError::NoSecureDelete`] where only a driver's error can be returned.
#[derive(Debug, thiserror::Error)]
#[error("secure_delete is off")]
struct NoSecureDelete;

/// Each connection is asked, also one that replaces another years later: what it deletes has to be overwritten.
async fn assert_secure_delete(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let (on,): (i64,) = sqlx::query_as("PRAGMA secure_delete")
        .fetch_one(connection)
        .await?;
    match on {
        1 => Ok(()),
        _ => Err(sqlx::Error::Configuration(NoSecureDelete.into())),
    }
}

/// What lies in the gaps of pages must be there to see, and empty pages must go back. A file that somebody else made may be
/// of the kind that says neither.
async fn assert_final_deletes(writer: &SqlitePool) -> Result<(), OpenError> {
    const INCREMENTAL: i64 = 2;
    let (kind, shows_pages): (i64, bool) = sqlx::query_as(
        "SELECT auto_vacuum, EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')
         FROM   pragma_auto_vacuum",
    )
    .fetch_one(writer)
    .await
    .map_err(|error| classify(&error))?;
    match kind {
        _ if !shows_pages => Err(OpenError::NoSecureDelete),
        INCREMENTAL => Ok(()),
        _ => Err(OpenError::NeverSmaller),
    }
}

/// Takes the writer's lock and lets it go: a database that cannot be written is refused now and not at midnight.
async fn assert_writable(db: &Db) -> Result<(), OpenError> {
    let probe = async {
        let mut tx = db.begin().await?;
        tx.execute("CREATE TABLE writable_probe (id INTEGER)", vec![])
            .await
    };
    match probe.await {
        Ok(_) => Ok(()),
        Err(Error::Sqlx(error)) => Err(classify(&error)),
        Err(other) => Err(OpenError::Other(other.to_string())),
    }
}

/// SQLite's primary result codes: <https://www.sqlite.org/rescode.html>.
pub(super) fn classify(error: &sqlx::Error) -> OpenError {
    if matches!(error, sqlx::Error::Configuration(cause) if cause.is::<NoSecureDelete>()) {
        return OpenError::NoSecureDelete;
    }
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

#[cfg(test)]
mod tests {
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;

    #[tokio::test]
    async fn a_connection_that_would_not_overwrite_what_it_deletes_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let options = SqliteConnectOptions::from_str(&url).unwrap();
        let options = options.create_if_missing(true);

        for (mode, is_fine) in [("OFF", false), ("FAST", false), ("ON", true)] {
            let careless = options.clone().pragma("secure_delete", mode);
            let mut connection = careless.connect().await.unwrap();
            let said = assert_secure_delete(&mut connection).await;
            assert_eq!(said.is_ok(), is_fine, "{mode}");
            if let Err(error) = said {
                assert!(matches!(classify(&error), OpenError::NoSecureDelete));
            }
            connection.close().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_file_that_never_becomes_smaller_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let options = SqliteConnectOptions::from_str(&url).unwrap();
        let mut theirs = options.create_if_missing(true).connect().await.unwrap();
        sqlx::raw_sql("CREATE TABLE theirs (a)")
            .execute(&mut theirs)
            .await
            .unwrap();

        let refused = open(&url).await.unwrap_err().to_string();
        assert!(
            refused.contains("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;"),
            "{refused}"
        );

        sqlx::raw_sql("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;")
            .execute(&mut theirs)
            .await
            .unwrap();
        theirs.close().await.unwrap();
        assert!(open(&url).await.is_ok());
    }

    #[tokio::test]
    async fn only_who_says_so_is_asked_nothing_by_foreign_keys_and_stands_in_the_same_line() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::open(&url).await.unwrap();
        for statement in [
            "CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT",
            "CREATE TABLE stars (note INTEGER REFERENCES notes (id)) STRICT",
            "INSERT INTO notes VALUES (1)",
            "INSERT INTO stars VALUES (1)",
        ] {
            db.execute(statement, vec![]).await.unwrap();
        }
        let delete = "DELETE FROM notes";

        let mut unasked = db.begin_unasked().await.unwrap().unwrap();
        let other = db.clone();
        let waiting = tokio::spawn(async move { other.begin().await.map(drop) });
        assert_eq!(unasked.execute(delete, vec![]).await.unwrap(), 1);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(unasked); // nothing of it happened
        waiting.await.unwrap().unwrap();

        let refused = db.execute(delete, vec![]).await.unwrap_err();
        assert!(refused.is_still_referred_to(), "{refused}");
        let mut unasked = db.begin_unasked().await.unwrap().unwrap();
        unasked.execute(delete, vec![]).await.unwrap();
        unasked.commit().await.unwrap();
        assert_eq!(
            db.number("SELECT count(*) FROM notes", vec![])
                .await
                .unwrap(),
            0
        );
    }

    #[tokio::test]
    async fn the_log_is_known_to_be_as_long_as_sqlite_says() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::open(&url).await.unwrap();
        let Pools::Sqlite { readers, log, .. } = &db.pools else {
            unreachable!()
        };
        let nothing_yet = log.pages();
        db.execute("CREATE TABLE notes (id INTEGER) STRICT", vec![])
            .await
            .unwrap();

        let (_, pages, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)")
            .fetch_one(readers)
            .await
            .unwrap();
        assert!(pages > i64::from(nothing_yet));
        assert_eq!(i64::from(log.pages()), pages);
        assert!(db.truncate_log().await.unwrap());
        assert_eq!(log.pages(), 0);
    }

    #[tokio::test]
    async fn whoever_comes_to_read_does_not_wait_for_whoever_writes() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::open(&url).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.execute("CREATE TABLE notes (id INTEGER) STRICT", vec![])
            .await
            .unwrap();

        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    db.number("SELECT count(*) FROM sqlite_master", vec![])
                        .await
                })
            })
            .collect();

        for reader in readers {
            assert_eq!(reader.await.unwrap().unwrap(), 0);
        }
    }
}
