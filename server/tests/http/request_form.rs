//! The public request form as a browser without JavaScript sees it, and everything that can go wrong in it.

use axum::http::StatusCode;

use crate::harness::{Answer, Browser, TestApp, minutes};

const WHO: &str = "/fr/request";
const IDENTITY: &str = "/fr/request/identity";
const BUSINESS: &str = "/fr/request/business";
const CHECK: &str = "/fr/request/check";
const NOBODY: &str = "nobody@example.fr";

/// Answers one question and looks at the page that this leads to.
async fn answer(browser: &mut Browser, step: &str, typed: &str) -> (String, Answer) {
    let fields = [("lang", "fr"), ("step", step), ("answer", typed)];
    browser.submit("/api/request/answer", &fields).await
}

/// From nothing to the page that shows all answers.
async fn answered_by_account_holder(browser: &mut Browser, address: &str) -> Answer {
    answer(browser, "who", "account_holder").await;
    answer(browser, "identity", address).await;
    let (page, shown) = answer(browser, "statement", "yes").await;
    assert_eq!(page, CHECK);
    shown
}

fn seen(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("name=\"seen\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn send(browser: &mut Browser, seen: &str) -> Answer {
    let fields = [("lang", "fr"), ("seen", seen)];
    browser.post("/api/request/send", &fields).await
}

#[tokio::test]
async fn somebody_without_access_walks_from_the_question_to_the_proof() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let check = answered_by_account_holder(&mut browser, NOBODY).await;
    assert!(check.body.contains(NOBODY));

    let sent = send(&mut browser, &seen(&check)).await;
    let proof = sent.location().to_owned();
    assert!(proof.starts_with("/fr/request/proof/"), "{proof}");
    let page = browser.get(&proof).await;
    assert!(page.body.contains("autocomplete=\"one-time-code\"") && page.body.contains("QD-"));
    assert!(!page.body.contains(NOBODY), "the address is masked");
    let capability = proof.rsplit('/').next().unwrap();
    let code = app.code_mailed_to(NOBODY);
    let fields = [("lang", "fr"), ("capability", capability), ("code", &code)];
    let (status, shown) = browser.submit("/api/request/verify", &fields).await;

    assert_eq!(status, format!("/fr/status/{capability}"));
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("Demande confirmée"), "{}", shown.body);
    assert_eq!(browser.get(&proof).await.location(), status);
}

#[tokio::test]
async fn a_wrong_answer_is_asked_again_with_what_was_typed() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let (page, refused) = answer(&mut browser, "who", "somebody").await;
    assert_eq!(
        (page.as_str(), refused.status),
        (WHO, StatusCode::UNPROCESSABLE_ENTITY)
    );
    answer(&mut browser, "who", "end_user").await;

    for typed in [
        "",
        "36 39",
        "+33 1 42 68 53 00",
        "120363025246125486@g.us",
        "+33 6 AB",
        "+٣٣٦١٢٣٤٥٦٧٨",
        "0612345678",
        "+999 123456",
        "+33 6",
        "+33 6 12 34 56 78 90 12",
        "\u{202e}87 65 43 21 6 33+",
        "<script>alert(1)</script>",
    ] {
        let (page, refused) = answer(&mut browser, "identity", typed).await;
        assert_eq!(
            (page.as_str(), refused.status),
            (IDENTITY, StatusCode::UNPROCESSABLE_ENTITY),
            "{typed}"
        );
        assert!(
            refused.body.contains("aria-invalid=\"true\"")
                && refused.body.contains("data-problems"),
            "{typed}"
        );
        assert!(
            !refused.body.contains("<script>alert"),
            "what was typed is escaped"
        );
    }
    let (_, kept) = answer(&mut browser, "identity", "+33 1 42 68 53 00").await;
    assert!(kept.body.contains("value=\"+33 1 42 68 53 00\""));
    let (page, _) = answer(&mut browser, "identity", "+33 6 12 34 56 78").await;
    assert_eq!(page, BUSINESS);
    for typed in [
        "http://evil.example",
        "www.evil.example",
        &"x".repeat(101),
        "a\u{7}b",
    ] {
        let (page, refused) = answer(&mut browser, "business", typed).await;
        assert_eq!(
            (page.as_str(), refused.status),
            (BUSINESS, StatusCode::UNPROCESSABLE_ENTITY),
            "{typed}"
        );
    }
    assert_eq!(
        app.number("SELECT count(*) FROM requests").await,
        0,
        "nothing is stored before it is sent"
    );
}

