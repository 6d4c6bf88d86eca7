//! A receipt in the hands of whoever wants to know whether it is ours.

use axum::http::StatusCode;
use erasure::receipt::{self, KeySet};

use crate::harness::{Answer, Browser, TestApp};

/// The file of a receipt, as its page offers it.
async fn receipt_of_an_erasure(app: &TestApp) -> String {
    let mut browser = app.signed_in("owner@org-1.example").await;
    browser.begin().await;
    let code = app.code_mailed_to("owner@org-1.example");
    let (page, _) = browser.confirm(&code).await;
    app.run_due_jobs().await;
    let capability = page.rsplit('/').next().unwrap();
    let path = format!("/api/v1/erasures/{capability}/receipt");
    app.browser().get(&path).await.body
}

async fn check(browser: &mut Browser, file: &[u8]) -> Answer {
    browser
        .upload("/fr/receipt", &[("file", file), ("text", b"")])
        .await
}

#[tokio::test]
async fn whoever_has_a_receipt_can_check_it_here_and_elsewhere() {
    let app = TestApp::start().await;
    let file = receipt_of_an_erasure(&app).await;
    let mut stranger = app.browser();

    let form = stranger.get("/fr/receipt").await;
    let uploaded = check(&mut stranger, file.as_bytes()).await;
    let pasted = stranger
        .upload("/en/receipt", &[("file", b""), ("text", file.as_bytes())])
        .await;
    let published = stranger.get("/.well-known/qliento-receipt-keys.json").await;

    assert!(
        form.body.contains("enctype=\"multipart/form-data\""),
        "{}",
        form.body
    );
    for (answer, words) in [
        (&uploaded, "Ce reçu est authentique"),
        (&pasted, "This receipt is genuine"),
    ] {
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains(words), "{}", answer.body);
        assert!(!answer.body.contains("<script"));
    }
    let keys: KeySet = serde_json::from_str(&published.body).unwrap();
    assert!(receipt::verify(file.as_bytes(), &keys).is_ok());
    assert!(!published.body.contains("sealed"), "{}", published.body);
    assert_eq!(published.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn what_is_not_our_receipt_is_told_why_in_words() {
    let app = TestApp::start().await;
    let file = receipt_of_an_erasure(&app).await;
    let changed = file.replacen("\"erased\": ", "\"erased\": 1", 1);
    let mut unsigned: serde_json::Value = serde_json::from_str(&file).unwrap();
    unsigned.as_object_mut().unwrap().remove("signature");
    let unsigned = unsigned.to_string();
    let keys = receipt::key_set(&app.services.db).await.unwrap();
    let foreign = file.replace(&keys.keys[0].id, "0123456789abcdef");
    let huge = vec![b'x'; 10_000_000];
    let mut browser = app.browser();

    for (file, status, words) in [
        (changed.as_bytes(), 422, "La signature ne correspond pas"),
        (unsigned.as_bytes(), 422, "ne porte pas de signature"),
        (foreign.as_bytes(), 422, "0123456789abcdef"),
        (b"%PDF-1.7 \xff\xfe", 422, "pas du JSON"),
        (b"{\"a\": 1}", 422, "pas un reçu"),
        (b"", 422, "Rien n’a été envoyé"),
        (&huge, 413, "trop long pour un reçu"),
    ] {
        let answer = check(&mut browser, file).await;
        assert_eq!(answer.status.as_u16(), status, "{words}");
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
        assert!(!answer.body.contains("authentique."), "{words}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_or_kind_checks_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.browser();

    let plain = browser.post("/fr/receipt", &[("text", "{}")]).await;
    let request = axum::http::Request::builder()
        .uri("/fr/receipt")
        .header("sec-fetch-site", "cross-site");
    let foreign = browser.post_from(request, &[]).await;
    let nowhere = browser.upload("/xx/receipt", &[("file", b"{}")]).await;

    assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}
