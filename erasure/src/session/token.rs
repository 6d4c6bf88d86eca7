//! The secret in a session's cookie: 256 random bits, of which the database keeps the SHA-256.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::random::Random;

/// What the browser keeps.
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    pub(super) fn mint(random: &dyn Random) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// The cookie's value.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken([redacted])")
    }
}

/// What the database keeps of a token.
pub(super) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
