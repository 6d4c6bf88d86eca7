//! Why somebody of the staff acts, in that person's own words. Such words may name people, so they are sealed and never printed.

use std::{fmt, str::FromStr};

/// As much as a reader of the record will read.
const LONGEST: usize = 1_000;

/// A reason: some words, on one line.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason(String);

/// The text is no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedReason {
    /// Nothing was said.
    #[error("say why, in a few words")]
    Empty,
    /// It is longer than anybody will read.
    #[error("say why in at most {LONGEST} characters")]
    TooLong,
    /// It holds what is no text.
    #[error("say why in one line, without control characters")]
    Control,
}

impl Reason {
    /// The words.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reason {
    type Err = MalformedReason;

    fn from_str(text: &str) -> Result<Self, MalformedReason> {
        let text = text.trim();
        if text.is_empty() {
            Err(MalformedReason::Empty)
        } else if text.chars().count() > LONGEST {
            Err(MalformedReason::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(MalformedReason::Control)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Reason([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_words_on_one_line() {
        let reason: Reason = " Contrôle fiscal 2024 ".parse().unwrap();

        assert_eq!(reason.expose(), "Contrôle fiscal 2024");
        assert_eq!(format!("{reason:?}"), "Reason([redacted])");
        assert_eq!(" ".parse::<Reason>(), Err(MalformedReason::Empty));
        assert_eq!("a\nb".parse::<Reason>(), Err(MalformedReason::Control));
        assert_eq!(
            "é".repeat(1_001).parse::<Reason>(),
            Err(MalformedReason::TooLong)
        );
        assert!("é".repeat(1_000).parse::<Reason>().is_ok());
    }
}
