//! Meta's id of a person for one app: what Facebook Login gives, and what Meta's own deletion requests name.

use std::{fmt, str::FromStr};

/// Longer than any that was ever seen: 17 digits.
const LONGEST: usize = 32;

/// An app-scoped user id.
#[derive(Clone, PartialEq, Eq)]
pub struct AppScopedUserId(String);

/// The text is not the id of a person.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an app-scoped user id")]
pub struct MalformedAppScopedUserId;

impl AppScopedUserId {
    /// The digits, for a statement's argument.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for AppScopedUserId {
    type Err = MalformedAppScopedUserId;

    fn from_str(text: &str) -> Result<Self, MalformedAppScopedUserId> {
        let is_id = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            // Meta's "0" stands for a page, which is nobody.
            && !text.starts_with('0');
        if is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedAppScopedUserId)
        }
    }
}

impl fmt::Debug for AppScopedUserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AppScopedUserId([redacted])")
    }
}
