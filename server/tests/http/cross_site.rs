//! Nothing is changed by a request that another site made a browser send.

use axum::http::{Request, StatusCode};

use crate::harness::{ORIGIN, TestApp};

const FORMS: [&str; 16] = [
    "/api/session/sign-in",
    "/api/session/sign-out",
    "/api/account/begin-deletion",
    "/api/account/prove-identity",
    "/api/account/send-code",
    "/api/account/confirm-deletion",
    "/api/erasure/cancel",
    "/api/request/answer",
    "/api/request/send",
    "/api/request/send-code",
    "/api/request/message-code",
    "/api/request/verify",
    "/api/request/withdraw",
    "/api/request/find",
    "/api/request/go-on",
    "/api/request/object",
];

#[tokio::test]
async fn forms_of_other_sites_are_refused_everywhere() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("owner@org-1.example").await;
    for path in FORMS {
        for headers in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![],
        ] {
            let request = headers
                .iter()
                .fold(Request::builder().uri(path), |request, (name, value)| {
                    request.header(*name, *value)
                });
            let answer = browser.post_from(request, &[("lang", "fr")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
    assert_eq!(app.number("SELECT count(*) FROM deletion_codes").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn an_old_browser_that_sends_its_origin_is_served() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("owner@org-1.example").await;

    let request = Request::builder()
        .uri("/api/session/sign-out")
        .header("origin", ORIGIN);
    let answer = browser.post_from(request, &[("lang", "fr")]).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(app.number("SELECT count(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_form_larger_than_any_of_ours_is_refused() {
    let app = TestApp::start().await;
    let long = "1".repeat(100_000);

    let answer = app
        .browser()
        .post("/api/session/sign-in", &[("email", &long)])
        .await;

    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        app.number("SELECT count(*) FROM rate_limits").await,
        0,
        "it never reached the domain"
    );
}
