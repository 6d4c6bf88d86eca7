//! "Completed" is a fact: an independent search found nothing, and no byte is left.

use std::{fs, sync::Arc};

use erasure::{contact, db::Backend, manifest::Manifest, person::Identity, progress::State};

use crate::harness::{MARKER, World, minutes};

#[tokio::test]
async fn no_byte_of_the_erased_text_is_left_in_any_file() {
    let world = World::with_organizations(2).await;
    let (ours, theirs) = (format!("{MARKER}-org-1"), format!("{MARKER}-org-2"));
    assert!(world.bytes_left(&ours).await > 100);
    let neighbour = world.bytes_left(&theirs).await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(world.bytes_left(&ours).await, 0);
    assert!(neighbour > 100 && world.bytes_left(&theirs).await > 100);
    world.settle().await;
}

#[tokio::test]
async fn a_row_that_slipped_behind_the_fence_reopens_the_erasure() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    // As if the step had wrongly been taken for done.
    world
        .write("UPDATE erasure_steps SET done_at = 1, expected = 1, erased = 1 WHERE target = 'usage_counters.organization_id'")
        .await;
    // Its rows would stand in the way of the organization's own.
    world
        .write("UPDATE erasure_steps SET done_at = 1 WHERE target = 'organizations.id'")
        .await;

    world.complete(&capability).await;

    assert_eq!(world.rows_of(&ours).await["usage_counters"], 0);
    assert_eq!(world.rows_of(&ours).await["organizations"], 0);
    world.settle().await;
}

#[tokio::test]
async fn a_step_that_should_have_found_rows_and_found_none_is_an_alarm() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world
        .write("UPDATE erasure_steps SET done_at = 1 WHERE stage = 'inventory'")
        .await;
    world
        .write("UPDATE erasure_steps SET expected = 7 WHERE target = 'data_keys.organization_id'")
        .await;
    world
        .write("DELETE FROM data_keys WHERE organization_id IS NOT NULL")
        .await;
    world
        .write("UPDATE whatsapp_profiles SET token_sealed = NULL")
        .await;

    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!((progress.state, progress.delayed), (State::Erasing, true));
    let parked = world
        .text("SELECT cause FROM jobs WHERE parked_at IS NOT NULL")
        .await;
    assert_eq!(parked, "rows were counted, but none was there to delete");
}

#[tokio::test]
async fn what_an_erased_organization_needed_of_the_disk_is_given_back() {
    let world = World::with_organizations(2).await;
    if world.services.db.backend() == Backend::Postgres {
        return; // there the storage is written anew: nothing is left to give back
    }
    world.multiply_messages("org-1", 50).await;
    let file = world.folder.path().join("qliento.db");
    assert!(world.services.db.truncate_log().await.unwrap());
    let before = fs::metadata(&file).unwrap().len();
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    assert!(world.services.db.truncate_log().await.unwrap());

    let after = fs::metadata(&file).unwrap().len();
    assert!(after < before / 2, "{before} bytes became {after}");
    // What the receipt's own transaction freed is the next one's.
    assert!(world.number("PRAGMA freelist_count").await <= 2);
    world.settle().await;
}

#[tokio::test]
async fn what_the_planner_remembers_of_erased_rows_goes_with_them() {
    let world = World::with_organizations(2).await;
    let address = world.person("org-1", "owner").await;
    world.write("ANALYZE").await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
    assert_eq!(world.bytes_left(&address).await, 0);
    world.settle().await;
}

#[tokio::test]
async fn two_organizations_erased_in_the_same_millisecond_both_leave_no_byte() {
    let world = World::with_organizations(2).await;

    for slug in ["org-1", "org-2"] {
        let owner = world.owner(slug).await;
        let capability = world.confirm_deletion(&owner).await;
        world.complete(&capability).await; // the clock stands still
    }

    for slug in ["org-1", "org-2"] {
        assert_eq!(world.bytes_left(&format!("{MARKER}-{slug}")).await, 0);
    }
    world.settle().await;
}

#[tokio::test]
async fn whoever_still_reads_an_old_state_keeps_an_erasure_from_being_called_complete() {
    let world = World::with_organizations(2).await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // there the log cannot be cut meanwhile, and the step says so
    }
    let mut reader = world.services.db.begin().await.unwrap();
    reader
        .execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", vec![])
        .await
        .unwrap();
    reader
        .execute("SELECT count(*) FROM pg_class", vec![])
        .await
        .unwrap();
    let contacts = world.number("SELECT count(*) FROM contacts").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    for _ in 0..3 {
        world.run_due_jobs().await;
        world.advance(minutes(1));
    }
    assert_eq!(world.progress(&capability).await.state, State::Erasing);
    let cause = world.open_jobs().await.remove(0).1.unwrap();
    assert!(cause.contains("old state of the database"), "{cause}");
    let seen: Vec<(i64,)> = reader
        .fetch_all("SELECT count(*) FROM contacts", vec![])
        .await
        .unwrap();
    assert_eq!(seen, [(contacts,)], "they are all in some file still");
    drop(reader);

    world.advance(minutes(1));
    world.complete(&capability).await;
    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
    world.settle().await;
}

/// Postgres sampled every column before the program was told of them, as it does with tables that an operator had already.
async fn sampled_before_the_start() -> Option<World> {
    let mut world = World::with_organizations(2).await;
    if world.services.db.backend() == Backend::Sqlite {
        return None; // there samples are dropped at each erasure
    }
    let told = "SELECT attrelid::regclass::text || ' ALTER COLUMN ' || quote_ident(attname) FROM pg_attribute JOIN pg_class ON oid = attrelid
                WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND attstattarget = 0";
    for column in world.texts(told).await {
        world
            .write(&format!("ALTER TABLE {column} SET STATISTICS -1"))
            .await;
    }
    world.write("ANALYZE").await;
    world.write("ANALYZE").await; // older versions of samples stay in the file as well
    let samples = format!(
        "SELECT count(*) FROM pg_stats WHERE most_common_vals::text LIKE '%{MARKER}%' OR histogram_bounds::text LIKE '%{MARKER}%'"
    );
    assert!(world.number(&samples).await > 0);

    world.services.manifest = Arc::new(Manifest::platform(&world.services.db).await.unwrap());

    assert_eq!(world.number(&samples).await, 0);
    Some(world)
}

#[tokio::test]
async fn samples_from_before_the_start_are_in_no_file_when_an_organization_is_erased() {
    let Some(world) = sampled_before_the_start().await else {
        return;
    };
    let address = world.person("org-1", "owner").await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
    assert_eq!(world.bytes_left(&address).await, 0);
    world.settle().await;
}

#[tokio::test]
async fn samples_from_before_the_start_are_in_no_file_when_a_contact_is_erased() {
    let Some(world) = sampled_before_the_start().await else {
        return;
    };
    let organization = world.organization("org-1").await;
    let number = world
        .text(&format!(
            "SELECT value FROM contact_identities WHERE organization_id = '{organization}' AND kind = 'phone' ORDER BY value LIMIT 1"
        ))
        .await;
    assert!(world.bytes_left(&number).await > 0);
    let known_by = Identity::stored("phone", &number).unwrap();

    let erasing = contact::erase_as_operator(&world.services, "org-1", &known_by).await;
    erasing.unwrap();
    for _ in 0..3 {
        world.run_due_jobs().await;
        world.advance(minutes(2));
    }

    assert_eq!(world.bytes_left(&number).await, 0);
    world.settle().await;
}
