//! Where backups are kept: a folder, or a bucket. A backup is there as a whole or not at all.

mod bucket;
mod folder;

use std::io;

use async_trait::async_trait;

pub use self::{bucket::BackupBucket, folder::BackupFolder};
use crate::time::Timestamp;

/// What a backup's file is called behind its id.
pub(super) const ENDING: &str = ".qliento-backup";

/// The store could not do it. The words name no backup.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("there is no such backup in the store")]
    Missing,
    /// It holds no more.
    #[error("the store for backups is full: make room there; nothing was published")]
    Full,
    /// It is away, or says no.
    #[error("the store for backups does not answer as it should: {0}")]
    Away(String),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if kind == io::ErrorKind::NotFound {
            Self::Missing
        } else if matches!(
            kind,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        ) {
            Self::Full
        } else {
            Self::Away(kind.to_string())
        }
    }
}

/// A file in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// When it was written, by the store's clock.
    pub written_at: Timestamp,
}

/// Keeps files of any length.
#[async_trait]
pub trait BackupStore: Send + Sync {
    /// Where it is, for a person.
    fn place(&self) -> String;

    /// Every file that was published, and none that is still being written.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn list(&self) -> Result<Vec<Stored>, StoreError>;

    /// Some bytes of a file; fewer than asked for at its end only.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn read(&self, name: &str, from: u64, at_most: u32) -> Result<Vec<u8>, StoreError>;

    /// Begins a file, which is not there before it is published.
    ///
    /// # Errors
    /// When the store cannot take it.
    async fn begin(&self, name: &str) -> Result<Box<dyn Upload>, StoreError>;

    /// Deletes a file. One that is not there is deleted.
    ///
    /// # Errors
    /// When it cannot be deleted.
    async fn delete(&self, name: &str) -> Result<(), StoreError>;

    /// Deletes what was begun before this moment and never published.
    ///
    /// # Errors
    /// When it cannot be deleted.
    async fn sweep(&self, begun_before: Timestamp) -> Result<(), StoreError>;
}

/// A file that is being written.
#[async_trait]
pub trait Upload: Send {
    /// Writes the next bytes.
    ///
    /// # Errors
    /// When the store cannot take them.
    async fn write(&mut self, piece: Vec<u8>) -> Result<(), StoreError>;

    /// Makes the file appear, on the disk and whole.
    ///
    /// # Errors
    /// When the store cannot do it; then it did not appear.
    async fn publish(self: Box<Self>) -> Result<(), StoreError>;

    /// Leaves nothing of it behind. What cannot be removed now is swept later.
    async fn abandon(self: Box<Self>);
}
