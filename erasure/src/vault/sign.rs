//! Signatures: what lets anybody check a receipt without asking us, and without being able to write one.
//!
//! Ed25519 (RFC 8032). A signature says for what it was made, so that none can serve as another's.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, ed25519};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use super::{KEY_BYTES, VaultError};
use crate::{canonical::Digest, random::Random};

/// The half that signs.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A new key.
    #[must_use]
    pub fn mint(random: &dyn Random) -> Self {
        let secret = Zeroizing::new(random.bytes::<KEY_BYTES>());
        Self(ed25519_dalek::SigningKey::from_bytes(&secret))
    }

    /// Reads a secret that was opened.
    ///
    /// # Errors
    /// When it is none of ours.
    pub(crate) fn from_secret(secret: &[u8]) -> Result<Self, VaultError> {
        let secret = <[u8; KEY_BYTES]>::try_from(secret)
            .map(Zeroizing::new)
            .map_err(|_| VaultError::UnknownFormat)?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&secret)))
    }

    /// The secret, to be sealed.
    pub(crate) fn secret(&self) -> Zeroizing<[u8; KEY_BYTES]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The half that everybody may know.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs a message for this purpose.
    #[must_use]
    pub fn sign(&self, purpose: &'static str, message: &[u8]) -> Signature {
        Signature(self.0.sign(&framed(purpose, message)))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey([redacted])")
    }
}

/// The half that verifies. Public; travels as 32 bytes in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// What the key is called: the beginning of its SHA-256, so that a name cannot be given to another key.
    #[must_use]
    pub fn id(&self) -> String {
        let mut id = Digest::of(self.0.as_bytes()).to_string();
        id.truncate(16);
        id
    }

    /// Whether this message was signed for this purpose by the other half, and has not been changed since.
    #[must_use]
    pub fn verifies(&self, purpose: &'static str, message: &[u8], signature: &Signature) -> bool {
        self.0
            .verify_strict(&framed(purpose, message), &signature.0)
            .is_ok()
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&STANDARD.encode(self.0.as_bytes()))
    }
}

impl FromStr for VerifyingKey {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let bytes = STANDARD
            .decode(text)
            .map_err(|_| VaultError::UnknownFormat)?;
        let bytes = bytes.try_into().map_err(|_| VaultError::UnknownFormat)?;
        ed25519_dalek::VerifyingKey::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| VaultError::UnknownFormat)
    }
}

/// A signature. Travels as 64 bytes in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(ed25519::Signature);

impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&STANDARD.encode(self.0.to_bytes()))
    }
}

impl FromStr for Signature {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let bytes = STANDARD
            .decode(text)
            .map_err(|_| VaultError::UnknownFormat)?;
        ed25519::Signature::from_slice(&bytes)
            .map(Self)
            .map_err(|_| VaultError::UnknownFormat)
    }
}

/// The purpose in front: a line of its own, which no message of another purpose begins with.
fn framed(purpose: &'static str, message: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), b"\n", message].concat()
}

/// Lets a type travel as its text.
macro_rules! travels_as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}
travels_as_text!(VerifyingKey, Signature);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    #[test]
    fn a_signature_holds_for_its_message_purpose_and_key_only() {
        let key = SigningKey::mint(&ChaChaRandom::from_number(1));
        let other = SigningKey::mint(&ChaChaRandom::from_number(2)).verifying_key();
        let signature = key.sign("receipt", b"message");
        let public = key.verifying_key();

        assert!(public.verifies("receipt", b"message", &signature));
        assert!(!public.verifies("receipt", b"massage", &signature));
        assert!(!public.verifies("other", b"message", &signature));
        assert!(!other.verifies("receipt", b"message", &signature));
        assert_ne!(public.id(), other.id());
    }

    #[test]
    fn keys_and_signatures_survive_their_journey() {
        let key = SigningKey::mint(&ChaChaRandom::from_number(1));
        let signature = key.sign("receipt", b"message");
        let public = key.verifying_key();
        let again = SigningKey::from_secret(key.secret().as_slice()).unwrap();

        assert_eq!(public.to_string().parse(), Ok(public));
        assert_eq!(signature.to_string().parse(), Ok(signature));
        assert_eq!(again.verifying_key(), public);
        assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
        for text in ["", "AAAA", "not base64", &"A".repeat(100)] {
            assert!(text.parse::<VerifyingKey>().is_err() && text.parse::<Signature>().is_err());
        }
    }
}
