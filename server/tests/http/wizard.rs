//! The whole wizard as a browser without JavaScript sees it, and everything that can go wrong in it.

use axum::http::StatusCode;
use erasure::seed;

use crate::harness::{TestApp, minutes};

const OWNER: &str = "owner@org-1.example";
const OVERVIEW: &str = "/fr/settings/danger-zone/delete-account";
const CODE: &str = "/fr/settings/danger-zone/delete-account/code";
const IDENTITY: &str = "/fr/settings/danger-zone/delete-account/identity";

fn wrong(code: &str) -> String {
    code.chars()
        .map(|digit| {
            digit.to_digit(10).map_or(digit, |digit| {
                char::from_digit((digit + 1) % 10, 10).unwrap()
            })
        })
        .collect()
}

#[tokio::test]
async fn an_owner_walks_from_the_preview_to_the_receipt() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;

    let overview = browser.get(OVERVIEW).await;
    assert_eq!(overview.status, StatusCode::OK);
    browser.begin().await;
    let step = browser.get(CODE).await;
    assert!(
        step.body.contains("autocomplete=\"one-time-code\"")
            && step.body.contains("inputmode=\"numeric\"")
    );
    let code = app.code_mailed_to(OWNER);
    let (page, progress) = browser.confirm(&code).await;

    assert!(page.starts_with("/fr/erasure/"), "{page}");
    assert_eq!(progress.status, StatusCode::OK);
    assert!(
        browser
            .get("/fr/settings")
            .await
            .location()
            .starts_with("/fr/")
    );
    app.run_due_jobs().await;
    let receipt = browser.get(&page).await;
    assert!(
        receipt.body.contains("QD-") && receipt.body.contains("/receipt"),
        "{}",
        receipt.body
    );
    assert_eq!(app.number("SELECT count(*) FROM organizations").await, 1);
}

#[tokio::test]
async fn an_owner_ticks_a_number_and_only_that_one_leaves_the_api() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    let overview = browser.get(OVERVIEW).await.body;
    let ids: Vec<_> = overview
        .split("name=\"deregister[]\" value=\"")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0.to_owned())
        .collect();
    assert!(
        !ids.is_empty() && !overview.contains("checked"),
        "{overview}"
    );

    let fields = [("lang", "fr"), ("deregister[]", ids[0].as_str())];
    browser.post("/api/account/begin-deletion", &fields).await;
    let again = browser.get(OVERVIEW).await.body;
    assert_eq!(again.matches(" checked").count(), 1, "{again}");
    let code = app.code_mailed_to(OWNER);
    let (page, _) = browser.confirm(&code).await;
    app.run_due_jobs().await;

    let receipt = browser.get(&page).await.body;
    let named = "Numéro dans l’API WhatsApp Business";
    assert_eq!(receipt.matches(named).count(), 1, "{receipt}");
    let chosen = "SELECT count(*) FROM erasure_steps WHERE target LIKE 'registration.%' AND outcome = 'deregistered'";
    assert_eq!(app.number(chosen).await, 1);
}

#[tokio::test]
async fn a_wrong_code_keeps_what_was_typed_and_says_how_many_tries_are_left() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let typed = wrong(&app.code_mailed_to(OWNER));

    let (page, answer) = browser.confirm(&typed).await;

    assert_eq!(
        (page.as_str(), answer.status),
        (CODE, StatusCode::UNPROCESSABLE_ENTITY)
    );
    assert!(
        answer.body.contains(&typed) && answer.body.contains('4'),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("aria-invalid=\"true\""));
}

#[tokio::test]
async fn what_cannot_be_a_code_is_told_apart() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let mut sentences = Vec::new();

    for typed in ["", "1234", "123456789", "abcdefgh", "<script>", "١٢٣٤٥٦٧٨"] {
        let (page, answer) = browser.confirm(typed).await;
        assert_eq!(
            (page.as_str(), answer.status),
            (CODE, StatusCode::UNPROCESSABLE_ENTITY),
            "{typed}"
        );
        assert!(
            !answer.body.contains("<script>"),
            "what was typed is escaped"
        );
        sentences.push(answer.body.len());
    }

    assert!(
        browser
            .confirm(&app.code_mailed_to(OWNER))
            .await
            .0
            .starts_with("/fr/erasure/"),
        "no try was spent"
    );
}

#[tokio::test]
async fn an_expired_code_asks_for_a_new_one() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let code = app.code_mailed_to(OWNER);
    app.clock.advance(minutes(10));

    let (_, answer) = browser.confirm(&code).await;

    assert_eq!(
        answer.location(),
        IDENTITY,
        "the proof is as old as the code"
    );
    let page = browser.get(IDENTITY).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("expir"), "{}", page.body);
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 0);
}

#[tokio::test]
async fn a_code_from_another_session_or_person_opens_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let code = app.code_mailed_to(OWNER);

    for email in [OWNER, "owner@org-2.example"] {
        let (_, answer) = app.signed_in(email).await.confirm(&code).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
    }
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 0);
}

