//! The name of a business, as the person remembers it.
//!
//! Free text without suggestions: a suggestion would say who is a customer. It helps staff and selects nothing.

use std::{fmt, str::FromStr};

/// Longer than any name on a sign.
const LONGEST: usize = 100;

/// The name of a business that wrote to somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct BusinessName(String);

/// Why what was typed cannot be a business's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusinessNameError {
    /// Nothing was typed.
    #[error("there is no name")]
    Missing,
    /// It goes on and on.
    #[error("the name is too long")]
    TooLong,
    /// There is a web address in it.
    #[error("write the name without a web address")]
    Link,
    /// There is something in it that cannot be seen.
    #[error("there are characters in it that no name has")]
    Malformed,
}

impl BusinessName {
    /// The name, as typed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether a business is called like that: letters and digits decide, not how they are written.
    #[must_use]
    pub fn is_that_of(&self, name: &str) -> bool {
        fn essence(text: &str) -> String {
            let letters = text.chars().filter(|character| character.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        }
        let wanted = essence(&self.0);
        !wanted.is_empty() && wanted == essence(name)
    }
}

impl FromStr for BusinessName {
    type Err = BusinessNameError;

    fn from_str(typed: &str) -> Result<Self, BusinessNameError> {
        let seen: String = typed.chars().filter(|one| !turns_text(*one)).collect();
        let words: Vec<&str> = seen.split_whitespace().collect();
        let name = words.join(" ");
        if seen.trim().chars().any(char::is_control) {
            return Err(BusinessNameError::Malformed);
        }
        let lower = name.to_lowercase();
        if lower.contains("://") || lower.contains("www.") {
            return Err(BusinessNameError::Link);
        }
        match name.chars().count() {
            0 => Err(BusinessNameError::Missing),
            1..=LONGEST => Ok(Self(name)),
            _ => Err(BusinessNameError::TooLong),
        }
    }
}

impl fmt::Debug for BusinessName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BusinessName([redacted])")
    }
}

/// Marks that turn the direction of what follows, or that nobody sees: a name in Arabic or Hebrew needs none of them.
const fn turns_text(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_as_people_write_it() {
        for (typed, kept) in [
            ("  Atelier   Rivage ", "Atelier Rivage"),
            ("مقهى الميناء", "مقهى الميناء"),
            ("\u{202e}Rivage\u{202c}", "Rivage"),
            ("Chez \"Léa\" & <fils>", "Chez \"Léa\" & <fils>"),
            ("booking.com", "booking.com"),
        ] {
            assert_eq!(typed.parse::<BusinessName>().unwrap().expose(), kept);
        }
    }

    #[test]
    fn what_cannot_be_a_name_is_told_apart() {
        for (typed, error) in [
            ("", BusinessNameError::Missing),
            (" \u{200b} ", BusinessNameError::Missing),
            ("https://evil.example", BusinessNameError::Link),
            ("Rivage WWW.evil.example", BusinessNameError::Link),
            ("Rivage\r\nBcc: x@y.fr", BusinessNameError::Malformed),
            ("Rivage\u{7}", BusinessNameError::Malformed),
            (&"é".repeat(101), BusinessNameError::TooLong),
        ] {
            assert_eq!(typed.parse::<BusinessName>(), Err(error), "{typed:?}");
        }
        assert!("é".repeat(100).parse::<BusinessName>().is_ok());
    }

    #[test]
    fn a_name_is_recognized_however_it_is_written() {
        let name: BusinessName = "ATELIER-Rivage".parse().unwrap();

        assert!(name.is_that_of("Atelier Rivage"));
        assert!(!name.is_that_of("Atelier Rivages") && !name.is_that_of(""));
        assert!(!"!!!".parse::<BusinessName>().unwrap().is_that_of("???"));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_becomes_a_name_of_one_line_or_none(typed in "\\PC{0,120}|[\\x00-\\x7f]{0,40}") {
            if let Ok(name) = typed.parse::<BusinessName>() {
                let text = name.expose();
                assert!(!text.is_empty() && text.chars().count() <= 100 && text == text.trim());
                assert!(!text.chars().any(char::is_control) && !text.contains("  ") && !text.contains("://"));
                assert_eq!(text.parse::<BusinessName>().unwrap(), name);
            }
        }
    }
}
