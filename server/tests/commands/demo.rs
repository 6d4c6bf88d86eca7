//! `qliento demo` and `qliento serve` as somebody meets them who only has the program: over real sockets, with the real
//! client of the Graph API, ended by a real signal.

use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    harness::{Deployment, said},
    site::{Site, Visitor},
};

fn demo(deployment: &Deployment) -> Site {
    Site::start(deployment.command(&["demo"]), deployment, "Ctrl-C ends it")
}

/// The newest letter to somebody, as the mailbox page shows it.
async fn newest_letter(visitor: &Visitor, to: &str) -> String {
    let mailbox = visitor.text("/demo/mailbox").await;
    let entry = mailbox.split("<li>").find(|entry| entry.contains(to));
    let link = entry.unwrap().split('"').nth(1).unwrap().to_owned();
    visitor.text(&link).await
}

/// Walks through the wizard; the link of the erasure's page, and the code that opened it.
async fn confirm(visitor: &mut Visitor, email: &str) -> (String, String) {
    let lang = ("lang", "en");
    visitor.submit("/api/account/begin-deletion", &[lang]).await;
    let letter = newest_letter(visitor, email).await;
    let is_code = |line: &&str| line.len() == 9 && line.replace(' ', "").parse::<u32>().is_ok();
    let code = letter.lines().find(is_code).unwrap().to_owned();
    let fields = [lang, ("code", code.as_str())];
    let page = visitor
        .submit("/api/account/confirm-deletion", &fields)
        .await;
    assert!(page.starts_with("/en/erasure/"), "{page}");
    (page.rsplit('/').next().unwrap().to_owned(), code)
}

async fn outage(graph: &str, mode: &str) {
    let client = reqwest::Client::builder().build().unwrap();
    let set = client
        .post(format!("{graph}/control/outage"))
        .body(mode.to_owned());
    assert_eq!(
        set.send().await.unwrap().status(),
        StatusCode::NO_CONTENT,
        "{mode}"
    );
}

fn is_completed(progress: &Value) -> bool {
    progress["state"] == "completed"
}

#[tokio::test]
async fn an_account_is_deleted_from_sign_in_to_receipt_and_the_log_names_nobody() {
    const OWNER: &str = "camille@atelier-rivage.example";
    let deployment = Deployment::empty_on_sqlite();
    let site = demo(&deployment);
    let address = site.address("the demo:");
    let mut visitor = Visitor::signed_in(&address, OWNER).await;

    let (capability, code) = confirm(&mut visitor, OWNER).await;
    let api = format!("/api/v1/erasures/{capability}");
    let stranger = Visitor::of(&address);
    stranger.wait_for(&api, is_completed).await;
    let receipt = stranger.json(&format!("{api}/receipt")).await;

    assert_eq!(receipt["verification"]["found"], 0);
    assert_eq!(at_meta(&receipt, "override"), "cleared");
    assert_eq!(at_meta(&receipt, "subscription"), "unsubscribed");
    assert_eq!(at_meta(&receipt, "token"), "revoked");
    assert!(
        stranger
            .text(&format!("/en/erasure/{capability}"))
            .await
            .contains("QD-")
    );
    let log = site.log();
    for secret in [
        OWNER,
        "camille",
        "Fontaine",
        "Rivage",
        &code,
        &code.replace(' ', ""),
        &capability,
        &visitor.session,
    ] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    assert!(site.stop().success());
}

/// What the first of these acts came to.
fn at_meta<'r>(receipt: &'r serde_json::Value, act: &str) -> &'r str {
    let rows = receipt["meta"].as_array().unwrap();
    let row = rows.iter().find(|row| row["act"] == act).unwrap();
    row["result"].as_str().unwrap()
}

