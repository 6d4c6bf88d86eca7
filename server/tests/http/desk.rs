//! The desk in browsers without JavaScript: the queue, a request, decisions by two people, and what is said when they cannot be.

use axum::http::StatusCode;
use erasure::{
    id::RequestId,
    locale::Locale,
    network::Network,
    person::{Identity, PhoneNumber},
    request::{
        self, Channel,
        submit::{self, Ask, Asker, Once, Statement},
    },
    staff::Role,
};

use crate::{
    colleague::Colleague,
    harness::{Answer, Browser, TestApp, minutes},
};

const MAILBOX: &str = "somebody@example.fr";
const WHY: &str = "La lettre de mandat nomme quelqu’un d’autre que vous.";
const ACT: &str = "/api/console/act-on-request";

/// Somebody asks for another: staff has to decide.
async fn asked(app: &TestApp) -> (RequestId, String) {
    let identity = Identity::Phone(PhoneNumber::from_wa_id("33699887766").unwrap());
    let ask = Ask {
        channel: Channel::Form,
        asker: Asker::new(request::Role::Representative, identity.clone()).unwrap(),
        business: Some("Atelier Rivage".parse().unwrap()),
        contact: Some(MAILBOX.parse().unwrap()),
        locale: Locale::Fr,
        statement: Statement::made(true).unwrap(),
    };
    let network = Network::unknown();
    let submitted = submit::submit(&app.services, &ask, Once::Never, &network)
        .await
        .unwrap();
    request::accept_as_operator(&app.services, &submitted.reference, &identity)
        .await
        .unwrap();
    app.run_due_jobs().await;
    let row: (String,) = app
        .services
        .db
        .fetch_one("SELECT id FROM requests", vec![])
        .await
        .unwrap();
    (row.0.parse().unwrap(), submitted.reference)
}

async fn act(
    browser: &mut Browser,
    id: &RequestId,
    act: &str,
    fields: &[(&str, &str)],
) -> (String, Answer) {
    let id = id.to_string();
    let mut all = vec![("lang", "fr"), ("request", id.as_str()), ("act", act)];
    all.extend(fields);
    browser.submit(ACT, &all).await
}

fn path(id: &RequestId) -> String {
    format!("/fr/console/requests/{id}")
}

async fn officer(app: &TestApp, name: &str) -> (Colleague, Browser) {
    let colleague = app.colleague(name, Role::Officer).await;
    let browser = app.in_console(&colleague).await;
    (colleague, browser)
}

#[tokio::test]
async fn the_queue_leads_to_a_request_and_says_nothing_about_anybody() {
    let app = TestApp::start().await;
    let (id, reference) = asked(&app).await;
    let agathe = app.colleague("agathe", Role::Agent).await;
    let mut browser = app.in_console(&agathe).await;

    let queue = browser.get("/fr/console/requests").await;

    assert_eq!(queue.status, StatusCode::OK);
    assert!(queue.body.contains(&reference) && queue.body.contains(&path(&id)));
    assert!(!queue.body.contains("699887") && !queue.body.contains(MAILBOX));
    for (filter, is_shown) in [
        ("only=waiting", true),
        ("only=overdue", false),
        ("state=erasing", false),
        (
            "assignee=nobody&named=yes&channel=form&state=in_review",
            true,
        ),
        ("assignee=me", false),
        ("state=nonsense&ends=x&id=%00", true),
    ] {
        let page = browser.get(&format!("/fr/console/requests?{filter}")).await;
        assert_eq!(page.body.contains(&path(&id)), is_shown, "{filter}");
    }
    let lower = reference.to_lowercase();
    let found = browser
        .get(&format!("/en/console/requests?reference={lower}"))
        .await;
    assert!(found.body.contains(&reference));
}

#[tokio::test]
async fn a_request_is_masked_until_somebody_who_may_asks_to_see_it() {
    let app = TestApp::start().await;
    let (id, _) = asked(&app).await;
    let (_, mut browser) = officer(&app, "odile").await;

    let masked = browser.get(&path(&id)).await;
    let whole = browser.get(&format!("{}?show=all", path(&id))).await;

    for secret in ["699887", MAILBOX, "Atelier Rivage"] {
        assert!(!masked.body.contains(secret), "{secret}");
        assert!(whole.body.contains(secret), "{secret}");
    }
    for page in [&masked, &whole] {
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'none'")
        );
    }
    let auditor = app.colleague("aude", Role::Auditor).await;
    let mut auditor = app.in_console(&auditor).await;
    let page = auditor.get(&path(&id)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("show=all") && !page.body.contains("<textarea"));
    let denied = auditor.get(&format!("{}?show=all", path(&id))).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let boss = app.colleague("boss", Role::Administrator).await;
    let mut boss = app.in_console(&boss).await;
    assert_eq!(boss.get(&path(&id)).await.status, StatusCode::FORBIDDEN);
    let stranger = app.browser().get(&path(&id)).await;
    assert_eq!(
        stranger.location(),
        format!("/fr/console/sign-in?next=/console/requests/{id}")
    );
}

