//! The console: its door, its headers, who may see what, and that a stranger learns nothing.

use axum::http::StatusCode;
use erasure::{
    locale::Locale,
    staff::{self, Role, Who},
};

use crate::{
    colleague::{PASSWORD, code_of},
    harness::{TestApp, minutes},
};

const PAGES: [&str; 6] = [
    "/fr/console/account",
    "/en/console/account/password",
    "/fr/console/account/authenticator",
    "/en/console/account/recovery-codes",
    "/fr/console/staff",
    "/en/console/audit",
];

#[tokio::test]
async fn no_page_of_the_console_has_a_script_or_is_kept_or_found() {
    let app = TestApp::start().await;
    let boss = app.colleague("boss", Role::Administrator).await;
    let mut browser = app.in_console(&boss).await;
    let mut stranger = app.browser();

    let mut pages = vec![stranger.get("/fr/console/sign-in").await];
    pages.push(stranger.get("/en/console/set-up/nothing").await);
    for path in PAGES {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        pages.push(page);
    }
    let agent = app.colleague("agathe", Role::Agent).await;
    let mut agent = app.in_console(&agent).await;
    for path in ["/fr/console/requests", "/en/console/holds"] {
        pages.push(agent.get(path).await);
    }

    for page in pages {
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'none'"), "{policy}");
        assert!(!page.body.contains("<script") && !page.body.contains(" style=\""));
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-robots-tag"), "noindex");
        assert!(page.body.contains("name=\"robots\" content=\"noindex\""));
    }
}

#[tokio::test]
async fn the_passkeys_page_allows_its_one_script_by_nonce_and_no_connection() {
    let app = TestApp::start().await;

    let page = app.browser().get("/fr/console/passkey").await;

    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'nonce-"), "{policy}");
    assert!(
        !policy.contains("'self' 'nonce")
            && !policy.contains("unsafe")
            && !policy.contains("connect")
    );
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(page.body.contains("<noscript>"));
}

