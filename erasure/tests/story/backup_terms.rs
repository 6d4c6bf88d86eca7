//! Backups come by themselves, and go before people were told that they would be gone.

use std::{
    fs::{self, File},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use erasure::{
    backup::{self, BackupFolder, BackupStore, Schedule, StoreError, Stored, Upload},
    time::Timestamp,
};

use crate::harness::{World, hours};

const DAY: Duration = hours(24);

/// A worker looks whether a backup is due; says whether it made one.
async fn turn(world: &World, store: &Arc<dyn BackupStore>) -> bool {
    let schedule = Schedule {
        store: Arc::clone(store),
        every: DAY,
    };
    let given_up = Arc::new(AtomicBool::new(false));
    let made = backup::turn(&world.services, &schedule, &given_up).await;
    made.unwrap().is_some()
}

fn files(world: &World) -> usize {
    fs::read_dir(world.backups()).unwrap().count()
}

#[tokio::test]
async fn a_backup_is_made_every_day_and_none_grows_older_than_the_promise() {
    let world = World::with_organizations(1).await;
    world.start().await;
    let store = world.store();
    let first = world.now();

    for day in 0..35_u32 {
        assert!(turn(&world, &store).await, "day {day}");
        assert!(!turn(&world, &store).await, "day {day}: twice");
        let watch = backup::last_look(&world.services.db).await.unwrap();
        let watch = watch.unwrap();
        assert!(!watch.breaks_the_promise(world.now()), "day {day}");
        assert_eq!(watch.newest_at, Some(world.now()));
        let oldest = first.max(world.now() - DAY * 28);
        assert_eq!(watch.oldest_at, Some(oldest), "day {day}");
        world.advance(DAY);
    }

    assert_eq!(files(&world), 29);
}

#[tokio::test]
async fn the_ledger_forgets_what_no_backup_needs_and_restores_all_the_same() {
    let mut world = World::with_organizations(3).await;
    world.start().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;
    world.start().await;
    world.advance(DAY * 36);
    turn(&world, &world.store()).await;
    assert!(world.ledger_text().contains("\"kind\":\"opened\""));
    world.advance(hours(25));
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-2").await).await;
    world.complete(&capability).await;
    world.start().await;
    backup::prune(&world.services, &world.store())
        .await
        .unwrap();

    let ledger = world.ledger_text();
    assert!(
        ledger.starts_with("{\"at\":") && ledger.contains("\"kind\":\"anchor\""),
        "{ledger}"
    );
    assert!(!ledger.contains("\"kind\":\"opened\""), "{ledger}");
    let caught_up = world.restore(&backup.id).await;
    assert_eq!(caught_up.erased_again, 1);
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
}

#[tokio::test]
async fn of_two_workers_one_makes_the_backup_and_one_that_died_is_followed() {
    let world = World::with_organizations(1).await;
    world.start().await;
    let store = world.store();
    turn(&world, &store).await;
    world.advance(DAY);
    let until = world.now() + Duration::from_mins(2);
    world
        .write(&format!(
            "UPDATE backup_watch SET held_by = 'another', held_until = {}",
            until.as_millis()
        ))
        .await;

    assert!(!turn(&world, &store).await);
    world.advance(Duration::from_mins(2));
    assert!(turn(&world, &store).await);
}

#[tokio::test]
async fn what_is_damaged_or_was_never_finished_goes_too() {
    let world = World::with_organizations(1).await;
    world.start().await;
    let backup = world.back_up().await;
    let (damaged, partial) = (
        world
            .backups()
            .join("2026-11-24T12-00-00Z-00000000.qliento-backup"),
        world
            .backups()
            .join(format!("{}x.qliento-backup.partial", backup.id)),
    );
    for file in [&damaged, &partial] {
        fs::write(file, "half a backup").unwrap();
        let file = File::options().write(true).open(file).unwrap();
        let written = u64::try_from(world.now().as_millis()).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(written))
            .unwrap();
    }

    let watch = backup::prune(&world.services, &world.store())
        .await
        .unwrap();
    assert_eq!((watch.copies, watch.unreadable), (1, 1));
    world.advance(hours(49));
    backup::prune(&world.services, &world.store())
        .await
        .unwrap();
    assert!(damaged.exists() && !partial.exists());
    world.advance(DAY * 28);
    let watch = backup::prune(&world.services, &world.store())
        .await
        .unwrap();

    assert_eq!(
        (watch.copies, watch.unreadable, watch.oldest_at),
        (0, 0, None)
    );
    assert_eq!(files(&world), 0);
}

#[tokio::test]
async fn a_store_that_keeps_what_it_should_delete_is_an_alarm() {
    let world = World::with_organizations(1).await;
    world.start().await;
    world.back_up().await;
    let store: Arc<dyn BackupStore> = Arc::new(Keeping(BackupFolder::new(world.backups())));

    world.advance(DAY * 29);
    let late = backup::prune(&world.services, &store).await.unwrap();
    assert!(!late.breaks_the_promise(world.now()));
    world.advance(DAY);
    let broken = backup::prune(&world.services, &store).await.unwrap();

    assert!(broken.breaks_the_promise(world.now()));
    let seen = backup::last_look(&world.services.db).await.unwrap();
    assert_eq!(seen, Some(broken));
}

/// A store in which nothing may be deleted.
struct Keeping(BackupFolder);

#[async_trait]
impl BackupStore for Keeping {
    fn place(&self) -> String {
        self.0.place()
    }

    async fn list(&self) -> Result<Vec<Stored>, StoreError> {
        self.0.list().await
    }

    async fn read(&self, name: &str, from: u64, at_most: u32) -> Result<Vec<u8>, StoreError> {
        self.0.read(name, from, at_most).await
    }

    async fn begin(&self, name: &str) -> Result<Box<dyn Upload>, StoreError> {
        self.0.begin(name).await
    }

    async fn delete(&self, _name: &str) -> Result<(), StoreError> {
        Err(StoreError::Away("permission denied".to_owned()))
    }

    async fn sweep(&self, _begun_before: Timestamp) -> Result<(), StoreError> {
        Err(StoreError::Away("permission denied".to_owned()))
    }
}
