//! Backups in a folder. A file is written beside its place, under a name that no listing shows, and moved there once it is
//! whole and on the disk.

use std::{
    fs, io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use async_trait::async_trait;
use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{BackupStore, ENDING, StoreError, Stored, Upload};
use crate::time::Timestamp;

/// Behind the name of what is not whole yet.
const PARTIAL: &str = ".partial";

/// A folder on a disk, which should not be the database's.
#[derive(Clone, Debug)]
pub struct BackupFolder {
    root: PathBuf,
}

impl BackupFolder {
    /// Backups in this folder, which is made when it is needed.
    #[must_use]
    pub const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let root = self.root.clone();
        let done = tokio::task::spawn_blocking(move || work(&root)).await;
        Ok(done.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))?)
    }
}

#[async_trait]
impl BackupStore for BackupFolder {
    fn place(&self) -> String {
        self.root.display().to_string()
    }

    async fn list(&self) -> Result<Vec<Stored>, StoreError> {
        self.blocking(|root| files(root, ENDING)).await
    }

    async fn read(&self, name: &str, from: u64, at_most: u32) -> Result<Vec<u8>, StoreError> {
        let name = name.to_owned();
        self.blocking(move |root| {
            let file = fs::File::open(root.join(name))?;
            let mut bytes = vec![0; usize::try_from(at_most).unwrap_or_default()];
            let length = read_at(&file, &mut bytes, from)?;
            bytes.truncate(length);
            Ok(bytes)
        })
        .await
    }

    async fn begin(&self, name: &str) -> Result<Box<dyn Upload>, StoreError> {
        let place = self.root.join(name);
        let partial = self.root.join(format!("{name}{PARTIAL}"));
        self.blocking(|root| fs::create_dir_all(root)).await?;
        let file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&partial)
            .await?;
        Ok(Box::new(PartialFile {
            file,
            partial,
            place,
        }))
    }

    async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.blocking(move |root| match fs::remove_file(root.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            // What a power cut would bring back is not deleted.
            Ok(()) => fs::File::open(root)?.sync_all(),
        })
        .await
    }

    async fn sweep(&self, begun_before: Timestamp) -> Result<(), StoreError> {
        self.blocking(move |root| {
            for file in files(root, PARTIAL)? {
                if file.written_at < begun_before {
                    fs::remove_file(root.join(file.name))?;
                }
            }
            Ok(())
        })
        .await
    }
}

/// Files with this ending. A folder that is not there holds none.
fn files(root: &Path, ending: &str) -> io::Result<Vec<Stored>> {
    let entries = match fs::read_dir(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let metadata = entry.metadata()?;
        if name.ends_with(ending) && metadata.is_file() {
            let since = metadata.modified()?.duration_since(UNIX_EPOCH);
            found.push(Stored {
                name,
                bytes: metadata.len(),
                written_at: Timestamp::from_millis(0) + since.unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

fn read_at(file: &fs::File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        let at = from.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        match file.read_at(rest, at)? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

/// A file that is not whole yet.
struct PartialFile {
    file: File,
    partial: PathBuf,
    place: PathBuf,
}

#[async_trait]
impl Upload for PartialFile {
    async fn write(&mut self, piece: Vec<u8>) -> Result<(), StoreError> {
        fail::fail_point!("backup::store", |_| Err(StoreError::Full));
        Ok(self.file.write_all(&piece).await?)
    }

    async fn publish(mut self: Box<Self>) -> Result<(), StoreError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        tokio::fs::rename(&self.partial, &self.place).await?;
        if let Some(folder) = self.place.parent() {
            File::open(folder).await?.sync_all().await?;
        }
        Ok(())
    }

    async fn abandon(self: Box<Self>) {
        let _ = tokio::fs::remove_file(&self.partial).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NAME: &str = "a.qliento-backup";

    #[tokio::test]
    async fn a_file_is_there_when_it_is_published_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let store = BackupFolder::new(folder.path().join("backups"));
        assert_eq!(store.list().await.unwrap(), []);

        let mut upload = store.begin(NAME).await.unwrap();
        upload.write(b"first ".to_vec()).await.unwrap();
        assert_eq!(store.list().await.unwrap(), []);
        assert_eq!(store.read(NAME, 0, 10).await, Err(StoreError::Missing));
        upload.write(b"second".to_vec()).await.unwrap();
        upload.publish().await.unwrap();

        let listed = store.list().await.unwrap();
        assert_eq!((listed.len(), listed[0].bytes), (1, 12));
        assert_eq!(store.read(NAME, 6, 100).await.unwrap(), b"second");
        assert_eq!(store.read(NAME, 12, 100).await.unwrap(), b"");
        store.delete(NAME).await.unwrap();
        store.delete(NAME).await.unwrap();
        assert_eq!(store.list().await.unwrap(), []);
    }

    #[tokio::test]
    async fn what_was_abandoned_or_forgotten_goes() {
        let folder = tempfile::tempdir().unwrap();
        let store = BackupFolder::new(folder.path().to_owned());
        store.begin(NAME).await.unwrap().abandon().await;
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        let forgotten = store.begin(NAME).await.unwrap();
        drop(forgotten);
        store.sweep(Timestamp::from_millis(0)).await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let far = Timestamp::from_millis(0) + Duration::from_hours(24 * 365 * 100);
        store.sweep(far).await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
