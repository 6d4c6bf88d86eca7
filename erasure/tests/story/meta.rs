//! Meta is asked first, and its bad days hold nothing up beyond the promise.

use std::time::Duration;

use erasure::{
    account::{self, ConfirmError},
    graph::{Call, simulated::Outage},
    id::Capability,
    progress::{self, Stage, StageState, State},
    receipt::MetaReceipt,
    retention,
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
    let numbers = (receipt.meta.len() - 1) / 2; // one account; each number has a token of its own
    assert_eq!(
        results(&receipt.meta),
        [
            vec!["override cleared"; numbers],
            vec!["subscription unsubscribed"],
            vec!["token revoked"; numbers],
        ]
        .concat()
    );
    world.settle().await;
}

#[tokio::test]
async fn each_numbers_own_callback_goes_first_and_each_token_last() {
    let world = World::with_organizations(1).await;
    let number = world
        .text("SELECT MIN(phone_number_id) FROM whatsapp_profiles")
        .await;
    world
        .graph
        .set_override(&number, "https://elsewhere.example/hook");
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(world.graph.overrides(), Vec::<String>::new());
    let kinds: Vec<_> = world
        .graph
        .calls()
        .into_iter()
        .map(|call| call.line)
        .map(|line| match line.split_once(' ').unwrap() {
            ("POST", _) => 1,
            ("DELETE", _) => 2,
            ("GET", path) if path.contains("subscribed_apps") => 3,
            ("GET", path) if path.contains("oauth/revoke") => 4,
            _ => panic!("{line}"),
        })
        .collect();
    assert!(kinds.is_sorted(), "{kinds:?}");
    assert_eq!(kinds.last(), Some(&4));
    assert!(world.graph.revoked() > 0);
}

#[tokio::test]
async fn a_list_that_lags_behind_is_asked_again_and_not_believed() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.graph.set_lag(2);

    let capability = world.confirm_deletion(&owner).await;
    for _ in 0..3 {
        world.run_due_jobs().await;
        world.advance(minutes(6));
    }
    let receipt = world.complete(&capability).await;

    assert!(
        results(&receipt.meta)
            .iter()
            .any(|row| row.starts_with("subscription "))
    );
    let looks = world.graph.calls();
    let looks = looks
        .iter()
        .filter(|call| call.line.starts_with("GET ") && call.line.contains("subscribed_apps"));
    assert!(looks.count() >= 3);
}

