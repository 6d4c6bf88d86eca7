//! A receipt proves itself, and the ledger knew before anybody was told.

use std::fs;

use erasure::{
    canonical,
    ledger::Fact,
    progress::State,
    receipt::{self, Receipt, VerifyError},
};

use crate::harness::{MARKER, World};

/// The receipt's file, as it is downloaded.
fn file(receipt: &Receipt) -> Vec<u8> {
    serde_json::to_vec_pretty(receipt).unwrap()
}

#[tokio::test]
async fn a_receipt_is_signed_and_stands_in_the_ledger_at_the_line_that_it_names() {
    let world = World::with_organizations(1).await;
    world.start().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    let receipt = world.complete(&capability).await;

    let keys = receipt::key_set(&world.services.db).await.unwrap();
    let genuine = receipt::verify(&file(&receipt), &keys).unwrap();
    assert_eq!(genuine.receipt, receipt);

    let place = receipt.ledger.clone().unwrap();
    let first = world.services.ledger.first_line().await.unwrap();
    let entries = world.services.ledger.entries_behind(first).await.unwrap();
    let entries = entries.unwrap();
    let bare = Receipt {
        ledger: None,
        signature: None,
        ..receipt
    };
    let digest = canonical::digest(&serde_json::to_value(&bare).unwrap()).unwrap();
    let erased = entries.iter().find(|entry| entry.sequence == place.entry);
    assert!(
        matches!(&erased.unwrap().fact, Fact::Erased { receipt, .. } if *receipt == digest),
        "{erased:?}"
    );
    assert!(matches!(entries[0].fact, Fact::Confirmed(_)), "{entries:?}");
    world.settle().await;
}

#[tokio::test]
async fn a_receipt_stays_genuine_when_another_key_signs() {
    let world = World::with_organizations(2).await;
    world.start().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    let older = world.complete(&capability).await;
    let of_then = receipt::key_set(&world.services.db).await.unwrap();

    let key = receipt::new_key(&world.services).await.unwrap();
    let capability = world.confirm_deletion(&world.owner("org-2").await).await;
    let newer = world.complete(&capability).await;

    let keys = receipt::key_set(&world.services.db).await.unwrap();
    assert_eq!(keys.keys.len(), 2);
    assert_eq!(
        keys.keys
            .iter()
            .filter(|key| key.retired_at.is_none())
            .count(),
        1
    );
    assert_eq!(
        receipt::verify(&file(&newer), &keys).unwrap().key.id,
        key.id
    );
    assert!(receipt::verify(&file(&older), &keys).is_ok());
    assert_eq!(
        receipt::verify(&file(&newer), &of_then).unwrap_err(),
        VerifyError::UnknownKey(key.id)
    );
}

#[tokio::test]
async fn nothing_is_deleted_and_nothing_completed_while_the_ledger_cannot_be_written() {
    let world = World::with_organizations(1).await;
    world.start().await;
    let ours = world.organization("org-1").await;
    let before = world.rows_of(&ours).await;
    let (ledger, aside) = (world.ledger_file(), world.folder.path().join("aside"));
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    fs::rename(&ledger, &aside).unwrap();
    fs::create_dir(&ledger).unwrap();

    let capability = world.confirm(&owner, &code).await.unwrap();
    world.run_due_jobs().await;

    assert_eq!(world.progress(&capability).await.state, State::Erasing);
    assert_eq!(world.rows_of(&ours).await["messages"], before["messages"]);

    fs::remove_dir(&ledger).unwrap();
    fs::rename(&aside, &ledger).unwrap();
    world.advance(crate::harness::hours(2));
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn neither_the_ledger_nor_a_backup_holds_anything_personal_in_clear() {
    let world = World::with_organizations(2).await;
    world.start().await;
    let backup = world.back_up().await;
    assert!(backup.bytes > 1_000);
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;

    let ledger = world.ledger_text();
    let file = fs::read(world.backup_file()).unwrap();

    for personal in [MARKER, "org-1", "example", "Halles"] {
        assert!(!ledger.contains(personal), "{ledger}");
        assert!(!holds(&file, personal), "{personal}");
    }
    assert!(ledger.contains("\"kind\":\"erased\""), "{ledger}");
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
