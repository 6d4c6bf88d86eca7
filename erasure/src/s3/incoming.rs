//! Uploading what comes in pieces: nobody sees it before it is whole.

use object_store::{MultipartUpload, ObjectStoreExt as _, path::Path};

use super::{Bucket, S3Error};

/// So much is sent at once: S3 takes no smaller parts, but for the last one.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// An object on its way to the bucket. Whoever drops it leaves an unfinished upload behind.
pub(crate) struct Incoming {
    upload: Box<dyn MultipartUpload>,
    part: Vec<u8>,
}

impl Bucket {
    /// Begins to upload an object.
    pub(crate) async fn begin(&self, key: &str) -> Result<Incoming, S3Error> {
        let path = Path::parse(key).map_err(|_| S3Error::Refused("a key is not a path"))?;
        Ok(Incoming {
            upload: self.store.put_multipart(&path).await?,
            part: vec![],
        })
    }
}

impl Incoming {
    /// Sends some more.
    pub(crate) async fn write(&mut self, mut piece: Vec<u8>) -> Result<(), S3Error> {
        if self.part.is_empty() {
            self.part = piece;
        } else {
            self.part.append(&mut piece);
        }
        if self.part.len() < PART_BYTES {
            return Ok(());
        }
        self.send().await
    }

    /// That was all of it.
    pub(crate) async fn finish(mut self) -> Result<(), S3Error> {
        if !self.part.is_empty() {
            self.send().await?;
        }
        self.upload.complete().await?;
        Ok(())
    }

    /// Takes back what was sent.
    pub(crate) async fn give_up(mut self) -> Result<(), S3Error> {
        Ok(self.upload.abort().await?)
    }

    async fn send(&mut self) -> Result<(), S3Error> {
        let part = std::mem::take(&mut self.part);
        Ok(self.upload.put_part(part.into()).await?)
    }
}
