//! "Completed" is a fact: an independent search found nothing, and no byte is left.

use erasure::progress::State;

use crate::harness::{MARKER, World};

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