fn results(rows: &[MetaReceipt]) -> Vec<String> {
    rows.iter()
        .map(|row| format!("{} {}", row.act.as_str(), row.result))
        .collect()
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
    world
        .graph
        .misbehave(Outage::AnswersLost, 1, Some(Call::Unsubscribe));
    let capability = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;

    world.advance(minutes(6));
    let receipt = world.complete(&capability).await;

    assert!(
        results(&receipt.meta).contains(&"subscription already_gone".to_owned()),
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
    let evidence = world
        .text(
            "SELECT MIN(evidence) FROM erasure_steps WHERE stage = 'meta' AND evidence IS NOT NULL",
        )
        .await;
    assert!(
        evidence.contains("\"code\":190") && evidence.contains("\"trace\""),
        "{evidence}"
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

    let meta = stage_at_meta(&world, &capability).await;
    assert_eq!(meta, StageState::Unconfirmed);
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
}

#[tokio::test]
async fn what_meta_did_not_confirm_stays_sealed_and_is_asked_for_without_the_data() {
    let world = World::with_organizations(1).await;
    let waba = waba(&world).await;
    let capability = give_up_waiting(&world).await;

    // Nothing of it can be read in any file, and the page says how it stands.
    assert!(world.number(REMAINDERS).await > 0);
    assert_eq!(world.bytes_left(TOKEN).await, 0);
    assert_eq!(world.bytes_left(&waba).await, 0);
    let receipt = world.receipt(&capability).await;
    assert!(
        results(&receipt.meta).contains(&"subscription unconfirmed".to_owned()),
        "{:?}",
        receipt.meta
    );
    assert_eq!(world.graph.unsubscribed(), Vec::<String>::new());

    world.graph.set_outage(Outage::None);
    for _ in 0..8 {
        world.advance(hours(1)); // one after the other, the token last
        world.run_due_jobs().await;
    }

    assert_eq!(world.graph.unsubscribed(), [waba]);
    assert!(world.graph.revoked() > 0);
    assert_eq!(world.number(REMAINDERS).await, 0);
    assert_eq!(world.number(KEYS_OF_REMAINDERS).await, 0);
    let now = progress::at_meta(&world.services, &capability)
        .await
        .unwrap();
    assert!(
        results(&now).contains(&"subscription unsubscribed".to_owned()),
        "{now:?}"
    );
    assert_eq!(stage_at_meta(&world, &capability).await, StageState::Done);
    world.settle().await;
}

#[tokio::test]
async fn what_meta_never_confirms_is_destroyed_after_thirty_days() {
    let world = World::with_organizations(1).await;
    let capability = give_up_waiting(&world).await;

    world.advance(hours(29 * 24));
    world.run_due_jobs().await;
    assert!(world.number(REMAINDERS).await > 0);
    world.advance(hours(25));
    world.run_due_jobs().await;

    assert_eq!(world.number(REMAINDERS).await, 0);
    assert_eq!(world.number(KEYS_OF_REMAINDERS).await, 0);
    let rows = progress::at_meta(&world.services, &capability)
        .await
        .unwrap();
    assert!(
        results(&rows).contains(&"subscription never_confirmed".to_owned()),
        "{rows:?}"
    );
    world.settle().await;
}

#[tokio::test]
async fn the_sweep_ends_a_remainder_whose_job_waits_for_a_person() {
    let world = World::with_organizations(1).await;
    give_up_waiting(&world).await;
    world
        .write("UPDATE jobs SET parked_at = 1 WHERE kind = 'remainder'")
        .await;

    world.advance(hours(30 * 24));
    retention::sweep(&world.services).await.unwrap();

    assert_eq!(world.number(REMAINDERS).await, 0);
    assert_eq!(world.number(KEYS_OF_REMAINDERS).await, 0);
    let said = "SELECT count(*) FROM erasure_steps WHERE outcome = 'unconfirmed'";
    assert_eq!(world.number(said).await, 0);
}

#[tokio::test]
async fn an_account_that_somebody_connected_since_is_left_alone() {
    let world = World::with_organizations(2).await;
    let waba = waba(&world).await;
    let capability = give_up_waiting(&world).await;
    world
        .write(&format!("UPDATE whatsapp_profiles SET waba_id = '{waba}'"))
        .await;

    world.graph.set_outage(Outage::None);
    for _ in 0..8 {
        world.advance(hours(1));
        world.run_due_jobs().await;
    }

    assert_eq!(world.graph.unsubscribed(), Vec::<String>::new());
    let rows = progress::at_meta(&world.services, &capability)
        .await
        .unwrap();
    assert!(
        results(&rows).contains(&"subscription still_used_by_another_organization".to_owned()),
        "{rows:?}"
    );
}

#[tokio::test]
async fn a_number_is_deregistered_only_if_its_owner_chose_that() {
    let world = World::with_organizations(2).await;
    let owner = world.owner("org-1").await;
    let (ours, theirs) = (
        first_profile(&world, "org-1").await,
        first_profile(&world, "org-2").await,
    );
    let number = world
        .text(&format!(
            "SELECT phone_number_id FROM whatsapp_profiles WHERE id = '{ours}'"
        ))
        .await;

    account::choose_deregistrations(&world.services, &owner, &[ours, theirs.clone()])
        .await
        .unwrap();
    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    assert_eq!(world.graph.deregistered(), [number]);
    let rows = results(&receipt.meta);
    assert_eq!(
        rows.iter()
            .filter(|row| *row == "registration deregistered")
            .count(),
        1,
        "{rows:?}"
    );
    // Nobody chooses for somebody else's number.
    let chosen =
        "SELECT count(*) FROM whatsapp_profiles WHERE deregistration_chosen_at IS NOT NULL";
    assert_eq!(world.number(chosen).await, 0);
}

#[tokio::test]
async fn a_code_confirms_the_choice_that_was_made_before_it() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let ours = first_profile(&world, "org-1").await;
    let code = world.send_code(&owner).await;

    account::choose_deregistrations(&world.services, &owner, &[ours])
        .await
        .unwrap();

    assert!(matches!(
        world.confirm(&owner, &code).await,
        Err(ConfirmError::PlanOutdated)
    ));
}

async fn first_profile(world: &World, slug: &str) -> String {
    let organization = world.organization(slug).await;
    world
        .text(&format!(
            "SELECT MIN(id) FROM whatsapp_profiles WHERE organization_id = '{organization}'"
        ))
        .await
}

#[tokio::test]
async fn no_data_waits_for_a_token_to_be_revoked() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.graph.misbehave(Outage::Down, 9, Some(Call::Revoke));

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;
    assert!(
        results(&receipt.meta).contains(&"token unconfirmed".to_owned()),
        "{:?}",
        receipt.meta
    );

    world.graph.misbehave(Outage::None, 9, Some(Call::Revoke));
    for _ in 0..12 {
        world.advance(hours(1));
        world.run_due_jobs().await;
    }
    assert_eq!(world.number(REMAINDERS).await, 0);
    assert!(world.graph.revoked() > 0);
}

