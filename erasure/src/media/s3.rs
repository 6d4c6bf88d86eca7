//! Media in a bucket: `<prefix>/<organization id>/<file id>`, with every version, delete marker and unfinished upload.
//!
//! A bucket that keeps versions only hides what is deleted by name, and the parts of an upload that never ended are in no
//! listing of objects. Both are looked for, counted and deleted here.

use async_trait::async_trait;
use tokio::task::JoinSet;

use super::{Listing, Media, MediaError, MediaFile, Pieces, name};
use crate::{
    id::OrganizationId,
    s3::{Bucket, Download, Incoming, Marker, PAGE, S3Error, Upload, Version},
};

/// Calls under way at once: a page of a thousand is deleted in so many parts, which S3 works on beside each other.
const CONCURRENT: usize = 8;

/// A prefix of a bucket.
#[derive(Clone, Debug)]
pub struct S3Media {
    bucket: Bucket,
}

impl S3Media {
    /// Media below the bucket's prefix.
    #[must_use]
    pub fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// With the slash at its end: another organization's id may begin with this one.
    fn prefix(&self, organization: &OrganizationId) -> String {
        self.bucket.key(&format!("{organization}/"))
    }

    /// Every version, delete marker and unfinished upload of one file, and of none whose name only begins so.
    async fn of_file(&self, key: &str) -> Result<(Vec<Version>, Vec<Upload>), S3Error> {
        let (mut versions, mut uploads, mut behind) = (vec![], vec![], None);
        loop {
            let page = self.bucket.versions(key, behind.as_ref(), PAGE).await?;
            let is_over = page.items.iter().any(|version| version.key != key);
            versions.extend(page.items.into_iter().filter(|one| one.key == key));
            behind = page.next.filter(|_| !is_over); // in the order of their keys
            if behind.is_none() {
                break;
            }
        }
        loop {
            let page = self.bucket.uploads(key, behind.as_ref()).await?;
            let is_over = page.items.iter().any(|upload| upload.key != key);
            uploads.extend(page.items.into_iter().filter(|one| one.key == key));
            behind = page.next.filter(|_| !is_over);
            if behind.is_none() {
                return Ok((versions, uploads));
            }
        }
    }

    async fn delete_versions(&self, versions: &[Version]) -> Result<(), S3Error> {
        let mut calls = JoinSet::new();
        for part in parts(versions) {
            let bucket = self.bucket.clone();
            calls.spawn(async move { bucket.delete(&part).await });
        }
        all(calls).await
    }

    async fn abort(&self, uploads: &[Upload]) -> Result<(), S3Error> {
        let mut calls = JoinSet::new();
        for part in parts(uploads) {
            let bucket = self.bucket.clone();
            calls.spawn(async move {
                for upload in &part {
                    bucket.abort(upload).await?;
                }
                Ok(())
            });
        }
        all(calls).await
    }
}

/// As many parts as there may be calls at once.
fn parts<T: Clone>(whole: &[T]) -> impl Iterator<Item = Vec<T>> {
    let length = whole.len().div_ceil(CONCURRENT).max(1);
    whole.chunks(length).map(<[T]>::to_vec)
}

/// Waits for each call, also when one has failed: none may still delete when somebody else goes on.
async fn all(mut calls: JoinSet<Result<(), S3Error>>) -> Result<(), S3Error> {
    let mut outcome = Ok(());
    while let Some(ended) = calls.join_next().await {
        outcome = outcome
            .and(ended.unwrap_or(Err(S3Error::Later("a call to the media store broke off"))));
    }
    outcome
}

#[async_trait]
impl Media for S3Media {
    async fn put(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &[u8],
    ) -> Result<(), MediaError> {
        let key = format!("{}{file}", self.prefix(organization));
        Ok(self.bucket.put(&key, content.to_owned()).await?)
    }

    async fn receive(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &mut dyn Pieces,
    ) -> Result<(), MediaError> {
        let key = format!("{}{}", self.prefix(organization), name(file)?);
        let mut incoming = self.bucket.begin(&key).await?;
        match copy(content, &mut incoming).await {
            Ok(()) => Ok(incoming.finish().await?),
            Err(error) => {
                // What cannot be taken back is an unfinished upload, which an erasure finds.
                let _ = incoming.give_up().await;
                Err(error)
            }
        }
    }

