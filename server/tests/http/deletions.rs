//! Deletions that the staff begins, in browsers without JavaScript: two officers, and what is said when they cannot.

use axum::http::{Request, StatusCode};
use erasure::{hold, id::RowId, staff::Role};

use crate::{
    colleague::Colleague,
    harness::{Answer, Browser, TestApp, minutes},
};

const PAGE: &str = "/fr/console/deletions";
const ACT: &str = "/api/console/act-on-deletion";
const WHY: &str = "Dossier 26-118 : le contrat est terminé.";

async fn officer(app: &TestApp, name: &str) -> (Colleague, Browser) {
    let colleague = app.colleague(name, Role::Officer).await;
    let browser = app.in_console(&colleague).await;
    (colleague, browser)
}

const fn proposal<'a>(organization: &'a str, identity: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("lang", "fr"),
        ("act", "propose_deletion"),
        ("organization", organization),
        ("identity", identity),
        ("basis", "no_longer_needed"),
        ("reason", WHY),
    ]
}

async fn propose(browser: &mut Browser, organization: &str, identity: &str) -> Answer {
    let (location, page) = browser.submit(ACT, &proposal(organization, identity)).await;
    assert_eq!(location, PAGE);
    page
}

async fn confirm(browser: &mut Browser, proposal: &str, retyped: &str) -> Answer {
    let fields = [
        ("lang", "fr"),
        ("act", "confirm_deletion"),
        ("proposal", proposal),
        ("retyped", retyped),
    ];
    browser.submit(ACT, &fields).await.1
}

async fn decline(browser: &mut Browser, proposal: &str) -> Answer {
    let fields = [
        ("lang", "fr"),
        ("act", "decline_deletion"),
        ("proposal", proposal),
    ];
    browser.submit(ACT, &fields).await.1
}

/// The proposal that a page lets its reader act on.
fn id_on(page: &Answer) -> String {
    let mut ids = page.body.split("name=\"proposal\" value=\"").skip(1);
    let id = ids.find_map(|rest| rest.split('"').next().filter(|id| !id.is_empty()));
    id.unwrap().parse::<RowId>().unwrap().to_string()
}

#[tokio::test]
async fn one_officer_proposes_and_another_who_names_it_again_deletes() {
    let app = TestApp::start().await;
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;

    let own = propose(&mut odile, "org-1", "").await;
    assert!(own.body.contains("La suppression est proposée") && own.body.contains(WHY));
    assert!(!own.body.contains("value=\"confirm_deletion\""));
    let id = id_on(&own);
    let refused = confirm(&mut odile, &id, "org-1").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = oscar.get(PAGE).await;
    assert!(page.body.contains("value=\"confirm_deletion\"") && page.body.contains(WHY));
    let wrong = confirm(&mut oscar, &id, "org-2").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"org-2\"") && wrong.body.contains("Rien n’a été supprimé"));
    let done = confirm(&mut oscar, &id, "org-1").await;

    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains("l’effacement a commencé"));
    assert!(done.body.contains("odile@") && done.body.contains("Effacement en cours"));
    app.run_due_jobs().await;
    let left = "SELECT count(*) FROM organizations WHERE slug = 'org-1'";
    assert_eq!(app.number(left).await, 0);
    assert!(oscar.get(PAGE).await.body.contains("Terminé"));
    let twice = confirm(&mut oscar, &id, "org-1").await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn only_officers_propose_and_confirm_and_auditors_only_read() {
    let app = TestApp::start().await;
    let (_, mut odile) = officer(&app, "odile").await;
    let id = id_on(&propose(&mut odile, "org-1", "").await);

    for (role, may_read) in [
        (Role::Agent, false),
        (Role::Auditor, true),
        (Role::Administrator, false),
    ] {
        let colleague = app.colleague(role.as_str(), role).await;
        let mut browser = app.in_console(&colleague).await;
        let expected = if may_read {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        };
        let page = browser.get(PAGE).await;
        assert_eq!(page.status, expected, "{role:?}");
        assert!(!page.body.contains(ACT), "{role:?} has no form");
        let home = browser.get("/fr/console/account").await;
        assert_eq!(home.body.contains(&format!("href=\"{PAGE}\"")), may_read);
        for answer in [
            propose(&mut browser, "org-2", "").await,
            confirm(&mut browser, &id, "org-1").await,
            decline(&mut browser, &id).await,
        ] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?}");
        }
    }

    let stranger = app.browser().post(ACT, &proposal("org-2", "")).await;
    assert!(stranger.location().contains("/fr/console/sign-in"));
    assert_eq!(app.number("SELECT count(*) FROM approvals").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 0);
}

