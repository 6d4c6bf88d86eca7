//! The letters to whoever asks without an account, and to the businesses concerned, in English.

use super::{
    super::layout::Block,
    en::{name, number},
    request_business_en, request_mailed_en, request_reasons_en, spaced,
};
use crate::{
    locale::Locale::En,
    manifest::Category,
    request::{
        Role,
        letters::{Completed, Extended, Received, Refused, RequestFacts},
    },
    retention,
    services::Settings,
    time::Timestamp,
};

#[expect(clippy::too_many_lines, reason = "one arm for each letter")]
pub(super) fn write(facts: &RequestFacts, settings: &Settings) -> (String, Vec<Block>) {
    let controller = &settings.controller;
    match facts {
        RequestFacts::Received(facts) => (
            format!("Your deletion request has arrived ({})", facts.reference),
            received(facts, settings),
        ),
        RequestFacts::Joined(facts) => (
            format!("Your request joins the one under way ({})", facts.reference),
            joined(facts, settings),
        ),
        RequestFacts::Code {
            reference,
            code,
            expires_at,
        } => (
            format!("Your {controller} verification code ({reference})"),
            code_block(code, *expires_at, settings),
        ),
        RequestFacts::Expired {
            reference,
            received_at,
        } => (
            format!("Your request was not confirmed ({reference})"),
            expired(*received_at, settings),
        ),
        RequestFacts::Extended(facts) => (
            format!("Your request will take longer ({})", facts.reference),
            extended(facts, settings),
        ),
        RequestFacts::Refused(facts) => (
            format!("Answer to your deletion request ({})", facts.reference),
            refused(facts, settings),
        ),
        RequestFacts::Completed(facts) => (
            format!(
                "Done: answer to your deletion request ({})",
                facts.reference
            ),
            completed(facts, settings),
        ),
        RequestFacts::Link { reference, link } => (
            format!("The link to your request ({reference})"),
            vec![
                hello(),
                text(format!(
                    "Here is the private link to your request {reference} again."
                )),
                see(link),
                text("Keep it to yourself: whoever opens it sees where the request stands."),
            ],
        ),
        RequestFacts::Mailed(facts) => (
            format!("We have your e-mail ({})", facts.reference),
            request_mailed_en::mailed(facts, settings),
        ),
        RequestFacts::Controller(facts) => (
            format!(
                "A contact of {} is being erased ({})",
                facts.organization, facts.reference
            ),
            request_business_en::notice(facts, settings),
        ),
        RequestFacts::Objection { facts, until, path } => (
            format!(
                "A contact of {} asks for erasure ({})",
                facts.organization, facts.reference
            ),
            request_business_en::objection(
                facts,
                *until,
                &format!("{}/en/{path}", settings.public_url),
                settings,
            ),
        ),
    }
}

fn received(facts: &Received, settings: &Settings) -> Vec<Block> {
    let mut blocks = vec![
        hello(),
        text(format!(
            "On {} we received a request to erase personal data. Its reference is {}.",
            moment(settings, facts.received_at),
            facts.reference
        )),
    ];
    if let Some(until) = facts.prove_until {
        blocks.push(text(format!(
            "One step is left: show that {} is yours, before {}. Until then nothing is deleted. Open the link below to go on.",
            if facts.of_account { "this address" } else { "this number" },
            date(settings, until)
        )));
    } else {
        blocks.push(text(
            "You have shown that this address is yours: we are taking care of it.",
        ));
    }
    if facts.role == Some(Role::Representative) {
        blocks.push(text(
            "You act for somebody else: a person of our team will examine your request before anything is erased.",
        ));
    }
    blocks.push(text(format!(
        "Our answer: by {} at the latest. It is free of charge.",
        date(settings, facts.due_at)
    )));
    blocks.push(text(who_decides(facts.of_account, settings)));
    blocks.push(text("What will be kept, and why:"));
    blocks.push(Block::List(kept(facts.of_account)));
    blocks.push(see(&facts.link));
    blocks.push(text(
        "This private link shows where the request stands. You can also take it back there, as long as erasing has not begun.",
    ));
    blocks.push(text(format!(
        "You did not ask for this? Do nothing: without that step nothing is deleted. {}",
        complain(settings)
    )));
    blocks
}

