//! What Meta says about customers' logins and accounts: it ends connections, and never deletes a customer's data.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use erasure::{
    facebook_login::{self, Account, CallbackError, Confirmation, Status},
    graph::simulated::{APP_ID, APP_SECRET},
    retention,
    vault::AppSecret,
    webhook::Outcome,
};
use serde_json::{Value, json};

use crate::{
    harness::{World, hours},
    line::{Line, envelope},
};

impl World {
    /// A request about somebody, as Meta signs it now.
    fn signed(&self, user: &str) -> String {
        let payload = json!({ "user_id": user, "algorithm": "HMAC-SHA256", "issued_at": self.now().as_millis() / 1_000 });
        let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
        let signature = AppSecret::new(APP_SECRET.into()).sign(payload.as_bytes());
        format!("{}.{payload}", URL_SAFE_NO_PAD.encode(signature))
    }

    async fn login_of(&self, slug: &str) -> String {
        let owner = self.person(slug, "owner").await;
        self.text(&format!(
            "SELECT app_scoped_user_id FROM users WHERE email = '{owner}'"
        ))
        .await
    }

    async fn forwarded(&self, user: &str) -> Confirmation {
        facebook_login::delete(&self.services, &self.signed(user))
            .await
            .unwrap()
    }

    async fn standing_of(&self, confirmation: &Confirmation) -> Status {
        facebook_login::status(&self.services, &confirmation.code)
            .await
            .unwrap()
            .unwrap()
    }

    async fn connected(&self, slug: &str) -> i64 {
        let organization = self.organization(slug).await;
        self.number(&format!(
            "SELECT count(*) FROM whatsapp_profiles WHERE organization_id = '{organization}' AND token_sealed IS NOT NULL"
        ))
        .await
    }
}

#[tokio::test]
async fn a_forwarded_request_takes_what_came_from_facebook_and_invites_for_the_rest() {
    let world = World::with_organizations(2).await;
    let (login, neighbour) = (
        world.login_of("org-1").await,
        world.organization("org-2").await,
    );
    let (ours, theirs) = (
        world.organization("org-1").await,
        world.everything_of(&neighbour).await,
    );
    let before = world.rows_of(&ours).await;
    let numbers = world.connected("org-1").await;
    let owner = world.person("org-1", "owner").await;

    let confirmation = world.forwarded(&login).await;
    world.settle().await;

    assert_eq!(
        confirmation.url,
        format!(
            "https://app.qliento.com/meta-deletion/{}",
            confirmation.code.expose()
        )
    );
    assert_eq!(
        world
            .number("SELECT count(*) FROM users WHERE app_scoped_user_id IS NOT NULL")
            .await,
        1
    );
    assert_eq!(world.connected("org-1").await, 0);
    assert_eq!(
        world.rows_of(&ours).await,
        before,
        "no row of the customer's goes at Meta's word"
    );
    assert_eq!(world.everything_of(&neighbour).await, theirs);
    let status = world.standing_of(&confirmation).await;
    assert_eq!(
        (status.disconnected, status.account),
        (numbers, Some(Account::WaitsForItsHolder))
    );
    let letters = world.letters_to(&owner);
    assert_eq!(
        letters.len(),
        2,
        "the invitation, and what happened to the numbers"
    );
    assert!(
        letters
            .iter()
            .any(|letter| letter.text.contains("/settings/danger-zone/delete-account"))
    );
}

#[tokio::test]
async fn a_request_that_comes_again_is_answered_the_same_and_does_nothing_twice() {
    let world = World::with_organizations(1).await;
    let signed = world.signed(&world.login_of("org-1").await);

    let first = facebook_login::delete(&world.services, &signed)
        .await
        .unwrap();
    world.advance(hours(24 * 6));
    let again = facebook_login::delete(&world.services, &signed)
        .await
        .unwrap();
    world.settle().await;

    assert_eq!((&first.url, &first.code), (&again.url, &again.code));
    assert_eq!(world.mail.letters().len(), 2);
    assert_eq!(world.number("SELECT count(*) FROM meta_deletions").await, 1);
    world.advance(hours(25));
    assert!(matches!(
        facebook_login::delete(&world.services, &signed).await,
        Err(CallbackError::OutOfTime)
    ));
}

#[tokio::test]
async fn a_stranger_is_answered_just_the_same_and_finds_that_there_is_nothing() {
    let world = World::with_organizations(1).await;

    let confirmation = world.forwarded("218471").await;

    let status = world.standing_of(&confirmation).await;
    assert_eq!((status.account, status.disconnected), (None, 0));
    assert_eq!(confirmation.code.expose().len(), 26);
    world.settle().await;
    assert_eq!(world.mail.letters().len(), 0);
    let other = world.forwarded("218472").await;
    assert_ne!(confirmation.code, other.code);
}

