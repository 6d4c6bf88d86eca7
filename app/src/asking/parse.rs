//! From what was typed to what the domain takes, or to the sentence that says what is wrong with it.

use erasure::{
    person::{EmailAddress, Identity, PhoneNumber, PhoneNumberError},
    request::{
        BusinessName, BusinessNameError, Role,
        submit::{Ask, Asker, Statement},
    },
};

use super::Answers;
use crate::wire::{RequestTrouble, Trouble};

/// What people in a role are known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityField {
    /// A WhatsApp number.
    Number,
    /// An account's address.
    Address,
    /// Either.
    Both,
}

/// What somebody in this role is asked for.
pub(crate) const fn identity_field(role: Role) -> IdentityField {
    match role {
        Role::EndUser => IdentityField::Number,
        Role::AccountHolder => IdentityField::Address,
        Role::Representative => IdentityField::Both,
    }
}

/// The number or address that somebody in this role has typed.
pub(super) fn asker(role: Role, typed: &str) -> Result<Asker, Trouble> {
    let typed = typed.trim();
    let is_address = typed.contains('@') && !typed.ends_with("@g.us");
    let identity = match identity_field(role) {
        IdentityField::Number => number(typed)?,
        IdentityField::Address => address(typed)?,
        IdentityField::Both if typed.is_empty() => {
            return Err(RequestTrouble::IdentityMissing.into());
        }
        IdentityField::Both => {
            if is_address {
                address(typed).map_err(|_| RequestTrouble::IdentityMalformed)?
            } else {
                number(typed)?
            }
        }
    };
    Asker::new(role, identity).map_err(|_| RequestTrouble::IdentityMissing.into())
}

fn number(typed: &str) -> Result<Identity, Trouble> {
    let number: PhoneNumber = typed.parse().map_err(number_trouble)?;
    Ok(Identity::Phone(number))
}

fn address(typed: &str) -> Result<Identity, Trouble> {
    if typed.is_empty() {
        return Err(Trouble::EmailMissing);
    }
    let address: EmailAddress = typed
        .parse()
        .map_err(|_| RequestTrouble::AddressMalformed)?;
    Ok(Identity::Email(address))
}

/// A business's name; none when nothing was typed.
pub(super) fn business(typed: &str) -> Result<Option<BusinessName>, Trouble> {
    match typed.parse() {
        Ok(name) => Ok(Some(name)),
        Err(BusinessNameError::Missing) => Ok(None),
        Err(BusinessNameError::TooLong) => Err(RequestTrouble::BusinessTooLong.into()),
        Err(BusinessNameError::Link) => Err(RequestTrouble::BusinessLink.into()),
        Err(BusinessNameError::Malformed) => Err(RequestTrouble::BusinessMalformed.into()),
    }
}

/// An address for letters; none when nothing was typed.
pub(super) fn contact(typed: &str) -> Result<Option<EmailAddress>, Trouble> {
    match typed.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(address) => Ok(Some(address)),
            Err(_) => Err(RequestTrouble::ContactMalformed.into()),
        },
    }
}

/// Everything that was answered, as the domain takes it.
pub(super) fn ask(answers: &Answers, locale: erasure::locale::Locale) -> Result<Ask, Trouble> {
    let role = answers.role.ok_or(RequestTrouble::RoleMissing)?;
    Ok(Ask {
        channel: erasure::request::Channel::Form,
        asker: asker(role, &answers.identity)?,
        business: business(&answers.business)?,
        contact: contact(&answers.contact)?,
        locale,
        statement: Statement::made(answers.stated).ok_or(RequestTrouble::StatementMissing)?,
    })
}

const fn number_trouble(error: PhoneNumberError) -> RequestTrouble {
    match error {
        PhoneNumberError::Missing => RequestTrouble::NumberMissing,
        PhoneNumberError::Letters => RequestTrouble::NumberLetters,
        PhoneNumberError::OtherDigits => RequestTrouble::NumberOtherDigits,
        PhoneNumberError::Malformed => RequestTrouble::NumberMalformed,
        PhoneNumberError::NoCountryCode => RequestTrouble::NumberNoCountryCode,
        PhoneNumberError::UnknownCountry => RequestTrouble::NumberUnknownCountry,
        PhoneNumberError::ShortCode => RequestTrouble::NumberShortCode,
        PhoneNumberError::Group => RequestTrouble::NumberGroup,
        PhoneNumberError::TooShort => RequestTrouble::NumberTooShort,
        PhoneNumberError::TooLong => RequestTrouble::NumberTooLong,
        PhoneNumberError::Unassigned => RequestTrouble::NumberUnassigned,
        PhoneNumberError::Landline => RequestTrouble::NumberLandline,
        PhoneNumberError::Service => RequestTrouble::NumberService,
    }
}

impl From<RequestTrouble> for Trouble {
    fn from(trouble: RequestTrouble) -> Self {
        Self::Request(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(role: Role, typed: &str) -> Option<Trouble> {
        asker(role, typed).err()
    }

    #[test]
    fn each_role_is_asked_for_what_it_is_known_by() {
        assert_eq!(trouble(Role::EndUser, "+33 6 12 34 56 78"), None);
        assert_eq!(trouble(Role::AccountHolder, "Ada@Example.fr"), None);
        assert_eq!(trouble(Role::Representative, "+33 6 12 34 56 78"), None);
        assert_eq!(trouble(Role::Representative, "ada@example.fr"), None);
        assert_eq!(
            trouble(Role::EndUser, "ada@example.fr"),
            Some(RequestTrouble::NumberLetters.into())
        );
        assert_eq!(
            trouble(Role::AccountHolder, "+33 6 12 34 56 78"),
            Some(RequestTrouble::AddressMalformed.into())
        );
    }

    #[test]
    fn an_empty_answer_is_told_by_what_is_missing() {
        for (role, expected) in [
            (Role::EndUser, RequestTrouble::NumberMissing.into()),
            (Role::AccountHolder, Trouble::EmailMissing),
            (Role::Representative, RequestTrouble::IdentityMissing.into()),
        ] {
            assert_eq!(trouble(role, "  "), Some(expected));
        }
        assert!(business("").is_ok_and(|name| name.is_none()));
        assert!(contact(" ").is_ok_and(|address| address.is_none()));
    }

    #[test]
    fn an_address_with_another_header_in_it_is_none() {
        let typed = "ada@example.fr\r\nBcc: eve@example.fr";

        assert_eq!(
            contact(typed).err(),
            Some(RequestTrouble::ContactMalformed.into())
        );
        assert_eq!(
            trouble(Role::AccountHolder, typed),
            Some(RequestTrouble::AddressMalformed.into())
        );
    }
}
