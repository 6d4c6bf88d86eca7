//! The codes of an authenticator app: RFC 6238 with six digits, thirty seconds and SHA-1, which every app understands.
//!
//! A code is taken at its own time and one step to either side, for clocks that tick apart, and only once: see `factor`.

use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::{person::EmailAddress, random::Random, time::Timestamp};

/// RFC 4226 §4 recommends 160 bits.
pub(super) const SECRET_BYTES: usize = 20;
/// Steps to either side (RFC 6238 §5.2 recommends one).
const SKEW: u16 = 1;

/// What an authenticator app and we share.
#[derive(Clone)]
pub(super) struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl Secret {
    pub(super) fn mint(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes
            .try_into()
            .ok()
            .map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The step whose code this is, if it is one of those that count now.
    pub(super) fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.as_millis() / 1_000).ok()?;
        let step = self.with(Builder::new()).check(code, seconds)?;
        i64::try_from(step).ok()
    }

    /// What the app reads from the picture: whose code it is, and the secret.
    pub(super) fn address(&self, issuer: &str, email: &EmailAddress) -> Zeroizing<String> {
        // A colon would end the issuer's name.
        let issuer = issuer.replace(':', " ");
        let named = Builder::new()
            .with_issuer(Some(issuer))
            .with_account_name(email.expose().replace(':', " "));
        Zeroizing::new(self.with(named).to_url().unwrap_or_default())
    }

    /// The secret in letters, for those who cannot scan the picture: groups of four.
    pub(super) fn letters(&self) -> Zeroizing<String> {
        let letters = Zeroizing::new(self.with(Builder::new()).secret().to_base32());
        let groups = letters.as_bytes().chunks(4);
        let groups = groups.map(|group| String::from_utf8_lossy(group).into_owned());
        Zeroizing::new(groups.collect::<Vec<_>>().join(" "))
    }

    fn with(&self, builder: Builder) -> Totp {
        builder
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_skew(SKEW)
            .with_secret(self.0.to_vec())
            .build_noncompliant()
    }
}