#[tokio::test]
async fn a_header_in_an_address_is_no_address() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    answer(&mut browser, "who", "account_holder").await;

    for typed in [
        "ada@example.fr\r\nBcc: eve@example.fr",
        "ada@example.fr%0d%0aBcc: x",
        "ada@localhost",
        "ada",
    ] {
        let (page, refused) = answer(&mut browser, "identity", typed).await;
        assert_eq!(
            (page.as_str(), refused.status),
            (IDENTITY, StatusCode::UNPROCESSABLE_ENTITY),
            "{typed:?}"
        );
    }
}

#[tokio::test]
async fn without_the_statement_nothing_is_sent() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    answer(&mut browser, "who", "account_holder").await;
    answer(&mut browser, "identity", NOBODY).await;

    let (page, refused) = answer(&mut browser, "statement", "").await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page, "/fr/request/statement");
    let check = browser.get(CHECK).await;
    assert_eq!(check.location(), "/fr/request/statement");
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn what_is_sent_is_what_was_shown() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let check = answered_by_account_holder(&mut browser, NOBODY).await;
    let shown = seen(&check);
    answer(&mut browser, "identity", "other@example.fr").await;

    let refused = send(&mut browser, &shown).await;
    assert_eq!(refused.location(), CHECK);
    let page = browser.get(CHECK).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.body.contains("other@example.fr"));
    for forged in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(
            send(&mut browser, forged).await.location(),
            CHECK,
            "{forged}"
        );
    }

    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
    assert!(
        send(&mut browser, &seen(&page))
            .await
            .location()
            .starts_with("/fr/request/proof/")
    );
}

#[tokio::test]
async fn a_form_that_lay_open_too_long_begins_anew_and_says_why() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let check = answered_by_account_holder(&mut browser, NOBODY).await;
    app.clock.advance(minutes(61));

    let refused = send(&mut browser, &seen(&check)).await;

    assert_eq!(refused.location(), WHO);
    let page = browser.get(WHO).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.body.contains("trop longtemps"), "{}", page.body);
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn a_double_submit_and_the_back_button_lead_to_one_request() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let check = answered_by_account_holder(&mut browser, NOBODY).await;
    let seen = seen(&check);
    let mut impatient = browser.clone();

    let first = send(&mut browser, &seen).await.location().to_owned();
    let second = send(&mut impatient, &seen).await.location().to_owned();
    let third = send(&mut browser, &seen).await.location().to_owned();

    assert_eq!((&first, &first), (&second, &third));
    for step in [IDENTITY, "/fr/request/statement", CHECK] {
        assert_eq!(browser.get(step).await.location(), first, "{step}");
    }
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 1);
    assert_eq!(
        browser.get(WHO).await.status,
        StatusCode::OK,
        "another one may be begun"
    );
}

#[tokio::test]
async fn somebody_elses_answers_open_in_no_other_browser() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    answered_by_account_holder(&mut browser, NOBODY).await;

    let mut stranger = app.browser();

    assert_eq!(stranger.get(CHECK).await.location(), WHO);
    let sent = send(&mut stranger, "x").await;
    assert_eq!(sent.location(), WHO);
}

#[tokio::test]
async fn links_that_open_nothing_are_one_page() {
    let app = TestApp::start().await;
    let unknown = "A".repeat(43);
    let mut bodies = Vec::new();

    for page in ["request/proof", "status", "objection"] {
        for capability in ["x", unknown.as_str(), "..%2Fetc"] {
            let answer = app.browser().get(&format!("/fr/{page}/{capability}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}/{capability}");
            let language = format!("/en/{page}/{capability}");
            bodies.push(answer.body.replace(&language, ""));
        }
    }
    let nonce = |body: &String| {
        let end = body.find("<body").unwrap();
        body[end..].to_owned()
    };
    let mut bodies: Vec<_> = bodies.iter().map(nonce).collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn pages_of_the_form_may_run_the_island_and_are_kept_by_no_cache() {
    let app = TestApp::start().await;

    let page = app.browser().get(WHO).await;

    assert!(page.header("content-security-policy").contains("'nonce-"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-robots-tag"), "noindex");
    for path in ["/request", "/status", "/data-deletion"] {
        assert!(
            app.browser().get(path).await.location().starts_with("/fr"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_before_it_is_read() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    answer(&mut browser, "who", "end_user").await;

    let huge = "1".repeat(10_000_000);
    let answer = browser
        .post(
            "/api/request/answer",
            &[("step", "identity"), ("answer", &huge)],
        )
        .await;

    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("larger"), "{}", answer.body);
}
