//! Where media files are: below one prefix per organization.

mod content;
mod disk;

use async_trait::async_trait;

pub use self::{
    content::{Listing, MediaFile, Pieces},
    disk::DiskMedia,
};
use crate::id::OrganizationId;

/// The store could not do it, now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The operating system said no.
    #[error("the media store does not answer as it should: {0:?}")]
    Io(std::io::ErrorKind),
    /// Something lies there that is no file of ours: a link, a device. Nothing behind it is touched.
    #[error("an organization's media folder holds something that is not a file")]
    NotAFile,
}

impl From<std::io::Error> for MediaError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// Holds files.
#[async_trait]
pub trait Media: Send + Sync {
    /// Writes a file of an organization, named by its id.
    ///
    /// # Errors
    /// When the store cannot take it.
    async fn put(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &[u8],
    ) -> Result<(), MediaError>;

    /// Writes a file whose content comes in pieces. It is there as a whole or not at all, whatever was there before.
    ///
    /// # Errors
    /// When the store cannot take it, or the content ends in an error.
    async fn receive(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &mut dyn Pieces,
    ) -> Result<(), MediaError>;

    /// Reads a file of an organization; `None` when there is none of that id.
    ///
    /// # Errors
    /// When the store cannot be read, or something lies there that is no file of ours.
    async fn read(
        &self,
        organization: &OrganizationId,
        file: &str,
    ) -> Result<Option<Box<dyn Pieces>>, MediaError>;

    /// The files of all organizations, each organization's together.
    fn list(&self) -> Box<dyn Listing>;

    /// How many files an organization has.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn count(&self, organization: &OrganizationId) -> Result<u64, MediaError>;

    /// Whether this file of an organization is there.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn has(&self, organization: &OrganizationId, file: &str) -> Result<bool, MediaError>;

    /// Deletes one file of an organization. One that is not there is deleted already.
    ///
    /// # Errors
    /// When it cannot be deleted.
    async fn delete(&self, organization: &OrganizationId, file: &str) -> Result<(), MediaError>;

    /// Deletes at most `limit` files of an organization; says how many. Zero means that nothing is left, not even
    /// the prefix.
    ///
    /// # Errors
    /// When a file cannot be deleted; those before it are gone.
    async fn delete_some(
        &self,
        organization: &OrganizationId,
        limit: u64,
    ) -> Result<u64, MediaError>;
}