#[tokio::test]
async fn one_officer_proposes_a_refusal_and_another_confirms_it() {
    let app = TestApp::start().await;
    let (id, _) = asked(&app).await;
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;
    let refusal = [
        ("choice", "authority_not_shown"),
        ("line", ""),
        ("day", ""),
        ("words", WHY),
    ];

    let (location, page) = act(&mut odile, &id, "propose_refusal", &refusal).await;
    assert_eq!(location, path(&id));
    assert!(page.body.contains(WHY) && !page.body.contains("value=\"confirm_refusal\""));
    let (_, own) = act(&mut odile, &id, "confirm_refusal", &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let (_, twice) = act(&mut oscar, &id, "propose_refusal", &refusal).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let queue = oscar.get("/fr/console/requests?only=waiting").await;
    assert!(queue.body.contains("attend une seconde personne"));
    assert!(
        oscar
            .get(&path(&id))
            .await
            .body
            .contains("value=\"confirm_refusal\"")
    );
    let (_, done) = act(&mut oscar, &id, "confirm_refusal", &[]).await;

    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains("Refusée"));
    app.run_due_jobs().await;
    let letters = app.mail.letters();
    let letter = letters
        .iter()
        .rev()
        .find(|letter| letter.to.expose() == MAILBOX);
    assert!(letter.unwrap().text.contains(WHY));
    let (_, late) = act(&mut oscar, &id, "confirm_refusal", &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_decision_that_waits_for_a_proof_finds_its_words_again() {
    let app = TestApp::start().await;
    let (id, _) = asked(&app).await;
    let (odile, mut browser) = officer(&app, "odile").await;
    app.clock.advance(minutes(6));
    let refusal = [
        ("choice", "excessive"),
        ("line", "Loi X"),
        ("day", "2027-03-01"),
        ("words", WHY),
    ];

    let id_text = id.to_string();
    let mut fields = vec![
        ("lang", "fr"),
        ("request", id_text.as_str()),
        ("act", "propose_refusal"),
    ];
    fields.extend(refusal);
    let sent = browser.post(ACT, &fields).await;
    let next = format!("/console/requests/{id}");
    assert_eq!(sent.location(), format!("/fr/console/prove?next={next}"));
    let code = odile.fresh_code(&app);
    let proof = [("lang", "fr"), ("next", next.as_str()), ("code", &code)];
    let (location, page) = browser.submit("/api/console/prove", &proof).await;

    assert_eq!(location, path(&id));
    assert!(page.body.contains(WHY) && page.body.contains("value=\"Loi X\""));
    assert!(page.body.contains("value=\"2027-03-01\""));
    let tags = page.body.split("<details").skip(1);
    let open = tags.filter(|rest| rest.split('>').next().unwrap().contains("open"));
    assert_eq!(
        open.count(),
        1,
        "the form that was interrupted, and no other"
    );
    let (_, done) = browser.submit(ACT, &fields).await;
    assert!(done.body.contains("Le refus est proposé"));
}

#[tokio::test]
async fn bad_input_at_the_desk_gets_a_sentence_keeps_what_was_typed_and_changes_nothing() {
    let app = TestApp::start().await;
    let (id, _) = asked(&app).await;
    let (_, mut browser) = officer(&app, "odile").await;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;

    for (name, fields, status) in [
        (
            "propose_refusal",
            vec![("choice", ""), ("words", WHY)],
            unfit,
        ),
        (
            "propose_refusal",
            vec![("choice", "expression"), ("words", "Trop court.")],
            unfit,
        ),
        (
            "propose_refusal",
            vec![("choice", "expression"), ("words", WHY), ("day", "demain")],
            unfit,
        ),
        (
            "extend_term",
            vec![
                ("choice", "legal_hold"),
                ("words", WHY),
                ("day", "2030-01-01"),
            ],
            unfit,
        ),
        (
            "extend_term",
            vec![("choice", "legal_hold"), ("words", WHY), ("day", "")],
            unfit,
        ),
        ("add_note", vec![("words", "  ")], unfit),
        (
            "assign_request",
            vec![("choice", "01890000-0000-7000-8000-000000000000")],
            unfit,
        ),
        (
            "overrule_objection",
            vec![("case", "01890000-0000-7000-8000-000000000000")],
            StatusCode::NOT_FOUND,
        ),
        ("confirm_refusal", vec![], StatusCode::CONFLICT),
        ("disable_staff", vec![], unfit),
        ("nonsense", vec![], unfit),
    ] {
        let (_, page) = act(&mut browser, &id, name, &fields).await;
        assert_eq!(page.status, status, "{name} {fields:?}");
        if let Some((_, typed)) = fields.iter().find(|(field, _)| *field == "words") {
            assert!(
                typed.trim().is_empty() || page.body.contains(typed),
                "{name}"
            );
        }
    }

    let events: (i64,) = app
        .services
        .db
        .fetch_one(
            "SELECT count(*) FROM request_events WHERE by_staff <> 'operator'",
            vec![],
        )
        .await
        .unwrap();
    assert_eq!(events.0, 0);
}

#[tokio::test]
async fn a_request_that_does_not_exist_is_not_found_and_nothing_is_done_to_it() {
    let app = TestApp::start().await;
    let (_, mut browser) = officer(&app, "odile").await;

    let nothing: RequestId = "01890000-0000-7000-8000-000000000000".parse().unwrap();
    let (location, page) = act(&mut browser, &nothing, "add_note", &[("words", "x")]).await;
    assert_eq!(
        (location.as_str(), page.status),
        ("/fr/console/requests", StatusCode::NOT_FOUND)
    );
    for address in [
        path(&nothing),
        "/fr/console/requests/1".to_owned(),
        "/fr/console/requests/".to_owned() + &"x".repeat(36),
    ] {
        assert_eq!(
            browser.get(&address).await.status,
            StatusCode::NOT_FOUND,
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_request_is_taken_on_noted_extended_and_approved() {
    let app = TestApp::start().await;
    let (id, _) = asked(&app).await;
    let (odile, mut browser) = officer(&app, "odile").await;
    let page = browser.get(&path(&id)).await;
    let (_, behind) = page.body.split_once("name=\"choice\" value=\"").unwrap();
    let own = behind.split('"').next().unwrap().to_owned();

    let (_, taken) = act(&mut browser, &id, "assign_request", &[("choice", &own)]).await;
    assert!(taken.body.contains(&odile.email));
    let (_, noted) = act(
        &mut browser,
        &id,
        "add_note",
        &[("words", "<b>Rappeler</b> lundi")],
    )
    .await;
    assert!(noted.body.contains("&lt;b&gt;Rappeler&lt;/b&gt; lundi"));
    let extension = [
        ("choice", "authority_under_review"),
        ("day", "2027-01-31"),
        (
            "words",
            "Les pièces du notaire doivent être lues par un juriste.",
        ),
    ];
    let (_, extended) = act(&mut browser, &id, "extend_term", &extension).await;
    assert!(
        extended.body.contains("31 janvier 2027"),
        "{}",
        extended.body
    );
    let (_, back) = act(&mut browser, &id, "assign_request", &[("choice", "")]).await;
    assert_eq!(back.status, StatusCode::OK);
    let (_, approved) = act(&mut browser, &id, "approve_request", &[]).await;

    assert!(approved.body.contains("Représentant accepté"));
    app.run_due_jobs().await;
    let (_, again) = act(&mut browser, &id, "approve_request", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn holds_are_listed_reviewed_and_lifted_by_two() {
    let app = TestApp::start().await;
    let row: (String,) = app
        .services
        .db
        .fetch_one("SELECT id FROM organizations ORDER BY id LIMIT 1", vec![])
        .await
        .unwrap();
    let order = erasure::hold::Order {
        kind: erasure::hold::Kind::Organization,
        subject: row.0,
        basis: erasure::hold::Basis::LegalClaim,
        owner: "ada@example.org".parse().unwrap(),
        note: Some("Affaire 26/1234".parse().unwrap()),
        review_at: app.services.now() + minutes(60 * 24),
        expires_at: app.services.now() + minutes(60 * 24 * 90),
    };
    let hold = erasure::hold::place(&app.services, &order)
        .await
        .unwrap()
        .to_string();
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;
    let change = async |browser: &mut Browser, act: &str, field: (&str, &str)| {
        let fields = [("lang", "fr"), ("hold", hold.as_str()), ("act", act), field];
        browser.submit("/api/console/act-on-hold", &fields).await.1
    };

    assert!(
        odile
            .get("/fr/console/holds")
            .await
            .body
            .contains("Affaire 26/1234")
    );
    let bad = change(&mut odile, "review_hold", ("day", "2031-01-01")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reviewed = change(&mut odile, "review_hold", ("day", "2027-01-15")).await;
    assert!(reviewed.body.contains("15 janvier 2027"));
    let silent = change(&mut odile, "lift_hold", ("words", " ")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    change(
        &mut odile,
        "lift_hold",
        ("words", "La réclamation est réglée."),
    )
    .await;
    let own = change(
        &mut odile,
        "lift_hold",
        ("words", "La réclamation est réglée."),
    )
    .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(
        oscar
            .get("/fr/console/holds")
            .await
            .body
            .contains("La réclamation est réglée.")
    );
    let lifted = change(&mut oscar, "lift_hold", ("words", "D’accord.")).await;

    assert!(lifted.body.contains("Le gel est levé"), "{}", lifted.body);
    let gone = change(&mut oscar, "lift_hold", ("words", "D’accord.")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
