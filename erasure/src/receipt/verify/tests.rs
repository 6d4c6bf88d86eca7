//! A receipt in the hands of somebody who would like it to say something else.

use super::*;
use crate::{
    manifest::Category,
    random::ChaChaRandom,
    receipt::{CategoryReceipt, LedgerPlace, Verification},
    time::Timestamp,
    vault::SigningKey,
};

const NOON: Timestamp = Timestamp::from_millis(1_798_200_000_000);

fn key(number: u64) -> SigningKey {
    SigningKey::mint(&ChaChaRandom::from_number(number))
}

fn published(key: &SigningKey) -> KeySet {
    let key = key.verifying_key();
    let published = PublishedKey {
        id: key.id(),
        algorithm: ALGORITHM.to_owned(),
        key,
        created_at: NOON,
        retired_at: None,
    };
    KeySet {
        keys: vec![published],
    }
}

/// A receipt's file, as it is downloaded.
fn signed(key: &SigningKey) -> String {
    let receipt = Receipt {
        version: 1,
        reference: "QD-7K3M-9XP2".to_owned(),
        controller: "Café Qliento".to_owned(),
        requested_at: NOON,
        completed_at: NOON,
        categories: vec![CategoryReceipt {
            category: Category::Messages,
            found: 1_234,
            erased: 1_234,
        }],
        kept: vec![],
        meta: vec![],
        verification: Verification {
            tables: 25,
            columns: 30,
            found: 0,
            at: NOON,
        },
        backups_gone_by: NOON,
        held: None,
        journal: None,
        ledger: Some(LedgerPlace {
            entry: 7,
            head: canonical::Digest::of(b"head"),
        }),
        signature: None,
    };
    let mut value = serde_json::to_value(&receipt).unwrap();
    let text = canonical::text(&value).unwrap();
    let signature = SignedBy {
        algorithm: ALGORITHM.to_owned(),
        key: key.verifying_key().id(),
        value: key.sign(PURPOSE, text.as_bytes()),
    };
    value["signature"] = serde_json::to_value(signature).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

fn refusal(text: &[u8], keys: &KeySet) -> VerifyError {
    verify(text, keys).unwrap_err()
}

#[test]
fn a_receipt_is_genuine_however_it_is_laid_out() {
    let key = key(1);
    let file = signed(&key);
    let value: Value = serde_json::from_str(&file).unwrap();
    let backwards: Vec<_> = value.as_object().unwrap().iter().rev().collect();
    let members: Vec<_> = backwards
        .iter()
        .map(|(name, value)| format!("{name:?} : {value}"))
        .collect();

    for text in [
        file.clone(),
        value.to_string(),
        format!("{{ {} }}", members.join(" ,\n")),
    ] {
        let genuine = verify(text.as_bytes(), &published(&key)).unwrap();
        assert_eq!(genuine.receipt.reference, "QD-7K3M-9XP2");
        assert_eq!(genuine.key.id, key.verifying_key().id());
    }
}

#[test]
fn whatever_is_changed_added_or_taken_away_is_noticed() {
    let key = key(1);
    let (file, keys) = (signed(&key), published(&key));

    for (from, to) in [
        ("1234", "1235"),
        ("QD-7K3M", "QD-7K3N"),
        ("\"found\": 0", "\"found\": 1"),
        ("\"entry\": 7", "\"entry\": 8"),
        ("\"kept\": []", "\"kept\": [], \"note\": \"paid\""),
        ("\"meta\": [],", ""),
        ("Café", "Cafe"),
    ] {
        let changed = file.replacen(from, to, 1);
        assert_ne!(changed, file, "{from}");
        assert_eq!(
            refusal(changed.as_bytes(), &keys),
            VerifyError::Refused,
            "{from}"
        );
    }
}

#[test]
fn a_key_of_somebody_else_is_named_and_one_under_a_false_name_is_not_believed() {
    let (ours, theirs) = (key(1), key(2));
    let unknown = VerifyError::UnknownKey(theirs.verifying_key().id());
    let mut false_name = published(&ours);
    false_name.keys[0].id = theirs.verifying_key().id();

    assert_eq!(
        refusal(signed(&theirs).as_bytes(), &published(&ours)),
        unknown
    );
    assert_eq!(refusal(signed(&theirs).as_bytes(), &false_name), unknown);
    assert_eq!(
        refusal(signed(&theirs).as_bytes(), &KeySet::default()),
        unknown
    );
}

#[test]
fn what_is_no_receipt_is_told_so() {
    let key = key(1);
    let (file, keys) = (signed(&key), published(&key));
    let mut unsigned: Value = serde_json::from_str(&file).unwrap();
    unsigned.as_object_mut().unwrap().remove("signature");
    let other_algorithm = file.replace("Ed25519", "HS256");
    let twice = file.replacen('{', "{ \"reference\": \"QD-0000-0000\",", 1);
    let markup = file.replace(&key.verifying_key().id(), "<script>");
    let huge = " ".repeat(10_000_000);

    for (text, refused) in [
        ("", VerifyError::Empty),
        (" \n", VerifyError::Empty),
        (&huge, VerifyError::TooLong),
        ("Hello", VerifyError::NotJson),
        ("{", VerifyError::NotJson),
        (&twice, VerifyError::NotJson),
        ("{}", VerifyError::NotAReceipt),
        ("[1,2]", VerifyError::NotAReceipt),
        ("\"receipt\"", VerifyError::NotAReceipt),
        (&unsigned.to_string(), VerifyError::Unsigned),
        (&other_algorithm, VerifyError::UnknownAlgorithm),
        (&markup, VerifyError::UnknownKey("(unreadable)".to_owned())),
    ] {
        assert_eq!(refusal(text.as_bytes(), &keys), refused);
    }
    assert_eq!(refusal(b"\xff\xfe", &keys), VerifyError::NotJson);
}

#[test]
fn a_signature_made_by_the_first_version_verifies_for_ever() {
    let key = key(1);

    insta::assert_snapshot!(signed(&key));
}

proptest::proptest! {
    #[test]
    fn no_single_changed_byte_passes(at in 0_usize..4_000, byte in 0_u8..=255) {
        let key = key(1);
        let mut file = signed(&key).into_bytes();
        let at = at % file.len();
        let was = file[at];
        proptest::prop_assume!(was != byte);
        file[at] = byte;
        // White space between the members says nothing, and is not signed.
        proptest::prop_assume!(!(was.is_ascii_whitespace() && byte.is_ascii_whitespace()));
        proptest::prop_assert!(verify(&file, &published(&key)).is_err());
    }
}
