//! The operator's route.

use std::{process::Stdio, thread, time::Duration};

use erasure::db::Db;

use crate::harness::{Deployment, number_of_a_contact, said};

#[test]
fn an_erased_organization_leaves_no_byte_and_a_receipt() {
    let deployment = Deployment::seeded("300");
    assert!(deployment.files_with("ZEBRA-org-1") > 5);

    let printed = deployment.ok(&[
        "erase",
        "organization",
        "org-1",
        "--yes",
        "--wait",
        "--json",
    ]);

    let answer: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(answer["state"], "completed");
    let receipt = std::fs::read_to_string(
        deployment
            .folder
            .path()
            .join(answer["receipt"].as_str().unwrap()),
    )
    .unwrap();
    assert!(receipt.contains("\"found\": 0"), "{receipt}");
    assert_eq!(deployment.files_with("ZEBRA-org-1"), 0);
    assert!(deployment.files_with("ZEBRA-org-2") > 5);
    assert!(deployment.ok(&["erasures", "list"]).contains("completed"));
}

#[tokio::test]
async fn an_erased_contact_is_gone_and_the_others_stay() {
    let deployment = Deployment::seeded("300");
    let db = Db::open(&deployment.database()).await.unwrap();
    let contacts = "SELECT count(*) FROM contacts";
    let before = db.number(contacts, vec![]).await.unwrap();
    let number = format!("+{}", number_of_a_contact(&db, "org-1").await);
    let erase = [
        "erase", "contact", "org-1", &number, "--yes", "--wait", "--json",
    ];

    let answer: serde_json::Value = serde_json::from_str(&deployment.ok(&erase)).unwrap();

    assert_eq!(answer["state"], "completed");
    assert_eq!(db.number(contacts, vec![]).await.unwrap(), before - 1);
    let (code, words) = said(&deployment.run(&erase));
    assert_eq!(code, Some(2));
    assert!(words.contains("holds no such contact"), "{words}");
    let nobody = ["erase", "contact", "org-1", "06 12 34 56 78", "--yes"];
    let (code, words) = said(&deployment.run(&nobody));
    assert_eq!(code, Some(2));
    assert!(words.contains("no number in international form"), "{words}");
}

#[test]
fn nothing_is_erased_without_a_yes_or_by_a_wrong_name() {
    let deployment = Deployment::seeded("1");

    let (code, words) = said(&deployment.run(&["erase", "organization", "org-1"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("--yes"), "{words}");
    let (code, words) = said(&deployment.run(&["erase", "organization", "org-9", "--yes"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("no organization"), "{words}");

    assert_eq!(deployment.ok(&["erasures", "list", "--json"]).trim(), "[]");
}

#[test]
fn the_manifest_is_shown_for_people_and_programs() {
    let deployment = Deployment::new();

    assert!(deployment.ok(&["manifest", "check"]).contains("covers all"));
    assert!(
        deployment
            .ok(&["manifest", "show"])
            .contains("contact_identities")
    );
    let json: serde_json::Value =
        serde_json::from_str(&deployment.ok(&["manifest", "show", "--json"])).unwrap();
    assert!(json["tables"].as_array().unwrap().len() > 25);
    let picture = deployment.ok(&["manifest", "show", "--mermaid"]);
    assert!(
        include_str!("../../../docs/data-map.md").contains(&picture),
        "put this into docs/data-map.md:\n{picture}"
    );
}

#[tokio::test]
async fn an_operator_adds_tables_of_their_own_to_the_manifest() {
    let deployment = Deployment::new();
    let db = Db::open(&deployment.database()).await.unwrap();
    db.execute(
        "CREATE TABLE orders (organization_id TEXT NOT NULL, id TEXT NOT NULL, note TEXT, PRIMARY KEY (organization_id, id))",
        vec![],
    )
    .await
    .unwrap();
    db.close().await;
    let file = deployment.folder.path().join("manifest.toml");
    let with_file = |text: &str, args: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let mut command = deployment.command(args);
        said(
            &command
                .env("QLIENTO_MANIFEST_FILE", &file)
                .output()
                .unwrap(),
        )
    };
    let complete = r#"
        [[table]]
        name = "orders"
        category = "contacts"
        organization = { column = "organization_id", fate = "erase" }
        personal = ["note"]
        plain = ["organization_id", "id"]
    "#;

    let (code, words) = with_file(complete, &["manifest", "show"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = with_file("[[tabel]]", &["manifest", "check"]);
    assert_eq!(code, Some(2));
    assert!(
        words.contains("manifest.toml: the manifest file is not understood"),
        "{words}"
    );
    let (code, words) = with_file(
        &complete.replace("erase", "archive"),
        &["manifest", "check"],
    );
    assert_eq!(code, Some(2));
    assert!(words.contains("fate archive does not fit"), "{words}");
    let (code, words) = said(&deployment.run(&["manifest", "check"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("\"orders\" is not covered"), "{words}");
}

#[test]
fn the_benchmark_prints_what_it_measured() {
    let deployment = Deployment::empty();

    let printed = deployment.ok(&[
        "bench",
        "erase",
        "--messages",
        "500",
        "--rounds",
        "1",
        "--json",
    ]);

    let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
    for figure in [
        "rows",
        "seconds",
        "rows_per_second",
        "hand_written_seconds",
        "ratio",
        "peak_rss_mib",
    ] {
        assert!(report[figure].as_f64().unwrap() > 0.0, "{figure}: {report}");
    }
    assert!(report["bystander"]["before_p99_ms"].as_f64().is_some());
}

#[test]
fn erasures_are_held_back_and_let_go_while_the_program_runs() {
    let deployment = Deployment::seeded("20");
    let (code, words) = said(&deployment.run(&["erasures", "limit", "--rows-per-second", "0"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("a whole number above 0"), "{words}");
    deployment.ok(&["erasures", "limit", "--rows-per-second", "5000"]);
    deployment.ok(&["erasures", "pause"]);
    let mut erasing = deployment
        .command(&["erase", "organization", "org-1", "--yes", "--wait"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();

    let begun = || deployment.ok(&["erasures", "list"]);
    while !begun().contains("QD-") && erasing.try_wait().unwrap().is_none() {}
    let listed = begun();
    assert!(listed.contains("paused since"), "{listed}");
    assert!(listed.contains("5000 rows per second"), "{listed}");
    thread::sleep(Duration::from_millis(500));
    assert!(erasing.try_wait().unwrap().is_none(), "it waits");
    assert!(deployment.files_with("ZEBRA-org-1") > 5);

    deployment.ok(&["erasures", "resume"]);
    deployment.ok(&["erasures", "limit", "--rows-per-second", "none"]);

    assert!(erasing.wait().unwrap().success());
    assert_eq!(deployment.files_with("ZEBRA-org-1"), 0);
    let listed = deployment.ok(&["erasures", "list"]);
    assert!(!listed.contains("paused"), "{listed}");
    assert!(!listed.contains("rows per second"), "{listed}");
}
