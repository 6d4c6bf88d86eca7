//! Backups in a bucket: there as a whole or not at all, and gone with every version.

use std::{sync::Arc, time::Duration};

use erasure::{
    backup::{self, BackupStore, CreateError, Options, Standing, StoreError, Which, Workshop},
    time::Timestamp,
};

use crate::{
    bucket::{BACKUPS, TestBucket},
    harness::{World, hours},
    weather::{Way, Weather},
};

const NAME: &str = "a.qliento-backup";

/// One part of an upload, and a little more.
fn more_than_a_part() -> Vec<u8> {
    (0..9_000_000_u32)
        .map(|number| number.to_le_bytes()[0])
        .collect()
}

async fn back_up(world: &World, store: &Arc<dyn BackupStore>) -> backup::Created {
    let made = backup::create(&world.services, store.as_ref(), &Options::default()).await;
    made.unwrap()
}

#[tokio::test]
async fn a_file_is_there_when_it_is_published_and_not_before() {
    let bucket = TestBucket::fresh().await;
    let store = bucket.backups();
    assert_eq!(store.list().await.unwrap(), []);
    let first = more_than_a_part();

    let mut upload = store.begin(NAME).await.unwrap();
    upload.write(first.clone()).await.unwrap();
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(store.read(NAME, 0, 10).await, Err(StoreError::Missing));
    upload.write(b"second".to_vec()).await.unwrap();
    upload.publish().await.unwrap();

    let listed = store.list().await.unwrap();
    assert_eq!((listed.len(), listed[0].name.as_str()), (1, NAME));
    assert_eq!(listed[0].bytes, 9_000_006);
    assert_eq!(store.read(NAME, 9_000_000, 100).await.unwrap(), b"second");
    assert_eq!(store.read(NAME, 100, 3).await.unwrap(), first[100..103]);
    assert_eq!(store.read(NAME, 9_000_006, 100).await.unwrap(), b"");
    store.delete(NAME).await.unwrap();
    store.delete(NAME).await.unwrap();
    assert_eq!(store.list().await.unwrap(), []);
}

#[tokio::test]
async fn what_was_abandoned_or_forgotten_goes_and_what_others_put_there_stays() {
    let bucket = TestBucket::versioned().await;
    let store = bucket.backups();
    bucket
        .put(&format!("{BACKUPS}/notes.txt"), "of somebody else")
        .await;
    bucket.begin_upload(&format!("{BACKUPS}/film.mp4")).await;
    let mut abandoned = store.begin(NAME).await.unwrap();
    abandoned.write(more_than_a_part()).await.unwrap();
    abandoned.abandon().await;
    assert_eq!(bucket.left(BACKUPS).await, 2);

    let mut forgotten = store.begin(NAME).await.unwrap();
    forgotten.write(more_than_a_part()).await.unwrap();
    drop(forgotten);
    store.sweep(Timestamp::from_millis(0)).await.unwrap();
    assert_eq!(bucket.left(BACKUPS).await, 3);
    let far = Timestamp::from_millis(0) + Duration::from_hours(24 * 365 * 100);
    store.sweep(far).await.unwrap();

    assert_eq!(bucket.left(BACKUPS).await, 2);
    assert_eq!(store.list().await.unwrap(), []);
}

#[tokio::test]
async fn a_copy_from_a_bucket_brings_back_everybody_but_those_who_were_erased() {
    let bucket = TestBucket::fresh().await;
    let store = bucket.backups();
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let made = back_up(&world, &store).await;
    let (erased, neighbour) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let before = world.everything_of(&neighbour).await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;

    world.services.db.close().await;
    let workshop = Workshop {
        store: Arc::clone(&store),
        ..world.workshop()
    };
    backup::put_in_place(&workshop, &Which::Named(made.id))
        .await
        .unwrap();
    world.services.db = erasure::db::Db::open(&world.url).await.unwrap();
    let caught_up = tokio::select! {
        caught_up = backup::catch_up(&world.services, Some(&store)) => caught_up.unwrap(),
        () = world.hurry(Duration::from_millis(1)) => unreachable!(),
    };

    assert_eq!(caught_up.erased_again, 1);
    assert!(world.rows_of(&erased).await.values().all(|rows| *rows == 0));
    assert_eq!(world.everything_of(&neighbour).await, before);
}

#[tokio::test]
async fn a_backup_at_its_term_goes_with_every_version_and_one_that_was_only_hidden_as_well() {
    let bucket = TestBucket::versioned().await;
    let store = bucket.backups();
    let world = World::with_organizations(1).await;
    world.start().await;
    let (hidden, kept) = (back_up(&world, &store).await, back_up(&world, &store).await);
    bucket
        .delete(&format!("{BACKUPS}/{}.qliento-backup", hidden.id))
        .await;

    let listed = backup::list(&store, &world.services.vault.master_keys())
        .await
        .unwrap();
    let standing = |id| listed.iter().find(|one| one.id == id).unwrap().standing;
    assert_eq!(standing(hidden.id.clone()), Standing::Hidden);
    assert_eq!(standing(kept.id.clone()), Standing::Restorable);
    let watch = backup::prune(&world.services, &store).await.unwrap();
    assert_eq!((watch.copies, watch.unreadable), (1, 0));
    assert_eq!(bucket.left(BACKUPS).await, 1);

    world.advance(hours(24 * 29));
    let watch = backup::prune(&world.services, &store).await.unwrap();

    assert_eq!((watch.copies, watch.oldest_at), (0, None));
    assert_eq!(bucket.left(BACKUPS).await, 0);
}

#[tokio::test]
async fn a_backup_under_a_lock_is_an_alarm_once_the_promise_would_break() {
    let bucket = TestBucket::locked().await;
    let store = bucket.backups();
    let world = World::with_organizations(1).await;
    world.start().await;
    let made = back_up(&world, &store).await;
    bucket
        .lock(&format!("{BACKUPS}/{}.qliento-backup", made.id))
        .await;

    world.advance(hours(24 * 29));
    let late = backup::prune(&world.services, &store).await.unwrap();
    assert!(!late.breaks_the_promise(world.now()));
    world.advance(hours(24));
    let broken = backup::prune(&world.services, &store).await.unwrap();

    assert!(broken.breaks_the_promise(world.now()));
}

#[tokio::test]
async fn a_bucket_that_goes_away_meanwhile_leaves_no_half_of_a_backup() {
    let bucket = TestBucket::fresh().await;
    let way = Way::to(bucket.server()).await;
    let store = bucket.backups_through(&way.address);
    let world = World::with_organizations(1).await;
    world.start().await;

    way.becomes(Weather::Answer("503 Slow Down", "SlowDown"));
    let refused = backup::create(&world.services, store.as_ref(), &Options::default()).await;

    assert!(
        matches!(refused, Err(CreateError::Store(StoreError::Away(_)))),
        "{refused:?}"
    );
    way.becomes(Weather::Fair);
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(bucket.left(BACKUPS).await, 0);
    back_up(&world, &store).await;
    assert_eq!(store.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_lies_in_the_bucket_shows_nothing_to_whoever_reads_it() {
    let bucket = TestBucket::fresh().await;
    let store = bucket.backups();
    let world = World::with_organizations(1).await;
    world.start().await;
    let made = back_up(&world, &store).await;

    let key = format!("{BACKUPS}/{}.qliento-backup", made.id);
    let raw = bucket.bytes(&key).await;

    assert_eq!(u64::try_from(raw.len()).unwrap(), made.bytes);
    let marker = crate::harness::MARKER.as_bytes();
    assert!(!raw.windows(marker.len()).any(|window| window == marker));
}
