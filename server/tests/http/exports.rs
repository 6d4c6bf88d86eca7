//! Taking one's data along, from a browser without JavaScript.

use axum::http::{Method, StatusCode};

use crate::harness::{Answer, Browser, TestApp, minutes};

const OWNER: &str = "owner@org-1.example";
const PAGE: &str = "/fr/settings/export";
const DOWNLOAD: &str = "/api/account/export?lang=fr";

fn is_zip(answer: &Answer) -> bool {
    answer.bytes.starts_with(b"PK\x03\x04")
        && answer.bytes.windows(4).any(|bytes| bytes == b"PK\x05\x06")
}

async fn prove(browser: &mut Browser, password: &str) -> (String, Answer) {
    let fields = [("lang", "fr"), ("password", password)];
    browser
        .submit("/api/account/prove-for-export", &fields)
        .await
}

#[tokio::test]
async fn it_is_offered_in_the_settings_and_before_deleting() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;

    for page in ["/fr/settings", "/fr/settings/danger-zone/delete-account"] {
        let page = browser.get(page).await;
        assert!(
            page.body.contains(&format!("href=\"{PAGE}\"")),
            "{}",
            page.body
        );
    }
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(DOWNLOAD), "{}", page.body);
    assert!(!page.body.contains("<script"), "it needs none");
}

#[tokio::test]
async fn the_download_is_a_whole_zip_that_no_cache_keeps() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;

    let answer = browser
        .ask(Method::GET, DOWNLOAD, ("sec-fetch-site", "same-origin"))
        .await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"qliento-export-2026-11-24.zip\""
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(is_zip(&answer));
}

#[tokio::test]
async fn an_old_proof_asks_for_the_password_and_then_the_download_begins() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    app.clock.advance(minutes(6));

    let stale = browser.get(DOWNLOAD).await;
    assert_eq!(stale.location(), PAGE);
    let page = browser.get(PAGE).await;
    assert!(
        page.body.contains("name=\"password\"") && !page.body.contains(DOWNLOAD),
        "{}",
        page.body
    );

    let (location, refused) = prove(&mut browser, "wrong").await;
    assert_eq!(
        (location.as_str(), refused.status),
        (PAGE, StatusCode::UNAUTHORIZED)
    );
    let (location, missing) = prove(&mut browser, "").await;
    assert_eq!(
        (location.as_str(), missing.status),
        (PAGE, StatusCode::UNPROCESSABLE_ENTITY)
    );
    let (location, page) = prove(&mut browser, erasure::seed::PASSWORD).await;
    assert_eq!(location, PAGE);
    assert!(page.body.contains(DOWNLOAD), "{}", page.body);
    assert!(is_zip(&browser.get(DOWNLOAD).await));
}

#[tokio::test]
async fn no_other_site_no_stranger_and_no_browser_that_looks_ahead_begins_it() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;

    for (method, header) in [
        (Method::GET, ("sec-fetch-site", "cross-site")),
        (Method::GET, ("sec-fetch-site", "same-site")),
        (Method::GET, ("sec-purpose", "prefetch;prerender")),
        (Method::HEAD, ("sec-fetch-site", "same-origin")),
    ] {
        let answer = browser.ask(method, DOWNLOAD, header).await;
        assert_eq!(answer.location(), PAGE, "{header:?}");
    }
    let stranger = app.browser().get(DOWNLOAD).await;
    assert_eq!(stranger.location(), "/fr/login?next=/settings/export");
    let mail = app.mail.letters();
    assert!(mail.is_empty(), "nothing was begun");
}

#[tokio::test]
async fn too_many_in_a_row_are_told_when_the_next_is_allowed() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    for _ in 0..3 {
        assert!(is_zip(&browser.get(DOWNLOAD).await));
    }

    let refused = browser.get(DOWNLOAD).await;
    assert_eq!(refused.location(), PAGE);
    let page = browser.get(PAGE).await;

    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.header("retry-after"), "1200");
}

#[tokio::test]
async fn its_link_dies_with_the_account() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let (page, _) = browser.confirm(&app.code_mailed_to(OWNER)).await;
    assert!(page.starts_with("/fr/erasure/"));

    let answer = browser.get(DOWNLOAD).await;

    assert_eq!(answer.location(), "/fr/login?next=/settings/export");
}

#[tokio::test]
async fn a_member_is_told_that_it_is_about_them_alone() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("member@org-1.example").await;

    let page = browser.get("/en/settings/export").await;

    assert!(
        page.body
            .contains("Data of organizations that you do not own is not part of it"),
        "{}",
        page.body
    );
    assert!(is_zip(&browser.get(DOWNLOAD).await));
}
