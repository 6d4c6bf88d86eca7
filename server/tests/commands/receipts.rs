//! Proof on the command line: receipts and the ledger, also where there is no deployment.

use std::{fs, path::PathBuf};

use crate::harness::{Deployment, said};

/// The file of an organization's receipt.
fn receipt_of(deployment: &Deployment, slug: &str) -> PathBuf {
    let printed = deployment.ok(&["erase", "organization", slug, "--yes", "--wait", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&printed).unwrap();
    deployment
        .folder
        .path()
        .join(answer["receipt"].as_str().unwrap())
}

#[test]
fn a_receipt_is_checked_without_the_deployment_and_a_changed_one_is_refused() {
    let deployment = Deployment::seeded("1");
    let receipt = receipt_of(&deployment, "org-1");
    let elsewhere = Deployment::empty();
    let keys = elsewhere.folder.path().join("keys.json");
    fs::write(&keys, deployment.ok(&["receipt", "keys", "--json"])).unwrap();
    let (receipt, keys) = (receipt.to_str().unwrap(), keys.to_str().unwrap());
    let changed = elsewhere.folder.path().join("changed.json");
    let text = fs::read_to_string(receipt).unwrap();
    fs::write(&changed, text.replacen("QD-", "QE-", 1)).unwrap();
    let changed = changed.to_str().unwrap();

    assert!(
        deployment
            .ok(&["receipt", "verify", receipt])
            .starts_with("GENUINE: QD-")
    );
    let elsewhere_says = elsewhere.ok(&["receipt", "verify", receipt, "--keys", keys, "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&elsewhere_says).unwrap();
    assert_eq!(answer["genuine"], true);

    let refused = elsewhere.run(&["receipt", "verify", changed, "--keys", keys]);
    assert_eq!(refused.status.code(), Some(1));
    let words = String::from_utf8_lossy(&refused.stdout);
    assert!(
        words.contains("NOT GENUINE: the signature does not fit"),
        "{words}"
    );

    let (code, words) = said(&elsewhere.run(&["receipt", "verify", changed]));
    assert_eq!(code, Some(2));
    assert!(
        words.contains("/.well-known/qliento-receipt-keys.json"),
        "{words}"
    );
}

#[test]
fn a_new_key_signs_and_what_the_old_one_signed_stays_genuine() {
    let deployment = Deployment::seeded("1");
    let receipt = receipt_of(&deployment, "org-1");
    let receipt = receipt.to_str().unwrap();

    assert!(
        deployment
            .ok(&["receipt", "new-key"])
            .contains("signed with the key")
    );

    let keys = deployment.ok(&["receipt", "keys"]);
    assert_eq!(keys.lines().count(), 2, "{keys}");
    assert!(keys.contains("signs no more since"), "{keys}");
    deployment.ok(&["receipt", "verify", receipt]);
}

#[test]
fn the_ledger_is_checked_and_one_that_was_changed_shortened_or_taken_away_stops_the_program() {
    let deployment = Deployment::seeded("1");
    receipt_of(&deployment, "org-1");
    let ledger = deployment.folder.path().join("data/ledger.jsonl");
    let text = fs::read_to_string(&ledger).unwrap();
    let lines = text.lines().count();
    let last = text.trim_end().rfind('\n').unwrap() + 1;

    assert!(
        deployment
            .ok(&["ledger", "check"])
            .contains(&format!("{lines} lines"))
    );
    deployment.ok(&["erasures", "list"]);

    for (content, words) in [
        (text.replacen("QD-", "QE-", 1), "broken in line"),
        (text[last..].to_owned(), "broken in line 1"),
        (text[..last].to_owned(), "older than the database"),
    ] {
        fs::write(&ledger, content).unwrap();
        let (code, said) = said(&deployment.run(&["erasures", "list"]));
        assert_eq!(code, Some(2));
        assert!(said.contains(words), "{words}: {said}");
    }
    fs::write(&ledger, format!("{text}{{\"sequence\":")).unwrap();
    assert!(
        deployment
            .ok(&["ledger", "check"])
            .contains("never finished")
    );
    deployment.ok(&["erasures", "list"]);

    fs::remove_file(&ledger).unwrap();
    let (code, words) = said(&deployment.run(&["erasures", "list"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("ledger begin --yes"), "{words}");
    deployment.ok(&["ledger", "begin", "--yes"]);
    deployment.ok(&["erasures", "list"]);
}
