//! What can go wrong in the public request form and on the pages behind it.

use serde::{Deserialize, Serialize};

/// Everything that the person can do something about. The sentences are in `locales::request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RequestTrouble {
    /// Nobody was chosen.
    #[error("it is not said who asks")]
    RoleMissing,
    /// The number's field is empty.
    #[error("the number is missing")]
    NumberMissing,
    /// There are letters in the number.
    #[error("the number holds letters")]
    NumberLetters,
    /// The number is written with another script's digits.
    #[error("the number holds other digits than 0 to 9")]
    NumberOtherDigits,
    /// There are signs in it that no number has.
    #[error("the number holds signs that no number has")]
    NumberMalformed,
    /// It does not begin with a plus and a country code.
    #[error("the country code is missing")]
    NumberNoCountryCode,
    /// No country has this code.
    #[error("no country has this code")]
    NumberUnknownCountry,
    /// It is a short number.
    #[error("this is a short number")]
    NumberShortCode,
    /// It is a group.
    #[error("this is a group")]
    NumberGroup,
    /// Digits are missing.
    #[error("the number is too short")]
    NumberTooShort,
    /// There are too many digits.
    #[error("the number is too long")]
    NumberTooLong,
    /// The country has no such number.
    #[error("the country has no such number")]
    NumberUnassigned,
    /// It is a landline.
    #[error("this is a landline")]
    NumberLandline,
    /// It is a service number.
    #[error("this is a service number")]
    NumberService,
    /// The address of an account is no address.
    #[error("the address is not an e-mail address")]
    AddressMalformed,
    /// Neither a number nor an address was typed.
    #[error("number and address are missing")]
    IdentityMissing,
    /// What was typed where either can stand is no address.
    #[error("this is neither a number nor an e-mail address")]
    IdentityMalformed,
    /// The business's name is too long.
    #[error("the name is too long")]
    BusinessTooLong,
    /// There is a web address in it.
    #[error("the name holds a web address")]
    BusinessLink,
    /// There is something in it that cannot be seen.
    #[error("the name holds signs that no name has")]
    BusinessMalformed,
    /// The address for letters is no address.
    #[error("the contact address is not an e-mail address")]
    ContactMalformed,
    /// The statement was not made.
    #[error("the statement is missing")]
    StatementMissing,
    /// The form lay open for too long; what was typed is forgotten.
    #[error("the form was open for too long")]
    FormTooOld,
    /// The answers changed in another tab.
    #[error("the answers changed since they were shown")]
    AnswersChanged,
    /// Too many wrong codes: the request cannot be proven any more.
    #[error("too many wrong codes")]
    CodesSpent,
    /// The request can no longer be taken back.
    #[error("too late to take the request back")]
    TooLateToWithdraw,
    /// The reference's field is empty.
    #[error("the reference is missing")]
    ReferenceMissing,
    /// It is no reference.
    #[error("the reference is malformed")]
    ReferenceMalformed,
    /// No legal ground was chosen.
    #[error("the ground is missing")]
    GroundMissing,
    /// The explanation is too short or too long.
    #[error("the explanation is too short or too long")]
    ExplanationUnfit,
    /// The time to object is over.
    #[error("too late to object")]
    TooLateToObject,
    /// WhatsApp cannot be reached now.
    #[error("WhatsApp cannot be reached")]
    WhatsappUnavailable,
}
