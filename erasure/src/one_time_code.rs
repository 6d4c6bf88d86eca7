//! One-time codes that somebody types: eight digits, ten minutes, one use, five tries (NIST SP 800-63B-4 §3.1.3, OWASP
//! ASVS 5.0 §6.5).
//!
//! The code itself is never stored: only an Argon2id hash over a digest that the master key alone can compute, and that
//! binds the code to what it was made for.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::{db, random::Random, services::Services, time::Timestamp};

/// How long a code works.
pub(crate) const LIFETIME: Duration = Duration::from_mins(10);
/// Wrong tries that kill a code.
pub(crate) const TRIES: i64 = 5;
/// How long to wait before another one is sent.
pub(crate) const RESEND: Duration = Duration::from_secs(30);

/// Why a code that somebody typed did nothing. What it is for may have reasons of its own besides.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// This cannot be a code: not eight digits. No try was spent.
    #[error("a code has eight digits")]
    Malformed,
    /// It is not the code.
    #[error("the code is wrong")]
    Wrong {
        /// Tries that are left; at zero the code is dead.
        tries_left: i64,
    },
    /// No code works: it expired, was used, was tried too often, or was never sent here.
    #[error("no code works any more")]
    Expired,
    /// Too many tries.
    #[error("too many tries")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Eight digits.
pub(crate) struct OneTimeCode(Zeroizing<String>);

/// What a code is good for, and nothing else.
pub(crate) struct Purpose<'a> {
    /// Which use case: keeps the codes of two of them apart.
    pub(crate) name: &'static str,
    /// Who, where, for what.
    pub(crate) bound_to: &'a [&'a [u8]],
}

impl OneTimeCode {
    /// A new code.
    pub(crate) fn mint(random: &dyn Random) -> Self {
        Self(Zeroizing::new(format!("{:08}", random.below(100_000_000))))
    }

    /// The code that was typed, if it can be one: spaces and hyphens are how people copy it.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        let digits: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|character| {
                    !character.is_whitespace()
                        && !matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{202f}')
                })
                .collect(),
        );
        (digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then_some(Self(digits))
    }

    /// The digits, for the message that brings them.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub(crate) async fn hash(&self, services: &Services, purpose: &Purpose<'_>) -> String {
        let secret = self.keyed(services, purpose);
        services.hasher.hash(secret, services.random.as_ref()).await
    }

    /// Whether it is the code that was hashed for the same purpose.
    pub(crate) async fn matches(
        &self,
        services: &Services,
        purpose: &Purpose<'_>,
        hash: &str,
    ) -> bool {
        let secret = self.keyed(services, purpose);
        services.hasher.matches(secret, Some(hash.to_owned())).await
    }

    fn keyed(&self, services: &Services, purpose: &Purpose<'_>) -> Zeroizing<Vec<u8>> {
        let parts = [&[self.0.as_bytes()], purpose.bound_to].concat();
        Zeroizing::new(services.vault.keyed_digest(purpose.name, &parts))
    }
}

#[cfg(test)]
mod tests {
    use super::OneTimeCode;

    fn read(typed: &str) -> Option<String> {
        OneTimeCode::read(typed).map(|code| code.expose().to_owned())
    }

    #[test]
    fn a_code_may_be_pasted_with_spaces_and_hyphens() {
        for typed in [
            "12345678",
            " 1234 5678\n",
            "1234-5678",
            "1234\u{a0}5678",
            "12 34\u{202f}56 78",
        ] {
            assert_eq!(read(typed).as_deref(), Some("12345678"), "{typed:?}");
        }
        for typed in ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨"] {
            assert_eq!(read(typed), None, "{typed:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn only_eight_digits_are_ever_taken_for_a_code(typed in "\\PC*") {
            if let Some(code) = read(&typed) {
                assert!(code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }

        #[test]
        fn spaces_anywhere_change_nothing(code in "[0-9]{8}", at in 0_usize..8) {
            let (left, right) = code.split_at(at);
            assert_eq!(read(&format!("{left} {right}")), Some(code.clone()));
        }
    }
}
