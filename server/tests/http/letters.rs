//! The letters behind the wizard: the code's way to the owner, and what the other owners can do with theirs.

use axum::http::StatusCode;
use erasure::mail::MailError;

use crate::harness::{TestApp, minutes};

const OWNER: &str = "owner@org-1.example";
const CODE: &str = "/fr/settings/danger-zone/delete-account/code";

#[tokio::test]
async fn a_mail_server_that_is_down_is_said_and_loses_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    app.mail.fail_with(Some(MailError::Later("down")));
    browser.begin().await;

    let step = browser.get(CODE).await;
    assert!(
        step.body.contains("role=\"alert\"") || step.body.contains("notice"),
        "{}",
        step.body
    );
    app.mail.fail_with(None);
    app.clock.advance(minutes(1));
    let (_, again) = browser
        .submit("/api/account/send-code", &[("lang", "fr")])
        .await;

    assert_eq!(again.status, StatusCode::OK);
    assert!(
        browser
            .confirm(&app.code_mailed_to(OWNER))
            .await
            .0
            .starts_with("/fr/erasure/")
    );
}

#[tokio::test]
async fn another_code_too_soon_is_answered_politely() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;

    let (page, answer) = browser
        .submit("/api/account/send-code", &[("lang", "fr")])
        .await;

    assert_eq!(
        (page.as_str(), answer.status),
        (CODE, StatusCode::TOO_MANY_REQUESTS)
    );
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn another_owner_cancels_from_the_letters_link_without_signing_in() {
    let app = TestApp::start().await;
    app.write(
        "UPDATE memberships SET role = 'owner' WHERE role = 'admin'",
        vec![],
    )
    .await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    browser.confirm(&app.code_mailed_to(OWNER)).await;
    app.run_due_jobs().await;
    let letters = app.mail.letters();
    let letter = letters
        .iter()
        .find(|letter| letter.to.expose() == "admin@org-1.example")
        .unwrap();
    let link = letter
        .text
        .lines()
        .find(|line| line.starts_with("https://"))
        .unwrap();
    let path = link.trim_start_matches("https://app.example.com");
    let capability = path.rsplit('/').next().unwrap();
    let mut other = app.browser();
    assert!(other.get(path).await.body.contains("/api/erasure/cancel"));

    let (_, page) = other
        .submit(
            "/api/erasure/cancel",
            &[("lang", "fr"), ("capability", capability)],
        )
        .await;
    let (_, again) = other
        .submit(
            "/api/erasure/cancel",
            &[("lang", "fr"), ("capability", capability)],
        )
        .await;

    assert_eq!(
        (page.status, again.status),
        (StatusCode::OK, StatusCode::OK)
    );
    assert_eq!(
        app.number("SELECT count(*) FROM organizations WHERE frozen_at IS NOT NULL")
            .await,
        0
    );
}
