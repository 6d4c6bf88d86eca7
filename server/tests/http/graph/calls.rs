//! What each call does at Meta, and what is heard of it.

use std::time::Duration;

use erasure::graph::{
    App, Circuit, Graph as _, GraphError,
    simulated::{APP_SECRET, Outage},
};

use super::{Class, Line, class, number, token, waba};

#[tokio::test]
async fn an_account_is_unsubscribed_and_no_longer_listed_and_doing_it_again_changes_nothing() {
    let line = Line::open().await;
    assert_eq!(line.client.is_subscribed(&waba()).await, Ok(true));

    line.client.unsubscribe(&waba()).await.unwrap();

    assert_eq!(line.client.is_subscribed(&waba()).await, Ok(false));
    let again = line.client.unsubscribe(&waba()).await.unwrap_err();
    assert_eq!(
        (class(&again), again.evidence().code),
        (Class::Gone, Some(803))
    );
    assert_eq!(line.meta.unsubscribed(), ["102290129340398"]);
}

#[tokio::test]
async fn a_list_that_lags_behind_shows_what_was_taken_away() {
    let line = Line::open().await;
    line.meta.set_lag(2);
    line.client.unsubscribe(&waba()).await.unwrap();

    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(line.client.is_subscribed(&waba()).await.unwrap());
    }

    assert_eq!(seen, [true, true, false]);
}

#[tokio::test]
async fn other_providers_apps_are_not_ours_and_every_page_is_read() {
    let line = Line::open().await;
    line.meta.set_neighbours(25);
    assert_eq!(line.client.is_subscribed(&waba()).await, Ok(true));

    line.client.unsubscribe(&waba()).await.unwrap();

    assert_eq!(line.client.is_subscribed(&waba()).await, Ok(false));
    let lists = line
        .meta
        .calls()
        .into_iter()
        .filter(|call| call.line.starts_with("GET"));
    assert_eq!(lists.count(), 6, "three pages, twice");
    let nameless = Line::of(App::default()).await;
    nameless.meta.set_neighbours(1);
    nameless.client.unsubscribe(&waba()).await.unwrap();
    assert_eq!(
        nameless.client.is_subscribed(&waba()).await,
        Ok(true),
        "any app may be ours"
    );
}

#[tokio::test]
async fn the_token_is_never_taken_to_another_host() {
    let line = Line::open().await;
    line.meta.set_outage(Outage::Refusing);

    let error = line.client.is_subscribed(&waba()).await.unwrap_err();

    assert_eq!(
        class(&error),
        Class::Later,
        "the next page stands elsewhere and is not asked for"
    );
    assert_eq!(line.meta.calls().len(), 1);
}

#[tokio::test]
async fn a_numbers_own_callback_is_taken_away_and_a_number_leaves_the_cloud_api() {
    let line = Line::open().await;
    line.meta
        .set_override("106540352242922", "https://own.example");

    line.client.clear_override(&number()).await.unwrap();
    line.client.clear_override(&number()).await.unwrap();
    line.client.deregister(&number()).await.unwrap();

    assert_eq!(line.meta.overrides(), Vec::<String>::new());
    assert_eq!(line.meta.deregistered(), ["106540352242922"]);
    let again = line.client.deregister(&number()).await.unwrap_err();
    assert_eq!(
        (class(&again), again.evidence().code),
        (Class::Gone, Some(133_010))
    );
    for _ in 0..8 {
        let _ = line.client.deregister(&number()).await;
    }
    let limited = line.client.deregister(&number()).await.unwrap_err();
    assert_eq!(limited.evidence().code, Some(133_016));
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_any_more() {
    let line = Line::open().await;

    line.client.revoke(&token()).await.unwrap();

    assert_eq!(line.meta.revoked(), 1);
    let refused = line.client.unsubscribe(&waba()).await.unwrap_err();
    assert_eq!(
        (class(&refused), refused.evidence().subcode),
        (Class::NoAccess, Some(463))
    );
    let unknown = Line::of(App::default()).await;
    assert_eq!(
        unknown.client.revoke(&token()).await,
        Err(GraphError::NotConfigured)
    );
}

#[tokio::test]
async fn each_call_proves_that_it_knows_the_apps_secret() {
    let line = Line::open().await;
    line.meta.require_proof(true);
    line.client.unsubscribe(&waba()).await.unwrap();

    let without = Line::of(App::default()).await;
    without.meta.require_proof(true);
    assert_eq!(
        class(&without.client.unsubscribe(&waba()).await.unwrap_err()),
        Class::NeedsPerson(None)
    );
    let wrong = Line::of(App {
        id: None,
        secret: Some("another app's".into()),
    })
    .await;
    assert_eq!(
        class(&wrong.client.unsubscribe(&waba()).await.unwrap_err()),
        Class::NeedsPerson(None)
    );
}

#[tokio::test]
async fn the_wait_that_meta_asks_for_is_heard() {
    let line = Line::open().await;

    let error = line.on(Outage::AccountRateLimited).await;

    let GraphError::Later { wait, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(wait, Some(Duration::from_mins(19)));
}

#[tokio::test]
async fn a_meta_that_fails_again_and_again_is_left_alone_and_tried_once_later() {
    let line = Line::open().await;
    for _ in 0..5 {
        line.on(Outage::Down).await;
    }
    let asked = line.meta.calls().len();

    let held_back = line.on(Outage::None).await;

    assert!(matches!(line.client.health().circuit, Circuit::Open { .. }));
    let GraphError::Later {
        wait: Some(wait), ..
    } = held_back
    else {
        panic!("{held_back:?}")
    };
    assert_eq!(line.meta.calls().len(), asked, "nobody asked");
    line.clock.advance(wait);
    line.client.unsubscribe(&waba()).await.unwrap();
    assert_eq!(line.client.health().circuit, Circuit::Closed);
    assert!(line.client.health().answers.contains(&("later", 5)));
}

#[tokio::test]
async fn no_error_prints_a_token_or_an_address() {
    let line = Line::open().await;
    for outage in [
        Outage::Reset,
        Outage::Silent,
        Outage::Html,
        Outage::Redirect,
        Outage::TokenRevoked,
    ] {
        line.meta.misbehave(outage, 3, None);
        let errors = [
            line.client.unsubscribe(&waba()).await.unwrap_err(),
            line.client.is_subscribed(&waba()).await.unwrap_err(),
            line.client.revoke(&token()).await.unwrap_err(),
        ];
        let printed = format!("{errors:?} {} {} {}", errors[0], errors[1], errors[2]);
        for secret in [
            "EAAJ",
            "nobody-may",
            APP_SECRET,
            "http:",
            "102290129340398",
            "subscribed_apps",
        ] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
