//! `qliento key`, by the real binary: rotated beside a running site, killed in the middle, refused when anything is wrong.

use std::{
    fs, os::unix::fs::PermissionsExt as _, path::PathBuf, process::Stdio, thread, time::Duration,
};

use crate::{
    harness::{Deployment, said},
    site::{Site, Visitor},
};

fn key_file(deployment: &Deployment) -> PathBuf {
    deployment.folder.path().join("data/master.key")
}

fn keys_in_file(deployment: &Deployment) -> usize {
    fs::read_to_string(key_file(deployment))
        .unwrap()
        .lines()
        .count()
}

/// The files in which old keys were set aside.
fn set_aside(deployment: &Deployment) -> Vec<PathBuf> {
    let entries = fs::read_dir(deployment.folder.path().join("data")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_str().unwrap().contains("master.key.retired-"))
        .collect()
}

fn serving(deployment: &Deployment) -> Site {
    let mut command = deployment.command(&["serve"]);
    command.envs([
        ("QLIENTO_PUBLIC_URL", "http://127.0.0.1:1"),
        ("QLIENTO_SMTP_URL", "smtp://127.0.0.1:1"),
        ("QLIENTO_GRAPH_URL", "http://127.0.0.1:1"),
    ]);
    Site::start(command, deployment, "serving")
}

#[tokio::test]
async fn a_master_key_is_replaced_beside_a_running_site_and_the_old_one_is_refused() {
    let deployment = Deployment::seeded("5");
    let before = fs::read_to_string(key_file(&deployment)).unwrap();
    let site = serving(&deployment);
    let visitor = Visitor::of(&site.address(" on "));

    let printed = deployment.ok(&["key", "rotate"]);

    assert!(
        printed.contains("data keys are wrapped under master key") && printed.contains("a second)"),
        "{printed}"
    );
    assert!(
        printed.contains("the old master key is out of use"),
        "{printed}"
    );
    assert_eq!(visitor.text("/healthz").await, "ok\n");
    let checked = deployment.ok(&["key", "check"]);
    assert!(
        checked.contains("is in use") && !checked.contains("unfinished"),
        "{checked}"
    );
    let [aside] = &set_aside(&deployment)[..] else {
        panic!("one old key")
    };
    assert_eq!(fs::read_to_string(aside).unwrap(), before);
    deployment.ok(&["erase", "organization", "org-1", "--yes", "--wait"]);
    assert!(site.stop().success());

    fs::write(key_file(&deployment), before).unwrap();
    let (code, words) = said(&deployment.run(&["erasures", "list"]));
    assert_eq!(code, Some(2));
    assert!(
        words.contains("master key does not open") && words.contains("retired"),
        "{words}"
    );
}

#[test]
fn a_rotation_that_is_killed_goes_on_and_then_the_file_is_tidied() {
    let deployment = Deployment::seeded("1");
    let mut killed = deployment
        .command(&["key", "rotate"])
        .env("FAILPOINTS", "rotate::committed=pause")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !deployment
        .ok(&["key", "check"])
        .contains("retiring: it wraps 0")
    {
        let ended = killed.try_wait().unwrap();
        assert!(
            ended.is_none(),
            "the rotation did not come to its pause: {ended:?}"
        );
        thread::sleep(Duration::from_millis(100)); // the rotation needs the database too
    }
    killed.kill().unwrap();
    killed.wait().unwrap();

    let (code, words) = said(&deployment.run(&["key", "rotate"]));
    assert_eq!(code, Some(2));
    assert!(
        words.contains("is being retired by another process"),
        "{words}"
    );
    assert!(
        deployment
            .ok(&["key", "check"])
            .contains("a rotation is unfinished")
    );
    let mut tries = 0;
    while !deployment.run(&["key", "rotate"]).status.success() {
        tries += 1;
        assert!(tries < 60, "it never goes on");
        thread::sleep(Duration::from_millis(500));
    }

    assert_eq!(keys_in_file(&deployment), 1);
    assert_eq!(set_aside(&deployment).len(), 1);
    let checked = deployment.ok(&["key", "check"]);
    assert!(
        !checked.contains("retiring") && !checked.contains("unfinished"),
        "{checked}"
    );
}

#[test]
fn a_key_is_prepared_for_many_machines_before_it_is_used() {
    let deployment = Deployment::seeded("1");

    let prepared = deployment.ok(&["key", "rotate", "--prepare"]);

    assert!(
        prepared.contains("copy the file to every machine"),
        "{prepared}"
    );
    assert_eq!(keys_in_file(&deployment), 2);
    let again = deployment.ok(&["key", "rotate", "--prepare"]);
    assert_eq!(again, prepared, "the same key");
    let two_keys = fs::read_to_string(key_file(&deployment)).unwrap();
    deployment.ok(&["key", "rotate"]);
    assert_eq!(keys_in_file(&deployment), 1);

    fs::write(key_file(&deployment), two_keys).unwrap(); // another machine's file
    let tidied = deployment.ok(&["key", "rotate"]);
    assert!(!tidied.contains("are wrapped under"), "{tidied}");
    assert_eq!(keys_in_file(&deployment), 1);
}

#[test]
fn a_key_that_others_can_read_or_that_is_none_is_refused_before_anything_is_served() {
    let deployment = Deployment::new();
    let path = key_file(&deployment);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, words) = said(&deployment.run(&["key", "check"]));
    assert_eq!(code, Some(2));
    assert!(
        words.contains("open to others (mode 644)") && words.contains("chmod 600"),
        "{words}"
    );

    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "not a key\n").unwrap();
    let (code, words) = said(&deployment.run(&["erasures", "list"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("line 1 of the master key file"), "{words}");
}
