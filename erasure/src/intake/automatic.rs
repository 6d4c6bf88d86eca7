//! Whether anybody wrote a letter at all. What a program sent is never answered: RFC 3834, RFC 2076, and what mail servers do.

use mail_parser::{Message, MimeHeaders as _};

use super::read::values;
use crate::{named::named, person::EmailAddress, services::Settings};

named! {
    /// Why a letter is ignored.
    pub enum Reason {
        /// It answers by itself: a holiday notice, a ticket system.
        AutomaticReply = "automatic_reply",
        /// It says that another could not be delivered, or was read.
        Report = "report",
        /// It goes to many: a list, a newsletter.
        Bulk = "bulk",
        /// Its sender reads no answers.
        NobodyReads = "nobody_reads",
        /// We sent it ourselves.
        Ours = "ours",
        /// The same person has written as often as one request needs: what they wrote first is here.
        Enough = "enough",
    }
}

/// Headers that only programs write that answer by themselves.
const AUTOMATIC: [&str; 4] = [
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-Mail-Autoreply",
];
/// Headers of what goes to many.
const BULK: [&str; 3] = ["List-Id", "List-Post", "List-Unsubscribe"];
/// Names of senders that are programs.
const PROGRAMS: [&str; 4] = ["mailerdaemon", "postmaster", "bounce", "bounces"];
/// How names begin of senders that read no answers, without what stands between the words.
const DEAF: [&str; 4] = ["noreply", "donotreply", "nepasrepondre", "nereponsepas"];

/// Why a letter is ignored; `None`: somebody may have written it.
pub(super) fn reason(
    message: &Message<'_>,
    sender: Option<&str>,
    settings: &Settings,
) -> Option<Reason> {
    let has = |names: &[&str]| {
        names
            .iter()
            .any(|name| values(message, name).next().is_some())
    };
    let local = sender.map(local_part).unwrap_or_default();
    if is_report(message) || PROGRAMS.contains(&local.as_str()) {
        Some(Reason::Report)
    } else if sender.is_some_and(|sender| is_ours(sender, settings)) {
        Some(Reason::Ours)
    } else if is_automatic(message) || has(&AUTOMATIC) {
        Some(Reason::AutomaticReply)
    } else if is_bulk(message) || has(&BULK) {
        Some(Reason::Bulk)
    } else if DEAF.iter().any(|name| local.starts_with(name)) {
        Some(Reason::NobodyReads)
    } else {
        None
    }
}

/// A delivery report (RFC 3464), a receipt (RFC 8098), or anything that no answer may go to (RFC 5321 §4.5.5).
fn is_report(message: &Message<'_>) -> bool {
    let is_multipart_report = message.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("multipart") && subtype.eq_ignore_ascii_case("report")
    });
    is_multipart_report || values(message, "Return-Path").any(|path| path.trim() == "<>")
}

fn is_automatic(message: &Message<'_>) -> bool {
    let says = |value: &str| {
        let word = value.split(';').next().unwrap_or_default().trim();
        !word.is_empty() && !word.eq_ignore_ascii_case("no")
    };
    // Outlook's programs say with it that they want no automatic answer; `DR` and the like are about receipts alone.
    let suppresses = |value: &str| {
        value
            .split(',')
            .map(|word| word.trim().to_ascii_lowercase())
            .any(|word| matches!(word.as_str(), "all" | "oof" | "autoreply"))
    };
    values(message, "Auto-Submitted").any(says)
        || values(message, "X-Auto-Response-Suppress").any(suppresses)
}

fn is_bulk(message: &Message<'_>) -> bool {
    values(message, "Precedence").any(|value| {
        let word = value.trim().to_ascii_lowercase();
        matches!(word.as_str(), "bulk" | "list" | "junk")
    })
}

/// An answer to ourselves would be answered, and so on.
fn is_ours(sender: &str, settings: &Settings) -> bool {
    let Ok(sender) = sender.parse::<EmailAddress>() else {
        return false;
    };
    let from = settings.mail_from.as_str();
    let from = from
        .rsplit_once('<')
        .map_or(from, |(_, address)| address.trim_end_matches('>'));
    [from, settings.privacy_address.as_str()]
        .into_iter()
        .any(|own| own.parse().is_ok_and(|own: EmailAddress| own == sender))
}

/// `No-Reply` → `noreply`, up to the tag that a bounce carries.
fn local_part(sender: &str) -> String {
    let (local, _) = sender.split_once('@').unwrap_or((sender, ""));
    let name = local.split(['+', '=']).next().unwrap_or_default();
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|one| one.to_ascii_lowercase()).collect()
}
