//! From what the domain reports to what the person is told, and with which status.

use erasure::{
    account::{CancelError, ConfirmError, SendCodeError},
    one_time_code::CodeError,
    request::{by_mail::StateError, proof, submit::SubmitError},
    session::SignInError,
    time::Timestamp,
};
use http::StatusCode;

use super::console;
use crate::wire::{RequestTrouble, Trouble};

/// Digits of a code.
const CODE_DIGITS: usize = 8;

impl From<SignInError> for Trouble {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::SignInRefused,
            SignInError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            SignInError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<SendCodeError> for Trouble {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::TooSoon { retry_at } => Self::TooSoon {
                retry_at: retry_at.as_millis(),
            },
            SendCodeError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            // The caller asks for the password instead of reporting this.
            SendCodeError::ProofNeeded => Self::OurFault,
            SendCodeError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<CodeError> for Trouble {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Malformed => Self::CodeTooShort,
            CodeError::Wrong { tries_left } => Self::CodeWrong { tries_left },
            CodeError::Expired => Self::CodeExpired,
            CodeError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            CodeError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<ConfirmError> for Trouble {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::Code(error) => error.into(),
            ConfirmError::PlanOutdated => Self::PlanOutdated,
            ConfirmError::OrganizationBeingErased => Self::BeingErased,
        }
    }
}

impl From<CancelError> for Trouble {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::TooLate | CancelError::NotFound => Self::TooLateToCancel,
            CancelError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<SubmitError> for Trouble {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            // A form brings no such key.
            SubmitError::KeyReused => Self::OurFault,
            SubmitError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<StateError> for Trouble {
    fn from(error: StateError) -> Self {
        match error {
            StateError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            // The caller shows where the request stands instead.
            StateError::NotFound | StateError::TooLate => Self::OurFault,
            StateError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<proof::SendCodeError> for Trouble {
    fn from(error: proof::SendCodeError) -> Self {
        match error {
            proof::SendCodeError::TooSoon { retry_at } => Self::TooSoon {
                retry_at: retry_at.as_millis(),
            },
            proof::SendCodeError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            proof::SendCodeError::Spent => Self::Request(RequestTrouble::CodesSpent),
            proof::SendCodeError::Unavailable => Self::Request(RequestTrouble::WhatsappUnavailable),
            // The caller shows where the request stands instead.
            proof::SendCodeError::NotFound | proof::SendCodeError::NotNeeded => Self::OurFault,
            proof::SendCodeError::Internal(error) => our_fault(&error),
        }
    }
}

impl From<proof::VerifyError> for Trouble {
    fn from(error: proof::VerifyError) -> Self {
        match error {
            proof::VerifyError::NotFound => Self::CodeExpired,
            proof::VerifyError::Code(error) => error.into(),
        }
    }
}

/// Writes down what broke; the person only learns that it is not their fault.
pub(crate) fn our_fault(error: &(dyn std::error::Error + 'static)) -> Trouble {
    tracing::error!(error, "a page or form could not be served");
    Trouble::OurFault
}

/// The status of a page that reports this trouble.
pub(crate) fn status(trouble: Trouble) -> StatusCode {
    match trouble {
        Trouble::EmailMissing
        | Trouble::PasswordMissing
        | Trouble::CodeMissing
        | Trouble::CodeNotDigits
        | Trouble::CodeTooShort
        | Trouble::CodeTooLong
        | Trouble::CodeWrong { .. }
        | Trouble::CodeExpired => StatusCode::UNPROCESSABLE_ENTITY,
        Trouble::SignInRefused | Trouble::WrongPassword => StatusCode::UNAUTHORIZED,
        Trouble::PlanOutdated | Trouble::BeingErased | Trouble::TooLateToCancel => {
            StatusCode::CONFLICT
        }
        Trouble::TooSoon { .. } | Trouble::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
        Trouble::OurFault => StatusCode::INTERNAL_SERVER_ERROR,
        Trouble::Request(trouble) => request_status(trouble),
        Trouble::Console(trouble) => console::status(trouble),
    }
}

/// The same for the request form: what was typed cannot be used, or what it was typed for has changed.
const fn request_status(trouble: RequestTrouble) -> StatusCode {
    match trouble {
        RequestTrouble::FormTooOld
        | RequestTrouble::AnswersChanged
        | RequestTrouble::CodesSpent
        | RequestTrouble::TooLateToWithdraw
        | RequestTrouble::TooLateToObject => StatusCode::CONFLICT,
        RequestTrouble::WhatsappUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        RequestTrouble::RoleMissing
        | RequestTrouble::NumberMissing
        | RequestTrouble::NumberLetters
        | RequestTrouble::NumberOtherDigits
        | RequestTrouble::NumberMalformed
        | RequestTrouble::NumberNoCountryCode
        | RequestTrouble::NumberUnknownCountry
        | RequestTrouble::NumberShortCode
        | RequestTrouble::NumberGroup
        | RequestTrouble::NumberTooShort
        | RequestTrouble::NumberTooLong
        | RequestTrouble::NumberUnassigned
        | RequestTrouble::NumberLandline
        | RequestTrouble::NumberService
        | RequestTrouble::AddressMalformed
        | RequestTrouble::IdentityMissing
        | RequestTrouble::IdentityMalformed
        | RequestTrouble::BusinessTooLong
        | RequestTrouble::BusinessLink
        | RequestTrouble::BusinessMalformed
        | RequestTrouble::ContactMalformed
        | RequestTrouble::StatementMissing
        | RequestTrouble::ReferenceMissing
        | RequestTrouble::ReferenceMalformed
        | RequestTrouble::GroundMissing
        | RequestTrouble::ExplanationUnfit => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// When the same may be tried again, if waiting helps.
pub(crate) fn retry_at(trouble: Trouble) -> Option<Timestamp> {
    match trouble {
        Trouble::TooSoon { retry_at } | Trouble::TooManyTries { retry_at } => {
            Some(Timestamp::from_millis(retry_at))
        }
        Trouble::EmailMissing
        | Trouble::PasswordMissing
        | Trouble::SignInRefused
        | Trouble::WrongPassword
        | Trouble::CodeMissing
        | Trouble::CodeNotDigits
        | Trouble::CodeTooShort
        | Trouble::CodeTooLong
        | Trouble::CodeWrong { .. }
        | Trouble::CodeExpired
        | Trouble::PlanOutdated
        | Trouble::BeingErased
        | Trouble::TooLateToCancel
        | Trouble::OurFault
        | Trouble::Request(_)
        | Trouble::Console(_) => None,
    }
}

/// The digits of a typed code, or what is wrong with it. Spaces and hyphens are fine: people paste them.
pub(crate) fn digits_of_code(typed: &str) -> Result<String, Trouble> {
    let mut digits = String::with_capacity(CODE_DIGITS);
    for character in typed.chars() {
        match character {
            '0'..='9' => digits.push(character),
            _ if character.is_whitespace() || is_hyphen(character) => {}
            _ => return Err(Trouble::CodeNotDigits),
        }
    }
    match digits.len() {
        0 => Err(Trouble::CodeMissing),
        CODE_DIGITS => Ok(digits),
        length if length < CODE_DIGITS => Err(Trouble::CodeTooShort),
        _ => Err(Trouble::CodeTooLong),
    }
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_as_it_is_printed_or_pasted() {
        for typed in [
            "12345678",
            " 1234 5678 ",
            "1234-5678",
            "1234\u{a0}5678",
            "1234\u{2013}5678",
        ] {
            assert_eq!(
                digits_of_code(typed).as_deref(),
                Ok("12345678"),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn a_malformed_code_is_told_what_is_wrong_with_it() {
        for (typed, trouble) in [
            ("", Trouble::CodeMissing),
            (" - ", Trouble::CodeMissing),
            ("1234567", Trouble::CodeTooShort),
            ("123456789", Trouble::CodeTooLong),
            ("1234567O", Trouble::CodeNotDigits),
        ] {
            assert_eq!(digits_of_code(typed), Err(trouble), "{typed:?}");
        }
    }
}
