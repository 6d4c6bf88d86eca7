//! Reading, listing and receiving media on the local disk, a piece at a time.

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{NO_ROOT, blocking, device};
use crate::media::{Listing, MediaError, MediaFile, Pieces, name as checked};

/// What is read of a file at once.
pub(super) const PIECE: usize = 64 * 1024;
/// How many files are listed at once.
const PAGE: usize = 1_000;
/// What a file is called while it is received; never listed.
const PARTIAL: &str = ".partial";
/// A link, a device, a pipe.
const NO_FILE: MediaError =
    MediaError::NotAFile("what lies there is not a file: nothing behind it was touched");

/// Opens a file, and what was opened is what lies there: a link is not followed, not even one that was put there just now.
pub(super) fn open(root: &Path, folder: &Path, name: &str) -> Result<Option<fs::File>, MediaError> {
    if device(root, folder)?.is_none() {
        return Ok(None);
    }
    let path = folder.join(name);
    let there = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        there => there?,
    };
    if !there.is_file() {
        return Err(NO_FILE);
    }
    let file = fs::File::open(path)?;
    let opened = file.metadata()?;
    if (opened.dev(), opened.ino()) == (there.dev(), there.ino()) {
        Ok(Some(file))
    } else {
        Err(NO_FILE)
    }
}

#[async_trait]
impl Pieces for tokio::fs::File {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
        let mut piece = Vec::with_capacity(PIECE);
        let read = self.read_buf(&mut piece).await?;
        Ok((read > 0).then_some(piece))
    }
}

/// Writes a file beside its place, and moves it there once it is whole.
pub(super) async fn receive(
    folder: &Path,
    name: &str,
    content: &mut dyn Pieces,
) -> Result<(), MediaError> {
    let name = checked(name)?;
    tokio::fs::create_dir_all(folder).await?;
    let partial = folder.join(format!(".{name}{PARTIAL}"));
    let received = write(&partial, content).await;
    if received.is_ok() {
        Ok(tokio::fs::rename(&partial, folder.join(name)).await?)
    } else {
        let _ = tokio::fs::remove_file(&partial).await;
        received
    }
}

