//! What cannot start says why, in one go, with exit code 2.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use erasure::db::Db;

use crate::harness::{Deployment, said};

const SERVE: [(&str, &str); 4] = [
    ("QLIENTO_PUBLIC_URL", "http://127.0.0.1:1"),
    ("QLIENTO_SMTP_URL", "smtp://127.0.0.1:1"),
    ("QLIENTO_GRAPH_URL", "http://127.0.0.1:1"),
    ("QLIENTO_LISTEN", "127.0.0.1:0"),
];

#[test]
fn every_fault_of_the_configuration_is_listed_before_anything_is_opened() {
    let deployment = Deployment::empty();

    let output = deployment
        .command(&["serve"])
        .env("QLIENTO_LISTEN", "nowhere")
        .env("QLIENTO_NONSENSE", "1")
        .output()
        .unwrap();

    let (code, words) = said(&output);
    assert_eq!(code, Some(2));
    for key in [
        "QLIENTO_LISTEN",
        "QLIENTO_NONSENSE",
        "QLIENTO_PUBLIC_URL",
        "QLIENTO_SMTP_URL",
        "QLIENTO_GRAPH_URL",
    ] {
        assert!(words.contains(key), "{key}: {words}");
    }
    assert!(!deployment.folder.path().join("data").exists());
}

#[test]
fn a_taken_port_is_named() {
    let deployment = Deployment::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let output = deployment
        .command(&["serve"])
        .envs(SERVE)
        .env("QLIENTO_LISTEN", &address)
        .env("QLIENTO_SITE_ROOT", deployment.site())
        .output()
        .unwrap();

    let (code, words) = said(&output);
    assert_eq!(code, Some(2));
    assert!(
        words.contains(&address) && words.contains("stop the program that uses it"),
        "{words}"
    );
}

#[test]
fn missing_pages_and_a_missing_key_say_what_to_do() {
    let deployment = Deployment::new();
    let (code, words) = said(
        &deployment
            .command(&["serve"])
            .envs(SERVE)
            .env("QLIENTO_SITE_ROOT", "/nowhere")
            .output()
            .unwrap(),
    );
    assert_eq!(code, Some(2));
    assert!(words.contains("scripts/build-site"), "{words}");

    fs::remove_file(deployment.folder.path().join("data/master.key")).unwrap();
    let (code, words) = said(&deployment.run(&["erasures", "list"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("qliento key new"), "{words}");
}

#[test]
fn another_deployments_key_is_refused_before_serving() {
    let deployment = Deployment::seeded("1");
    fs::remove_file(deployment.folder.path().join("data/master.key")).unwrap();
    deployment.ok(&["key", "new"]);

    let (code, words) = said(&deployment.run(&["erasures", "list"]));

    assert_eq!(code, Some(2));
    assert!(words.contains("master key does not open"), "{words}");
}

#[test]
fn a_key_that_exists_is_never_written_over() {
    let deployment = Deployment::new();
    let path = deployment.folder.path().join("data/master.key");
    let before = fs::read(&path).unwrap();

    let (code, words) = said(&deployment.run(&["key", "new"]));

    assert_eq!(code, Some(2));
    assert!(words.contains("exists already"), "{words}");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[tokio::test]
async fn a_database_behind_or_ahead_is_told_apart() {
    let deployment = Deployment::empty();
    deployment.ok(&["key", "new"]);
    let (code, words) = said(&deployment.run(&["erasures", "list"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("qliento migrate"), "{words}");

    deployment.ok(&["migrate"]);
    let db = Db::open(&deployment.database()).await.unwrap();
    db.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, $1, 0)",
        vec![vec![0].into()],
    )
    .await
    .unwrap();
    db.close().await;

    for command in [["erasures", "list"], ["manifest", "check"]] {
        let (code, words) = said(&deployment.run(&command));
        assert_eq!(code, Some(2));
        assert!(words.contains("newer than this program"), "{words}");
    }
}

#[tokio::test]
async fn a_locked_database_is_named() {
    let deployment = Deployment::new_on_sqlite();
    let db = Db::open(&deployment.database()).await.unwrap();
    let held = db.begin().await.unwrap();

    let (code, words) = said(&deployment.run(&["erasures", "list"]));

    assert_eq!(code, Some(2));
    assert!(words.contains("locked by another program"), "{words}");
    drop(held);
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let deployment = Deployment::new_on_sqlite();
    fs::write(
        deployment.folder.path().join("data/qliento.db"),
        "this is not a database, but long enough to look at",
    )
    .unwrap();

    let (code, words) = said(&deployment.run(&["erasures", "list"]));

    assert_eq!(code, Some(2));
    assert!(words.contains("not a SQLite database"), "{words}");
}

#[tokio::test]
async fn a_table_that_nobody_added_to_the_manifest_stops_the_start() {
    let deployment = Deployment::new();
    let db = Db::open(&deployment.database()).await.unwrap();
    db.execute("CREATE TABLE shadow_contacts (id TEXT, phone TEXT)", vec![])
        .await
        .unwrap();
    db.close().await;

    let (code, words) = said(&deployment.run(&["manifest", "check"]));

    assert_eq!(code, Some(2));
    assert!(
        words.contains("table \"shadow_contacts\" is not covered"),
        "{words}"
    );
}

#[test]
fn a_read_only_database_is_named() {
    let deployment = Deployment::new_on_sqlite();
    let output = deployment
        .command(&["erasures", "list"])
        .env(
            "QLIENTO_DATABASE_URL",
            format!("{}?mode=ro", deployment.database()),
        )
        .output()
        .unwrap();

    let (code, words) = said(&output);
    assert_eq!(code, Some(2));
    assert!(words.contains("read-only"), "{words}");
}
