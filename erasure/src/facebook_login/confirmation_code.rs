//! The code that Meta shows a person whose request it forwarded.
//!
//! It follows from the request, under a key that only this deployment has: the same request has the same code however often
//! it is repeated, and nobody can guess one.

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

use super::SignedRequest;
use crate::{services::Services, symbols};

/// 130 bits: the code alone opens the page.
const SYMBOLS: usize = 26;

/// A confirmation code: letters and digits, as Meta asks.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmationCode(String);

/// The text is not a confirmation code.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a confirmation code")]
pub struct MalformedConfirmationCode;

impl ConfirmationCode {
    pub(super) fn of(services: &Services, request: &SignedRequest) -> Self {
        let issued_at = request.issued_at.as_millis().to_be_bytes();
        let parts: [&[u8]; 2] = [request.user.expose().as_bytes(), &issued_at];
        let mut digest = services
            .vault
            .keyed_digest("confirmation code for Meta", &parts);
        digest.truncate(SYMBOLS);
        Self(symbols::spell(&digest))
    }

    /// The text that goes to Meta.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps: enough to recognize the code, useless to guess it.
    pub(super) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl FromStr for ConfirmationCode {
    type Err = MalformedConfirmationCode;

    fn from_str(text: &str) -> Result<Self, MalformedConfirmationCode> {
        symbols::read(text)
            .filter(|code| code.len() == SYMBOLS)
            .map(Self)
            .ok_or(MalformedConfirmationCode)
    }
}

impl fmt::Debug for ConfirmationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ConfirmationCode([redacted])")
    }
}
