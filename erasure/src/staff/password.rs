//! Which passwords are refused: NIST SP 800-63B-4 §3.1.1.2.
//!
//! At least twelve characters, any of them, no rules about kinds of characters. Refused is what is on everybody's list, and what
//! consists of nothing but such words, the person's own address and our name.

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::{person::EmailAddress, services::Settings};

/// The least; counted in characters.
const SHORTEST: usize = 12;
/// The most: four times what NIST wants accepted.
const LONGEST: usize = 256;
/// When known words are taken away, so many characters must be left.
const OWN: usize = 5;
/// Fewer different characters are a pattern.
const DIFFERENT: usize = 5;
/// Words that passwords are made of, the most common ones first seen in French and English lists.
const COMMON: &str = include_str!("common_words.txt");

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer than twelve characters.
    #[error("the password is too short")]
    TooShort,
    /// More than 256 characters.
    #[error("the password is too long")]
    TooLong,
    /// It is among the first that anybody tries.
    #[error("the password is a common one")]
    Common,
}

/// A password that may be used, in Unicode's NFKC so that every keyboard types the same one.
pub(super) fn accepted(
    typed: &SecretString,
    email: &EmailAddress,
    settings: &Settings,
) -> Result<SecretString, Weakness> {
    let password = normalized(typed);
    let text = password.expose_secret();
    match text.chars().count() {
        ..SHORTEST => return Err(Weakness::TooShort),
        SHORTEST..=LONGEST => {}
        _ => return Err(Weakness::TooLong),
    }
    let lower = Zeroizing::new(text.to_lowercase());
    let own = names(email, settings);
    // Once as it stands, once as it is meant: `p@ssw0rd` is a word, `1234` is a row of digits.
    let left = without_words(&lower, &own);
    let left = without_words(&left.chars().map(letter_meant).collect::<String>(), &own);
    if different(&lower) < DIFFERENT || left.chars().count() < OWN {
        return Err(Weakness::Common);
    }
    Ok(password)
}

/// The same characters whichever keyboard they were typed on.
pub(super) fn normalized(typed: &SecretString) -> SecretString {
    SecretString::from(typed.expose_secret().nfkc().collect::<String>())
}

/// The letter that a sign stands for in `p@ssw0rd`.
const fn letter_meant(sign: char) -> char {
    match sign {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

fn different(text: &str) -> usize {
    let mut seen: Vec<char> = text.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

/// The words that stand for the person and for us: parts of the address, and our name.
fn names(email: &EmailAddress, settings: &Settings) -> Vec<String> {
    let text = format!("{} {}", email.expose(), settings.controller.to_lowercase());
    let words = text.split(|character: char| !character.is_alphanumeric());
    words
        .filter(|word| word.chars().count() >= 3)
        .map(str::to_owned)
        .collect()
}

/// What is left when known words are taken away.
fn without_words(text: &str, own: &[String]) -> Zeroizing<String> {
    let mut words: Vec<&str> = own.iter().map(String::as_str).collect();
    words.extend(COMMON.lines().filter(|line| !line.starts_with('#')));
    // The longest first: "passwords" is not "password" and an "s".
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut left = Zeroizing::new(text.to_owned());
    for word in words {
        // A space, so that what stood on both sides of a word does not become another.
        left = Zeroizing::new(left.replace(word, " "));
    }
    left.retain(|character| !character.is_whitespace());
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(typed: &str) -> Result<(), Weakness> {
        let email = "camille.durand@atelier-rivage.fr".parse().unwrap();
        accepted(&SecretString::from(typed), &email, &Settings::default()).map(drop)
    }

    #[test]
    fn long_and_ones_own_is_enough() {
        for typed in [
            "correct horse battery staple",
            "le chat dort sur le toit",
            "938475610283",
            "🦊🌲🌧️ renard sous la pluie",
            "vG7#kq!zR2pw",
            &"long ".repeat(50),
        ] {
            assert_eq!(judge(typed), Ok(()), "{typed}");
        }
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for typed in [
            "password1234",
            "P@ssw0rd12345",
            "motdepasse2026",
            "azertyuiop123",
            "qwertyuiop!!",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "bienvenue2026!",
            "camille.durand1",
            "Atelier-Rivage-26",
            "qliento-qliento",
            "Administrateur1",
            "jetaimejetaime",
        ] {
            assert_eq!(judge(typed), Err(Weakness::Common), "{typed}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(judge("vG7#kq!zR2p"), Err(Weakness::TooShort));
        assert_eq!(judge("éàçùîôéàçùî"), Err(Weakness::TooShort));
        assert_eq!(judge(&"xy 12 ".repeat(43)), Err(Weakness::TooLong));
    }

    #[test]
    fn every_keyboard_types_the_same_password() {
        let composed = normalized(&SecretString::from("caf\u{e9} du port"));
        let decomposed = normalized(&SecretString::from("cafe\u{301} du port"));

        assert_eq!(composed.expose_secret(), decomposed.expose_secret());
    }
}
