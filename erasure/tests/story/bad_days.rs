//! A database that fails says why where an operator looks; the job keeps its place and goes on by itself.

use std::collections::BTreeMap;

use erasure::{
    account,
    db::{Backend, Db},
    job,
};

use crate::harness::{World, minutes};

/// What the neighbour has, table by table.
type Untouched = BTreeMap<String, Vec<String>>;

/// A world in which `org-1` is to be erased.
async fn begun() -> (World, Untouched) {
    let world = World::with_organizations(2).await;
    let neighbour = world.organization("org-2").await;
    let untouched = world.everything_of(&neighbour).await;
    let erasing = account::erase_as_operator(&world.services, "org-1").await;
    erasing.unwrap();
    (world, untouched)
}

/// What is said where an operator looks.
async fn said(world: &World) -> Option<String> {
    let listed = erasure::progress::list(&world.services).await.unwrap();
    assert!(!listed[0].parked, "it goes on by itself");
    listed[0].cause.clone()
}

async fn assert_completed(world: &World, untouched: &Untouched) {
    world.advance(minutes(10));
    world.settle().await;
    let listed = erasure::progress::list(&world.services).await.unwrap();
    assert_eq!(listed[0].state, "completed");
    let neighbour = world.organization("org-2").await;
    assert_eq!(&world.everything_of(&neighbour).await, untouched);
}

#[tokio::test]
async fn a_lock_that_a_stranger_holds_is_named_and_waited_for() {
    let (world, untouched) = begun().await;
    let stranger = Db::open(&world.url).await.unwrap();
    let mut held = stranger.begin().await.unwrap();
    if world.services.db.backend() == Backend::Postgres {
        held.execute("LOCK TABLE contacts IN ACCESS SHARE MODE", vec![])
            .await
            .unwrap();
        held.execute("LOCK TABLE messages IN EXCLUSIVE MODE", vec![])
            .await
            .unwrap();
        world.run_due_jobs().await;
        assert_eq!(
            said(&world).await.unwrap(),
            "another program holds a lock in the database"
        );
    } else {
        // Nothing can be written down while somebody else writes: the worker's log says it.
        let said = job::run_due(&world.services).await.unwrap_err();
        assert!(format!("{said:?}").contains("locked"), "{said:?}");
    }
    drop(held);
    stranger.close().await;

    assert_completed(&world, &untouched).await;
}

/// On Postgres: what a batch meets the first time, told by a sequence, which keeps its number when its transaction dies.
async fn once_in_a_batch(world: &World, what: &str) {
    world.write("CREATE SEQUENCE times").await;
    let once = format!("IF nextval('times') = 1 THEN {what}; END IF");
    world
        .whenever_done("contacts.organization_id", 100, &once)
        .await;
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_of_a_batch_is_made_anew() {
    let (world, untouched) = begun().await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // there is none to break
    }
    once_in_a_batch(&world, "PERFORM pg_terminate_backend(pg_backend_pid())").await;

    world.run_due_jobs().await;

    let lost = "the connection to the database was lost";
    assert_eq!(said(&world).await.unwrap(), lost);
    assert_completed(&world, &untouched).await;
}

#[tokio::test]
async fn a_disk_that_is_full_is_named_and_nothing_is_lost() {
    let (world, untouched) = begun().await;
    if world.services.db.backend() == Backend::Sqlite {
        // A batch that needs far more than there is; for the job's own row it is enough.
        world.write("CREATE TABLE filler (content BLOB)").await;
        let fill = "INSERT INTO filler VALUES (zeroblob(4000000))";
        world
            .whenever_done("contacts.organization_id", 100, fill)
            .await;
        let pages = world.number("PRAGMA page_count").await;
        world
            .write(&format!("PRAGMA max_page_count = {}", pages + 50))
            .await;
    } else {
        let full = "RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'";
        once_in_a_batch(&world, full).await;
    }

    world.run_due_jobs().await;

    assert_eq!(said(&world).await.unwrap(), "the database's disk is full");
    if world.services.db.backend() == Backend::Sqlite {
        world.write("PRAGMA max_page_count = 1000000").await;
    }
    assert_completed(&world, &untouched).await;
}

#[tokio::test]
async fn a_database_that_became_read_only_is_named_and_nothing_is_lost() {
    let (world, untouched) = begun().await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // server/tests/commands/disk.rs takes a file system for it
    }
    let refuse = "RAISE EXCEPTION 'read-only transaction' USING ERRCODE = '25006'";
    once_in_a_batch(&world, refuse).await;

    world.run_due_jobs().await;

    assert_eq!(said(&world).await.unwrap(), "the database is read-only");
    assert_completed(&world, &untouched).await;
}
