//! Words. One struct holds every sentence, and the compiler proves that each language has them all.
//!
//! French comes first. To add a language: a variant of [`Locale`], a file here, a line in [`texts()`]; the compiler names what
//! is missing.

mod check;
mod console;
mod en;
mod format;
mod fr;
pub(crate) mod journal;
mod keep;
mod legal;
mod meta_deletion;
mod negotiate;
mod request;
#[cfg(test)]
mod spaces;
mod texts;
mod troubles;

use erasure::locale::Locale;

pub(crate) use self::{
    check::{Check, check},
    console::{ConsoleTexts, console_sentence, console_texts},
    format::{clock_time, number},
    keep::keep,
    legal::{LegalTexts, Terms, legal_texts},
    meta_deletion::{MetaDeletionTexts, texts as meta_deletion_texts},
    negotiate::{negotiate, of_form, of_path},
    request::{RequestTexts, request_sentence, request_texts},
    texts::Texts,
    troubles::sentence,
};

/// The words of a language.
pub(crate) fn texts(locale: Locale) -> &'static Texts {
    match locale {
        Locale::Fr => &fr::TEXTS,
        Locale::En => &en::TEXTS,
    }
}