#[tokio::test]
async fn an_account_that_changed_goes_back_to_the_preview() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let code = app.code_mailed_to(OWNER);
    app.write(
        "UPDATE organizations SET name = 'Another name' WHERE slug = 'org-1'",
        vec![],
    )
    .await;

    let (page, answer) = browser.confirm(&code).await;

    assert_eq!(
        (page.as_str(), answer.status),
        (OVERVIEW, StatusCode::CONFLICT)
    );
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 0);
}

#[tokio::test]
async fn a_double_submit_leads_to_the_same_page() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let code = app.code_mailed_to(OWNER);
    let mut impatient = browser.clone();

    let (first, _) = browser.confirm(&code).await;
    let (second, _) = impatient.confirm(&code).await;

    assert_eq!(first, second);
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 1);
}

#[tokio::test]
async fn the_back_button_after_the_confirmation_leads_forward_again() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let mut with_old_cookie = browser.clone();
    let (page, _) = browser.confirm(&app.code_mailed_to(OWNER)).await;

    for step in [OVERVIEW, IDENTITY, CODE] {
        assert_eq!(with_old_cookie.get(step).await.location(), page, "{step}");
    }
}

#[tokio::test]
async fn two_tabs_share_one_code() {
    let app = TestApp::start().await;
    let mut first = app.signed_in(OWNER).await;
    let mut second = first.clone();
    first.begin().await;
    second.begin().await;

    assert_eq!(app.number("SELECT count(*) FROM deletion_codes").await, 1);
    let (page, _) = second.confirm(&app.code_mailed_to(OWNER)).await;
    assert!(page.starts_with("/fr/erasure/"));
    assert_eq!(first.get(CODE).await.location(), page);
}

#[tokio::test]
async fn somebody_signed_out_midway_comes_back_to_the_wizard() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    app.clock.advance(minutes(31));

    let answer = browser
        .post(
            "/api/account/confirm-deletion",
            &[("lang", "fr"), ("code", "12345678")],
        )
        .await;

    let login = answer.location().to_owned();
    assert!(
        login.starts_with("/fr/login") && login.contains("next="),
        "{login}"
    );
    let next = login.split("next=").nth(1).unwrap().replace("%2F", "/");
    let fields = [
        ("lang", "fr"),
        ("email", OWNER),
        ("password", seed::PASSWORD),
        ("next", next.as_str()),
    ];
    let back = browser.post("/api/session/sign-in", &fields).await;
    assert!(
        back.location().contains("delete-account"),
        "{}",
        back.location()
    );
}

#[tokio::test]
async fn an_old_proof_asks_for_the_password_and_goes_on() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    app.clock.advance(minutes(6));

    let asked = browser
        .post("/api/account/begin-deletion", &[("lang", "fr")])
        .await;
    assert_eq!(asked.location(), IDENTITY);
    let (page, refused) = browser
        .submit(
            "/api/account/prove-identity",
            &[("lang", "fr"), ("password", "wrong")],
        )
        .await;
    assert_eq!(
        (page.as_str(), refused.status),
        (IDENTITY, StatusCode::UNAUTHORIZED)
    );
    let proved = browser
        .post(
            "/api/account/prove-identity",
            &[("lang", "fr"), ("password", seed::PASSWORD)],
        )
        .await;

    assert_eq!(proved.location(), CODE);
}

#[tokio::test]
async fn an_organization_deleted_meanwhile_by_another_owner_ends_the_wizard() {
    let app = TestApp::start().await;
    app.write(
        "UPDATE memberships SET role = 'owner' WHERE role = 'admin'",
        vec![],
    )
    .await;
    let (mut first, mut second) = (
        app.signed_in(OWNER).await,
        app.signed_in("admin@org-1.example").await,
    );
    first.begin().await;
    second.begin().await;
    let late_code = app.code_mailed_to("admin@org-1.example");
    first.confirm(&app.code_mailed_to(OWNER)).await;

    let answer = second
        .post(
            "/api/account/confirm-deletion",
            &[("lang", "fr"), ("code", &late_code)],
        )
        .await;

    assert!(
        answer.location().starts_with("/fr/login"),
        "{}",
        answer.location()
    );
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 1);
}

#[tokio::test]
async fn a_hundred_right_codes_at_once_confirm_once_and_all_lead_to_one_page() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in(OWNER).await;
    browser.begin().await;
    let code = app.code_mailed_to(OWNER);
    let submits: Vec<_> = (0..100)
        .map(|_| {
            let (mut browser, code) = (browser.clone(), code.clone());
            tokio::spawn(async move {
                let fields = [("lang", "fr"), ("code", code.as_str())];
                browser
                    .post("/api/account/confirm-deletion", &fields)
                    .await
                    .location()
                    .to_owned()
            })
        })
        .collect();

    let mut confirmed = std::collections::BTreeSet::new();
    for submit in submits {
        let location = submit.await.unwrap();
        if location.starts_with("/fr/erasure/") {
            confirmed.insert(location);
        }
    }

    assert_eq!(confirmed.len(), 1);
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 1);
}