    async fn read(
        &self,
        organization: &OrganizationId,
        file: &str,
    ) -> Result<Option<Box<dyn Pieces>>, MediaError> {
        let key = format!("{}{}", self.prefix(organization), name(file)?);
        let download = self.bucket.get(&key).await?;
        Ok(download.map(|download| -> Box<dyn Pieces> { Box::new(download) }))
    }

    fn list(&self) -> Box<dyn Listing> {
        Box::new(Files {
            bucket: self.bucket.clone(),
            behind: None,
            is_over: false,
        })
    }

    async fn has(&self, organization: &OrganizationId, file: &str) -> Result<bool, MediaError> {
        let key = format!("{}{}", self.prefix(organization), name(file)?);
        let (versions, uploads) = self.of_file(&key).await?;
        Ok(!versions.is_empty() || !uploads.is_empty())
    }

    async fn delete(&self, organization: &OrganizationId, file: &str) -> Result<(), MediaError> {
        let key = format!("{}{}", self.prefix(organization), name(file)?);
        let (versions, uploads) = self.of_file(&key).await?;
        for page in versions.chunks(PAGE) {
            self.delete_versions(page).await?;
        }
        Ok(self.abort(&uploads).await?)
    }

    async fn count(&self, organization: &OrganizationId) -> Result<u64, MediaError> {
        let prefix = self.prefix(organization);
        let (mut counted, mut behind) = (0, None);
        loop {
            let page = self.bucket.versions(&prefix, behind.as_ref(), PAGE).await?;
            counted += page.items.len();
            behind = page.next;
            if behind.is_none() {
                break;
            }
        }
        loop {
            let page = self.bucket.uploads(&prefix, behind.as_ref()).await?;
            counted += page.items.len();
            behind = page.next;
            if behind.is_none() {
                return Ok(number(counted));
            }
        }
    }

    async fn delete_some(
        &self,
        organization: &OrganizationId,
        limit: u64,
    ) -> Result<u64, MediaError> {
        let prefix = self.prefix(organization);
        let limit = usize::try_from(limit).unwrap_or(PAGE);
        let versions = self.bucket.versions(&prefix, None, limit).await?.items;
        if !versions.is_empty() {
            self.delete_versions(&versions).await?;
            return Ok(number(versions.len()));
        }
        let mut uploads = self.bucket.uploads(&prefix, None).await?.items;
        uploads.truncate(limit);
        self.abort(&uploads).await?;
        Ok(number(uploads.len()))
    }
}

async fn copy(content: &mut dyn Pieces, incoming: &mut Incoming) -> Result<(), MediaError> {
    while let Some(piece) = content.next().await? {
        incoming.write(piece).await?;
    }
    Ok(())
}

/// Goes through everything below the prefix, in the order of the keys.
struct Files {
    bucket: Bucket,
    behind: Option<Marker>,
    is_over: bool,
}

impl Files {
    /// The file that this is; `None`: an older version, a marker, or something that we did not put there.
    fn file(&self, version: &Version) -> Option<MediaFile> {
        let below = version.key.strip_prefix(&self.bucket.key(""))?;
        let (organization, file) = below.split_once('/')?;
        let bytes = version.size.filter(|_| version.is_latest)?;
        Some(MediaFile {
            organization: organization.parse().ok()?,
            name: name(file).ok()?.to_owned(),
            bytes,
        })
    }
}

#[async_trait]
impl Listing for Files {
    async fn next(&mut self) -> Result<Vec<MediaFile>, MediaError> {
        let prefix = self.bucket.key("");
        while !self.is_over {
            let page = self
                .bucket
                .versions(&prefix, self.behind.as_ref(), PAGE)
                .await?;
            self.is_over = page.next.is_none();
            self.behind = page.next;
            let files: Vec<_> = page.items.iter().filter_map(|one| self.file(one)).collect();
            if !files.is_empty() {
                return Ok(files);
            }
        }
        Ok(vec![])
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[async_trait]
impl Pieces for Download {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
        Ok(Self::next(self).await?)
    }
}
