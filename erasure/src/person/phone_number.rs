//! WhatsApp numbers: what people type, what Meta sends, and which of them may be one line.
//!
//! The numbering plans are Google's (`rlibphonenumber`); with its `lite` expressions they take 12 MB at most, whatever is
//! typed. Meta's own form of a number can differ from the plan's: old Brazilian accounts lack the ninth digit, Mexican ones
//! carry a 1 that the plan gave up, Argentine ones a 9 that people leave out. Such variants say where else to look
//! ([`PhoneNumber::candidates`]); what is deleted is what was proved, digit by digit.

use std::{fmt, str::FromStr};

use rlibphonenumber::{
    PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, PhoneNumberType, ValidationError,
};

/// E.164 allows no more.
const MOST_DIGITS: usize = 15;
/// No country has shorter numbers, its code included.
const LEAST_DIGITS: usize = 7;
/// Below this nobody has left out only the country code: it is 3639, or 112.
const SHORT_CODE_DIGITS: usize = 6;

/// A number on WhatsApp, as its international digits without the plus: what Meta and `wa.me` call it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

/// Why what was typed cannot be somebody's WhatsApp number. Each is a sentence of its own beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneNumberError {
    /// Nothing was typed.
    #[error("there is no number")]
    Missing,
    /// There are letters in it.
    #[error("a number has no letters")]
    Letters,
    /// Its digits are another script's.
    #[error("write the number with the digits 0 to 9")]
    OtherDigits,
    /// There is something in it that no number has.
    #[error("only digits, spaces and a plus can stand in a number")]
    Malformed,
    /// It does not begin with a plus or 00: nobody can tell which country's it is.
    #[error("begin with + and the country code")]
    NoCountryCode,
    /// No country has that code.
    #[error("no country has this code")]
    UnknownCountry,
    /// It is a short code, which nobody can have as a number on WhatsApp.
    #[error("this is a short number, which cannot be on WhatsApp")]
    ShortCode,
    /// It is the id of a WhatsApp group.
    #[error("this is a group, not a person's number")]
    Group,
    /// Digits are missing.
    #[error("digits are missing")]
    TooShort,
    /// There are too many digits.
    #[error("there are too many digits")]
    TooLong,
    /// It has the right length, but the country does not use such numbers.
    #[error("this country has no such number")]
    Unassigned,
    /// It is a landline. (In Argentina a mobile number begins with 54 9.)
    #[error("this is a landline")]
    Landline,
    /// It is a free, shared-cost or premium number, a pager or a mailbox.
    #[error("this is a service number, not a person's")]
    Service,
}

/// The text is not a `wa_id`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a WhatsApp id")]
pub struct MalformedWaId;

impl PhoneNumber {
    /// The number of a business, as typed: it may be a landline or a free number, which a person's may not.
    ///
    /// # Errors
    /// See [`PhoneNumberError`].
    pub fn of_business(typed: &str) -> Result<Self, PhoneNumberError> {
        assigned(&international(typed)?).map(|(number, _)| number)
    }

    /// What Meta sends as `wa_id`, `from` or `recipient_id`. It is a number because Meta says so: the numbering plan is
    /// not asked, which does not know every form that WhatsApp keeps.
    ///
    /// # Errors
    /// When it is not the digits of an international number.
    pub fn from_wa_id(text: &str) -> Result<Self, MalformedWaId> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let is_number = (LEAST_DIGITS..=MOST_DIGITS).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if is_number {
            Ok(Self(digits.to_owned()))
        } else {
            Err(MalformedWaId)
        }
    }

    /// The digits, for a statement's argument, a `wa.me` link and Meta.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to recognize it over a shoulder: `+33 … 78`.
    #[must_use]
    pub fn masked(&self) -> String {
        let code = PHONE_NUMBER_UTIL
            .parse(format!("+{}", self.0), None)
            .map_or_else(|_| String::new(), |number| number.country_code.to_string());
        let (_, last) = self.0.split_at(self.0.len().saturating_sub(2));
        format!("+{code} … {last}")
    }

    /// Every form in which WhatsApp or a business may hold the same line, this one first. Somewhere to look, never a
    /// reason to delete: a form that nobody proved may have become somebody else's.
    #[must_use]
    pub fn candidates(&self) -> Vec<Self> {
        let mut candidates = vec![self.clone()];
        candidates.extend(self.variant().map(Self));
        candidates
    }

    fn variant(&self) -> Option<String> {
        let (country, national) = self.0.split_at_checked(2)?;
        match (country, national.len()) {
            // Brazil: mobile numbers got a ninth digit, which accounts made before do not have. Landlines begin with 2 to 5.
            ("55", 10 | 11) => {
                let (area, line) = national.split_at_checked(2)?;
                if area.contains('0') {
                    return None; // no area has a zero: it is what people dial before one
                }
                let (before, after) = match line.strip_prefix('9') {
                    Some(old) if line.len() == 9 => (old, format!("55{area}{old}")),
                    _ if line.len() == 8 => (line, format!("55{area}9{line}")),
                    _ => return None,
                };
                before.starts_with(['6', '7', '8', '9']).then_some(after)
            }
            // Mexico: until 2019 a 1 stood before mobile numbers, and WhatsApp keeps it.
            ("52", 10) => Some(format!("521{national}")),
            ("52", 11) => Some(format!("52{}", national.strip_prefix('1')?)),
            // Argentina: a 9 stands before mobile numbers, and people leave it out.
            ("54", 10) => Some(format!("549{national}")),
            ("54", 11) => Some(format!("54{}", national.strip_prefix('9')?)),
            _ => None,
        }
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    /// Reads what a person types as their own number: international, with a plus or 00, set apart as people like.
    fn from_str(typed: &str) -> Result<Self, PhoneNumberError> {
        let (number, kind) = assigned(&international(typed)?)?;
        match kind {
            PhoneNumberType::Mobile
            | PhoneNumberType::FixedLineOrMobile
            | PhoneNumberType::VoIP
            | PhoneNumberType::PersonalNumber
            | PhoneNumberType::Unknown => Ok(number),
            PhoneNumberType::FixedLine => Err(PhoneNumberError::Landline),
            PhoneNumberType::TollFree
            | PhoneNumberType::PremiumRate
            | PhoneNumberType::SharedCost
            | PhoneNumberType::Pager
            | PhoneNumberType::UAN
            | PhoneNumberType::VoiceMail => Err(PhoneNumberError::Service),
        }
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PhoneNumber([redacted])")
    }
}

