//! Signing in and out, and what a stranger learns: nothing.

use axum::http::StatusCode;
use erasure::seed;

use crate::harness::{Answer, TestApp};

async fn attempt(app: &TestApp, email: &str, password: &str) -> Answer {
    let fields = [
        ("lang", "fr"),
        ("email", email),
        ("password", password),
        ("next", "/settings"),
    ];
    app.browser()
        .submit("/api/session/sign-in", &fields)
        .await
        .1
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_page() {
    let app = TestApp::start().await;

    let unknown = attempt(&app, "nobody@org-1.example", "wrong").await;
    let wrong = attempt(&app, "member@org-1.example", "wrong").await;

    assert_eq!(
        (unknown.status, wrong.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert_eq!(unknown.body.replace("nobody@", "member@"), wrong.body);
    assert!(
        wrong.body.contains("member@org-1.example"),
        "what was typed is kept"
    );
    assert!(!wrong.body.contains("value=\"wrong\""), "but no password");
    assert!(wrong.body.contains("<title>Erreur"), "{}", wrong.body);
}

#[tokio::test]
async fn an_empty_field_is_named() {
    let app = TestApp::start().await;

    assert_eq!(
        attempt(&app, "", "x").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        attempt(&app, "a@b.fr", "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn too_many_tries_say_when_to_come_back() {
    let app = TestApp::start().await;
    for _ in 0..8 {
        attempt(&app, "nobody@org-1.example", "wrong").await;
    }

    let answer = attempt(&app, "nobody@org-1.example", "wrong").await;

    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn a_message_is_shown_once() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let fields = [
        ("lang", "fr"),
        ("email", "a@b.fr"),
        ("password", "wrong"),
        ("next", "/settings"),
    ];
    let (login, first) = browser.submit("/api/session/sign-in", &fields).await;

    let again = browser.get(&login).await;

    assert_eq!(
        (first.status, again.status),
        (StatusCode::UNAUTHORIZED, StatusCode::OK)
    );
}

#[tokio::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let app = TestApp::start().await;
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/fr/../..//evil.example",
    ] {
        let fields = [
            ("lang", "fr"),
            ("email", "owner@org-1.example"),
            ("password", seed::PASSWORD),
            ("next", next),
        ];
        let answer = app.browser().post("/api/session/sign-in", &fields).await;
        assert!(
            answer.location().starts_with("/fr") && !answer.location().contains("evil"),
            "{next}: {}",
            answer.location()
        );
        app.clock.advance(std::time::Duration::from_mins(2));
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_too() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("owner@org-1.example").await;
    let mut stolen = browser.clone();

    browser
        .post("/api/session/sign-out", &[("lang", "fr")])
        .await;

    assert!(
        stolen
            .get("/fr/settings")
            .await
            .location()
            .starts_with("/fr/login")
    );
}
