//! This platform's app at Meta, as far as this deployment was told about it.
//!
//! Everything is optional: without the secret nothing that claims to come from Meta is believed, without a number of our
//! own no code is sent by WhatsApp.

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use crate::{graph::MetaId, locale::Locale, person::PhoneNumber, vault::AppSecret};

/// Who we are at Meta.
#[derive(Clone, Debug, Default)]
pub struct MetaApp {
    /// The app's id, by which events about other apps are told apart.
    pub id: Option<String>,
    /// What Meta signs with.
    pub secret: Option<AppSecret>,
    /// What Meta repeats when it first asks whether the webhook's address is ours.
    pub verify_token: Option<SecretString>,
    /// The number of our own that sends codes.
    pub sender: Option<CodeSender>,
}

impl MetaApp {
    /// Whether this is the token that was agreed on, in a time that says nothing about how close it came.
    #[must_use]
    pub fn expects(&self, token: &str) -> bool {
        self.verify_token.as_ref().is_some_and(|expected| {
            let expected = expected.expose_secret().as_bytes();
            bool::from(expected.ct_eq(token.as_bytes()))
        })
    }
}

/// The deployment's own number on the Cloud API, never a customer's.
#[derive(Clone, Debug)]
pub struct CodeSender {
    /// Meta's id of the number.
    pub phone_number_id: MetaId,
    /// The number itself; people may also write to it.
    pub number: Option<PhoneNumber>,
    /// A System User access token that may send from it.
    pub token: SecretString,
    /// The approved authentication template.
    pub template: String,
    /// The template's languages as Meta names them, in the order of [`Locale::ALL`].
    pub languages: [String; Locale::ALL.len()],
}

impl CodeSender {
    /// The template's language for a person.
    #[must_use]
    pub fn language(&self, locale: Locale) -> &str {
        let [french, english] = &self.languages;
        match locale {
            Locale::Fr => french,
            Locale::En => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_agreed_token_is_expected() {
        let app = MetaApp {
            verify_token: Some("correct horse".into()),
            ..MetaApp::default()
        };

        assert!(app.expects("correct horse"));
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            assert!(!app.expects(wrong), "{wrong:?}");
        }
        assert!(!MetaApp::default().expects(""));
    }
}