#[tokio::test]
async fn meta_may_be_down_or_refuse_and_the_person_is_told() {
    let deployment = Deployment::empty_on_sqlite();
    let site = demo(&deployment);
    let (address, graph) = (site.address("the demo:"), site.address("Simulated Graph:"));
    let stranger = Visitor::of(&address);

    outage(&graph, "down").await;
    let mut camille = Visitor::signed_in(&address, "camille@atelier-rivage.example").await;
    let (waiting, _) = confirm(&mut camille, "camille@atelier-rivage.example").await;
    let waiting = format!("/api/v1/erasures/{waiting}");
    let delayed = stranger
        .wait_for(&waiting, |seen| seen["delayed"] == true)
        .await;
    assert_eq!(delayed["state"], "erasing");
    outage(&graph, "rate_limited").await;
    outage(&graph, "none").await;
    stranger.wait_for(&waiting, is_completed).await;
    let receipt = stranger.json(&format!("{waiting}/receipt")).await;
    assert_eq!(at_meta(&receipt, "subscription"), "unsubscribed");

    outage(&graph, "token_revoked").await;
    let mut harriet = Visitor::signed_in(&address, "harriet@harbour-coffee.example").await;
    let (refused, _) = confirm(&mut harriet, "harriet@harbour-coffee.example").await;
    let refused = format!("/api/v1/erasures/{refused}");
    stranger.wait_for(&refused, is_completed).await;
    let receipt = stranger.json(&format!("{refused}/receipt")).await;
    assert_eq!(at_meta(&receipt, "subscription"), "no_access");
    let log = site.log();
    assert!(log.contains("tried again later"), "{log}");
    for name in ["camille", "harriet", "rivage", "eaaj"] {
        assert!(!log.to_lowercase().contains(name), "{name}: {log}");
    }
}

#[tokio::test]
async fn a_second_demo_leaves_the_first_ones_data_alone() {
    let deployment = Deployment::empty_on_sqlite();
    let site = demo(&deployment);
    let address = site.address("the demo:");
    let socket = address.trim_start_matches("http://");

    for (listen, complaint) in [
        (socket, "cannot be listened on"),
        ("127.0.0.1:0", "another demo runs in"),
    ] {
        let second = deployment
            .command(&["demo"])
            .env("QLIENTO_LISTEN", listen)
            .env("QLIENTO_SITE_ROOT", deployment.site())
            .output()
            .unwrap();
        let (code, words) = said(&second);
        assert_eq!(code, Some(2));
        assert!(words.contains(complaint), "{words}");
    }

    assert!(deployment.folder.path().join("data/qliento.db").exists());
    Visitor::signed_in(&address, "harriet@harbour-coffee.example").await;
}

#[test]
fn a_demo_touches_no_deployment() {
    let deployment = Deployment::new_on_sqlite();
    let before = std::fs::read(deployment.folder.path().join("data/master.key")).unwrap();

    let (code, words) = said(&deployment.run(&["demo"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("is not a demo's folder"), "{words}");

    let with_database = deployment
        .command(&["demo"])
        .env("QLIENTO_DATA_DIR", deployment.folder.path().join("other"))
        .env("QLIENTO_DATABASE_URL", deployment.database())
        .env("QLIENTO_GRAPH_URL", "https://graph.facebook.com")
        .output()
        .unwrap();
    let (code, words) = said(&with_database);
    assert_eq!(code, Some(2));
    for key in [
        "QLIENTO_DATABASE_URL: belongs",
        "QLIENTO_GRAPH_URL: belongs",
    ] {
        assert!(words.contains(key), "{words}");
    }
    let after = std::fs::read(deployment.folder.path().join("data/master.key")).unwrap();
    assert_eq!(before, after);
    assert!(!deployment.folder.path().join("other").exists());
}

#[tokio::test]
async fn a_site_serves_its_numbers_to_the_operator_alone_and_stops_when_asked() {
    let deployment = Deployment::seeded("1");
    let mut command = deployment.command(&["serve"]);
    command.envs([
        ("QLIENTO_PUBLIC_URL", "http://127.0.0.1:1"),
        ("QLIENTO_SMTP_URL", "smtp://127.0.0.1:1"),
        ("QLIENTO_GRAPH_URL", "http://127.0.0.1:1"),
        ("QLIENTO_ADMIN_LISTEN", "127.0.0.1:0"),
    ]);
    let site = Site::start(command, &deployment, "metrics on");
    let visitor = Visitor::of(&site.address(" on "));
    let operator = Visitor::of(site.address("metrics on").trim_end_matches("/metrics"));

    let numbers = operator.text("/metrics").await;

    for name in [
        "qliento_jobs_due 0",
        "qliento_jobs_parked 0",
        "qliento_jobs_oldest_due_seconds 0",
        "qliento_erasures_paused_seconds 0",
        "qliento_erasures_oldest_seconds 0",
        "qliento_erasures_promised_seconds 86400",
        "qliento_erasures_overdue 0",
        "qliento_read_back_found_rows_total 0",
    ] {
        assert!(numbers.contains(name), "{numbers}");
    }
    for visitor in [&visitor, &operator] {
        assert_eq!(visitor.text("/healthz").await, "ok\n");
        assert_eq!(visitor.text("/readyz").await, "ok\n");
    }
    assert_eq!(
        visitor.page("/metrics").await.status(),
        StatusCode::NOT_FOUND
    );
    assert!(site.stop().success());
}
