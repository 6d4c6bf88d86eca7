//! The database as it was at one moment, read while everybody works on.
//!
//! **SQLite.** A connection begins to read and goes on for as long as the snapshot lasts. From then on SQLite writes back into
//! the file nothing that was committed later, and keeps its log. Whatever of the file is read meanwhile is therefore what it
//! was at that moment, or older with its newer state in the log: the file and the log behind it, read one after the other,
//! are what a power cut would have left, which SQLite knows how to open. No second copy lies on the disk in clear, no writer
//! waits, and the bytes are read as fast as the disk gives them (`docs/decisions/0026`).
//!
//! **Postgres.** `pg_dump` reads in one transaction of its own.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt as _,
    path::PathBuf,
    process::Child,
    sync::{Arc, OnceLock},
};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Db, Error, Pools, libpq};

/// What a snapshot consists of, by name: SQLite's file.
pub(crate) const FILE: &str = "file";
/// SQLite's log. It may come twice; the last one counts.
pub(crate) const LOG: &str = "log";
/// What `pg_dump` wrote.
pub(crate) const DUMP: &str = "dump";

/// Bytes at the front of the log that change whenever it begins anew.
const LOG_HEADER: u64 = 32;

/// The database at one moment.
pub(crate) enum Snapshot {
    /// SQLite's files.
    Files {
        /// Holds the moment.
        reader: SqliteConnection,
        /// What is read.
        file: Arc<DatabaseFile>,
    },
    /// A program that writes it out.
    Dump(Child),
}

/// SQLite's file, opened once and for good.
///
/// The system lets go of all of a process's locks on a file when the process closes any of its handles on it, SQLite's too.
/// So this one stays open as long as the pools do.
#[derive(Debug)]
pub(crate) struct DatabaseFile {
    options: SqliteConnectOptions,
    opened: OnceLock<File>,
}

impl DatabaseFile {
    pub(super) const fn of(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            opened: OnceLock::new(),
        }
    }

    fn open(&self) -> io::Result<&File> {
        if let Some(file) = self.opened.get() {
            return Ok(file);
        }
        let file = File::open(self.options.get_filename())?;
        Ok(self.opened.get_or_init(|| file))
    }

    fn log(&self) -> PathBuf {
        let mut path = OsString::from(self.options.get_filename().as_os_str());
        path.push("-wal");
        path.into()
    }
}

impl Db {
    /// Takes a snapshot of this moment.
    ///
    /// # Errors
    /// When the database fails; on Postgres also when its programs are missing.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        match &self.pools {
            Pools::Sqlite { file, .. } => {
                let mut reader = file.options.connect().await?;
                sqlx::raw_sql("BEGIN; SELECT count(*) FROM sqlite_master")
                    .execute(&mut reader)
                    .await?;
                let file = Arc::clone(file);
                Ok(Snapshot::Files { reader, file })
            }
            Pools::Postgres { pool, .. } => Ok(Snapshot::Dump(libpq::dump(pool).await?)),
        }
    }
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The database fails.
    #[error(transparent)]
    Database(#[from] Error),
    /// The archive belongs to a role of its own, and none that ours may take reads both.
    #[error(
        "the archive is kept apart, and this role may take none that reads every table of both schemas: grant it one, as docs/operating.md says (qliento_reader)"
    )]
    ArchiveApart,
    /// A program of Postgres's is missing.
    #[error(transparent)]
    Program(#[from] libpq::ProgramError),
}

impl From<sqlx::Error> for SnapshotError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Snapshot {
    /// Hands every part of it to `each`. Blocks.
    pub(crate) fn read(
        &mut self,
        each: &mut dyn FnMut(&'static str, &mut dyn Read) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Self::Files { file, .. } => read_files(file, each),
            Self::Dump(program) => libpq::read(program, &mut |output| each(DUMP, output)),
        }
    }

    /// Lets the moment go.
    pub(crate) async fn end(self) {
        match self {
            // Closing undoes a transaction that only read; a connection that fails at that is closed as well.
            Self::Files { reader, .. } => {
                let _ = reader.close().await;
            }
            Self::Dump(mut program) => {
                let _ = program.kill();
                let _ = program.wait();
            }
        }
    }
}

fn read_files(
    file: &DatabaseFile,
    each: &mut dyn FnMut(&'static str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let database = file.open()?;
    let mut content = Positioned {
        file: database,
        at: 0,
        end: database.metadata()?.len(),
    };
    each(FILE, &mut content)?;
    loop {
        // A log that began anew while it was read is read again. That happens once at most: the new one cannot be written
        // back, and so cannot begin anew, while the snapshot lasts.
        let before = beginning(&file.log())?;
        match open(&file.log())? {
            Some(log) => {
                let length = log.metadata()?.len();
                each(LOG, &mut log.take(length))?;
            }
            None => each(LOG, &mut io::empty())?,
        }
        if beginning(&file.log())? == before {
            return Ok(());
        }
    }
}

fn beginning(log: &PathBuf) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(file) = open(log)? {
        file.take(LOG_HEADER).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn open(path: &PathBuf) -> io::Result<Option<File>> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// Reads a file that others read as well.
struct Positioned<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for Positioned<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        let read = self
            .file
            .read_at(buffer.get_mut(..room).unwrap_or_default(), self.at)?;
        self.at += u64::try_from(read).unwrap_or_default();
        Ok(read)
    }
}
