//! Master keys: what they are called, and what is derived from each. There is more than one only while a rotation goes on.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{cipher::KEY_BYTES, key_file::KeyFile};
use crate::random::Random;

/// Names a master key without saying anything about it: eight bytes derived from it, in hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MasterKeyId([u8; 8]);

impl fmt::Display for MasterKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for MasterKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MasterKeyId({self})")
    }
}

impl FromStr for MasterKeyId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_id = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u64::from_str_radix(text, 16) {
            Ok(number) if is_id => Ok(Self(number.to_be_bytes())),
            _ => Err(()),
        }
    }
}

/// A deployment's master key.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

impl MasterKey {
    /// A new key.
    #[must_use]
    pub fn mint(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> MasterKeyId {
        let mut id = [0; 8];
        derive(self.0.as_slice(), "master key id", &mut id);
        MasterKeyId(id)
    }

    /// The key that wraps data keys.
    pub(super) fn wrapping(&self) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        derive(self.0.as_slice(), "wrap data keys", key.as_mut_slice());
        key
    }

    /// The key that wraps the keys of files.
    pub(super) fn wrapping_files(&self) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        derive(self.0.as_slice(), "wrap keys of files", key.as_mut_slice());
        key
    }

    pub(super) fn parse(line: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(line).ok()?);
        let key = <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).ok()?;
        Some(Self(Zeroizing::new(key)))
    }

    pub(super) fn line(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", STANDARD.encode(self.0.as_slice())))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey([redacted])")
    }
}

/// A key for one purpose, from a secret (HKDF-SHA-256, RFC 5869).
pub(super) fn derive(secret: &[u8], purpose: &'static str, key: &mut [u8]) {
    let expanded = Hkdf::<Sha256>::new(None, secret).expand(purpose.as_bytes(), key);
    debug_assert!(expanded.is_ok(), "a few bytes are within HKDF's reach");
}

/// The master keys at hand, the one to be used first. There is always one.
#[derive(Clone, Debug)]
pub struct MasterKeys {
    present: MasterKey,
    older: Vec<MasterKey>,
    file: Option<KeyFile>,
}

impl MasterKeys {
    /// A key without a file: for tests, and for a moment.
    #[must_use]
    pub fn only(key: MasterKey) -> Self {
        Self {
            present: key,
            older: vec![],
            file: None,
        }
    }

    /// What a file holds, the first to be used.
    pub(super) const fn of_file(present: MasterKey, older: Vec<MasterKey>, file: KeyFile) -> Self {
        Self {
            present,
            older,
            file: Some(file),
        }
    }

    /// The key to be used, and those that still open.
    #[must_use]
    pub fn ids(&self) -> Vec<MasterKeyId> {
        self.all().map(MasterKey::id).collect()
    }

    pub(super) fn find(&self, id: MasterKeyId) -> Option<&MasterKey> {
        self.all().find(|key| key.id() == id)
    }

    pub(super) fn first(&self) -> MasterKeyId {
        self.present.id()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.present).chain(&self.older)
    }

    /// The same file, as it is now; `None` when there is none, or it cannot be used.
    pub(super) fn read_again(&self) -> Option<Self> {
        self.file.as_ref()?.read().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    fn key(number: u64) -> MasterKey {
        MasterKey::mint(&ChaChaRandom::from_number(number))
    }

    #[test]
    fn a_keys_name_is_not_the_key_and_is_read_back() {
        let id = key(1).id();

        assert_eq!(id.to_string().parse(), Ok(id));
        assert_ne!(id, key(2).id());
        for odd in ["", "xyz", "00000000000000000", "+000000000000000"] {
            assert_eq!(odd.parse::<MasterKeyId>(), Err(()), "{odd}");
        }
        assert_eq!(format!("{:?}", key(1)), "MasterKey([redacted])");
    }
}
