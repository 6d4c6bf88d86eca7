//! On SQLite: files beside the database's, and one name that changes from one file to the other.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Purpose, StagingError};
use crate::db::{
    OpenError,
    snapshot::{FILE, LOG},
    sqlite::classify,
};
use crate::ledger::bookmark::REPLACED;

/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How long to wait for somebody who is just going.
const PATIENCE: Duration = Duration::from_secs(1);

/// A copy in a file beside the database's.
pub(crate) struct FileStaging {
    database: PathBuf,
    staged: PathBuf,
}

impl FileStaging {
    pub(super) fn beside(url: &str, purpose: Purpose) -> Result<Self, StagingError> {
        let database = path(url)?;
        let staging = Self {
            staged: with_suffix(&database, &format!(".{}", purpose.name())),
            database,
        };
        staging.discard()?;
        Ok(staging)
    }

    pub(super) fn receive(&self, name: &str, content: &mut dyn Read) -> io::Result<()> {
        let path = match name {
            FILE => self.staged.clone(),
            LOG => with_suffix(&self.staged, "-wal"),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        // A part that comes twice replaces the first.
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)?;
        fail::fail_point!("restore::receive", |_| Err(
            io::ErrorKind::StorageFull.into()
        ));
        io::copy(content, &mut file)?;
        file.sync_all()
    }

    pub(super) fn url(&self) -> String {
        format!("sqlite:{}", self.staged.display())
    }

    pub(super) async fn place(self) -> Result<(), StagingError> {
        let replaced = replaced(&self.database);
        let is_there = self.database.try_exists()?;
        if is_there {
            shut(&self.database).await?;
        }
        if let Err(error) = self.exchange(is_there, &replaced) {
            reopen(&self.database).await;
            return Err(error.into());
        }
        Ok(())
    }

    /// From the rename on the name means the copy; at no moment it means nothing.
    fn exchange(&self, is_there: bool, replaced: &Path) -> io::Result<()> {
        if is_there {
            keep_beside(&self.database, replaced)?;
        }
        fail::fail_point!("restore::kept_beside");
        sync_file(&self.staged)?;
        fs::rename(&self.staged, &self.database)?;
        for companion in COMPANIONS {
            remove(&with_suffix(&self.database, companion))?;
        }
        sync_folder(&self.database)
    }

    pub(super) fn discard(&self) -> io::Result<()> {
        remove_with_companions(&self.staged)
    }
}

pub(super) fn exists(url: &str) -> Result<bool, StagingError> {
    Ok(path(url)?.try_exists()?)
}

pub(super) fn forget_replaced(url: &str) -> Result<(), StagingError> {
    let database = path(url)?;
    remove_with_companions(&replaced(&database))?;
    Ok(sync_folder(&database)?)
}

/// Makes sure that nobody is connected, and that whoever connects from now on turns away.
async fn shut(database: &Path) -> Result<(), StagingError> {
    let Err(error) = shut_sound(database).await else {
        return Ok(());
    };
    // What cannot be opened is what is to be replaced; nobody can be told by it that it was.
    if matches!(classify(&error), OpenError::Locked) || is_locked(database)? {
        return Err(StagingError::InUse);
    }
    Ok(())
}

async fn shut_sound(database: &Path) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(PATIENCE)
        .connect()
        .await?;
    let shut = shut_over(&mut connection).await;
    connection.close().await?;
    shut
}

async fn shut_over(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // SQLite gives the log up only for the last connection there is.
    sqlx::raw_sql("PRAGMA journal_mode = DELETE")
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut *connection)
        .await?;
    let marked = sqlx::query("UPDATE ledger_bookmark SET restore_id = $1")
        .bind(REPLACED)
        .execute(&mut *connection)
        .await;
    if marked.is_err() {
        tracing::warn!("the database that is replaced is of an older schema and cannot say so");
    }
    sqlx::raw_sql("COMMIT").execute(&mut *connection).await?;
    Ok(())
}

/// The database keeps its place after all: what was said to those who come upon it is taken back.
async fn reopen(database: &Path) {
    let opened = SqliteConnectOptions::new()
        .filename(database)
        .connect()
        .await;
    if let Ok(mut connection) = opened {
        let _ = sqlx::query("UPDATE ledger_bookmark SET restore_id = NULL WHERE restore_id = $1")
            .bind(REPLACED)
            .execute(&mut connection)
            .await;
        let _ = connection.close().await;
    }
}

/// A second name for the database, by which it is kept.
fn keep_beside(database: &Path, replaced: &Path) -> io::Result<()> {
    if let Ok(there) = fs::metadata(replaced) {
        if same(&fs::metadata(database)?, &there) {
            return Ok(()); // a try that broke off came this far
        }
        remove_with_companions(replaced)?; // of a restore that was completed
    }
    fs::hard_link(database, replaced)?;
    for companion in COMPANIONS {
        let from = with_suffix(database, companion);
        if from.try_exists()? {
            fs::rename(from, with_suffix(replaced, companion))?;
        }
    }
    sync_folder(database)
}

/// Whether any process holds a lock on a file that SQLite cannot open, as far as this system tells.
fn is_locked(database: &Path) -> io::Result<bool> {
    let inode = format!(":{} ", fs::metadata(database)?.ino());
    let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
    Ok(locks.lines().any(|lock| lock.contains(&inode)))
}

fn same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn path(url: &str) -> Result<PathBuf, StagingError> {
    let options = SqliteConnectOptions::from_str(url).map_err(|_| OpenError::Address)?;
    Ok(options.get_filename().to_owned())
}

/// Where the database is kept that was replaced.
fn replaced(database: &Path) -> PathBuf {
    with_suffix(database, ".before-restore")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove_with_companions(path: &Path) -> io::Result<()> {
    remove(path)?;
    COMPANIONS
        .iter()
        .try_for_each(|companion| remove(&with_suffix(path, companion)))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn sync_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
