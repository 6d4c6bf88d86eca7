//! A restored copy forgets no legal hold, keeps none that has ended, and erases nothing that is held.

use erasure::{
    backup::Which,
    hold::{self, Kind},
    id::{Capability, RowId},
    job,
    ledger::{self, Closed},
    progress::State,
    retention, watch,
};

use crate::{
    harness::{World, hours},
    holds::{ADA, days, hold_organization, lift, place_on},
};

/// Two organizations; the deletion of the first waits while other owners may cancel it.
async fn world_with_a_deletion_that_waits() -> (World, Capability) {
    let world = World::with_organizations(2).await;
    world.start().await;
    world.promote("org-1", "admin").await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;
    (world, capability)
}

async fn standing(world: &World) -> Vec<hold::Listed> {
    let listed = hold::list(&world.services).await.unwrap();
    listed
        .into_iter()
        .filter(|hold| hold.ended_at.is_none())
        .collect()
}

#[tokio::test]
async fn an_erasure_that_a_hold_kept_waiting_then_is_done_on_the_copy() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let hold = hold_organization(&world, "org-1").await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;
    let backup = world.back_up().await;
    lift(&world, &hold).await;
    world.complete(&capability).await;

    let caught_up = world.restore(&backup.id).await;

    assert_eq!((caught_up.erased_since, caught_up.erased_again), (1, 0));
    assert_eq!(world.progress(&capability).await.state, State::Completed);
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
}

#[tokio::test]
async fn an_erasure_that_meets_a_hold_of_the_copy_waits_for_it_there() {
    let mut world = World::with_organizations(1).await;
    world.start().await;
    hold_organization(&world, "org-1").await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;

    let caught_up = world.restore(&backup.id).await;
    world.run_due_jobs().await;

    assert_eq!(caught_up.confirmed_again, 1);
    assert_eq!(world.progress(&capability).await.state, State::Held);
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
}

#[tokio::test]
async fn a_hold_that_was_placed_since_the_backup_stands_again_and_keeps_what_it_kept() {
    let (mut world, capability) = world_with_a_deletion_that_waits().await;
    let ours = world.organization("org-1").await;
    let backup = world.back_up().await;
    let id = hold_organization(&world, "org-1").await;
    let before = world.rows_of(&ours).await;
    world.advance(days(10)); // longer than anybody may cancel

    let caught_up = world.restore(&backup.id).await;
    world.run_due_jobs().await;

    assert_eq!(caught_up.holds_again, 1);
    assert_eq!(world.progress(&capability).await.state, State::Held);
    assert_eq!(world.rows_of(&ours).await["messages"], before["messages"]);
    let listed = standing(&world).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, id.as_str());
    assert_eq!(listed[0].expires_at, listed[0].placed_at + days(90));
    // Whoever answered for it was known to the lost database alone.
    assert_eq!(listed[0].owner, world.services.settings.privacy_address);
    assert!(listed[0].note.as_ref().unwrap().contains("after a restore"));
    assert_eq!(lift(&world, &id).await, 1);
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn a_deletion_that_was_confirmed_and_held_since_the_backup_is_held_on_the_copy() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let backup = world.back_up().await;
    hold_organization(&world, "org-1").await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;

    let caught_up = world.restore(&backup.id).await;
    world.run_due_jobs().await;

    assert_eq!((caught_up.holds_again, caught_up.confirmed_again), (1, 1));
    assert_eq!(world.progress(&capability).await.state, State::Held);
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 2);
}

#[tokio::test]
async fn a_single_deletion_that_was_held_since_the_backup_is_held_on_the_copy() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    world.promote("org-1", "admin").await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;
    let reference = world.progress(&capability).await.reference;
    place_on(&world, Kind::Case, &reference).await.unwrap();
    world.advance(days(10));

    let caught_up = world.restore(&backup.id).await;
    world.run_due_jobs().await;

    assert_eq!((caught_up.holds_again, caught_up.confirmed_again), (1, 1));
    assert_eq!(world.progress(&capability).await.state, State::Held);
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 2);
}

