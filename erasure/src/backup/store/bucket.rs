//! Backups in a bucket. An upload shows nothing before it is complete, so that a backup is there as a whole or not at all.
//!
//! In a bucket that keeps versions, what somebody deleted by name is only hidden. It is listed as long as it is there, because
//! people were told when it is gone; [`BackupStore::sweep`] deletes it for good, with uploads that never ended.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{BackupStore, ENDING, StoreError, Stored, Upload};
use crate::{
    s3::{Bucket, Incoming, PAGE, S3Error, Version},
    time::Timestamp,
};

/// A prefix of a bucket, on which nothing else should lie.
#[derive(Clone, Debug)]
pub struct BackupBucket {
    bucket: Bucket,
}

impl From<S3Error> for StoreError {
    fn from(error: S3Error) -> Self {
        match error {
            S3Error::Gone => Self::Missing,
            S3Error::Later(cause) | S3Error::Refused(cause) => Self::Away(cause.to_owned()),
        }
    }
}

impl BackupBucket {
    /// Backups below the bucket's prefix.
    #[must_use]
    pub const fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// Every version and delete marker of the backups whose names begin so, by the backup's name.
    async fn versions(&self, beginning: &str) -> Result<BTreeMap<String, Vec<Version>>, S3Error> {
        let prefix = self.bucket.key(beginning);
        let mut found: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        let mut behind = None;
        loop {
            let page = self.bucket.versions(&prefix, behind.as_ref(), PAGE).await?;
            for version in page.items {
                if let Some(name) = self.name(&version.key) {
                    found.entry(name.to_owned()).or_default().push(version);
                }
            }
            behind = page.next;
            if behind.is_none() {
                return Ok(found);
            }
        }
    }

    /// The backup that lies under this key; `None`: it is something else.
    fn name<'k>(&self, key: &'k str) -> Option<&'k str> {
        let name = key.strip_prefix(&self.bucket.key(""))?;
        (name.ends_with(ENDING) && !name.contains('/')).then_some(name)
    }

    async fn end(&self, versions: &[Version]) -> Result<(), S3Error> {
        for page in versions.chunks(PAGE) {
            self.bucket.delete(page).await?;
        }
        Ok(())
    }

    async fn give_up_uploads(&self, begun_before: Timestamp) -> Result<(), S3Error> {
        let prefix = self.bucket.key("");
        let mut behind = None;
        loop {
            let page = self.bucket.uploads(&prefix, behind.as_ref()).await?;
            for upload in page.items {
                let is_late = upload.initiated.is_some_and(|at| at < begun_before);
                if is_late && self.name(&upload.key).is_some() {
                    self.bucket.abort(&upload).await?;
                }
            }
            behind = page.next;
            if behind.is_none() {
                return Ok(());
            }
        }
    }
}

/// As one file, when there is more of it than markers: as old as the oldest of its versions, and as long as all of them. One
/// whose age nobody can say is older than any promise.
fn stored(name: String, versions: &[Version]) -> Option<Stored> {
    let contents = versions.iter().filter(|version| version.size.is_some());
    let unknown = Timestamp::from_millis(0);
    let moments = contents
        .clone()
        .map(|version| version.last_modified.unwrap_or(unknown));
    Some(Stored {
        name,
        written_at: moments.min()?,
        bytes: contents.filter_map(|version| version.size).sum(),
    })
}

#[async_trait]
impl BackupStore for BackupBucket {
    fn place(&self) -> String {
        self.bucket.address()
    }

    async fn list(&self) -> Result<Vec<Stored>, StoreError> {
        let found = self.versions("").await?;
        let files = found.into_iter();
        Ok(files
            .filter_map(|(name, versions)| stored(name, &versions))
            .collect())
    }

    async fn read(&self, name: &str, from: u64, at_most: u32) -> Result<Vec<u8>, StoreError> {
        Ok(self
            .bucket
            .get_range(&self.bucket.key(name), from, at_most)
            .await?)
    }

    async fn begin(&self, name: &str) -> Result<Box<dyn Upload>, StoreError> {
        let incoming = self.bucket.begin(&self.bucket.key(name)).await?;
        Ok(Box::new(incoming))
    }

    async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let versions = self.versions(name).await?.remove(name).unwrap_or_default();
        Ok(self.end(&versions).await?)
    }

    async fn sweep(&self, begun_before: Timestamp) -> Result<(), StoreError> {
        self.give_up_uploads(begun_before).await?;
        for versions in self.versions("").await?.into_values() {
            let is_hidden = |version: &Version| !version.is_latest || version.size.is_none();
            let hidden: Vec<_> = versions.into_iter().filter(is_hidden).collect();
            self.end(&hidden).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Upload for Incoming {
    async fn write(&mut self, piece: Vec<u8>) -> Result<(), StoreError> {
        Ok(Self::write(self, piece).await?)
    }

    async fn publish(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.finish().await?)
    }

    async fn abandon(self: Box<Self>) {
        // What cannot be taken back is an unfinished upload, which is swept.
        let _ = self.give_up().await;
    }
}
