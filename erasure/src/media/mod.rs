//! Where media files are: below one prefix per organization, on a disk ([`DiskMedia`]) or in a bucket ([`S3Media`]).

mod content;
mod disk;
mod s3;

use async_trait::async_trait;

pub use self::{
    content::{Listing, MediaFile, Pieces},
    disk::DiskMedia,
    s3::S3Media,
};
use crate::{id::OrganizationId, s3::S3Error};

/// The store could not do it. The words name no file and nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// Not now: the store is away, busy or slow.
    #[error("{0}")]
    Later(&'static str),
    /// Not before a person has looked: rights, locks, a mounted file system.
    #[error("{0}")]
    Refused(&'static str),
    /// The same, because it is no file of ours: a link, a device, a name that leads elsewhere.
    #[error("{0}")]
    NotAFile(&'static str),
}

impl From<S3Error> for MediaError {
    fn from(error: S3Error) -> Self {
        match error {
            S3Error::Later(cause) => Self::Later(cause),
            S3Error::Refused(cause) => Self::Refused(cause),
            S3Error::Gone => Self::Refused("the media store has lost what it just listed"),
        }
    }
}

/// A file's name, which leads nowhere else.
fn name(file: &str) -> Result<&str, MediaError> {
    let is_name = !file.is_empty() && !file.starts_with('.') && !file.contains(['/', '\\', '\0']);
    if is_name {
        Ok(file)
    } else {
        Err(MediaError::NotAFile(
            "a media file's name leads out of its organization's folder: nothing behind it was touched",
        ))
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

    /// How much there is of an organization: files, and whatever else would keep their content.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn count(&self, organization: &OrganizationId) -> Result<u64, MediaError>;

    /// Whether anything of this file of an organization is there.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn has(&self, organization: &OrganizationId, file: &str) -> Result<bool, MediaError>;

    /// Deletes one file of an organization, with whatever else would keep its content. One that is not there is deleted
    /// already.
    ///
    /// # Errors
    /// When it cannot be deleted.
    async fn delete(&self, organization: &OrganizationId, file: &str) -> Result<(), MediaError>;

    /// Deletes about `limit` of what [`Media::count`] counts; says how many. Zero means that nothing is left, not even the
    /// prefix.
    ///
    /// # Errors
    /// When something cannot be deleted; others may be gone.
    async fn delete_some(
        &self,
        organization: &OrganizationId,
        limit: u64,
    ) -> Result<u64, MediaError>;
}
