//! The answer to a letter that came to the privacy address, in English.

use super::{
    super::layout::Block,
    request_en::{complain, date, hello, moment, text},
};
use crate::{request::letters::Mailed, services::Settings};

pub(super) fn mailed(facts: &Mailed, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "On {} we received an e-mail from this address. If it asks for personal data to be erased, its reference is {}.",
            moment(settings, facts.received_at),
            facts.reference
        )),
        text(format!(
            "A few questions are left. Open the link below before {}, say who you are and which number or account it is about, and show that it is yours. Anybody can put any sender's name on an e-mail: until you have done that, nothing is looked up and nothing is deleted.",
            date(settings, facts.until)
        )),
        Block::Link {
            label: "Go on with the request".to_owned(),
            address: facts.link.clone(),
        },
        text("Keep this link to yourself: whoever opens it can go on in your place."),
        text(format!(
            "Our answer: by {} at the latest, counted from your e-mail. It is free of charge.",
            date(settings, facts.due_at)
        )),
        text(
            "Your e-mail lies encrypted until the request is closed, and is then erased. Send no password, code or identity document by e-mail: nothing of that is needed.",
        ),
        text(format!(
            "This answer comes by itself. It was about something else? Write to {}. You have not written to us at all? Do nothing: nothing is deleted, and what was sent in your name is erased on {}. {}",
            settings.support_address,
            date(settings, facts.until),
            complain(settings)
        )),
    ]
}