/// The digits of what was typed, from the country code on.
fn international(typed: &str) -> Result<String, PhoneNumberError> {
    let typed =
        typed.trim_matches(|character: char| character.is_whitespace() || is_invisible(character));
    if is_group(typed) {
        return Err(PhoneNumberError::Group);
    }
    let digits = digits(typed)?;
    let code = match (
        typed.trim_start_matches('(').strip_prefix('+'),
        digits.strip_prefix("00"),
    ) {
        (_, Some(rest)) => rest.to_owned(),
        (Some(_), None) => digits,
        (None, None) if digits.is_empty() => return Err(PhoneNumberError::Missing),
        (None, None) if digits.len() <= SHORT_CODE_DIGITS => {
            return Err(PhoneNumberError::ShortCode);
        }
        (None, None) => return Err(PhoneNumberError::NoCountryCode),
    };
    if code.is_empty() {
        Err(PhoneNumberError::Missing)
    } else {
        Ok(code)
    }
}

fn digits(typed: &str) -> Result<String, PhoneNumberError> {
    let mut digits = String::new();
    for (at, character) in typed.char_indices() {
        match character {
            '0'..='9' => digits.push(character),
            '+' if digits.is_empty()
                && typed.get(..at).is_some_and(|before| !before.contains('+')) => {}
            '.' | '-' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ if character.is_whitespace() || is_invisible(character) => {}
            _ if character.is_alphabetic() => return Err(PhoneNumberError::Letters),
            _ if character.is_numeric() => return Err(PhoneNumberError::OtherDigits),
            _ => return Err(PhoneNumberError::Malformed),
        }
    }
    Ok(digits)
}

/// Marks of the writing direction, which address books put around a number that is copied from them.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// `120363025246125486@g.us`, and the older `33612345678-1421234567`: who made it, and when.
fn is_group(typed: &str) -> bool {
    let (id, is_address) = match typed.split_once('@') {
        Some((id, server)) if server.eq_ignore_ascii_case("g.us") => (id, true),
        _ => (typed.trim_start_matches('+'), false),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_made_by = id.split_once('-').is_some_and(|(maker, made_at)| {
        maker.len() > LEAST_DIGITS
            && made_at.len() == 10
            && all_digits(maker)
            && all_digits(made_at)
    });
    is_address
        || is_made_by
        || (id.len() > MOST_DIGITS && id.starts_with("120363") && all_digits(id))
}

/// The number, if some country uses it, and what for.
fn assigned(digits: &str) -> Result<(PhoneNumber, PhoneNumberType), PhoneNumberError> {
    if digits.len() > MOST_DIGITS {
        return Err(PhoneNumberError::TooLong);
    }
    let read = planned(&as_planned(digits))?;
    // What people dial before an area may have hidden an old form.
    match as_planned(read.0.expose()) {
        same if same == read.0.expose() => Ok(read),
        old => planned(&old),
    }
}

fn planned(digits: &str) -> Result<(PhoneNumber, PhoneNumberType), PhoneNumberError> {
    let parsed = PHONE_NUMBER_UTIL
        .parse(format!("+{digits}"), None)
        .map_err(|error| match error {
            ParseError::InvalidCountryCode => PhoneNumberError::UnknownCountry,
            ParseError::TooLongNsn => PhoneNumberError::TooLong,
            // Digits are all that it was given: what is no number to it is too few of them.
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn | ParseError::NotANumber(_) => {
                PhoneNumberError::TooShort
            }
        })?;
    if !PHONE_NUMBER_UTIL.is_valid_number(&parsed) {
        return Err(
            match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&parsed) {
                Err(ValidationError::TooShort) => PhoneNumberError::TooShort,
                Err(ValidationError::TooLong) => PhoneNumberError::TooLong,
                Err(ValidationError::InvalidCountryCode) => PhoneNumberError::UnknownCountry,
                Err(ValidationError::InvalidLength) | Ok(_) => PhoneNumberError::Unassigned,
            },
        );
    }
    let text = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::E164);
    let number = PhoneNumber::from_wa_id(&text).map_err(|_| PhoneNumberError::Unassigned)?;
    Ok((number, PHONE_NUMBER_UTIL.get_number_type(&parsed)))
}

/// Two forms that WhatsApp shows people as their own number, and that the plan no longer knows: Mexico's 1, and Brazil's
/// mobile numbers without the ninth digit.
fn as_planned(digits: &str) -> String {
    let number = PhoneNumber(digits.to_owned());
    let is_old = (digits.starts_with("521") && digits.len() == 13)
        || (digits.starts_with("55") && digits.len() == 12);
    number.variant().filter(|_| is_old).unwrap_or(number.0)
}

#[cfg(test)]
mod tests;
