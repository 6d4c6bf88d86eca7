//! Letters about what Meta told us, made of each language's words.

use super::super::{Disconnection, layout::Block};
use crate::{locale::Locale, services::Settings};

/// What a language says in these letters.
pub(super) struct Words {
    pub(super) locale: Locale,
    pub(super) hello: &'static str,
    pub(super) disconnected_subject: fn(&str) -> String,
    pub(super) reason: fn(Disconnection, &str) -> String,
    pub(super) token_destroyed: &'static str,
    pub(super) data_stays: &'static str,
    pub(super) danger_zone: &'static str,
    pub(super) surprised: fn(&str) -> String,
    pub(super) login_subject: &'static str,
    pub(super) login_erased: fn(&str, i64) -> String,
    pub(super) account_stays: fn(&str) -> String,
    pub(super) delete_account: &'static str,
    pub(super) locked_out: fn(&str) -> String,
    pub(super) keep_account: &'static str,
}

/// To the owners of an organization: their numbers are disconnected.
pub(super) fn disconnected(
    words: &Words,
    organization: &str,
    numbers: &[String],
    reason: Disconnection,
    settings: &Settings,
) -> (String, Vec<Block>) {
    let blocks = vec![
        Block::Paragraph(words.hello.to_owned()),
        Block::Paragraph((words.reason)(reason, organization)),
        Block::Paragraph(words.token_destroyed.to_owned()),
        Block::List(numbers.to_vec()),
        Block::Paragraph(words.data_stays.to_owned()),
        Block::Link {
            label: words.danger_zone.to_owned(),
            address: format!(
                "{}/{}/settings/danger-zone",
                settings.public_url,
                words.locale.as_str()
            ),
        },
        Block::Paragraph((words.surprised)(&settings.support_address)),
    ];
    ((words.disconnected_subject)(organization), blocks)
}

/// To a person whose request Meta forwarded.
pub(super) fn login_erased(
    words: &Words,
    wizard: &str,
    disconnected: i64,
    settings: &Settings,
) -> (String, Vec<Block>) {
    let controller = &settings.controller;
    let blocks = vec![
        Block::Paragraph(words.hello.to_owned()),
        Block::Paragraph((words.login_erased)(controller, disconnected)),
        Block::Paragraph((words.account_stays)(controller)),
        Block::Link {
            label: words.delete_account.to_owned(),
            address: wizard.to_owned(),
        },
        Block::Paragraph((words.locked_out)(&settings.privacy_address)),
        Block::Paragraph(words.keep_account.to_owned()),
    ];
    (words.login_subject.to_owned(), blocks)
}
