//! What is in the store: which files, and their content a piece at a time, so that none has to fit into memory.

use async_trait::async_trait;

use super::MediaError;
use crate::id::OrganizationId;

/// A file's content, a piece at a time.
#[async_trait]
pub trait Pieces: Send {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError>;
}

/// A file in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// Whose.
    pub organization: OrganizationId,
    /// Its name, below the organization's prefix.
    pub name: String,
    /// Its length.
    pub bytes: u64,
}

/// Everything that there is, a page at a time.
#[async_trait]
pub trait Listing: Send {
    /// The next files; none at the end.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn next(&mut self) -> Result<Vec<MediaFile>, MediaError>;
}
