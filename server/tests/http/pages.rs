//! Every page: headers, languages, weight.

use axum::http::StatusCode;

use crate::harness::TestApp;

#[tokio::test]
async fn pages_without_an_island_carry_no_script_and_allow_none() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("owner@org-1.example").await;

    for path in [
        "/fr/login",
        "/en/login",
        "/fr/settings",
        "/en/settings/danger-zone",
        "/fr/nowhere",
    ] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("<script"), "{path}");
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'none'"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_wizard_allows_its_own_script_by_nonce_and_nothing_inline_besides() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("owner@org-1.example").await;

    let page = browser.get("/fr/settings/danger-zone/delete-account").await;

    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("'nonce-") && policy.contains("'wasm-unsafe-eval'"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    assert!(page.body.contains("/pkg/q.1.js") && !page.body.contains(" style=\""));
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let app = TestApp::start().await;
    let mut browser = app.browser();

    for path in [
        "/",
        "/fr/login",
        "/fr/nowhere",
        "/healthz",
        "/readyz",
        "/pkg/q.1.css",
        "/api/v1/erasures/x",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            answer
                .header("strict-transport-security")
                .contains("max-age=63072000"),
            "{path}"
        );
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_address_without_a_language_follows_the_browsers_wishes() {
    let app = TestApp::start().await;

    for path in ["/", "/login", "/settings", "/settings/danger-zone"] {
        let answer = app.browser().get(path).await;
        assert!(answer.location().starts_with("/fr"), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_that_says_so() {
    let app = TestApp::start().await;

    let (fr, en) = (
        app.browser().get("/fr/nowhere").await,
        app.browser().get("/en/nowhere").await,
    );

    assert_eq!(
        (fr.status, en.status),
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    );
    assert_ne!(fr.body, en.body);
}

#[tokio::test]
async fn pages_of_the_account_ask_for_a_sign_in_and_lead_back() {
    let app = TestApp::start().await;

    for path in [
        "/fr/settings",
        "/fr/settings/danger-zone",
        "/fr/settings/danger-zone/delete-account",
    ] {
        let answer = app.browser().get(path).await;
        assert!(answer.location().starts_with("/fr/login"), "{path}");
    }
}

#[tokio::test]
async fn built_files_may_be_kept_and_pages_may_not() {
    let app = TestApp::start().await;

    let style = app.browser().get("/pkg/q.1.css").await;
    let page = app.browser().get("/fr/login").await;

    assert!(style.header("cache-control").contains("immutable"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        app.browser().get("/pkg/missing.css").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        app.browser().get("/pkg/../qliento.db").await.status,
        StatusCode::NOT_FOUND
    );
}
