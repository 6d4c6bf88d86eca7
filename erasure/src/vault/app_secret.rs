//! The secret that Meta shares with this platform's app: what it has signed comes from Meta.

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The app's secret. Its signatures are HMAC-SHA-256.
#[derive(Clone, Debug)]
pub struct AppSecret(SecretString);

impl AppSecret {
    /// The secret that the app's page at Meta shows.
    #[must_use]
    pub const fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// Whether this is the signature of exactly these bytes, in a time that says nothing about how close it came.
    #[must_use]
    pub fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        self.mac(bytes).verify_slice(signature).is_ok()
    }

    /// Signs as Meta does: for whatever plays Meta in a demo or a test.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.mac(bytes).finalize().into_bytes().to_vec()
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(bytes);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_signature_of_exactly_these_bytes_holds() {
        let secret = AppSecret::new("swordfish".into());
        let signature = secret.sign(b"body");

        assert!(secret.has_signed(b"body", &signature));
        assert!(!secret.has_signed(b"bodz", &signature));
        assert!(!AppSecret::new("sailfish".into()).has_signed(b"body", &signature));
        for bit in 0..signature.len() * 8 {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!secret.has_signed(b"body", &changed), "bit {bit}");
        }
        for wrong in [
            &signature[..31],
            &[],
            &[signature.as_slice(), &[0]].concat(),
        ] {
            assert!(!secret.has_signed(b"body", wrong));
        }
        assert_eq!(format!("{secret:?}").matches("swordfish").count(), 0);
    }

    #[test]
    fn the_signature_is_the_documented_digest() {
        // RFC 4231, test case 2.
        let signature = AppSecret::new("Jefe".into()).sign(b"what do ya want for nothing?");

        assert_eq!(signature[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(signature.len(), 32);
    }
}
