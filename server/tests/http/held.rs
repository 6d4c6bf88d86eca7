//! A deletion that a legal hold keeps waiting: what its page, its JSON and the operator's numbers say.

use std::time::Duration;

use axum::{body::Body, http::Request};
use erasure::{
    hold::{self, Basis, Kind, Lifted, Order},
    id::RowId,
};
use server::http;
use tower::ServiceExt as _;

use crate::harness::TestApp;

const OWNER: &str = "owner@org-1.example";

async fn place(app: &TestApp) -> RowId {
    let organization = hold::organization_named(&app.services, "org-1")
        .await
        .unwrap();
    let order = Order {
        kind: Kind::Organization,
        subject: organization.unwrap(),
        basis: Basis::Authority,
        owner: "ada@example.org".parse().unwrap(),
        note: Some("Réquisition 12".parse().unwrap()),
        review_at: app.services.now() + Duration::from_hours(24 * 30),
        expires_at: app.services.now() + Duration::from_hours(24 * 90),
    };
    hold::place(&app.services, &order).await.unwrap()
}

async fn metrics(app: &TestApp) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = http::admin_router(app.services.clone(), http::Counters::default())
        .oneshot(request)
        .await
        .unwrap();
    let body = axum::body::to_bytes(answer.into_body(), 100_000)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_page_says_in_words_that_it_waits_why_and_until_when_and_goes_on_when_it_may() {
    let app = TestApp::start().await;
    let id = place(&app).await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;

    let (page, held) = browser.confirm(&app.code_mailed_to(OWNER)).await;

    for words in [
        "Suppression en attente",
        "Une autorité compétente",
        "24 décembre 2026",
        "CNIL",
    ] {
        assert!(held.body.contains(words), "{words}: {}", held.body);
    }
    let english = app.browser().get(&page.replace("/fr/", "/en/")).await;
    assert!(
        english.body.contains("A competent authority"),
        "{}",
        english.body
    );
    for shown in [&held.body, &english.body] {
        assert!(
            !shown.contains("Réquisition") && !shown.contains("ada@"),
            "what is ours stays ours"
        );
        assert!(
            !shown.contains("data-progress-url"),
            "nothing is polled for months"
        );
    }
    let capability = page.rsplit('/').next().unwrap();
    let json = app
        .browser()
        .get(&format!("/api/v1/erasures/{capability}"))
        .await;
    assert!(
        json.body.contains("\"state\":\"held\"") && json.body.contains("\"basis\":\"authority\""),
        "{}",
        json.body
    );
    let numbers = metrics(&app).await;
    assert!(
        numbers.contains("qliento_holds_active 1")
            && numbers.contains("qliento_holds_waiting_erasures 1"),
        "{numbers}"
    );

    for by in ["ada@example.org", "bea@example.org"] {
        let lifted = hold::lift(
            &app.services,
            &id,
            &by.parse().unwrap(),
            &"x".parse().unwrap(),
        )
        .await
        .unwrap();
        assert_eq!(
            matches!(lifted, Lifted::Ended { .. }),
            by.starts_with("bea")
        );
    }
    app.run_due_jobs().await;
    let receipt = app.browser().get(&page).await;
    assert!(
        receipt
            .body
            .contains("Une raison juridique a retenu cette suppression"),
        "{}",
        receipt.body
    );
}

#[tokio::test]
async fn a_review_that_is_overdue_is_an_alarm() {
    let app = TestApp::start().await;
    place(&app).await;
    assert!(metrics(&app).await.contains("qliento_holds_past_review 0"));

    app.clock.advance(Duration::from_hours(24 * 30));

    assert!(metrics(&app).await.contains("qliento_holds_past_review 1"));
}
