//! Any length comes back whole; whatever is done to a sealed file is noticed.

use std::sync::Arc;

use super::*;
use crate::random::{ChaChaRandom, Random};

fn vault(seed: u64) -> Vault {
    Vault::detached(Arc::new(ChaChaRandom::from_number(seed)))
}

fn seal(vault: &Vault, plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let master = vault.master_keys().first();
    let (key, wrapped) = vault.new_file_key(master, b"label").unwrap();
    let mut writer = key.seal(Vec::new());
    writer.write_all(plain).unwrap();
    (wrapped, writer.finish().unwrap())
}

fn open(vault: &Vault, wrapped: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StreamFault> {
    let mut plain = Vec::new();
    let masters = vault.master_keys();
    let key = masters.open_file_key(masters.first(), b"label", wrapped);
    let mut reader = key.unwrap().open(sealed);
    match reader.read_to_end(&mut plain) {
        Ok(_) => Ok(plain),
        Err(error) => Err(StreamFault::of(&error).unwrap()),
    }
}

/// Every length at which something else happens.
const LENGTHS: [usize; 7] = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7];

fn noise(length: usize) -> Vec<u8> {
    let mut plain = vec![0; length];
    ChaChaRandom::from_number(9).fill(&mut plain);
    plain
}

#[test]
fn a_file_of_any_length_comes_back_whole() {
    let vault = vault(1);
    for length in LENGTHS {
        let plain = noise(length);
        let (wrapped, sealed) = seal(&vault, &plain);

        assert_eq!(sealed.len(), length + TAG * length.div_ceil(CHUNK).max(1));
        assert_eq!(open(&vault, &wrapped, &sealed).unwrap(), plain, "{length}");
    }
}

#[test]
fn a_file_that_was_cut_anywhere_is_refused_as_cut_off() {
    let vault = vault(1);
    let (wrapped, sealed) = seal(&vault, &noise(2 * CHUNK + 7));
    let chunk = CHUNK + TAG;

    for end in [
        0,
        1,
        TAG,
        chunk - 1,
        chunk,
        chunk + 1,
        2 * chunk,
        2 * chunk + 1,
        sealed.len() - 1,
    ] {
        let cut = StreamFault::CutOff(u64::try_from(end).unwrap());
        assert_eq!(open(&vault, &wrapped, &sealed[..end]), Err(cut), "{end}");
    }
}

#[test]
fn a_chunk_that_was_changed_moved_dropped_or_added_is_noticed() {
    let vault = vault(1);
    let (wrapped, sealed) = seal(&vault, &noise(2 * CHUNK + 7));
    let chunk = CHUNK + TAG;
    let swapped = [
        &sealed[chunk..2 * chunk],
        &sealed[..chunk],
        &sealed[2 * chunk..],
    ]
    .concat();
    let dropped = [&sealed[..chunk], &sealed[2 * chunk..]].concat();
    let twice = [&sealed[..chunk], &sealed].concat();
    let first = StreamFault::Damaged {
        from: 0,
        to: u64::try_from(chunk).unwrap(),
    };

    assert_eq!(open(&vault, &wrapped, &swapped), Err(first));
    assert!(open(&vault, &wrapped, &dropped).is_err());
    assert!(open(&vault, &wrapped, &twice).is_err());
    for at in [0, chunk - 1, chunk, 2 * chunk, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&vault, &wrapped, &changed).is_err(), "{at}");
    }
}

#[test]
fn what_was_added_behind_the_end_is_noticed() {
    let vault = vault(1);
    let (wrapped, mut sealed) = seal(&vault, &noise(CHUNK));
    sealed.push(0);

    let end = u64::try_from(CHUNK + TAG).unwrap();
    assert_eq!(
        open(&vault, &wrapped, &sealed),
        Err(StreamFault::Added(end))
    );
}

#[test]
fn a_file_opens_under_its_own_label_and_master_key_only() {
    let (ours, theirs) = (vault(1), vault(2));
    let (wrapped, _) = seal(&ours, b"x");
    let (master, other) = (ours.master_keys().first(), theirs.master_keys().first());
    let refused = |vault: &Vault, master: MasterKeyId, label: &[u8], wrapped: &[u8]| {
        let masters = vault.master_keys();
        masters.open_file_key(master, label, wrapped).err()
    };

    assert_eq!(
        refused(&ours, master, b"other", &wrapped),
        Some(VaultError::Refused)
    );
    assert_eq!(
        refused(&theirs, other, b"label", &wrapped),
        Some(VaultError::Refused)
    );
    assert_eq!(
        refused(&theirs, master, b"label", &wrapped),
        Some(VaultError::MasterKeyMissing(master))
    );
    assert_eq!(
        refused(&ours, master, b"label", b"short"),
        Some(VaultError::UnknownFormat)
    );
}

proptest::proptest! {
    #[test]
    fn noise_opens_nothing(noise in proptest::collection::vec(0_u8..=255, 0..400)) {
        let vault = vault(1);
        let (wrapped, _) = seal(&vault, b"x");
        assert!(open(&vault, &wrapped, &noise).is_err());
    }
}
