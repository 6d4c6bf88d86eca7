//! Meta's name for a person towards one business: `US.13491208655302741918`.
//!
//! The same person has another one at every business portfolio, and gets new ones with a new number. Portfolios that are
//! linked share a parent id (`US.ENT.11815799212886844830`), which is an id like the others here.

use std::{fmt, str::FromStr};

/// What Meta allows behind the dot.
const LONGEST: usize = 128;

/// A business-scoped user id, exactly as Meta sent it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessScopedUserId(String);

/// The text is not a business-scoped user id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a business-scoped user id")]
pub struct MalformedUserId;

impl BusinessScopedUserId {
    /// The id itself, for a statement's argument and for Meta.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for BusinessScopedUserId {
    type Err = MalformedUserId;

    fn from_str(text: &str) -> Result<Self, MalformedUserId> {
        let (country, rest) = text.split_once('.').ok_or(MalformedUserId)?;
        let id = rest.strip_prefix("ENT.").unwrap_or(rest);
        let is_country =
            country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_id = (1..=LONGEST).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_country && is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedUserId)
        }
    }
}

impl fmt::Debug for BusinessScopedUserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BusinessScopedUserId([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_exactly_as_meta_sent_it() {
        for text in [
            "US.13491208655302741918",
            "FR.aB3",
            "BR.ENT.11815799212886844830",
            &format!("MA.{}", "7".repeat(128)),
        ] {
            let id: BusinessScopedUserId = text.parse().unwrap();
            assert_eq!(id.expose(), text);
            assert_eq!(format!("{id:?}"), "BusinessScopedUserId([redacted])");
        }
    }

    #[test]
    fn what_has_another_form_is_refused() {
        for text in [
            "",
            "US",
            "US.",
            "US.ENT.",
            "us.134",
            "U.134",
            "USA.134",
            "US.13 4",
            "US.13-4",
            "US.ENT.ENT.4",
            "US.1é4",
            "16505551234",
            &format!("US.{}", "7".repeat(129)),
        ] {
            assert_eq!(
                text.parse::<BusinessScopedUserId>(),
                Err(MalformedUserId),
                "{text:?}"
            );
        }
    }
}