#[tokio::test]
async fn a_token_that_another_organization_uses_is_not_revoked() {
    let world = World::with_organizations(2).await;
    let (ours, other) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    world
        .write(&format!(
            "UPDATE whatsapp_profiles SET token_digest = (SELECT token_digest FROM whatsapp_profiles WHERE organization_id = '{ours}' ORDER BY id LIMIT 1)
             WHERE  organization_id = '{other}'"
        ))
        .await;
    let tokens = world
        .number(&format!(
            "SELECT count(*) FROM whatsapp_profiles WHERE organization_id = '{ours}'"
        ))
        .await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    let rows = results(&receipt.meta);
    assert!(
        rows.contains(&"token still_used_by_another_organization".to_owned()),
        "{rows:?}"
    );
    assert_eq!(i64::try_from(world.graph.revoked()).unwrap(), tokens - 1);
}

/// How every token of Meta's begins.
const TOKEN: &str = "EAAJ";
const REMAINDERS: &str = "SELECT count(*) FROM meta_remainders";
const KEYS_OF_REMAINDERS: &str = "SELECT count(*) FROM data_keys WHERE scope LIKE 'remainder/%'";

async fn waba(world: &World) -> String {
    let of_org = world.organization("org-1").await;
    world
        .text(&format!(
            "SELECT MIN(waba_id) FROM whatsapp_profiles WHERE organization_id = '{of_org}'"
        ))
        .await
}

/// Meta is away until the erasure of org-1 goes on without it, and stays so.
async fn give_up_waiting(world: &World) -> Capability {
    let owner = world.owner("org-1").await;
    world.graph.set_outage(Outage::Down);
    let capability = world.confirm_deletion(&owner).await;
    for _ in 0..(23 * 4) {
        world.run_due_jobs().await;
        world.advance(Duration::from_mins(15));
    }
    world.complete(&capability).await;
    capability
}

async fn stage_at_meta(world: &World, capability: &Capability) -> StageState {
    let stages = world.progress(capability).await.stages;
    let meta = stages.into_iter().find(|row| row.stage == Stage::Meta);
    meta.unwrap().state
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
        results(&receipt.meta)
            .contains(&"subscription still_used_by_another_organization".to_owned()),
        "{:?}",
        receipt.meta
    );
}
