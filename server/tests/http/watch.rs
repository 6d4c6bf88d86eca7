//! What is watched in the console: figures, the register as a file, what is kept, and the archive that is opened with a reason.

use axum::http::StatusCode;
use erasure::{account, staff::Role};

use crate::{
    colleague::Colleague,
    harness::{Browser, TestApp},
};

async fn inside(app: &TestApp, name: &str, role: Role) -> (Colleague, Browser) {
    let colleague = app.colleague(name, role).await;
    let browser = app.in_console(&colleague).await;
    (colleague, browser)
}

#[tokio::test]
async fn figures_are_pictures_with_the_same_numbers_in_tables() {
    let app = TestApp::start().await;
    let (_, mut auditor) = inside(&app, "aude", Role::Auditor).await;

    for (path, month) in [
        ("/fr/console/figures", "novembre 2026"),
        ("/en/console/figures", "November 2026"),
    ] {
        let page = auditor.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(month) && page.body.contains("class=\"bars\""));
        assert_eq!(
            page.body.matches("<tbody").count(),
            2,
            "beside each picture, its numbers"
        );
        assert!(!page.body.contains(" style=") && !page.body.contains("<script"));
    }
    let (_, mut boss) = inside(&app, "boss", Role::Administrator).await;
    let denied = boss.get("/fr/console/figures").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_register_is_a_file_for_spreadsheets_or_programs_and_agents_do_not_take_it() {
    let app = TestApp::start().await;
    let (_, mut auditor) = inside(&app, "aude", Role::Auditor).await;
    let (_, mut agent) = inside(&app, "agathe", Role::Agent).await;

    let table = auditor
        .post("/api/console/register-copy", &[("lang", "fr")])
        .await;
    assert!(
        table.body.contains("reference") && table.header("content-type").starts_with("text/csv")
    );
    assert!(
        table
            .header("content-disposition")
            .contains("qliento-register.csv")
    );
    let list = auditor
        .post("/api/console/register-copy", &[("format", "json")])
        .await;
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&list.body).unwrap(),
        serde_json::json!([])
    );
    let (location, page) = agent
        .submit("/api/console/register-copy", &[("lang", "fr")])
        .await;
    assert_eq!(location, "/fr/console/figures");
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let stranger = app
        .browser()
        .post("/api/console/register-copy", &[("lang", "en")])
        .await;
    assert_eq!(
        stranger.location(),
        "/en/console/sign-in?next=/console/figures"
    );
}

#[tokio::test]
async fn what_is_kept_is_shown_with_its_basis_and_its_end() {
    let app = TestApp::start().await;
    let (_, mut boss) = inside(&app, "boss", Role::Administrator).await;

    let page = boss.get("/fr/console/retention").await;

    assert_eq!(page.status, StatusCode::OK);
    for table in ["staff_audit", "approvals", "requests", "archives"] {
        assert!(
            page.body.contains(&format!("<code>{table}</code>")),
            "{table}"
        );
    }
    assert!(page.body.contains("Code civil, art. 2224") && page.body.contains("30 jours"));
}

#[tokio::test]
async fn an_officer_opens_a_record_of_the_archive_with_a_basis_and_a_reason() {
    let app = TestApp::start().await;
    account::erase_as_operator(&app.services, "org-1")
        .await
        .unwrap();
    app.run_due_jobs().await;
    let record = erasure::archive::list(&app.services)
        .await
        .unwrap()
        .remove(0);
    let (_, mut odile) = inside(&app, "odile", Role::Officer).await;
    let (_, mut agent) = inside(&app, "agathe", Role::Agent).await;
    let open = "/api/console/archive-copy";
    let ask = [
        ("lang", "fr"),
        ("record", record.id.as_str()),
        ("basis", "tax_audit"),
        ("reason", "Avis de contrôle 2026/17"),
    ];

    let page = odile.get("/fr/console/retention").await;
    assert!(page.body.contains(&record.reference));
    assert!(
        !agent
            .get("/fr/console/retention")
            .await
            .body
            .contains(&record.reference)
    );
    let file = odile.post(open, &ask).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header("content-disposition").contains("attachment"));
    let lines: Vec<serde_json::Value> = file
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(i64::try_from(lines.len()).unwrap(), record.records);
    let (_, denied) = agent.submit(open, &ask).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    for (field, value, status) in [
        ("basis", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("reason", " ", StatusCode::UNPROCESSABLE_ENTITY),
        ("record", "x", StatusCode::NOT_FOUND),
        (
            "record",
            "01890000-0000-7000-8000-000000000000",
            StatusCode::NOT_FOUND,
        ),
    ] {
        let fields = ask.map(|(name, old)| (name, if name == field { value } else { old }));
        let (location, page) = odile.submit(open, &fields).await;
        assert_eq!(
            (location.as_str(), page.status),
            ("/fr/console/retention", status),
            "{field}={value}"
        );
    }
    let record = erasure::archive::openings::list(&app.services, 0, i64::MAX)
        .await
        .unwrap();
    let opened = record.iter().find(|row| row.person.is_some()).unwrap();
    assert_eq!(opened.person.as_deref(), Some("odile@qliento.example"));
    assert_eq!(opened.reason.as_deref(), Some("Avis de contrôle 2026/17"));
    let sql = "SELECT count(*) FROM staff_audit WHERE act = 'open_archive' AND outcome = 'done' AND detail = 'tax_audit'";
    assert_eq!(app.services.db.number(sql, vec![]).await.unwrap(), 1);
}
