//! All cryptography of this product: sealing, opening, keyed digests.
//!
//! One master key per deployment lives in a file, never in the database. It wraps data keys, and data keys seal values:
//! one for the deployment's own secrets, one for each organization's, one for each archive record. Destroying a data
//! key ends everything it sealed, in every copy.
//!
//! A sealed value is `version (1) · algorithm (1) · key id (16) · nonce (12) · ciphertext and tag`, AES-256-GCM with a
//! random 96-bit nonce (NIST SP 800-38D), and opens only where it was put: see [`Place`].

mod keys;
mod place;

use std::{fmt, path::Path, sync::Arc};

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use self::{
    keys::{DataKey, Scope},
    place::Place,
};
use crate::random::Random;

/// Bytes of a key: AES-256.
const KEY_BYTES: usize = 32;
/// Bytes of a nonce: the 96 bits that GCM is made for.
const NONCE_BYTES: usize = 12;

/// Why something could not be sealed or opened. Never says anything about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Written by another version of this program.
    #[error("the sealed value has an unknown format")]
    UnknownFormat,
    /// The key that sealed it does not exist (any more).
    #[error("the key of the sealed value does not exist")]
    KeyMissing,
    /// The key is wrong, the value was changed, or it was moved to another place.
    #[error("the sealed value does not open here")]
    Refused,
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read.
    #[error("the master key file cannot be read ({0}): create it with `qliento key new`")]
    Unreadable(std::io::ErrorKind),
    /// Its content is not a key.
    #[error(
        "the master key file does not hold 32 bytes in base64: create it with `qliento key new`"
    )]
    Malformed,
}

/// The deployment's master key.
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

impl MasterKey {
    /// A new key.
    #[must_use]
    pub fn mint(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// Reads the key's file: 32 bytes in base64.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn read(path: &Path) -> Result<Self, MasterKeyError> {
        let text = Zeroizing::new(
            std::fs::read_to_string(path)
                .map_err(|error| MasterKeyError::Unreadable(error.kind()))?,
        );
        let bytes = Zeroizing::new(
            STANDARD
                .decode(text.trim())
                .map_err(|_| MasterKeyError::Malformed)?,
        );
        let key =
            <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| MasterKeyError::Malformed)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// The text that belongs in the key's file.
    #[must_use]
    pub fn to_file_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", STANDARD.encode(self.0.as_slice())))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey([redacted])")
    }
}

/// Seals and opens under the master key.
pub struct Vault {
    master: MasterKey,
    random: Arc<dyn Random>,
}

impl Vault {
    /// A vault that draws its nonces from `random`.
    #[must_use]
    pub fn new(master: MasterKey, random: Arc<dyn Random>) -> Self {
        Self { master, random }
    }

    /// A digest that nobody can compute or check without the master key; different for each purpose.
    #[must_use]
    pub fn keyed_digest(&self, purpose: &'static str, parts: &[&[u8]]) -> Vec<u8> {
        let key = self.derive(purpose);
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_slice()) else {
            unreachable!("HMAC takes keys of any length")
        };
        for part in parts {
            // Lengths first: ("ab", "c") and ("a", "bc") must not meet.
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// Seals something that lives outside the database for a moment, for example in a cookie.
    #[must_use]
    pub fn seal_ephemeral(&self, purpose: &'static str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = self.random.bytes();
        let mut sealed = nonce.to_vec();
        sealed.extend(encrypt(
            &self.derive(purpose),
            &nonce,
            purpose.as_bytes(),
            plain,
        ));
        sealed
    }

    /// Opens what [`Vault::seal_ephemeral`] sealed for the same purpose; `None` for anything else.
    #[must_use]
    pub fn open_ephemeral(&self, purpose: &'static str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        decrypt(&self.derive(purpose), nonce, purpose.as_bytes(), ciphertext)
    }

    /// A key for one purpose, from the master key (HKDF-SHA-256, RFC 5869).
    fn derive(&self, purpose: &'static str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let expanded = Hkdf::<Sha256>::new(None, self.master.0.as_slice())
            .expand(purpose.as_bytes(), key.as_mut_slice());
        debug_assert!(expanded.is_ok(), "32 bytes are within HKDF's reach");
        key
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Vault([redacted])")
    }
}

fn encrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    associated: &[u8],
    plain: &[u8],
) -> Vec<u8> {
    let payload = Payload {
        msg: plain,
        aad: associated,
    };
    let Ok(ciphertext) = Aes256Gcm::new(&(*key).into()).encrypt(&(*nonce).into(), payload) else {
        unreachable!("GCM takes messages of up to 64 GiB")
    };
    ciphertext
}

fn decrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    Aes256Gcm::new(&(*key).into())
        .decrypt(
            &(*nonce).into(),
            Payload {
                msg: sealed,
                aad: associated,
            },
        )
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    fn vault(seed: u64) -> Vault {
        let random: Arc<dyn Random> = Arc::new(ChaChaRandom::from_number(seed));
        Vault::new(MasterKey::mint(random.as_ref()), random)
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
    fn every_flipped_bit_is_noticed() {
        let vault = vault(1);
        let sealed = vault.seal_ephemeral("flash", b"ada");

        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(vault.open_ephemeral("flash", &changed), None, "bit {bit}");
        }
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
    fn a_master_key_file_is_read_back_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let key = MasterKey::mint(&ChaChaRandom::from_number(1));
        std::fs::write(&path, key.to_file_text().as_str()).unwrap();

        assert_eq!(MasterKey::read(&path).unwrap().0, key.0);

        std::fs::write(&path, "c2hvcnQ=").unwrap();
        assert!(matches!(
            MasterKey::read(&path),
            Err(MasterKeyError::Malformed)
        ));
        assert!(matches!(
            MasterKey::read(&folder.path().join("none")),
            Err(MasterKeyError::Unreadable(_))
        ));
    }

    proptest::proptest! {
        #[test]
        fn what_is_sealed_comes_back_whole_and_hides_its_content(plain in proptest::collection::vec(0_u8..=255, 0..200)) {
            let vault = vault(5);
            let sealed = vault.seal_ephemeral("flash", &plain);
            assert!(plain.len() < 8 || !sealed.windows(plain.len()).any(|window| window == plain));
            assert_eq!(vault.open_ephemeral("flash", &sealed), Some(plain));
        }

        #[test]
        fn nothing_but_what_was_sealed_opens(noise in proptest::collection::vec(0_u8..=255, 0..200)) {
            assert_eq!(vault(5).open_ephemeral("flash", &noise), None);
        }
    }
}
