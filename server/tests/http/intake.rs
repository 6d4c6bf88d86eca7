//! Letters over HTTP: only with the secret, only letters, and the answer says nothing about anybody.

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, StatusCode},
};
use erasure::intake::LIMIT_BYTES;

use crate::harness::{Answer, TestApp};

const SECRET: &str = "0123456789abcdef0123";
const PATH: &str = "/api/intake/email";

async fn app() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("intake.secret");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    TestApp::with(&[("intake_secret_file", file.display().to_string())]).await
}

async fn send(app: &TestApp, secret: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(Method::POST).uri(PATH);
    if let Some(secret) = secret {
        request = request.header("authorization", secret);
    }
    app.browser().send(request, body.into()).await
}

async fn with_secret(app: &TestApp, body: impl Into<Body>) -> Answer {
    send(app, Some(&format!("Bearer {SECRET}")), body).await
}

fn letter(from: &str, id: &str) -> String {
    format!("From: {from}\r\nMessage-ID: <{id}>\r\nSubject: x\r\n\r\nPlease delete my data.\r\n")
}

fn secret_of_link(app: &TestApp, address: &str) -> String {
    let letters = app.mail.letters();
    let letter = letters
        .iter()
        .rev()
        .find(|letter| letter.to.expose() == address)
        .unwrap();
    let link = letter
        .text
        .split_whitespace()
        .find(|word| word.contains("/status/"));
    link.unwrap().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_letter_is_taken_with_the_secret_and_the_same_is_said_of_everybody() {
    let app = app().await;

    let known = with_secret(&app, letter("owner@org-1.example", "1@x")).await;
    let unknown = with_secret(&app, letter("nobody@example.fr", "2@x")).await;
    let again = with_secret(&app, letter("nobody@example.fr", "2@x")).await;
    let program = with_secret(&app, "From: a@example.fr\r\nPrecedence: bulk\r\n\r\n").await;

    for answer in [&known, &unknown, &again, &program] {
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        assert_eq!(answer.body, "");
        assert_eq!(answer.headers, known.headers);
    }
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 2);
    app.run_due_jobs().await;
    assert_eq!(app.mail.letters().len(), 2);
}

#[tokio::test]
async fn without_the_secret_nothing_is_read() {
    let app = app().await;
    for secret in [
        None,
        Some(""),
        Some("Bearer "),
        Some("Bearer wrong"),
        Some("Basic 0123456789abcdef0123"),
        Some("0123456789abcdef0123"),
        Some("Bearer 0123456789abcdef01234"),
    ] {
        let answer = send(&app, secret, letter("a@example.fr", "1@x")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{secret:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(answer.body.contains("urn:qliento:problem:wrong-secret"));
    }
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
    let refused = "qliento_letters_total{way=\"http\",outcome=\"refused\"} 7";
    assert!(app.metrics().await.contains(refused));
}

#[tokio::test]
async fn where_no_secret_is_configured_there_is_nothing() {
    let app = TestApp::without_meta().await;

    let answer = with_secret(&app, letter("a@example.fr", "1@x")).await;

    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("urn:qliento:problem:not-found"));
}

#[tokio::test]
async fn a_letter_that_is_too_large_is_refused_and_nothing_of_it_is_kept() {
    let app = app().await;
    let mut raw = letter("a@example.fr", "1@x").into_bytes();
    raw.resize(LIMIT_BYTES, b'x');
    assert_eq!(
        with_secret(&app, raw.clone()).await.status,
        StatusCode::ACCEPTED
    );

    for bytes in [LIMIT_BYTES + 1, 40 * 1024 * 1024] {
        raw.resize(bytes, b'x');
        // In one piece, and in many whose sum nobody has said before.
        let pieces: Vec<_> = raw.chunks(1 << 20).map(Bytes::copy_from_slice).collect();
        let pieces = futures::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>));
        for body in [Body::from(raw.clone()), Body::from_stream(pieces)] {
            let answer = with_secret(&app, body).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
            assert!(answer.body.contains("urn:qliento:problem:too-large"));
        }
    }
    assert_eq!(app.number("SELECT count(*) FROM mail_originals").await, 1);
}

#[tokio::test]
async fn what_is_no_letter_breaks_off_or_comes_another_way_is_refused() {
    let app = app().await;
    for body in ["", "{}", "Subject: x\r\n\r\nx", "From: nobody\r\n\r\nx"] {
        let answer = with_secret(&app, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body:?}");
        assert!(answer.body.contains("unreadable-letter"), "{}", answer.body);
    }
    let broken = [
        Ok(Bytes::from_static(b"From: a@example.fr\r\n")),
        Err(std::io::Error::other("gone")),
    ];
    let answer = with_secret(&app, Body::from_stream(futures::stream::iter(broken))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);

    let looked = app.browser().get(PATH).await;
    assert_eq!(looked.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(looked.header("content-type"), "application/problem+json");
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn behind_the_link_the_form_is_filled_in_and_proven_without_a_script() {
    let app = app().await;
    with_secret(&app, letter("owner@org-1.example", "1@x")).await;
    app.run_due_jobs().await;
    let secret = secret_of_link(&app, "owner@org-1.example");
    let mut browser = app.browser();

    let page = browser.get(&format!("/en/status/{secret}")).await;
    assert!(
        page.body.contains("A few questions are left"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("owner@org-1.example"), "{}", page.body);
    let fields = [("lang", "en"), ("capability", secret.as_str())];
    let begun = browser.post("/api/request/go-on", &fields).await;
    assert_eq!(begun.location(), "/en/request");
    for (step, answer) in [
        ("who", "account_holder"),
        ("identity", "owner@org-1.example"),
        ("statement", "yes"),
    ] {
        let fields = [("lang", "en"), ("step", step), ("answer", answer)];
        browser
            .post("/api/request/answer", &fields)
            .await
            .location();
    }
    let check = browser.get("/en/request/check").await;
    let seen = check
        .body
        .split("name=\"seen\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    let sent = browser
        .post("/api/request/send", &[("lang", "en"), ("seen", seen)])
        .await;

    assert_eq!(sent.location(), format!("/en/request/proof/{secret}"));
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 1);
    let code = app.code_mailed_to("owner@org-1.example");
    let fields = [
        ("lang", "en"),
        ("capability", secret.as_str()),
        ("code", code.as_str()),
    ];
    let proven = browser.post("/api/request/verify", &fields).await;
    assert_eq!(proven.location(), format!("/en/status/{secret}"));
    let status = browser.get(&format!("/api/v1/requests/{secret}")).await;
    assert!(
        status.body.contains("\"state\":\"proven\""),
        "{}",
        status.body
    );
}

#[tokio::test]
async fn a_form_that_lay_open_for_too_long_leads_back_to_its_letter() {
    let app = app().await;
    with_secret(&app, letter("a@example.fr", "1@x")).await;
    app.run_due_jobs().await;
    let secret = secret_of_link(&app, "a@example.fr");
    let mut browser = app.browser();
    let fields = [("lang", "en"), ("capability", secret.as_str())];
    browser.post("/api/request/go-on", &fields).await.location();

    app.clock.advance(crate::harness::minutes(61));
    let fields = [("lang", "en"), ("step", "who"), ("answer", "end_user")];
    let late = browser.post("/api/request/answer", &fields).await;

    assert_eq!(late.location(), format!("/en/status/{secret}"));
}