async fn write(partial: &Path, content: &mut dyn Pieces) -> Result<(), MediaError> {
    let mut file = tokio::fs::File::create(partial).await?;
    while let Some(piece) = content.next().await? {
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    Ok(file.sync_all().await?)
}

/// Goes through one organization's folder after the other.
pub(super) struct Folders {
    root: PathBuf,
    /// The folders, once they are known; those that were gone through are taken off.
    left: Option<Vec<PathBuf>>,
    inside: Option<Inside>,
}

/// Somewhere in a folder.
struct Inside {
    folder: PathBuf,
    entries: fs::ReadDir,
}

impl Folders {
    pub(super) const fn below(root: PathBuf) -> Self {
        Self {
            root,
            left: None,
            inside: None,
        }
    }

    fn page(&mut self) -> Result<Vec<MediaFile>, MediaError> {
        let mut page = Vec::new();
        while page.len() < PAGE {
            let Some(inside) = &mut self.inside else {
                match self.next_folder()? {
                    Some(folder) => self.inside = inside_of(folder)?,
                    None => break,
                }
                continue;
            };
            match inside.entries.next().transpose()? {
                Some(entry) => page.extend(file(&inside.folder, &entry)?),
                None => self.inside = None,
            }
        }
        Ok(page)
    }

    fn next_folder(&mut self) -> Result<Option<PathBuf>, MediaError> {
        if self.left.is_none() {
            let mut folders = Vec::new();
            for entry in entries(&self.root)? {
                folders.push(entry?.path());
            }
            self.left = Some(folders);
        }
        Ok(self.left.as_mut().and_then(Vec::pop))
    }
}

#[async_trait]
impl Listing for Folders {
    async fn next(&mut self) -> Result<Vec<MediaFile>, MediaError> {
        let mut taken = std::mem::replace(self, Self::below(self.root.clone()));
        let (page, taken) = blocking(move || {
            let page = taken.page()?;
            Ok((page, taken))
        })
        .await?;
        *self = taken;
        Ok(page)
    }
}

/// Without the root nothing can be said: a disk that is not mounted must not be taken for an empty one.
fn entries(root: &Path) -> Result<fs::ReadDir, MediaError> {
    match fs::read_dir(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(NO_ROOT),
        entries => Ok(entries?),
    }
}

fn inside_of(folder: PathBuf) -> Result<Option<Inside>, MediaError> {
    let opened = fs::symlink_metadata(&folder).and_then(|there| {
        let is_folder = there.is_dir(); // and no link to one
        is_folder.then(|| fs::read_dir(&folder)).transpose()
    });
    match opened {
        // An erasure was quicker.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        opened => Ok(opened?.map(|entries| Inside { folder, entries })),
    }
}

/// A file of ours; what is something else is nobody's file.
fn file(folder: &Path, entry: &fs::DirEntry) -> Result<Option<MediaFile>, MediaError> {
    let organization = folder.file_name().and_then(|name| name.to_str());
    let organization = organization.and_then(|name| name.parse().ok());
    let (Some(organization), Ok(name)) = (organization, entry.file_name().into_string()) else {
        return Ok(None);
    };
    let metadata = match entry.metadata() {
        // An erasure was quicker.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata?,
    };
    let is_ours = metadata.is_file() && checked(&name).is_ok();
    Ok(is_ours.then_some(MediaFile {
        organization,
        name,
        bytes: metadata.len(),
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        id::OrganizationId,
        media::{DiskMedia, Media as _},
        random::ChaChaRandom,
        time::Timestamp,
    };

    fn organization(number: u64) -> OrganizationId {
        OrganizationId::mint(
            Timestamp::from_millis(0),
            &ChaChaRandom::from_number(number),
        )
    }

    async fn listed(media: &DiskMedia) -> BTreeMap<(OrganizationId, String), u64> {
        let (mut listing, mut all) = (media.list(), BTreeMap::new());
        loop {
            let page = listing.next().await.unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(
                page.into_iter()
                    .map(|file| ((file.organization, file.name), file.bytes)),
            );
        }
    }

    async fn content(media: &DiskMedia, ours: &OrganizationId, name: &str) -> Option<Vec<u8>> {
        let mut pieces = media.read(ours, name).await.unwrap()?;
        let mut content = Vec::new();
        while let Some(piece) = pieces.next().await.unwrap() {
            content.extend(piece);
        }
        Some(content)
    }

    #[tokio::test]
    async fn every_file_of_everybody_is_listed_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().join("media"));
        assert_eq!(media.list().next().await, Err(NO_ROOT));
        fs::create_dir(root.path().join("media")).unwrap();
        assert!(listed(&media).await.is_empty());
        let (ours, theirs) = (organization(1), organization(2));
        for number in 0..1_500 {
            media
                .put(&ours, &format!("f{number}"), b"abc")
                .await
                .unwrap();
        }
        media.put(&theirs, "only", b"").await.unwrap();
        let folder = root.path().join("media").join(ours.as_str());
        fs::create_dir(folder.join("folder")).unwrap();
        fs::write(folder.join(".x.partial"), "half").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();
        fs::create_dir(root.path().join("media/not-an-organization")).unwrap();
        fs::write(root.path().join("media/not-an-organization/file"), "x").unwrap();

        let files = listed(&media).await;

        assert_eq!(files.len(), 1_501);
        assert_eq!(files[&(ours.clone(), "f7".to_owned())], 3);
        assert_eq!(files[&(theirs, "only".to_owned())], 0);
        assert_eq!(media.read(&ours, "link").await.err(), Some(NO_FILE));
    }

    #[tokio::test]
    async fn a_file_is_received_whole_or_not_at_all() {
        struct Broken(u8);
        #[async_trait]
        impl Pieces for Broken {
            async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
                self.0 += 1;
                if self.0 < 3 {
                    Ok(Some(vec![1; 10]))
                } else {
                    Err(NO_FILE)
                }
            }
        }
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().to_owned());
        let ours = organization(1);
        media.put(&ours, "from", &vec![7; 3 * PIECE]).await.unwrap();

        let mut pieces = media.read(&ours, "from").await.unwrap().unwrap();
        media.receive(&ours, "to", pieces.as_mut()).await.unwrap();
        let broken = media.receive(&ours, "broken", &mut Broken(0)).await;
        let outside = media.receive(&ours, "../outside", &mut Broken(0)).await;

        assert_eq!(
            content(&media, &ours, "to").await.unwrap(),
            vec![7; 3 * PIECE]
        );
        assert_eq!(broken, Err(NO_FILE));
        assert!(matches!(outside, Err(MediaError::NotAFile(_))));
        assert_eq!(content(&media, &ours, "broken").await, None);
        assert_eq!(listed(&media).await.len(), 2);
    }
}
