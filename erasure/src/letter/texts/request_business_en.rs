//! The letters to a business about a contact who asks, in English.

use super::{
    super::layout::Block,
    request_en::{date, hello, moment, text},
};
use crate::{request::letters::ControllerFacts, services::Settings, time::Timestamp};

pub(super) fn notice(facts: &ControllerFacts, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "On {}, a contact of {} asked for their data to be erased, and has shown that this number is theirs: {}.",
            date(settings, facts.received_at),
            facts.organization,
            facts.identity
        )),
        text(format!(
            "As your processor, {} erases everything that your account holds about this person: record, messages, files, scheduled sends, analytics. The rest of your account is not touched.",
            settings.controller
        )),
        text("What is left to you as controller:"),
        Block::List(vec![
            "erase your own copies: exports, address books, other software;".to_owned(),
            "tell those to whom you passed the data on (GDPR art. 19);".to_owned(),
            "do not add this number again: it is on your suppression list.".to_owned(),
        ]),
        text(format!(
            "The law gives until {}. Reference: {}. Questions: {}.",
            date(settings, facts.due_at),
            facts.reference,
            settings.privacy_address
        )),
    ]
}

pub(super) fn objection(
    facts: &ControllerFacts,
    until: Timestamp,
    link: &str,
    settings: &Settings,
) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "On {}, a contact of {} asked for their data to be erased, and has shown that this number is theirs: {}.",
            date(settings, facts.received_at),
            facts.organization,
            facts.identity
        )),
        text(format!(
            "By your settings you have until {} to object, if a law obliges or allows you to keep something (GDPR art. 17(3)). If you do not answer, {} will erase everything that your account holds about this person.",
            moment(settings, until),
            settings.controller
        )),
        Block::Link {
            label: "See the request and object".to_owned(),
            address: link.to_owned(),
        },
        text(format!(
            "The law gives until {} to answer this person. Reference: {}. Questions: {}.",
            date(settings, facts.due_at),
            facts.reference,
            settings.privacy_address
        )),
    ]
}
