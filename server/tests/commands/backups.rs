//! A backup, an erasure, a restore: with the real binary, which is stopped at every point where it could be.

use std::{fs, process::Command};

use erasure::db::Db;

use crate::harness::{Deployment, said};

/// Where a restore is stopped: before and after each thing that it changes.
const POINTS: [&str; 11] = [
    "restore::staged",
    "restore::kept_beside",
    "restore::placed",
    "restore::restoring",
    "restore::media",
    "restore::replaying",
    "restore::replayed",
    "restore::worked",
    "restore::read_back",
    "restore::opened",
    "ledger::write",
];

fn with_store(deployment: &Deployment, arguments: &[&str]) -> Command {
    let mut command = deployment.command(arguments);
    let folder = deployment.folder.path().join("backups");
    command.env("QLIENTO_BACKUP_URL", format!("file:{}", folder.display()));
    command
}

fn ok(deployment: &Deployment, arguments: &[&str]) -> serde_json::Value {
    let output = with_store(deployment, arguments).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {words}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(deployment: &Deployment, arguments: &[&str]) -> String {
    let (code, words) = said(&with_store(deployment, arguments).output().unwrap());
    assert_eq!(code, Some(2), "{arguments:?}: {words}");
    words
}

async fn organizations(deployment: &Deployment) -> i64 {
    let db = Db::open(&deployment.database()).await.unwrap();
    let count = db
        .number("SELECT count(*) FROM organizations", vec![])
        .await;
    db.close().await;
    count.unwrap()
}

/// Two organizations, a backup of both, and then one of them erased.
fn backed_up_and_erased() -> Deployment {
    let deployment = Deployment::seeded("20");
    ok(&deployment, &["backup", "create", "--json"]);
    deployment.ok(&["erase", "organization", "org-1", "--yes", "--wait"]);
    deployment
}

const RESTORE: [&str; 5] = ["backup", "restore", "--latest", "--yes", "--json"];

#[tokio::test]
async fn a_restore_that_is_stopped_anywhere_goes_on_to_the_same_end() {
    for point in POINTS {
        let deployment = backed_up_and_erased();
        let stopped = with_store(&deployment, &RESTORE)
            .env("FAILPOINTS", format!("{point}=1*panic"))
            .output()
            .unwrap();
        let only_on_files = ["restore::kept_beside"].contains(&point);
        assert!(
            !stopped.status.success()
                || (only_on_files && !deployment.database().starts_with("sqlite")),
            "{point} was never reached"
        );

        let again = with_store(&deployment, &RESTORE).output().unwrap();

        let words = String::from_utf8_lossy(&again.stderr);
        assert!(again.status.success(), "{point}: {words}");
        assert_eq!(organizations(&deployment).await, 1, "{point}");
        assert_eq!(deployment.files_with("ZEBRA-org-1"), 0, "{point}");
        deployment.ok(&["erasures", "list"]);
        deployment.ok(&["ledger", "check"]);
    }
}

#[tokio::test]
async fn a_drill_says_how_long_it_takes_and_touches_nothing() {
    let deployment = backed_up_and_erased();
    let ledger = deployment.folder.path().join("data/ledger.jsonl");
    let before = fs::read(&ledger).unwrap();

    let drill = ok(&deployment, &["backup", "drill", "--latest", "--json"]);

    assert_eq!(drill["erased_again"], 1, "{drill}");
    assert!(drill["seconds_to_catch_up"].as_f64().unwrap() > 0.0);
    assert_eq!(fs::read(&ledger).unwrap(), before);
    assert_eq!(organizations(&deployment).await, 1);
    assert_eq!(deployment.files_with("ZEBRA-org-1"), 0);
    assert!(deployment.files_with("ZEBRA-org-2") > 5);
    deployment.ok(&["erasures", "list"]);
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_before_anything_is_touched() {
    let deployment = backed_up_and_erased();
    let folder = deployment.folder.path().join("backups");
    let entry = fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
    let id = name.strip_suffix(".qliento-backup").unwrap().to_owned();
    let restore = ["backup", "restore", &id, "--yes"];
    let whole = fs::read(&path).unwrap();

    assert!(refused(&deployment, &["backup", "restore", &id]).contains("--yes"));
    for at in [
        0,
        20,
        30,
        300,
        whole.len() / 2,
        whole.len() - 20,
        whole.len() - 1,
    ] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        fs::write(&path, flipped).unwrap();
        let words = refused(&deployment, &restore);
        assert!(words.contains("backup"), "byte {at}: {words}");
    }
    for length in [0, 10, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let words = refused(&deployment, &restore);
        assert!(words.contains("backup"), "{length} bytes: {words}");
    }
    fs::write(&path, &whole).unwrap();
    let key = deployment.folder.path().join("data/master.key");
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    deployment.ok(&["key", "new"]);
    assert!(refused(&deployment, &restore).contains("master key"));
    fs::write(&key, kept).unwrap();

    assert_eq!(organizations(&deployment).await, 1);
    deployment.ok(&["erasures", "list"]);
    let db = Db::open(&deployment.database()).await.unwrap();
    assert!(refused(&deployment, &restore).contains("in use"));
    db.close().await;
    with_store(&deployment, &restore).output().unwrap();
    assert_eq!(organizations(&deployment).await, 1);
}

#[test]
fn without_a_place_for_backups_the_command_says_which_setting_is_missing() {
    let deployment = Deployment::new();

    let (code, words) = said(&deployment.run(&["backup", "create"]));

    assert_eq!(code, Some(2));
    assert!(words.contains("QLIENTO_BACKUP_URL is not set"), "{words}");
}

#[test]
fn what_is_kept_says_how_old_the_oldest_backup_is_and_when_it_ends() {
    let deployment = Deployment::seeded("20");
    assert!(
        deployment
            .ok(&["retention", "show"])
            .contains("nobody has looked yet")
    );

    ok(&deployment, &["backup", "create", "--json"]);
    let watch = ok(&deployment, &["backup", "prune", "--json"]);

    let kept = ok(&deployment, &["retention", "show", "--json"]);
    assert_eq!(kept["backups"], watch);
    assert_eq!(
        (&watch["copies"], &watch["unreadable"]),
        (&1.into(), &0.into())
    );
    let words = deployment.ok(&["retention", "show"]);
    let oldest = watch["oldest_at"].as_str().unwrap();
    assert!(
        words.contains(&format!("1 restorable and 0 not, the oldest of {oldest}")),
        "{words}"
    );
}

#[test]
fn a_backup_is_measured_beside_the_bare_cipher() {
    let deployment = Deployment::empty();

    let printed = deployment.ok(&["bench", "backup", "--mebibytes", "3", "--json"]);

    let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(report["mebibytes"], 3);
    for figure in ["seconds", "mb_per_second", "cipher_mb_per_second", "ratio"] {
        assert!(report[figure].as_f64().unwrap() > 0.0, "{report}");
    }
}
