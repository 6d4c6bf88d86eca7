//! What is kept, from the command line: archives, legal holds, terms.

use std::time::Duration;

use erasure::time::{Clock as _, SystemClock};

use crate::harness::{Deployment, said};

const ADA: [&str; 2] = ["--as", "ada@example.org"];
const BEA: [&str; 2] = ["--as", "bea@example.org"];

/// A day so many days from now.
fn in_days(days: u64) -> String {
    (SystemClock::default().now() + Duration::from_hours(24 * days)).to_day()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

fn erased() -> Deployment {
    let deployment = Deployment::seeded("5");
    for slug in ["org-1", "org-2"] {
        deployment.ok(&["erase", "organization", slug, "--yes", "--wait"]);
    }
    deployment
}

fn records(deployment: &Deployment) -> Vec<String> {
    let listed = json(&deployment.ok(&["archive", "list", "--json"]));
    let listed = listed.as_array().unwrap();
    listed
        .iter()
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_record_opens_for_nobody_who_leaves_out_a_name_a_basis_or_a_reason() {
    let deployment = erased();
    let id = records(&deployment).remove(0);

    for (given, missing) in [
        ("--basis tax_audit --reason x", "--as"),
        ("--as ada@example.org --reason x", "--basis"),
        ("--as ada@example.org --basis tax_audit", "--reason"),
        (
            "--as ada --basis tax_audit --reason x",
            "not an e-mail address",
        ),
        (
            "--as ada@example.org --basis curiosity --reason x",
            "one of tax_audit",
        ),
        (
            "--as ada@example.org --basis tax_audit --reason=",
            "say why",
        ),
    ] {
        let mut command = vec!["archive", "open", &id];
        command.extend(given.split(' '));
        let (code, words) = said(&deployment.run(&command));
        assert_eq!(code, Some(2), "{words}");
        assert!(words.contains(missing), "{missing}: {words}");
    }
    let openings = json(&deployment.ok(&["archive", "openings", "--json"]));
    assert_eq!(openings["openings"], serde_json::json!([]));
}

#[test]
fn a_record_that_opens_prints_its_invoices_and_is_on_record() {
    let deployment = erased();
    let id = records(&deployment).remove(0);
    assert_eq!(
        deployment.files_with("ZEBRA"),
        0,
        "no byte of it lies in clear"
    );

    let opening = [
        "archive",
        "open",
        &id,
        "--basis",
        "tax-audit",
        "--reason",
        "Audit 2026/17",
    ];
    let printed = deployment.ok(&[&opening[..], &ADA].concat());

    let invoices: Vec<_> = printed.lines().map(json).collect();
    assert!(invoices.len() > 20);
    let is_whole =
        |one: &serde_json::Value| one["archive"] == id.as_str() && one["lines"].is_array();
    assert!(invoices.iter().all(is_whole));
    assert!(
        invoices[0]["customer_name"]
            .as_str()
            .unwrap()
            .contains("ZEBRA")
    );
    let openings = json(&deployment.ok(&["archive", "openings", "--json"]));
    assert_eq!(openings["chain"]["state"], "whole");
    let row = &openings["openings"][0];
    assert_eq!(
        (
            row["person"].as_str(),
            row["basis"].as_str(),
            row["reason"].as_str()
        ),
        (
            Some("ada@example.org"),
            Some("tax_audit"),
            Some("Audit 2026/17")
        )
    );
    assert!(
        deployment
            .ok(&["archive", "openings"])
            .contains("Audit 2026/17")
    );
    let purged = deployment.ok(&["archive", "purge"]);
    assert!(
        purged.starts_with("0 record(s)"),
        "nothing ends early: {purged}"
    );
}

#[test]
fn all_records_open_for_two_people() {
    let deployment = erased();
    let all = [
        "archive",
        "open",
        "--all",
        "--basis",
        "court_order",
        "--reason",
        "Order 12",
    ];

    let output = deployment.run(&[&all[..], &ADA].concat());
    let (code, words) = said(&output);
    assert_eq!(code, Some(0));
    assert!(
        words.contains("2 record(s) need a second person"),
        "{words}"
    );
    let proposal = String::from_utf8(output.stdout).unwrap().trim().to_owned();

    let approve = ["archive", "approve", &proposal];
    let (code, words) = said(&deployment.run(&[&approve[..], &ADA].concat()));
    assert_eq!(code, Some(2));
    assert!(words.contains("a second person has to"), "{words}");
    deployment.ok(&[&approve[..], &BEA].concat());
    let open = ["archive", "open", "--proposal", &proposal];
    let printed = deployment.ok(&[&open[..], &ADA].concat());
    for id in records(&deployment) {
        assert!(printed.contains(&id));
    }
    let (code, _) = said(&deployment.run(&[&open[..], &ADA].concat()));
    assert_eq!(code, Some(2), "it serves once");
}

#[test]
fn a_held_organization_is_not_erased_until_two_people_lift_the_hold() {
    let deployment = Deployment::seeded("5");
    let add = |subject: &str, review: &str| {
        let words = [
            "holds",
            "add",
            "organization",
            subject,
            "--basis",
            "legal_claim",
            "--note",
            "Case 26/1234",
            "--review",
            review,
            "--expires",
            &in_days(200),
        ];
        deployment.run(&[&words[..], &ADA].concat())
    };
    for (subject, review, words) in [
        ("org-9", in_days(30).as_str(), "no organization"),
        ("org-1", "2020-03-01", "not in the future"),
        ("org-1", "yesterday", "not a day"),
    ] {
        let (code, said) = said(&add(subject, review));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{said}");
    }
    let output = add("org-1", &in_days(30));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();

    deployment.ok(&["erase", "organization", "org-1", "--yes"]);
    let listed = deployment.ok(&["erasures", "list"]);
    assert!(listed.contains("held"), "{listed}");
    let holds = deployment.ok(&["holds", "list"]);
    assert!(
        holds.contains("1 deletion(s) waiting") && holds.contains("Case 26/1234"),
        "{holds}"
    );
    assert!(
        deployment
            .ok(&["retention", "show"])
            .contains("1 stand, 0 overdue for review, 1 deletion(s) waiting")
    );
    assert!(deployment.files_with("ZEBRA-org-1") > 0);

    deployment.ok(&["holds", "review", &id, "--next", &in_days(60)]);
    let lift = ["holds", "lift", &id, "--reason", "Closed"];
    assert!(
        deployment
            .ok(&[&lift[..], &ADA].concat())
            .contains("somebody else")
    );
    let (code, words) = said(&deployment.run(&[&lift[..], &ADA].concat()));
    assert_eq!(code, Some(2));
    assert!(words.contains("a second person has to"), "{words}");
    assert!(
        deployment
            .ok(&[&lift[..], &BEA].concat())
            .contains("1 deletion(s) go on")
    );
    let listed = json(&deployment.ok(&["holds", "list", "--json"]));
    assert!(listed[0]["ended_at"].is_string(), "{listed}");
}

#[test]
fn what_is_kept_is_shown_in_numbers_and_without_a_name() {
    let deployment = erased();

    let shown = json(&deployment.ok(&["retention", "show", "--json"]));

    let tables = shown["tables"].as_array().unwrap();
    let archives = tables
        .iter()
        .find(|table| table["table"] == "archives")
        .unwrap();
    assert_eq!(archives["rows"], 2);
    assert!(archives["next_end"].is_string(), "{archives}");
    assert!(shown["next_purges"][0]["invoices"].as_i64().unwrap() > 20);
    for table in tables {
        assert!(
            !table["basis"].as_str().unwrap().is_empty()
                && !table["until"].as_str().unwrap().is_empty(),
            "{table}"
        );
    }
    let words = deployment.ok(&["retention", "show"]);
    assert!(
        words.contains("archive_pages") && words.contains("fiscal duty"),
        "{words}"
    );
    for name in ["ZEBRA", "org-1", "@"] {
        assert!(
            !words.contains(name) && !shown.to_string().contains(name),
            "{name}"
        );
    }
}

#[test]
fn a_table_of_jurisdictions_that_cannot_be_meant_stops_everything_by_name() {
    let deployment = Deployment::new();
    let file = deployment.folder.path().join("jurisdictions.toml");
    let with_table = |text: Option<&str>| {
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let mut command = deployment.command(&["erasures", "list"]);
        said(
            &command
                .env("QLIENTO_JURISDICTIONS_FILE", &file)
                .output()
                .unwrap(),
        )
    };

    let (code, words) = with_table(None);
    assert_eq!(code, Some(2));
    assert!(
        words.contains("jurisdictions.toml: cannot be read"),
        "{words}"
    );
    let (code, words) = with_table(Some("[default]\nyears = 100\nstatute = \"x\""));
    assert_eq!(code, Some(2));
    assert!(words.contains("for 100 years"), "{words}");
    let (code, words) = with_table(Some("[default]\nyears = 8\nstatute = \"§ 14b UStG\""));
    assert_eq!(code, Some(0), "{words}");
}

#[test]
fn an_archive_without_a_role_of_its_own_is_said_where_there_are_roles() {
    let deployment = Deployment::new();
    let output = deployment
        .command(&["config", "check"])
        .env("QLIENTO_PUBLIC_URL", "https://app.example.com")
        .env("QLIENTO_SMTP_URL", "smtp://127.0.0.1:1")
        .env("QLIENTO_GRAPH_URL", "http://127.0.0.1:1")
        .output()
        .unwrap();

    let (code, words) = said(&output);

    assert_eq!(code, Some(0), "{words}");
    let has_roles = deployment.database().starts_with("postgres");
    assert_eq!(words.contains("no role of its own"), has_roles, "{words}");
}
