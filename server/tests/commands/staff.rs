//! The console's people from the command line, and the check of their record.

use std::process::Output;

use erasure::db::Db;

use crate::harness::{Deployment, said};

fn staff(deployment: &Deployment, arguments: &[&str]) -> Output {
    deployment
        .command(&[&["staff"], arguments].concat())
        .env("QLIENTO_PUBLIC_URL", "https://privacy.example.com")
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output).1);
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_member_is_added_with_a_link_listed_changed_and_disabled() {
    let deployment = Deployment::new();

    let link = printed(&staff(
        &deployment,
        &[
            "add",
            "Ada@Qliento.example",
            "--role",
            "officer",
            "--language",
            "en",
        ],
    ));
    assert!(link.starts_with("https://privacy.example.com/en/console/set-up/"));
    printed(&staff(
        &deployment,
        &["role", "ada@qliento.example", "--role", "auditor"],
    ));
    let listed = printed(&staff(&deployment, &["list", "--json"]));
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["email"], "ada@qliento.example");
    assert_eq!(listed[0]["role"], "auditor");
    assert_eq!(listed[0]["state"], "invited");
    let again = printed(&staff(&deployment, &["reset", "ada@qliento.example"]));
    assert!(again.starts_with("https://privacy.example.com/en/console/set-up/"));
    assert_ne!(again, link);
    printed(&staff(&deployment, &["disable", "ada@qliento.example"]));
    let listed = printed(&staff(&deployment, &["list"]));
    assert!(listed.contains("disabled") && listed.contains("never signed in"));

    assert!(
        deployment
            .ok(&["audit", "check"])
            .starts_with("the record is whole: 4 entries, up to 4:")
    );
}

#[test]
fn what_cannot_be_done_is_said() {
    let deployment = Deployment::new();
    printed(&staff(
        &deployment,
        &["add", "ada@qliento.example", "--role", "agent"],
    ));

    for (arguments, expected) in [
        (
            &["add", "ada@qliento.example", "--role", "agent"][..],
            "a member already",
        ),
        (&["add", "ada", "--role", "agent"], "not an e-mail address"),
        (
            &["add", "b@qliento.example", "--role", "owner"],
            "not one of the words",
        ),
        (
            &["disable", "b@qliento.example"],
            "no member with this address",
        ),
    ] {
        let (code, words) = said(&staff(&deployment, arguments));
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(words.contains(expected), "{arguments:?}: {words}");
    }
    let (code, words) = said(&deployment.run(&["staff", "list"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("QLIENTO_PUBLIC_URL"), "{words}");
}

#[tokio::test]
async fn a_record_that_was_tampered_with_is_not_whole() {
    let deployment = Deployment::new();
    printed(&staff(
        &deployment,
        &["add", "ada@qliento.example", "--role", "agent"],
    ));
    printed(&staff(&deployment, &["disable", "ada@qliento.example"]));
    let checked = deployment.ok(&["audit", "check", "--json"]);
    let checked: serde_json::Value = serde_json::from_str(&checked).unwrap();
    let last = checked["last"].as_str().unwrap();
    deployment.ok(&["audit", "check", "--since", last]);

    let link = "ab".repeat(32);
    let (code, words) = said(&deployment.run(&["audit", "check", "--since", &format!("2:{link}")]));
    assert_eq!(code, Some(2));
    assert!(
        words.contains("not the record that was written here"),
        "{words}"
    );

    let db = Db::open(&deployment.database()).await.unwrap();
    let refused = db.execute("DELETE FROM staff_audit WHERE position = 2", vec![]);
    assert!(refused.await.is_err());
    db.execute("UPDATE staff_audit_ends SET swept_to = 1", vec![])
        .await
        .unwrap();
    db.close().await;
    let (code, words) = said(&deployment.run(&["audit", "check"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("its ends were changed"), "{words}");
}
