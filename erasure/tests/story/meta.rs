//! Meta is asked first, and its bad days hold nothing up beyond the promise.

use std::time::Duration;

use erasure::{
    graph::simulated::Outage,
    progress::{Stage, StageState, State},
};

use crate::harness::{World, hours, minutes};

#[tokio::test]
async fn the_webhook_is_unsubscribed_and_read_back_before_the_token_goes() {
    let world = World::with_organizations(1).await;
    let wabas = world
        .texts("SELECT DISTINCT waba_id FROM whatsapp_profiles ORDER BY waba_id")
        .await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    assert_eq!(world.graph.unsubscribed(), wabas);
    assert!(
        world
            .graph
            .calls()
            .iter()
            .any(|call| call.line.starts_with("GET "))
    );
    assert!(
        receipt
            .meta
            .iter()
            .all(|row| row.result == "unsubscribed" || row.result == "already_gone"),
        "{receipt:?}"
    );
    world.settle().await;
}

#[tokio::test]
async fn an_outage_at_meta_delays_and_loses_nothing() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let owner = world.owner("org-1").await;
    world.graph.set_outage(Outage::Down);

    let capability = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!((progress.state, progress.delayed), (State::Erasing, true));
    assert!(world.rows_of(&ours).await["messages"] > 0);
    world.graph.set_outage(Outage::None);
    world.advance(minutes(6));
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn an_answer_that_got_lost_is_asked_for_again() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.graph.set_outage(Outage::AnswersLost);
    let capability = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;

    world.graph.set_outage(Outage::None);
    world.advance(minutes(6));
    let receipt = world.complete(&capability).await;

    assert!(
        receipt.meta.iter().any(|row| row.result == "already_gone"),
        "{:?}",
        receipt.meta
    );
}

#[tokio::test]
async fn a_revoked_token_is_an_end_too() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.graph.set_outage(Outage::TokenRevoked);

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    assert!(
        receipt.meta.iter().all(|row| row.result == "no_access"),
        "{:?}",
        receipt.meta
    );
}

#[tokio::test]
async fn the_stage_that_waits_for_meta_is_shown_as_under_way() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.graph.set_outage(Outage::Down);
    let capability = world.confirm_deletion(&owner).await;

    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    let running: Vec<_> = progress
        .stages
        .iter()
        .filter(|row| row.state == StageState::Running)
        .map(|row| row.stage)
        .collect();
    assert_eq!((progress.delayed, running), (true, vec![Stage::Meta]));
    world.graph.set_outage(Outage::None);
    world.advance(Duration::from_mins(15));
    world.complete(&capability).await;
}

#[tokio::test]
async fn live_data_does_not_wait_for_meta_beyond_the_promise() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let owner = world.owner("org-1").await;
    world.graph.set_outage(Outage::Down);
    let capability = world.confirm_deletion(&owner).await;

    for _ in 0..(23 * 4) {
        world.run_due_jobs().await;
        world.advance(Duration::from_mins(15));
    }
    assert!(world.now() < world.progress(&capability).await.confirmed_at + hours(24));
    world.complete(&capability).await;

    let meta = world
        .progress(&capability)
        .await
        .stages
        .into_iter()
        .find(|row| row.stage == Stage::Meta)
        .unwrap();
    assert_eq!(meta.state, StageState::Unconfirmed);
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
}

#[tokio::test]
async fn an_account_that_another_organization_uses_stays_subscribed() {
    let world = World::with_organizations(2).await;
    world
        .write("UPDATE whatsapp_profiles SET waba_id = '4242'")
        .await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    assert_eq!(world.graph.unsubscribed(), Vec::<String>::new());
    assert!(
        receipt
            .meta
            .iter()
            .all(|row| row.result == "still_used_by_another_organization")
    );
}