#[tokio::test]
async fn whatever_is_wrong_the_page_is_the_same() {
    let app = TestApp::start().await;
    let ada = app.colleague("ada", Role::Agent).await;
    let code = ada.fresh_code(&app);
    let mut bodies = Vec::new();

    for (email, password, code) in [
        ("eve@qliento.example", PASSWORD, code.as_str()),
        ("ada@qliento.example", "another password of mine", &code),
        ("ada@qliento.example", PASSWORD, "000000"),
    ] {
        let (_, page) = app.browser().enter(email, password, code).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.body.contains(email), "what was typed is kept");
        assert!(!page.body.contains(password) && !page.body.contains(&format!("value=\"{code}\"")));
        bodies.push(page.body.replace("eve@", "ada@"));
    }

    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn an_empty_field_is_named_and_too_many_tries_say_when_to_come_back() {
    let app = TestApp::start().await;
    for (email, password, code) in [("", "x", "1"), ("a@b.fr", "", "1"), ("a@b.fr", "x", " ")] {
        let (_, page) = app.browser().enter(email, password, code).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for _ in 0..6 {
        app.browser().enter("a@b.fr", "x", "1").await;
    }

    let (_, page) = app.browser().enter("a@b.fr", "x", "1").await;

    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn every_page_asks_for_a_sign_in_and_leads_back() {
    let app = TestApp::start().await;
    let ada = app.colleague("ada", Role::Administrator).await;

    for path in PAGES {
        let answer = app.browser().get(path).await;
        let next = &path[3..];
        let door = format!("{}/console/sign-in?next={next}", &path[..3]);
        assert_eq!(answer.location(), door);
    }
    let mut browser = app.browser();
    let code = ada.fresh_code(&app);
    let fields = [
        ("lang", "en"),
        ("next", "/console/audit"),
        ("email", ada.email.as_str()),
        ("password", PASSWORD),
        ("code", &code),
    ];
    let answer = browser.post("/api/console/sign-in", &fields).await;
    assert_eq!(answer.location(), "/en/console/audit");
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-staff=") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_customers_session_opens_nothing_here() {
    let app = TestApp::start().await;
    let mut owner = app.signed_in("owner@org-1.example").await;

    for path in PAGES {
        let answer = owner.get(path).await;
        assert!(answer.location().contains("/console/sign-in"), "{path}");
    }
}

#[tokio::test]
async fn each_role_sees_its_pages_and_is_told_when_it_may_not() {
    let app = TestApp::start().await;
    for (role, may) in [
        (Role::Agent, false),
        (Role::Officer, false),
        (Role::Auditor, true),
        (Role::Administrator, true),
    ] {
        let colleague = app.colleague(role.as_str(), role).await;
        let mut browser = app.in_console(&colleague).await;
        for path in ["/fr/console/staff", "/en/console/audit"] {
            let page = browser.get(path).await;
            let expected = if may {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(page.status, expected, "{role:?} {path}");
            let offered = format!("href=\"{path}\"");
            let account = browser
                .get(&format!("{}/console/account", &path[..3]))
                .await;
            assert_eq!(account.body.contains(&offered), may, "{role:?} {path}");
        }
    }
    let refused = app.number(
        "SELECT count(*) FROM staff_audit WHERE outcome = 'refused' AND role <> 'stranger'",
    );
    assert_eq!(refused.await, 4);
}

#[tokio::test]
async fn an_account_is_set_up_on_one_page_and_the_link_is_dead_afterwards() {
    let app = TestApp::start().await;
    let email = "ada@qliento.example".parse().unwrap();
    let capability = staff::add(
        &app.services,
        Who::Operator,
        &email,
        Role::Officer,
        Locale::En,
    )
    .await
    .unwrap();
    let path = format!("/en/console/set-up/{}", capability.expose());
    let mut browser = app.browser();
    let mut nosy = app.browser();
    let first = browser.get(&path).await;
    let letters = letters(&first.body);
    assert_eq!(
        letters,
        self::letters(&browser.get(&path).await.body),
        "the same again"
    );
    assert_ne!(
        letters,
        self::letters(&nosy.get(&path).await.body),
        "another elsewhere"
    );

    let code = code_of(&letters, &app);
    let mut send = async |new: &str, code: &str, kept: &str| {
        let fields = [
            ("lang", "en"),
            ("capability", capability.expose()),
            ("new", new),
            ("code", code),
            ("kept", kept),
        ];
        browser.submit("/api/console/set-up", &fields).await
    };
    for (new, code, kept) in [
        ("short", code.as_str(), "yes"),
        ("motdepasse2026", &code, "yes"),
        (PASSWORD, "000000", "yes"),
        (PASSWORD, "", "yes"),
        (PASSWORD, &code, ""),
    ] {
        let (location, page) = send(new, code, kept).await;
        assert_eq!(location, path);
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{new} {code} {kept}"
        );
        assert!(
            !page.body.contains(&format!("value=\"{new}\"")),
            "no password comes back"
        );
        assert_eq!(self::letters(&page.body), letters, "the picture stays");
    }
    let (location, page) = send(PASSWORD, &code, "yes").await;

    assert_eq!(location, "/en/console/account");
    assert!(page.body.contains("Welcome") && page.body.contains("Officer"));
    let dead = nosy.get(&path).await;
    let never = nosy.get("/en/console/set-up/abc").await;
    assert_eq!(dead.status, StatusCode::NOT_FOUND);
    let end = format!("set-up/{}", capability.expose());
    assert_eq!(dead.body.replace(&end, "set-up/abc"), never.body);
}

/// The key in letters, as the page shows it.
fn letters(body: &str) -> String {
    let (_, rest) = body.split_once("<code class=\"app-letters\">").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_decision_asks_for_a_fresh_proof_and_comes_back_to_its_page() {
    let app = TestApp::start().await;
    let boss = app.colleague("boss", Role::Administrator).await;
    let mut browser = app.in_console(&boss).await;
    app.clock.advance(minutes(6));
    let invite = [
        ("lang", "fr"),
        ("email", "ada@qliento.example"),
        ("role", "agent"),
        ("language", "fr"),
    ];

    let sent = browser.post("/api/console/add-member", &invite).await;
    assert_eq!(sent.location(), "/fr/console/prove?next=/console/staff");
    let page = browser.get("/fr/console/account/password").await;
    assert_eq!(
        page.location(),
        "/fr/console/prove?next=/console/account/password"
    );
    let proof = [
        ("lang", "fr"),
        ("next", "/console/staff"),
        ("code", "000000"),
    ];
    let (_, wrong) = browser.submit("/api/console/prove", &proof).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let code = boss.codes[0].grouped();
    let proof = [("lang", "fr"), ("next", "/console/staff"), ("code", &code)];
    let (location, _) = browser.submit("/api/console/prove", &proof).await;
    assert_eq!(location, "/fr/console/staff");
    let (_, page) = browser.submit("/api/console/add-member", &invite).await;

    assert!(page.body.contains("ada@qliento.example"));
    assert_eq!(page.status, StatusCode::OK);
    app.run_due_jobs().await;
    let letters = app.mail.letters();
    let to: Vec<_> = letters.iter().map(|letter| letter.to.expose()).collect();
    assert!(to.contains(&"ada@qliento.example"), "the invitation");
    assert!(
        to.contains(&boss.email.as_str()),
        "a recovery code was used"
    );
}

#[tokio::test]
async fn bad_input_about_members_gets_a_sentence_and_changes_nothing() {
    let app = TestApp::start().await;
    let boss = app.colleague("boss", Role::Administrator).await;
    let ada = app.colleague("ada", Role::Agent).await;
    let mut browser = app.in_console(&boss).await;
    let before = app.number("SELECT count(*) FROM staff").await;

    for (email, role, expected) in [
        ("not an address", "agent", StatusCode::UNPROCESSABLE_ENTITY),
        ("b@qliento.example", "", StatusCode::UNPROCESSABLE_ENTITY),
        (
            ada.email.as_str(),
            "agent",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "x\r\nBcc: y@z.fr",
            "agent",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let fields = [("lang", "fr"), ("email", email), ("role", role)];
        let (_, page) = browser.submit("/api/console/add-member", &fields).await;
        assert_eq!(page.status, expected, "{email:?} {role:?}");
    }
    for (member, act, expected) in [
        (
            "0190a0b0-0000-7000-8000-000000000000",
            "reset_staff",
            StatusCode::NOT_FOUND,
        ),
        (
            "'; DROP TABLE staff",
            "disable_staff",
            StatusCode::NOT_FOUND,
        ),
        (
            "0190a0b0-0000-7000-8000-000000000000",
            "sign_in",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let fields = [
            ("lang", "fr"),
            ("member", member),
            ("act", act),
            ("role", ""),
        ];
        let (_, page) = browser.submit("/api/console/change-member", &fields).await;
        assert_eq!(page.status, expected, "{member:?} {act:?}");
    }

    assert_eq!(app.number("SELECT count(*) FROM staff").await, before);
}

#[tokio::test]
async fn an_agent_who_posts_an_administrators_form_is_refused() {
    let app = TestApp::start().await;
    let agent = app.colleague("agent", Role::Agent).await;
    let mut browser = app.in_console(&agent).await;
    let fields = [
        ("lang", "en"),
        ("email", "friend@qliento.example"),
        ("role", "administrator"),
    ];

    let (_, page) = browser.submit("/api/console/add-member", &fields).await;
    let copy = [("lang", "en"), ("format", "csv")];
    let file = browser.post("/api/console/audit-copy", &copy).await;

    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(file.location(), "/en/console/audit");
    let members = app.number("SELECT count(*) FROM staff WHERE email LIKE 'friend%'");
    assert_eq!(members.await, 0);
}

#[tokio::test]
async fn the_record_is_read_filtered_and_taken_away() {
    let app = TestApp::start().await;
    let auditor = app.colleague("auditor", Role::Auditor).await;
    let mut browser = app.in_console(&auditor).await;

    let page = browser
        .get("/en/console/audit?act=set_up&outcome=done")
        .await;
    assert!(page.body.contains("auditor@qliento.example · Auditor"));
    assert!(page.body.contains("Access set up") && page.body.contains("value=\"set_up\" selected"));
    let nonsense = browser
        .get("/en/console/audit?act=%27&who=x&about=../..&before=-1")
        .await;
    assert_eq!(nonsense.status, StatusCode::OK);

    let csv = browser
        .post(
            "/api/console/audit-copy",
            &[("lang", "en"), ("format", "csv")],
        )
        .await;
    assert_eq!(csv.status, StatusCode::OK);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        csv.header("content-disposition")
            .contains("qliento-journal.csv")
    );
    assert_eq!(csv.header("cache-control"), "no-store");
    assert!(csv.body.starts_with("\u{feff}\"position\",\"occurred_at\""));
    assert!(
        csv.body
            .contains("\"auditor@qliento.example\",\"auditor\",\"sign_in\",\"done\"")
    );
    let json = browser
        .post(
            "/api/console/audit-copy",
            &[("format", "json"), ("act", "sign_in")],
        )
        .await;
    let entries: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(entries.as_array().unwrap().len(), 1);
    assert_eq!(entries[0]["email"], "auditor@qliento.example");
    let none = browser
        .post(
            "/api/console/audit-copy",
            &[("format", "json"), ("act", "add_passkey")],
        )
        .await;
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&none.body).unwrap(),
        serde_json::json!([])
    );
    app.clock.advance(minutes(6));
    let late = browser
        .post(
            "/api/console/audit-copy",
            &[("lang", "fr"), ("format", "csv")],
        )
        .await;
    assert_eq!(late.location(), "/fr/console/prove?next=/console/audit");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_too() {
    let app = TestApp::start().await;
    let ada = app.colleague("ada", Role::Agent).await;
    let mut browser = app.in_console(&ada).await;
    let mut stolen = browser.clone();

    let (location, page) = browser
        .submit("/api/console/sign-out", &[("lang", "fr")])
        .await;

    assert_eq!(location, "/fr/console/sign-in");
    assert!(page.body.contains("Vous êtes déconnecté"));
    let answer = stolen.get("/fr/console/account").await;
    assert!(answer.location().contains("/sign-in"));
}

#[tokio::test]
async fn a_passkeys_answer_without_its_challenge_is_refused_in_words() {
    let app = TestApp::start().await;
    let said = r#"{"credential":"AAAA","client_data":"e30","authenticator_data":"AAAA","signature":"AAAA"}"#;
    let fields = [("lang", "en"), ("answer", said)];

    let (_, without) = app
        .browser()
        .submit("/api/console/use-passkey", &fields)
        .await;
    let mut browser = app.browser();
    browser.get("/en/console/passkey").await;
    let (_, wrong) = browser.submit("/api/console/use-passkey", &fields).await;

    browser.get("/en/console/passkey").await;
    let fields = [("lang", "en"), ("answer", "not JSON")];
    let (_, nonsense) = browser.submit("/api/console/use-passkey", &fields).await;

    assert_eq!(without.status, StatusCode::CONFLICT);
    assert_eq!(nonsense.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains("not accepted"));
}