#[tokio::test]
async fn the_page_follows_the_account_until_it_is_gone() {
    let world = World::with_organizations(1).await;
    let confirmation = world.forwarded(&world.login_of("org-1").await).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    let during = world.standing_of(&confirmation).await;
    world.complete(&capability).await;
    let after = world.standing_of(&confirmation).await;

    assert_eq!(
        (during.account, after.account),
        (Some(Account::BeingErased), Some(Account::Erased))
    );
    world.advance(hours(24 * 366));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(
        facebook_login::status(&world.services, &confirmation.code)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn taking_the_app_away_ends_connections_and_a_deletion_request_still_finds_the_person() {
    let world = World::with_organizations(1).await;
    let login = world.login_of("org-1").await;

    facebook_login::deauthorize(&world.services, &world.signed(&login))
        .await
        .unwrap();
    facebook_login::deauthorize(&world.services, &world.signed(&login))
        .await
        .unwrap();
    facebook_login::deauthorize(&world.services, &world.signed("218471"))
        .await
        .unwrap();
    world.settle().await;

    assert_eq!(world.connected("org-1").await, 0);
    assert_eq!(world.mail.letters().len(), 1, "the owner is told once");
    let confirmation = world.forwarded(&login).await;
    assert_eq!(
        world.standing_of(&confirmation).await.account,
        Some(Account::WaitsForItsHolder)
    );
}

#[tokio::test]
async fn an_organization_that_is_being_erased_keeps_its_token_for_the_engine() {
    let world = World::with_organizations(1).await;
    let (login, line) = (
        world.login_of("org-1").await,
        Line::of(&world, "org-1").await,
    );
    let numbers = world.connected("org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    facebook_login::deauthorize(&world.services, &world.signed(&login))
        .await
        .unwrap();
    world
        .receive(&account_update(
            &line.waba,
            "PARTNER_APP_UNINSTALLED",
            APP_ID,
        ))
        .await;

    assert_eq!(world.connected("org-1").await, numbers);
    world.complete(&capability).await;
    world.settle().await;
}

fn account_update(waba: &str, event: &str, app: &str) -> Value {
    let value = json!({ "event": event, "waba_info": { "waba_id": waba, "owner_business_id": "1284923862322270", "partner_app_id": app } });
    // Of a partner's event the entry is a business portfolio.
    envelope("1284923862322270", "account_update", &value)
}

#[tokio::test]
async fn only_the_end_of_our_own_app_or_of_the_account_disconnects() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let before = world.everything_of(&line.organization).await;
    let mut moved = account_update(&line.waba, "PARTNER_REMOVED", APP_ID);
    moved["entry"][0]["changes"][0]["value"]["disconnection_info"] =
        json!({ "reason": "USER_INITIATED" });

    for event in [
        account_update(&line.waba, "PARTNER_APP_UNINSTALLED", "999"),
        account_update("1", "PARTNER_APP_UNINSTALLED", APP_ID),
        account_update(&line.waba, "PARTNER_REMOVED", APP_ID),
        moved,
        account_update(&line.waba, "ACCOUNT_OFFBOARDED", APP_ID),
        account_update(&line.waba, "ACCOUNT_RECONNECTED", APP_ID),
        account_update(&line.waba, "SOMETHING_NEW", APP_ID),
    ] {
        let tally = world.receive(&event).await;
        assert_eq!(tally.of(Outcome::NotKnown), 1, "{event}");
    }
    assert_eq!(world.everything_of(&line.organization).await, before);

    let tally = world
        .receive(&account_update(
            &line.waba,
            "PARTNER_APP_UNINSTALLED",
            APP_ID,
        ))
        .await;
    let again = world
        .receive(&account_update(
            &line.waba,
            "PARTNER_APP_UNINSTALLED",
            APP_ID,
        ))
        .await;
    world.settle().await;

    assert_eq!(
        (tally.of(Outcome::Disconnected), again.of(Outcome::NotKnown)),
        (1, 1)
    );
    assert_eq!(world.connected("org-1").await, 0);
    let owner = world.person("org-1", "owner").await;
    assert_eq!(world.letters_to(&owner).len(), 1);
    assert_eq!(world.mail.letters().len(), 1);
}

#[tokio::test]
async fn an_account_that_was_deleted_at_meta_is_disconnected_here() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;

    let tally = world
        .receive(&line.change("account_update", &json!({ "event": "ACCOUNT_DELETED" })))
        .await;

    assert_eq!(tally.of(Outcome::Disconnected), 1);
    assert_eq!(world.connected("org-1").await, 0);
    world.settle().await;
}
