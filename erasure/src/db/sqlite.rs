//! What only SQLite needs: one writer, a log, and deletes that overwrite.

use std::{
    io,
    path::{Path, PathBuf},
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use sqlx::{
    SqlitePool,
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
    let writer = pool(1, first).await?;
    let readers = pool(READERS, options.clone()).await?;
    assert_final_deletes(&writer).await?;
    let db = Db {
        pools: Pools::Sqlite {
            writer,
            readers,
            log: Arc::new(Log::of(&database)),
            file: Arc::new(DatabaseFile::of(options)),
        },
        faults: None,
    };
    assert_writable(&db).await?;
    Ok(db)
}

/// What is written into the log before a writer has to write it back itself: 64 MiB. SQLite's own 4 MiB make a large
/// erasure wait for the disk after nearly every batch, and with it whoever writes next.
const LOG_PAGES: i64 = 16_384;

/// The log, written back beside the work: [`Log::relieve`] after a batch.
#[derive(Debug)]
pub(super) struct Log {
    /// Its file.
    path: PathBuf,
    /// Held while it is written back.
    under_way: tokio::sync::Mutex<()>,
    /// How long it was when that was last done.
    pages: AtomicI64,
}

impl Log {
    /// The log of the database in this file.
    fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self {
            path: path.into(),
            under_way: tokio::sync::Mutex::default(),
            pages: AtomicI64::new(0),
        }
    }

    /// Starts writing the log back, unless that is under way, and waits for it only when the log has grown long: then
    /// nothing is written meanwhile, so that it can begin anew.
    pub(super) async fn relieve(self: &Arc<Self>, readers: &SqlitePool) {
        if self.pages.load(Ordering::Relaxed) > LOG_PAGES / 2 {
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
    pub(super) async fn truncate(&self, writer: &SqlitePool) -> Result<bool, Error> {
        let _guard = self.under_way.lock().await;
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(writer)
            .await?;
        Ok(busy == 0)
    }

    /// A failure is nobody's loss: the next writer beyond the limit does it, and the scrub insists.
    async fn write_back(&self, readers: &SqlitePool) {
        let done: Result<(i64, i64, i64), _> = sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)")
            .fetch_one(readers)
            .await;
        if let Ok((_, pages, written_back)) = done {
            // Written back as a whole: the next writer begins at its front.
            let left = if pages == written_back { 0 } else { pages };
            self.pages.store(left, Ordering::Relaxed);
        }
    }
}

async fn pool(size: u32, options: SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(POOL_PATIENCE)
        .connect_with(options)
        .await
        .map_err(|error| classify(&error))
}

/// What is deleted must be overwritten: by SQLite itself, and in the gaps of its pages by us.
async fn assert_final_deletes(writer: &SqlitePool) -> Result<(), OpenError> {
    let (overwrites, maps_pages, shows_pages): (i64, i64, bool) = sqlx::query_as(
        "SELECT s.secure_delete, v.auto_vacuum, EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')
         FROM   pragma_secure_delete AS s, pragma_auto_vacuum AS v",
    )
    .fetch_one(writer)
    .await
    .map_err(|error| classify(&error))?;
    match (overwrites, maps_pages) {
        (1, 1 | 2) if shows_pages => Ok(()),
        (1, 0) => Err(OpenError::NoPointerMap),
        _ => Err(OpenError::NoSecureDelete),
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
    use super::*;

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
