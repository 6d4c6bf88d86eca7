//! The link to an erasure, as JSON.

use axum::http::StatusCode;

use crate::harness::TestApp;

#[tokio::test]
async fn unknown_and_malformed_links_get_one_answer() {
    let app = TestApp::start().await;
    let (unknown, long) = ("A".repeat(43), "A".repeat(5_000));
    let mut answers = Vec::new();
    for capability in [
        "x",
        "..%2F..%2Fetc",
        &unknown,
        &long,
        "%00",
        "%ff",
        "%C3%28",
        "a/b",
        "",
    ] {
        for ending in ["", "/receipt"] {
            let path = format!("/api/v1/erasures/{capability}{ending}");
            let answer = app.browser().get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            answers.push((answer.body, answer.headers));
        }
    }

    answers.dedup();

    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn faults_of_the_json_are_problem_documents() {
    let app = TestApp::start().await;
    let mut browser = app.browser();

    let nothing = browser.get("/api/v1/nothing").await;
    let post = browser.post("/api/v1/erasures/x", &[]).await;

    for (answer, status) in [
        (nothing, StatusCode::NOT_FOUND),
        (post, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["status"], status.as_u16());
        assert!(
            problem["title"].is_string() && problem["type"].is_string(),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn progress_and_receipt_open_without_a_session_and_hold_nothing_personal() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("owner@org-1.example").await;
    browser.begin().await;
    let (page, _) = browser
        .confirm(&app.code_mailed_to("owner@org-1.example"))
        .await;
    let capability = page.rsplit('/').next().unwrap().to_owned();
    let mut stranger = app.browser();

    let early = stranger
        .get(&format!("/api/v1/erasures/{capability}/receipt"))
        .await;
    let running = stranger
        .get(&format!("/api/v1/erasures/{capability}"))
        .await;
    app.run_due_jobs().await;
    let done = stranger
        .get(&format!("/api/v1/erasures/{capability}"))
        .await;
    let receipt = stranger
        .get(&format!("/api/v1/erasures/{capability}/receipt"))
        .await;
    let shown = stranger.get(&page).await;

    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(
        running.body.contains("\"state\":\"erasing\""),
        "{}",
        running.body
    );
    assert!(
        done.body.contains("\"state\":\"completed\""),
        "{}",
        done.body
    );
    assert!(
        receipt
            .header("content-disposition")
            .starts_with("attachment; filename=\"qliento-receipt-QD-")
    );
    assert_eq!(shown.status, StatusCode::OK);
    for body in [&running.body, &done.body, &receipt.body, &shown.body] {
        assert!(!body.contains("org-1"), "{body}");
    }
    assert_eq!(receipt.header("cache-control"), "no-store");
}