fn joined(facts: &Received, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "You have a request under way already, and you have shown that you are the same person. Request {} joins it: there is nothing else to do.",
            facts.reference
        )),
        text(format!(
            "Our answer: by {} at the latest.",
            date(settings, facts.due_at)
        )),
        see(&facts.link),
        text(complain(settings)),
    ]
}

fn code_block(code: &str, expires_at: Timestamp, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text("This code shows that this address is yours:"),
        Block::Code(spaced(code)),
        text(format!(
            "Type it on the page that you left open. It works once, until {}. If there is an account at this address, you ask for its deletion that way.",
            expires_at.to_moment(En)
        )),
        text(format!(
            "You did not ask for this? Give the code to nobody. Without it nothing is deleted. Questions: {}.",
            settings.privacy_address
        )),
    ]
}

fn expired(received_at: Timestamp, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "On {} we received a request for erasure. Nobody showed in time that the number or address was theirs, so we cannot act on it (GDPR art. 12(6)). Nothing was deleted, and what had been typed is erased.",
            date(settings, received_at)
        )),
        text("You can start again at any time:"),
        Block::Link {
            label: "Make a new request".to_owned(),
            address: format!("{}/en/request", settings.public_url),
        },
        text(complain(settings)),
    ]
}

fn extended(facts: &Extended, settings: &Settings) -> Vec<Block> {
    let mut blocks = vec![
        hello(),
        text(format!(
            "We were to answer by {} at the latest. We need more time: it will be by {} at the latest (GDPR art. 12(3)).",
            date(settings, facts.due_at),
            date(settings, facts.extended_to)
        )),
        text("Why:"),
        Block::List(
            facts
                .reasons
                .iter()
                .map(|reason| request_reasons_en::extension(*reason).to_owned())
                .collect(),
        ),
        text(facts.explanation.clone()),
    ];
    blocks.extend(done_already(&facts.erased));
    blocks.push(see(&facts.link));
    blocks.push(text(complain(settings)));
    blocks
}

fn refused(facts: &Refused, settings: &Settings) -> Vec<Block> {
    let what = match (&facts.business, facts.is_partial) {
        (Some(name), _) => format!("What \"{name}\" holds will not be erased."),
        (None, true) => "A part of the data will not be erased.".to_owned(),
        (None, false) => "We cannot act on your request for erasure.".to_owned(),
    };
    let law = facts
        .statute
        .as_ref()
        .map_or_else(String::new, |statute| format!("; {statute}"));
    let mut blocks = vec![
        hello(),
        text(what),
        text(format!(
            "The reason: {} (GDPR art. {}{law}).",
            request_reasons_en::refusal(facts.ground),
            facts.ground.article()
        )),
        text(facts.explanation.clone()),
        text("Categories concerned:"),
        Block::List(
            Category::ALL
                .map(|category| name(category).to_owned())
                .to_vec(),
        ),
    ];
    blocks.push(text(facts.keep_until.map_or_else(
        || "What is kept is destroyed as soon as this reason no longer holds.".to_owned(),
        |until| {
            format!(
                "What is kept stays until {}, and is then destroyed.",
                date(settings, until)
            )
        },
    )));
    blocks.extend(done_already(&facts.erased));
    blocks.push(see(&facts.link));
    blocks.push(text(format!(
        "You do not agree? Write to {}: another person will look at the decision again. {} You may also go to court.",
        settings.privacy_address,
        complain(settings)
    )));
    blocks
}

