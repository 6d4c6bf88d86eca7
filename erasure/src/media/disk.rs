//! Media on the local disk: everything below `<root>/<organization id>/`.
//!
//! A link is removed, never followed: what it points to is somebody else's. The same goes for a file system that is mounted
//! below: it is not ours to empty.

mod reading;

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    thread,
};

use async_trait::async_trait;

use super::{Listing, Media, MediaError, Pieces, name};
use crate::id::OrganizationId;

/// Threads that unlink at once. A file system waits for its disk at each file, and waits for several together: measured on
/// 10,000 files, eight took 3 s where one took 40; more gained nothing.
const CONCURRENT: usize = 8;

/// Whatever lies in it, nothing of it can be seen.
const NO_ROOT: MediaError =
    MediaError::Later("the media folder is not there: is its disk mounted?");

/// A folder on the local disk.
#[derive(Clone, Debug)]
pub struct DiskMedia {
    root: PathBuf,
}

impl DiskMedia {
    /// Media below `root`.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn folder(&self, organization: &OrganizationId) -> PathBuf {
        self.root.join(organization.as_str())
    }
}

#[async_trait]
impl Media for DiskMedia {
    async fn put(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &[u8],
    ) -> Result<(), MediaError> {
        let (folder, name, content) = (
            self.folder(organization),
            file.to_owned(),
            content.to_owned(),
        );
        blocking(move || {
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(name), content)?;
            Ok(())
        })
        .await
    }

    async fn receive(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &mut dyn Pieces,
    ) -> Result<(), MediaError> {
        reading::receive(&self.folder(organization), file, content).await
    }

    async fn read(
        &self,
        organization: &OrganizationId,
        file: &str,
    ) -> Result<Option<Box<dyn Pieces>>, MediaError> {
        let (root, folder) = (self.root.clone(), self.folder(organization));
        let name = name(file)?.to_owned();
        let opened = blocking(move || reading::open(&root, &folder, &name)).await?;
        Ok(opened.map(|file| -> Box<dyn Pieces> { Box::new(tokio::fs::File::from_std(file)) }))
    }

    fn list(&self) -> Box<dyn Listing> {
        Box::new(reading::Folders::below(self.root.clone()))
    }

    async fn count(&self, organization: &OrganizationId) -> Result<u64, MediaError> {
        let (root, folder) = (self.root.clone(), self.folder(organization));
        blocking(move || match device(&root, &folder)? {
            None => Ok(0),
            Some(device) => count(&folder, device),
        })
        .await
    }

    async fn has(&self, organization: &OrganizationId, file: &str) -> Result<bool, MediaError> {
        let (root, folder) = (self.root.clone(), self.folder(organization));
        let path = folder.join(name(file)?);
        blocking(move || match device(&root, &folder)? {
            None => Ok(false),
            Some(_) => match fs::symlink_metadata(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                found => Ok(found.map(|_| true)?),
            },
        })
        .await
    }

    async fn delete(&self, organization: &OrganizationId, file: &str) -> Result<(), MediaError> {
        let (root, folder) = (self.root.clone(), self.folder(organization));
        let path = folder.join(name(file)?);
        blocking(move || {
            if device(&root, &folder)?.is_some() {
                // Of a link this removes the link alone.
                gone_is_fine(fs::remove_file(path))?;
            }
            Ok(())
        })
        .await
    }

    async fn delete_some(
        &self,
        organization: &OrganizationId,
        limit: u64,
    ) -> Result<u64, MediaError> {
        let (root, folder) = (self.root.clone(), self.folder(organization));
        blocking(move || delete_some(&root, &folder, limit)).await
    }
}

fn delete_some(root: &Path, folder: &Path, limit: u64) -> Result<u64, MediaError> {
    let Some(device) = device(root, folder)? else {
        return Ok(0);
    };
    let mut found = Found {
        room: usize::try_from(limit).unwrap_or(usize::MAX),
        files: vec![],
        folders: vec![],
    };
    found.look(folder, device)?;
    unlink(&found.files)?;
    for folder in &found.folders {
        gone_is_fine(fs::remove_dir(folder))?;
    }
    let deleted = found.files.len() + found.folders.len();
    if deleted == 0 {
        gone_is_fine(fs::remove_dir(folder))?;
    }
    Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
}

/// What is to go now.
struct Found {
    room: usize,
    files: Vec<PathBuf>,
    /// Seen to their end, the inner before the outer: they are empty once the files are gone.
    folders: Vec<PathBuf>,
}

impl Found {
    /// Says whether it came to the end of the folder.
    fn look(&mut self, folder: &Path, device: u64) -> Result<bool, MediaError> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if is_folder(&entry, device)? {
                if !self.look(&entry.path(), device)? {
                    return Ok(false);
                }
                self.folders.push(entry.path());
            } else {
                self.files.push(entry.path());
            }
            if self.files.len() + self.folders.len() >= self.room {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn unlink(files: &[PathBuf]) -> Result<(), MediaError> {
    let part = files.len().div_ceil(CONCURRENT).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(part)
            .map(|part| {
                scope.spawn(|| {
                    part.iter()
                        .try_for_each(|path| gone_is_fine(fs::remove_file(path)))
                })
            })
            .collect();
        for part in parts {
            // Of a link this removed the link alone.
            part.join()
                .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))?;
        }
        Ok(())
    })
}

fn count(folder: &Path, device: u64) -> Result<u64, MediaError> {
    let mut counted = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        counted += 1;
        if is_folder(&entry, device)? {
            counted += count(&entry.path(), device)?;
        }
    }
    Ok(counted)
}

/// Whether it is a folder of ours, and no link to one.
fn is_folder(entry: &fs::DirEntry, device: u64) -> Result<bool, MediaError> {
    if !entry.file_type()?.is_dir() {
        return Ok(false);
    }
    if entry.metadata()?.dev() == device {
        Ok(true)
    } else {
        Err(MediaError::Refused(
            "a file system is mounted inside an organization's media folder",
        ))
    }
}

/// The device of an organization's folder; `None` when there is no folder. Without the root nothing can be said.
fn device(root: &Path, folder: &Path) -> Result<Option<u64>, MediaError> {
    match fs::symlink_metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(Some(metadata.dev())),
        Ok(_) => Err(MediaError::NotAFile(
            "an organization's media folder is not a folder: nothing behind it was touched",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::metadata(root) {
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(NO_ROOT),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

impl From<io::Error> for MediaError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the system has many errors, and operators can act on a few"
    )]
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => {
                Self::Refused("the media folder cannot be changed: check who owns it")
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                Self::Refused("the media folder is on a read-only file system")
            }
            io::ErrorKind::NotADirectory => {
                Self::Refused("the media folder is not a folder: check QLIENTO_MEDIA_URL")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::Later("the disk of the media folder is full")
            }
            _ => Self::Later("the disk of the media folder does not answer as it should"),
        }
    }
}

fn gone_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::Other).into()))
}

#[cfg(test)]
mod tests;
