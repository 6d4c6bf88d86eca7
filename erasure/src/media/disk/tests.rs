//! What can lie in a folder, and what must not be touched on the way.

use std::{
    os::unix::{
        fs::{PermissionsExt as _, symlink},
        net::UnixListener,
    },
    process::Command,
};

use tempfile::TempDir;

use super::*;
use crate::{random::ChaChaRandom, time::Timestamp};

fn organization(number: u64) -> OrganizationId {
    OrganizationId::mint(
        Timestamp::from_millis(0),
        &ChaChaRandom::from_number(number),
    )
}

/// A store with one file of ours, our folder in it, and a folder outside that holds somebody else's file.
async fn store() -> (TempDir, DiskMedia, PathBuf, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let media = DiskMedia::new(scratch.path().join("media"));
    let ours = organization(1);
    media.put(&ours, "a", b"x").await.unwrap();
    let folder = media.folder(&ours);
    let outside = scratch.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "somebody else's").unwrap();
    (scratch, media, folder, outside)
}

async fn empty(media: &DiskMedia) -> Result<(), MediaError> {
    while media.delete_some(&organization(1), 10).await? > 0 {}
    Ok(())
}

fn is_whole(outside: &Path) -> bool {
    fs::read_to_string(outside.join("file")).unwrap() == "somebody else's"
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
async fn folders_inside_go_as_well_also_when_there_are_more_of_them_than_a_portion_takes() {
    let (_scratch, media, folder, _) = store().await;
    for number in 0..25 {
        fs::create_dir_all(folder.join(format!("thumbnails/{number}/empty"))).unwrap();
    }
    fs::write(folder.join("thumbnails/7/empty/file"), "x").unwrap();
    assert_eq!(media.count(&organization(1)).await.unwrap(), 1 + 1 + 50 + 1);

    let first = media.delete_some(&organization(1), 10).await.unwrap();
    empty(&media).await.unwrap();

    assert_eq!(first, 10);
    assert!(!folder.exists());
}

#[tokio::test]
async fn links_are_removed_and_what_they_point_to_stays() {
    let (_scratch, media, folder, outside) = store().await;
    fs::create_dir(folder.join("inner")).unwrap();
    symlink(outside.join("file"), folder.join("to a file")).unwrap();
    symlink(&outside, folder.join("to a folder")).unwrap();
    symlink(&outside, folder.join("inner/to a folder")).unwrap();
    symlink("nowhere", folder.join("to nothing")).unwrap();

    empty(&media).await.unwrap();

    assert!(is_whole(&outside));
    assert_eq!(media.count(&organization(1)).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_no_file_at_all_is_removed_without_being_opened() {
    let (_scratch, media, folder, _) = store().await;
    let pipe = Command::new("mkfifo").arg(folder.join("pipe")).status();
    assert!(pipe.unwrap().success());
    let _socket = UnixListener::bind(folder.join("socket")).unwrap();

    empty(&media).await.unwrap();

    assert!(!folder.exists());
}

#[tokio::test]
async fn an_organization_whose_folder_is_a_link_or_a_file_is_not_followed() {
    let (_scratch, media, folder, outside) = store().await;
    fs::remove_dir_all(&folder).unwrap();
    symlink(&outside, &folder).unwrap();

    let refused = empty(&media).await.unwrap_err();
    assert!(matches!(refused, MediaError::NotAFile(cause) if cause.contains("is not a folder")));
    assert_eq!(media.count(&organization(1)).await, Err(refused));
    assert!(is_whole(&outside));

    fs::remove_file(&folder).unwrap();
    fs::write(&folder, "x").unwrap();
    assert_eq!(empty(&media).await, Err(refused));
}

#[tokio::test]
async fn a_root_that_is_missing_is_not_taken_for_an_empty_one() {
    let (_scratch, media, _, _) = store().await;
    fs::remove_dir_all(&media.root).unwrap();

    let said = empty(&media).await.unwrap_err();

    assert!(matches!(said, MediaError::Later(cause) if cause.contains("is its disk mounted?")));
    assert_eq!(media.count(&organization(1)).await, Err(said));
}

#[tokio::test]
async fn a_folder_that_may_not_be_changed_is_named_and_goes_once_it_may() {
    let (_scratch, media, folder, _) = store().await;
    let forbid = |forbidden| {
        // Root may do everything but change what is immutable.
        let sign = if forbidden { "+i" } else { "-i" };
        let changed = Command::new("chattr").arg(sign).arg(&folder).output();
        if !changed.is_ok_and(|output| output.status.success()) {
            let mode = if forbidden { 0o555 } else { 0o755 };
            fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };

    forbid(true);
    let said = empty(&media).await;
    forbid(false);

    assert!(
        matches!(said, Err(MediaError::Refused(cause)) if cause.contains("check who owns it")),
        "{said:?}"
    );
    assert_eq!(empty(&media).await, Ok(()));
}

#[tokio::test]
async fn a_file_system_mounted_inside_is_not_ours_to_empty() {
    let (_scratch, media, folder, _) = store().await;
    let mounted = folder.join("mounted");
    fs::create_dir(&mounted).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "qliento-test"])
        .arg(&mounted)
        .output();
    if !mount.is_ok_and(|output| output.status.success()) {
        return; // only root may
    }
    fs::write(mounted.join("file"), "somebody else's").unwrap();

    let said = empty(&media).await;
    let counted = media.count(&organization(1)).await;
    let is_whole = is_whole(&mounted);
    Command::new("umount").arg(&mounted).status().unwrap();

    assert!(is_whole);
    assert!(
        matches!(said, Err(MediaError::Refused(cause)) if cause.contains("is mounted inside")),
        "{said:?}"
    );
    assert_eq!(counted, said.map(|()| 0));
    assert_eq!(empty(&media).await, Ok(()));
}

#[test]
fn each_way_in_which_a_disk_fails_has_its_words() {
    for (kind, words) in [
        (io::ErrorKind::PermissionDenied, "check who owns it"),
        (io::ErrorKind::ReadOnlyFilesystem, "read-only file system"),
        (io::ErrorKind::NotADirectory, "QLIENTO_MEDIA_URL"),
        (io::ErrorKind::StorageFull, "is full"),
        (io::ErrorKind::TimedOut, "does not answer as it should"),
    ] {
        let said = MediaError::from(io::Error::from(kind)).to_string();
        assert!(said.contains(words), "{kind}: {said}");
    }
}

#[tokio::test]
async fn one_file_goes_and_its_neighbour_stays() {
    let (_scratch, media, _, _) = store().await;
    let ours = organization(1);
    media.put(&ours, "b", b"x").await.unwrap();

    media.delete(&ours, "a").await.unwrap();
    media.delete(&ours, "a").await.unwrap();

    assert!(!media.has(&ours, "a").await.unwrap());
    assert!(media.has(&ours, "b").await.unwrap());
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_no_file() {
    let (_scratch, media, _, _) = store().await;
    let (ours, theirs) = (organization(1), organization(2));
    media.put(&theirs, "a", b"x").await.unwrap();

    for name in [&format!("../{theirs}/a"), "..", "", "."] {
        assert!(matches!(
            media.delete(&ours, name).await,
            Err(MediaError::NotAFile(_))
        ));
    }
    assert!(media.has(&theirs, "a").await.unwrap());
}

#[tokio::test]
async fn one_file_of_a_folder_that_is_a_link_is_neither_there_nor_deleted() {
    let (_scratch, media, folder, outside) = store().await;
    let ours = organization(1);
    fs::remove_dir_all(&folder).unwrap();
    symlink(&outside, &folder).unwrap();

    assert!(matches!(
        media.has(&ours, "file").await,
        Err(MediaError::NotAFile(_))
    ));
    assert!(media.delete(&ours, "file").await.is_err());
    assert!(is_whole(&outside));
}

#[tokio::test]
async fn a_file_is_read_in_pieces_and_nothing_else_is() {
    let (_scratch, media, folder, outside) = store().await;
    let ours = organization(1);
    let content: Vec<u8> = (0..200_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
    media.put(&ours, "a", &content).await.unwrap();
    symlink(outside.join("file"), folder.join("link")).unwrap();

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
            Err(MediaError::NotAFile(_))
        ));
    }
}