fn completed(facts: &Completed, settings: &Settings) -> Vec<Block> {
    let mut blocks = vec![
        hello(),
        text(format!(
            "Your request of {} was completed on {}. We looked everywhere for what is tied to what you proved, erased it, and read everything again: nothing is left.",
            date(settings, facts.received_at),
            moment(settings, facts.completed_at)
        )),
    ];
    if facts.is_partial {
        blocks.push(text(
            "A part was refused: a letter of its own told you the reason.",
        ));
    }
    blocks.push(text("What was found and erased:"));
    blocks.push(Block::List(counts(&facts.erased)));
    blocks.push(text(
        "Each business that held something was told, so that it erases its own copies as well (GDPR art. 19). You can ask us for their names.",
    ));
    blocks.push(text("What stays, and until when:"));
    blocks.push(Block::List(vec![
        format!(
            "Encrypted backups, until {} at the latest (GDPR art. 32(1)(c))",
            date(settings, retention::backups_end(facts.completed_at))
        ),
        "Where a business held something, a keyed fingerprint of what you were known by there, and nothing else, so that an import does not bring you back (GDPR art. 6(1)(f))".to_owned(),
        "The record that this request was dealt with, without your name or number, for five years (GDPR art. 5(2))".to_owned(),
    ]));
    blocks.push(Block::Link {
        label: "See your receipt".to_owned(),
        address: facts.link.clone(),
    });
    blocks.push(text(format!(
        "This is the last message you get from us: your address is erased once it has left. {}",
        complain(settings)
    )));
    blocks
}

fn who_decides(of_account: bool, settings: &Settings) -> String {
    let Settings {
        controller,
        privacy_address,
        ..
    } = settings;
    if of_account {
        format!(
            "{controller} is responsible for this data and decides. Contact: {privacy_address}."
        )
    } else {
        format!(
            "The businesses that wrote to you are responsible for this data; {controller} erases it on their behalf and tells them. Contact: {privacy_address}."
        )
    }
}

fn kept(of_account: bool) -> Vec<String> {
    let backups = "encrypted backups, for 30 days at most (GDPR art. 32(1)(c))";
    let all: &[&str] = if of_account {
        &[
            "invoices, for ten years, in an encrypted archive (Code de commerce, art. L123-22; GDPR art. 17(3)(b))",
            "security logs made anonymous, for 90 days (GDPR art. 6(1)(f))",
            backups,
        ]
    } else {
        &[
            backups,
            "a keyed fingerprint of your number, so that an import does not bring you back (GDPR art. 6(1)(f))",
        ]
    };
    all.iter().map(|line| (*line).to_owned()).collect()
}

fn done_already(erased: &[(Category, i64)]) -> Vec<Block> {
    if erased.iter().all(|(_, rows)| *rows == 0) {
        return vec![];
    }
    vec![
        text("What has been erased already:"),
        Block::List(counts(erased)),
    ]
}

fn counts(erased: &[(Category, i64)]) -> Vec<String> {
    let line =
        |(category, rows): &(Category, i64)| format!("{}: {}", name(*category), number(*rows));
    erased.iter().map(line).collect()
}

pub(super) fn complain(settings: &Settings) -> String {
    format!(
        "You can write to {} at any time, or complain to your data protection authority (in France the CNIL: www.cnil.fr).",
        settings.privacy_address
    )
}

fn see(link: &str) -> Block {
    Block::Link {
        label: "See where the request stands".to_owned(),
        address: link.to_owned(),
    }
}

pub(super) fn hello() -> Block {
    text("Hello,")
}

pub(super) fn text(words: impl Into<String>) -> Block {
    Block::Paragraph(words.into())
}

pub(super) fn date(settings: &Settings, at: Timestamp) -> String {
    settings.time_zone.date(at, En)
}

pub(super) fn moment(settings: &Settings, at: Timestamp) -> String {
    settings.time_zone.moment(at, En)
}
