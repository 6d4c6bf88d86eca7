//! What somebody is known by, whichever kind it is.

use std::fmt;

use super::{BusinessScopedUserId, EmailAddress, PhoneNumber};

/// Something that selects one person's data, once they have proved that it is theirs.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A WhatsApp number.
    Phone(PhoneNumber),
    /// Meta's id of the person towards one business.
    BusinessScopedUserId(BusinessScopedUserId),
    /// An address for mail.
    Email(EmailAddress),
}

impl Identity {
    /// What somebody is known by on WhatsApp, as an operator or a list writes it: a number as Meta or as people write it, or
    /// Meta's id; `None`: it is neither. What Meta may have written stays as it is: its form of a line is the one that is stored.
    #[must_use]
    pub fn on_whatsapp(text: &str) -> Option<Self> {
        let number = PhoneNumber::from_wa_id(text).ok();
        let number = number.or_else(|| PhoneNumber::of_business(text).ok());
        let id = || text.parse().ok().map(Self::BusinessScopedUserId);
        number.map(Self::Phone).or_else(id)
    }

    /// The name of its kind, as the database has it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Phone(_) => "phone",
            Self::BusinessScopedUserId(_) => "business_scoped_user_id",
            Self::Email(_) => "email",
        }
    }

    /// The value itself: digits, Meta's id or an address.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Phone(number) => number.expose(),
            Self::BusinessScopedUserId(id) => id.expose(),
            Self::Email(address) => address.expose(),
        }
    }

    /// Enough for its owner to recognize it over a shoulder. Nobody knows their business-scoped id by heart, so of that
    /// one nothing is shown.
    #[must_use]
    pub fn masked(&self) -> Option<String> {
        match self {
            Self::Phone(number) => Some(number.masked()),
            Self::BusinessScopedUserId(_) => None,
            Self::Email(address) => Some(address.masked()),
        }
    }

    /// An identity of this kind that was parsed before it was stored; `None`: no program of ours wrote it.
    #[must_use]
    pub fn stored(kind: &str, value: &str) -> Option<Self> {
        match kind {
            "phone" => PhoneNumber::from_wa_id(value).ok().map(Self::Phone),
            "business_scoped_user_id" => value.parse().ok().map(Self::BusinessScopedUserId),
            "email" => value.parse().ok().map(Self::Email),
            _ => None,
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Identity({}, [redacted])", self.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_read_back_as_what_it_was_and_never_printed() {
        let identities = [
            Identity::Phone("+33 6 12 34 56 78".parse().unwrap()),
            Identity::BusinessScopedUserId("US.13491208655302741918".parse().unwrap()),
            Identity::Email("ada@example.fr".parse().unwrap()),
        ];

        for identity in identities {
            let stored = Identity::stored(identity.kind(), identity.expose());
            assert_eq!(stored.as_ref(), Some(&identity));
            let printed = format!("{identity:?}");
            assert!(!printed.contains(identity.expose()), "{printed}");
        }
        assert_eq!(Identity::stored("phone", "+33 6 12 34 56 78"), None);
        assert_eq!(Identity::stored("fax", "33612345678"), None);
    }
    #[test]
    fn numbers_are_read_however_lists_have_them() {
        for text in [
            "+33 6 12 34 56 78",
            "0033612345678",
            "33612345678",
            "(+33) 6-12-34-56-78",
        ] {
            let read = Identity::on_whatsapp(text).unwrap();
            assert_eq!((read.kind(), read.expose()), ("phone", "33612345678"));
        }
        let mexican = Identity::on_whatsapp("5215512345678").unwrap();
        assert_eq!(mexican.expose(), "5215512345678");
        let id = Identity::on_whatsapp("US.13491208655302741918").unwrap();
        assert_eq!(id.kind(), "business_scoped_user_id");
        for text in ["Ada Lovelace", "06 12 34 56 78", "ada@example.fr", "3639"] {
            assert_eq!(Identity::on_whatsapp(text), None, "{text}");
        }
    }
}