#[tokio::test]
async fn another_site_cannot_make_an_officer_confirm() {
    let app = TestApp::start().await;
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;
    let id = id_on(&propose(&mut odile, "org-1", "").await);
    let fields = [
        ("act", "confirm_deletion"),
        ("proposal", id.as_str()),
        ("retyped", "org-1"),
    ];

    for site in ["cross-site", "same-site", "none"] {
        let request = Request::builder().uri(ACT).header("sec-fetch-site", site);
        let answer = oscar.post_from(request, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
    }

    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 0);
}

#[tokio::test]
async fn a_proposal_ends_after_a_week_and_can_be_taken_back_before() {
    let app = TestApp::start().await;
    let (odile, mut browser) = officer(&app, "odile").await;
    let (oscar, _) = officer(&app, "oscar").await;
    let id = id_on(&propose(&mut browser, "org-1", "").await);
    let twice = propose(&mut browser, "org-1", "").await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let off = decline(&mut browser, &id).await;
    assert!(off.body.contains("n’est plus proposée") && !off.body.contains(&id));
    let id = id_on(&propose(&mut browser, "org-1", "").await);

    app.clock.advance(minutes(7 * 24 * 60));
    let mut late = app.in_console(&oscar).await;
    assert!(late.get(PAGE).await.body.contains("Rien n’attend"));
    let gone = confirm(&mut late, &id, "org-1").await;

    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 0);
    let mut again = app.in_console(&odile).await;
    assert_eq!(
        propose(&mut again, "org-1", "").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_is_going_already_is_shown_so_and_cannot_be_confirmed() {
    let app = TestApp::start().await;
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;
    let id = id_on(&propose(&mut odile, "org-1", "").await);
    erasure::account::erase_as_operator(&app.services, "org-1")
        .await
        .unwrap();

    let page = oscar.get(PAGE).await;
    assert!(page.body.contains("La suppression est déjà en cours"));
    assert!(!page.body.contains("value=\"confirm_deletion\""));
    let late = confirm(&mut oscar, &id, "org-1").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let again = propose(&mut oscar, "org-1", "").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    app.run_due_jobs().await;

    assert!(oscar.get(PAGE).await.body.contains("Déjà disparu"));
    assert_eq!(app.number("SELECT count(*) FROM erasures").await, 1);
}

#[tokio::test]
async fn a_held_organization_is_confirmed_and_waits() {
    let app = TestApp::start().await;
    let row: (String,) = app
        .services
        .db
        .fetch_one("SELECT id FROM organizations WHERE slug = 'org-1'", vec![])
        .await
        .unwrap();
    let order = hold::Order {
        kind: hold::Kind::Organization,
        subject: row.0,
        basis: hold::Basis::LegalClaim,
        owner: "ada@example.org".parse().unwrap(),
        note: None,
        review_at: app.services.now() + minutes(60 * 24),
        expires_at: app.services.now() + minutes(60 * 24 * 90),
    };
    hold::place(&app.services, &order).await.unwrap();
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;
    let id = id_on(&propose(&mut odile, "org-1", "").await);

    let done = confirm(&mut oscar, &id, "org-1").await;

    assert!(done.body.contains("Un gel légal la retient"));
    app.run_due_jobs().await;
    assert!(oscar.get(PAGE).await.body.contains("Gelé par la loi"));
    let left = "SELECT count(*) FROM organizations WHERE slug = 'org-1'";
    assert_eq!(app.number(left).await, 1);
}

#[tokio::test]
async fn a_contact_is_masked_and_named_again_by_the_second_officer() {
    let app = TestApp::start().await;
    let row: (String,) = app
        .services
        .db
        .fetch_one(
            "SELECT i.value FROM contact_identities AS i JOIN organizations AS o ON o.id = i.organization_id
             WHERE  o.slug = 'org-1' AND i.kind = 'phone' ORDER BY i.contact_id LIMIT 1",
            vec![],
        )
        .await
        .unwrap();
    let number = format!("+{}", row.0);
    let (_, mut odile) = officer(&app, "odile").await;
    let (_, mut oscar) = officer(&app, "oscar").await;
    let before = app.number("SELECT count(*) FROM contacts").await;

    let id = id_on(&propose(&mut odile, "org-1", &number).await);

    let page = oscar.get(PAGE).await;
    assert!(page.body.contains("un contact, +") && !page.body.contains(&row.0));
    let whole = confirm(&mut oscar, &id, "org-1").await;
    assert_eq!(whole.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = confirm(&mut oscar, &id, &number).await;
    assert_eq!(done.status, StatusCode::OK);
    app.run_due_jobs().await;
    let after = app.number("SELECT count(*) FROM contacts").await;
    assert_eq!(after, before - 1);
}

#[tokio::test]
async fn bad_input_gets_a_sentence_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let (_, mut browser) = officer(&app, "odile").await;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;

    for (changed, value, says) in [
        ("organization", "org-9", "Aucune organisation"),
        ("organization", "", "Aucune organisation"),
        ("identity", "06 12 34 56 78", "par exemple +33"),
        ("identity", "+33699887766", "pas de contact connu"),
        ("basis", "", "Choisissez"),
        ("basis", "nonsense", "Choisissez"),
        ("reason", "  ", "Dites pourquoi"),
        ("act", "lift_hold", "Choisissez"),
    ] {
        let fields = proposal("org-1", "");
        let fields =
            fields.map(|(name, typed)| (name, if name == changed { value } else { typed }));
        let (_, page) = browser.submit(ACT, &fields).await;
        assert_eq!(page.status, unfit, "{changed} {value}");
        assert!(page.body.contains(says), "{changed} {value}");
        if changed != "reason" && changed != "act" {
            assert!(page.body.contains(WHY), "{changed} {value}");
        }
    }

    assert_eq!(app.number("SELECT count(*) FROM approvals").await, 0);
}

#[tokio::test]
async fn a_confirmation_that_waits_for_a_proof_finds_its_words_again() {
    let app = TestApp::start().await;
    let (_, mut odile) = officer(&app, "odile").await;
    let (oscar, mut browser) = officer(&app, "oscar").await;
    let id = id_on(&propose(&mut odile, "org-1", "").await);
    app.clock.advance(minutes(6));

    let fields = [
        ("lang", "fr"),
        ("act", "confirm_deletion"),
        ("proposal", id.as_str()),
        ("retyped", "org-1"),
    ];
    let sent = browser.post(ACT, &fields).await;
    let next = "/console/deletions";
    assert_eq!(sent.location(), format!("/fr/console/prove?next={next}"));
    let code = oscar.fresh_code(&app);
    let proof = [("lang", "fr"), ("next", next), ("code", &code)];
    let (location, page) = browser.submit("/api/console/prove", &proof).await;

    assert_eq!(location, PAGE);
    assert!(page.body.contains("value=\"org-1\""));
    let (_, done) = browser.submit(ACT, &fields).await;
    assert!(done.body.contains("l’effacement a commencé"));
}