#[tokio::test]
async fn a_hold_that_was_lifted_since_the_backup_holds_nothing_on_the_copy() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let id = hold_organization(&world, "org-1").await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;
    let backup = world.back_up().await;
    job::pause(&world.services, job::Kind::Erasure, true)
        .await
        .unwrap();
    lift(&world, &id).await;

    let caught_up = world.restore(&backup.id).await;

    assert_eq!((caught_up.holds_again, caught_up.erased_since), (0, 0));
    assert!(standing(&world).await.is_empty());
    world.complete(&capability).await;
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
    world.settle().await;
}

#[tokio::test]
async fn a_hold_has_the_days_of_its_last_review_and_one_whose_day_has_come_is_over() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let reviewed = hold_organization(&world, "org-1").await;
    let backup = world.back_up().await;
    hold_organization(&world, "org-2").await;
    let (review_at, expires_at) = (world.now() + days(60), world.now() + days(200));
    hold::review(&world.services, &reviewed, review_at, Some(expires_at))
        .await
        .unwrap();
    world.advance(days(95)); // no sweep has looked since

    let caught_up = world.restore(&backup.id).await;
    retention::sweep(&world.services).await.unwrap();

    assert_eq!(caught_up.holds_again, 0);
    let listed = standing(&world).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (
            listed[0].id.as_str(),
            listed[0].review_at,
            listed[0].expires_at
        ),
        (reviewed.as_str(), review_at, expires_at)
    );
}

#[tokio::test]
async fn a_copy_that_lacks_nothing_but_a_hold_is_recognized_as_an_older_one() {
    let mut world = World::with_organizations(1).await;
    world.start().await;
    let backup = world.back_up().await;
    hold_organization(&world, "org-1").await;
    world.put_in_place(&Which::Named(backup.id)).await.unwrap();
    world
        .write("UPDATE ledger_bookmark SET restore_id = NULL, backup_id = NULL")
        .await;

    let closed = ledger::follow(&world.services).await;

    let behind = matches!(
        closed,
        Err(Closed::Behind {
            erasures: 0,
            holds: 1
        })
    );
    assert!(behind, "{closed:?}");
}

#[tokio::test]
async fn the_ledger_hears_of_a_hold_at_once_and_of_nobody_who_answers_for_it() {
    let world = World::with_organizations(1).await;
    world.start().await;

    let id = hold_organization(&world, "org-1").await;
    let placed = world.ledger_text();
    lift(&world, &id).await;
    let lifted = world.ledger_text();

    assert_eq!(lines_about(&placed, &id), ["held"]);
    assert_eq!(lines_about(&lifted, &id), ["held", "hold_ended"]);
    for secret in [ADA, "26/1234", "affaire"] {
        assert!(!lifted.contains(secret), "{lifted}");
    }
}

#[tokio::test]
async fn a_hold_that_the_ledger_could_not_take_is_noted_by_the_worker() {
    let world = World::with_organizations(1).await;
    world.start().await;
    let (file, aside) = (
        world.ledger_file(),
        world.ledger_file().with_extension("aside"),
    );
    std::fs::rename(&file, &aside).unwrap();
    std::fs::create_dir(&file).unwrap();

    let id = hold_organization(&world, "org-1").await;
    std::fs::remove_dir(&file).unwrap();
    std::fs::rename(&aside, &file).unwrap();
    assert!(lines_about(&world.ledger_text(), &id).is_empty());
    world.advance(hours(1));
    world.run_due_jobs().await;

    assert_eq!(lines_about(&world.ledger_text(), &id), ["held"]);
    assert_eq!(
        watch::totals(&world.services).await.unwrap().holds.active,
        1
    );
    world.settle().await;
}

/// What the ledger says of this hold, in order.
fn lines_about(ledger: &str, id: &RowId) -> Vec<String> {
    let lines = ledger
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines
        .map(|line| line["fact"].clone())
        .filter(|fact| fact["hold"] == id.as_str())
        .map(|fact| fact["kind"].as_str().unwrap().to_owned())
        .collect()
}
