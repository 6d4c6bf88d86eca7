//! What a letter says of itself: from whom, under which name, in answer to what.
//!
//! Only its beginning is read, and of that the headers and the first words: whatever hangs behind costs nothing.

use mail_parser::{HeaderValue, Message, MessageParser};

use super::{
    automatic::{self, Reason},
    language,
};
use crate::{locale::Locale, person::EmailAddress, services::Settings};

/// No honest letter has longer headers, and whoever asks does so before this.
const READ_BYTES: usize = 256 * 1024;
/// Characters from which the language is guessed.
const GUESSED_FROM: usize = 4_000;
/// Letters of one thread that are looked for; the newest stand last.
const THREAD: usize = 30;
/// RFC 5322 §2.1.1: no line is longer, and no Message-ID needs a second one.
const LONGEST_ID: usize = 998;

/// A letter that somebody may have written.
#[derive(PartialEq, Eq)]
pub(super) struct Letter {
    /// From whom it says it is. Proves nothing.
    pub(super) from: EmailAddress,
    /// Its own name, if it has one.
    pub(super) message_id: Option<String>,
    /// The letters that it answers, or that came before in its thread.
    pub(super) answers: Vec<String>,
    /// In which language to answer.
    pub(super) locale: Locale,
}

/// A letter that was read.
pub(super) enum Read {
    /// Somebody may have written it.
    Letter(Letter),
    /// A program sent it.
    Ignored(Reason),
}

/// There is no sender that could be answered, or it is no letter at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no letter that could be answered: it names no sender with a whole address")]
pub struct Unreadable;

/// Reads the beginning of a letter.
pub(super) fn read(raw: &[u8], settings: &Settings) -> Result<Read, Unreadable> {
    let beginning = raw.get(..READ_BYTES).unwrap_or(raw);
    let message = MessageParser::default()
        .parse(beginning)
        .ok_or(Unreadable)?;
    let senders = senders(&message);
    let first = senders.first().map(String::as_str);
    if let Some(reason) = automatic::reason(&message, first, settings) {
        return Ok(Read::Ignored(reason));
    }
    let from = senders.iter().find_map(|sender| sender.parse().ok());
    Ok(Read::Letter(Letter {
        from: from.ok_or(Unreadable)?,
        message_id: message.message_id().and_then(id),
        answers: answers(&message),
        locale: locale(&message),
    }))
}

/// The raw values of a header. Names are the same in any case.
pub(super) fn values<'m>(message: &'m Message<'_>, name: &str) -> impl Iterator<Item = &'m str> {
    message
        .headers_raw()
        .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// The addresses after `From:`. Where answers are wanted (`Reply-To`) does not count: a link goes to nobody but the sender.
fn senders(message: &Message<'_>) -> Vec<String> {
    let Some(from) = message.from() else {
        return vec![];
    };
    from.iter()
        .filter_map(|one| one.address.as_deref())
        .map(str::to_owned)
        .collect()
}

fn answers(message: &Message<'_>) -> Vec<String> {
    let mut answers = ids(message.in_reply_to());
    answers.extend(ids(message.references()));
    let surplus = answers.len().saturating_sub(THREAD);
    answers.split_off(surplus)
}

fn ids(header: &HeaderValue<'_>) -> Vec<String> {
    let texts = header.as_text_list().unwrap_or_default();
    texts.iter().filter_map(|text| id(text)).collect()
}

/// A Message-ID without its angle brackets.
fn id(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    (!text.is_empty() && text.len() <= LONGEST_ID).then(|| text.to_owned())
}

fn locale(message: &Message<'_>) -> Locale {
    let tags = values(message, "Content-Language").chain(values(message, "Accept-Language"));
    let mut text = message.subject().unwrap_or_default().to_owned();
    text.push(' ');
    text.push_str(&message.body_preview(GUESSED_FROM).unwrap_or_default());
    language::guess(tags, &text)
}

#[cfg(test)]
mod tests;
