//! What a mail server shows so that its letters are taken over HTTP.

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// Shorter ones can be guessed.
const SHORTEST: usize = 16;

/// The secret that this deployment and its mail server share.
#[derive(Clone, Debug)]
pub struct IntakeSecret(SecretString);

/// The text is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it does not hold one secret of at least {SHORTEST} printable characters")]
pub struct UnfitSecret;

impl IntakeSecret {
    /// The secret in a file's text; spaces and line breaks around it do not count.
    ///
    /// # Errors
    /// When it is too short, or could not stand in a header.
    pub fn read(text: &str) -> Result<Self, UnfitSecret> {
        let text = text.trim();
        if text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.into()))
        } else {
            Err(UnfitSecret)
        }
    }

    /// Whether this is it. How long the answer takes says only how long the secret is.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        let own = self.0.expose_secret().as_bytes();
        bool::from(own.ct_eq(shown.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_all_of_it_and_never_printed() {
        let secret = IntakeSecret::read(" 0123456789abcdef\n").unwrap();

        assert!(secret.is("0123456789abcdef"));
        for other in [
            "",
            "0123456789abcde",
            "0123456789abcdeF",
            "0123456789abcdef0",
        ] {
            assert!(!secret.is(other), "{other}");
        }
        assert!(!format!("{secret:?}").contains("0123456789abcdef"));
    }

    #[test]
    fn what_can_be_guessed_or_cannot_be_sent_is_no_secret() {
        for text in ["", "short", "0123456789 abcdef", "0123456789abcdéf"] {
            assert_eq!(IntakeSecret::read(text).err(), Some(UnfitSecret), "{text}");
        }
    }
}
