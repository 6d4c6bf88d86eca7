//! E-mail addresses.

use std::{fmt, str::FromStr};

/// An e-mail address, in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is not an e-mail address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct MalformedEmail;

impl EmailAddress {
    /// The address itself, for the envelope of a letter and for the page of the person it belongs to.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to recognize it over a shoulder: `a…@e….fr`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let (name, ending) = domain.rsplit_once('.').unwrap_or((domain, ""));
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        format!("{}…@{}….{ending}", first(local), first(name))
    }
}

impl FromStr for EmailAddress {
    type Err = MalformedEmail;

    fn from_str(text: &str) -> Result<Self, MalformedEmail> {
        let address: lettre::Address = text.trim().parse().map_err(|_| MalformedEmail)?;
        let lower = address.to_string().to_lowercase();
        // RFC 5321 §4.5.3.1: a path is at most 256 octets, its angle brackets included.
        if lower.len() > 254 || !address.domain().contains('.') {
            Err(MalformedEmail)
        } else {
            Ok(Self(lower))
        }
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EmailAddress([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lowered() {
        let address: EmailAddress = " Ada@Example.FR ".parse().unwrap();

        assert_eq!(address.expose(), "ada@example.fr");
        assert_eq!(address.masked(), "a…@e….fr");
        assert_eq!(format!("{address:?}"), "EmailAddress([redacted])");
    }

    #[test]
    fn what_cannot_receive_mail_is_refused() {
        for text in [
            "",
            "ada",
            "ada@",
            "@example.fr",
            "ada@localhost",
            "a b@example.fr",
            "ada@example.fr\nBcc: x@y.fr",
        ] {
            assert_eq!(
                text.parse::<EmailAddress>(),
                Err(MalformedEmail),
                "{text:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_becomes_a_clean_address_or_none(typed in "\\PC{0,40}(@\\PC{0,20})?") {
            if let Ok(address) = typed.parse::<EmailAddress>() {
                let text = address.expose();
                assert_eq!(text, text.to_lowercase());
                assert!(text.contains('@') && !text.contains(char::is_whitespace) && !text.contains(char::is_control));
                let local = text.split('@').next().unwrap();
                assert!(local.chars().count() == 1 || !address.masked().contains(local));
            }
        }
    }
}
