//! What is said about the number that sends codes over WhatsApp.

use std::path::PathBuf;

use erasure::{graph::MetaId, locale::Locale, person::PhoneNumber};

use super::reader::Reader;

/// The deployment's own number on WhatsApp, as far as the configuration says it: its token is in a file.
#[derive(Clone, Debug)]
pub struct CodeNumber {
    /// Meta's id of the number.
    pub phone_number_id: MetaId,
    /// The number, if people may write to it as well.
    pub number: Option<PhoneNumber>,
    /// The file with a System User access token.
    pub token_file: PathBuf,
    /// The approved authentication template.
    pub template: String,
    /// Its languages as Meta names them, French and English.
    pub languages: [String; Locale::ALL.len()],
}

/// The keys that make a number together.
const TOGETHER: [&str; 3] = ["code_phone_number_id", "code_token_file", "code_template"];

impl Reader {
    /// The number that sends codes: all of it, or nothing.
    pub(super) fn code_number(&mut self) -> Option<CodeNumber> {
        let id = self.meta_id("code_phone_number_id");
        let token_file = self.text("code_token_file").map(PathBuf::from);
        let template = self.text("code_template");
        let number = self.business_number("code_number");
        let languages = self.languages("code_languages");
        let present = [id.is_some(), token_file.is_some(), template.is_some()];
        if present.contains(&true) || number.is_some() {
            let missing = TOGETHER.iter().zip(present).filter(|(_, there)| !there);
            for (name, _) in missing {
                // A wrong value has its fault already.
                if !self.is_set(name) {
                    self.fault(name, "is missing: a number that sends codes needs it");
                }
            }
        }
        Some(CodeNumber {
            phone_number_id: id?,
            token_file: token_file?,
            template: template?,
            number,
            languages,
        })
    }

    fn meta_id(&mut self, name: &str) -> Option<MetaId> {
        let text = self.text(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.fault(name, "is not an id of Meta's: digits only");
        }
        id
    }

    fn business_number(&mut self, name: &str) -> Option<PhoneNumber> {
        let text = self.text(name)?;
        let number = PhoneNumber::of_business(&text).ok();
        if number.is_none() {
            self.fault(name, "is not a number in international form");
        }
        number
    }

    fn languages(&mut self, name: &str) -> [String; Locale::ALL.len()] {
        let text = self.text_or(name, "fr,en");
        let codes: Vec<&str> = text.split(',').map(str::trim).collect();
        match codes.as_slice() {
            [french, english] if is_language(french) && is_language(english) => {
                [(*french).to_owned(), (*english).to_owned()]
            }
            _ => {
                self.fault(name, "is not two languages as Meta names them");
                [String::new(), String::new()]
            }
        }
    }
}

/// `fr`, `en_US`.
fn is_language(code: &str) -> bool {
    let (language, country) = code.split_once('_').unwrap_or((code, ""));
    matches!(language.len(), 2 | 3)
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && matches!(country.len(), 0 | 2)
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && country.is_empty() != code.contains('_')
}
