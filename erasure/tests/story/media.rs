//! Files on a disk that is not as it should be: the cause is named where an operator looks, and nothing else is touched.

use std::{fs, os::unix::fs::symlink, process::Command};

use erasure::{job, progress::State};

use crate::harness::{World, minutes};

#[tokio::test]
async fn a_folder_that_is_a_link_parks_the_erasure_until_a_person_has_looked() {
    let world = World::with_organizations(2).await;
    let folder = world.media_folder(&world.organization("org-1").await);
    let elsewhere = world.folder.path().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    symlink(&elsewhere, &folder).unwrap();
    let files = fs::read_dir(&elsewhere).unwrap().count();
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    world.run_due_jobs().await;
    world.advance(minutes(60));
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!((progress.state, progress.delayed), (State::Erasing, true));
    let listed = erasure::progress::list(&world.services).await.unwrap();
    assert!(listed[0].parked);
    let cause = listed[0].cause.clone().unwrap();
    assert!(cause.contains("media folder is not a folder"), "{cause}");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), files);

    fs::remove_file(&folder).unwrap();
    fs::rename(&elsewhere, &folder).unwrap();
    let id = listed[0].id.as_str();
    assert_eq!(
        job::retry_parked(&world.services, Some(id)).await.unwrap(),
        1
    );
    world.complete(&capability).await;
    assert!(!folder.exists());
    world.settle().await;
}

#[tokio::test]
async fn what_else_lies_in_a_folder_goes_and_what_links_point_to_stays() {
    let world = World::with_organizations(2).await;
    let (ours, theirs) = (
        world.media_folder(&world.organization("org-1").await),
        world.media_folder(&world.organization("org-2").await),
    );
    let neighbours = fs::read_dir(&theirs).unwrap().count();
    fs::create_dir(ours.join("inner")).unwrap();
    symlink(&theirs, ours.join("inner/to a neighbour")).unwrap();
    let pipe = Command::new("mkfifo").arg(ours.join("pipe")).status();
    assert!(pipe.unwrap().success());
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert!(!ours.exists());
    assert_eq!(fs::read_dir(&theirs).unwrap().count(), neighbours);
    world.settle().await;
}

#[tokio::test]
async fn a_root_that_is_not_mounted_is_waited_for_instead_of_taken_for_empty() {
    let world = World::with_organizations(1).await;
    let root = world.folder.path().join("media");
    let away = world.folder.path().join("away");
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    fs::rename(&root, &away).unwrap();

    world.run_due_jobs().await;

    assert_eq!(world.progress(&capability).await.state, State::Erasing);
    let cause = world.open_jobs().await[0].1.clone().unwrap();
    assert!(cause.contains("is its disk mounted?"), "{cause}");
    fs::rename(&away, &root).unwrap();
    world.advance(minutes(5));
    world.complete(&capability).await;
    assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
    world.settle().await;
}
