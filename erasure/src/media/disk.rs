//! Media on the local disk: `<root>/<organization id>/<file id>`.
//!
//! A link inside an organization's folder is removed, never followed: what it points to is somebody else's.

mod reading;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use async_trait::async_trait;

use super::{Listing, Media, MediaError, Pieces};
use crate::id::OrganizationId;

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
        let (folder, name) = (self.folder(organization), name(file)?.to_owned());
        let opened = blocking(move || reading::open(&folder, &name)).await?;
        Ok(opened.map(|file| -> Box<dyn Pieces> { Box::new(tokio::fs::File::from_std(file)) }))
    }

    fn list(&self) -> Box<dyn Listing> {
        Box::new(reading::Folders::below(self.root.clone()))
    }

    async fn count(&self, organization: &OrganizationId) -> Result<u64, MediaError> {
        let folder = self.folder(organization);
        blocking(move || {
            Ok(entries(&folder)?.map_or(0, |entries| {
                u64::try_from(entries.count()).unwrap_or(u64::MAX)
            }))
        })
        .await
    }

    async fn has(&self, organization: &OrganizationId, file: &str) -> Result<bool, MediaError> {
        let path = self.folder(organization).join(name(file)?);
        blocking(move || match fs::symlink_metadata(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        })
        .await
    }

    async fn delete(&self, organization: &OrganizationId, file: &str) -> Result<(), MediaError> {
        let (folder, name) = (self.folder(organization), name(file)?.to_owned());
        blocking(move || {
            if entries(&folder)?.is_some() {
                // Of a link this removes the link alone.
                gone_is_fine(fs::remove_file(folder.join(name)))?;
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
        let folder = self.folder(organization);
        blocking(move || delete_some(&folder, limit)).await
    }
}

/// A file's name, which leads nowhere else.
fn name(file: &str) -> Result<&str, MediaError> {
    let is_name = !file.is_empty() && !file.starts_with('.') && !file.contains(['/', '\\', '\0']);
    if is_name {
        Ok(file)
    } else {
        Err(MediaError::NotAFile)
    }
}

fn delete_some(folder: &Path, limit: u64) -> Result<u64, MediaError> {
    let Some(entries) = entries(folder)? else {
        return Ok(0);
    };
    let mut deleted = 0;
    for entry in entries.take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            return Err(MediaError::NotAFile);
        }
        // Of a link this removes the link alone.
        gone_is_fine(fs::remove_file(entry.path()))?;
        deleted += 1;
    }
    if deleted == 0 {
        gone_is_fine(fs::remove_dir(folder))?;
    }
    Ok(deleted)
}

fn entries(folder: &Path) -> Result<Option<fs::ReadDir>, MediaError> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
        Ok(metadata) if !metadata.is_dir() => return Err(MediaError::NotAFile),
        Ok(_) => {}
    }
    Ok(Some(fs::read_dir(folder)?))
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
        .unwrap_or(Err(MediaError::Io(io::ErrorKind::Other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{random::ChaChaRandom, time::Timestamp};

    fn organization(number: u64) -> OrganizationId {
        OrganizationId::mint(
            Timestamp::from_millis(0),
            &ChaChaRandom::from_number(number),
        )
    }

    #[tokio::test]
    async fn files_go_in_portions_and_then_the_folder() {
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().to_owned());
        let (ours, theirs) = (organization(1), organization(2));
        for name in ["a", "b", "c"] {
            media.put(&ours, name, b"x").await.unwrap();
            media.put(&theirs, name, b"x").await.unwrap();
        }

        assert_eq!(media.delete_some(&ours, 2).await.unwrap(), 2);
        assert_eq!(media.delete_some(&ours, 2).await.unwrap(), 1);
        assert_eq!(media.delete_some(&ours, 2).await.unwrap(), 0);

        assert!(!root.path().join(ours.as_str()).exists());
        assert_eq!(media.delete_some(&ours, 2).await.unwrap(), 0);
        assert_eq!(media.count(&theirs).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn one_file_goes_and_its_neighbour_stays() {
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().to_owned());
        let ours = organization(1);
        media.put(&ours, "a", b"x").await.unwrap();
        media.put(&ours, "b", b"x").await.unwrap();

        media.delete(&ours, "a").await.unwrap();
        media.delete(&ours, "a").await.unwrap();

        assert!(!media.has(&ours, "a").await.unwrap());
        assert!(media.has(&ours, "b").await.unwrap());
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_no_file() {
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().to_owned());
        let (ours, theirs) = (organization(1), organization(2));
        media.put(&theirs, "a", b"x").await.unwrap();

        for name in [&format!("../{theirs}/a"), "..", "", "."] {
            assert!(matches!(
                media.delete(&ours, name).await,
                Err(MediaError::NotAFile)
            ));
        }
        assert!(media.has(&theirs, "a").await.unwrap());
    }

    #[tokio::test]
    async fn a_link_is_removed_and_what_it_points_to_stays() {
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().join("media"));
        let ours = organization(1);
        media.put(&ours, "a", b"x").await.unwrap();
        let outside = root.path().join("outside");
        fs::write(&outside, "somebody else's").unwrap();
        std::os::unix::fs::symlink(
            &outside,
            root.path().join("media").join(ours.as_str()).join("link"),
        )
        .unwrap();

        while media.delete_some(&ours, 10).await.unwrap() > 0 {}

        assert_eq!(fs::read_to_string(outside).unwrap(), "somebody else's");
        assert_eq!(media.count(&ours).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_file_is_read_in_pieces_and_nothing_else_is() {
        let root = tempfile::tempdir().unwrap();
        let media = DiskMedia::new(root.path().to_owned());
        let ours = organization(1);
        let content: Vec<u8> = (0..200_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
        media.put(&ours, "a", &content).await.unwrap();
        let link = root.path().join(ours.as_str()).join("link");
        std::os::unix::fs::symlink("/etc/passwd", link).unwrap();

        let mut file = media.read(&ours, "a").await.unwrap().unwrap();
        let mut read = Vec::new();
        while let Some(piece) = file.next().await.unwrap() {
            assert!(piece.len() <= reading::PIECE);
            read.extend(piece);
        }

        assert_eq!(read, content);
        assert!(media.read(&ours, "b").await.unwrap().is_none());
        assert!(media.read(&organization(2), "a").await.unwrap().is_none());
        for no_file in ["link", "../a", ".", ""] {
            assert!(matches!(
                media.read(&ours, no_file).await,
                Err(MediaError::NotAFile)
            ));
        }
    }

    #[tokio::test]
    async fn an_organization_whose_folder_is_a_link_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let (ours, theirs) = (organization(1), organization(2));
        let media = DiskMedia::new(root.path().to_owned());
        media.put(&theirs, "a", b"x").await.unwrap();
        std::os::unix::fs::symlink(
            root.path().join(theirs.as_str()),
            root.path().join(ours.as_str()),
        )
        .unwrap();

        assert!(matches!(
            media.delete_some(&ours, 10).await,
            Err(MediaError::NotAFile)
        ));
        assert_eq!(media.count(&theirs).await.unwrap(), 1);
    }
}
