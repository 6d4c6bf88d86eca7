//! Letters to the privacy address: each that a person wrote becomes a request, or joins the one it belongs to.
//!
//! The tour, in the order in which a letter goes:
//!
//! 1. It arrives by HTTP, by a mail server's pipe or from a [`mailbox`], always as raw bytes: [`Incoming`].
//! 2. [`read`]: from whom it says it is, what it answers, in which language; [`automatic`]: whether anybody wrote it at all. What
//!    a program sent (a holiday notice, a bounce, a list, ourselves) is ignored, so that no two programs write to each other for ever.
//! 3. [`take()`]: one transaction. **A sender's address is not an identity**, anybody can write any: nothing is looked up for it. A
//!    request is opened ([`crate::request::by_mail`]) and a private link is mailed to the address, once a day at most.
//! 4. The letter lies sealed, as it came, until the request is closed. Nothing in it is unpacked: an archive of attachments that
//!    would fill the disk stays the few bytes that it is.

mod automatic;
mod counts;
mod language;
mod mailbox;
mod original;
mod read;
mod secret;
mod store;
mod take;

pub(crate) use self::store::note_ours;
pub use self::{
    automatic::Reason,
    counts::{Counts, Way},
    mailbox::{LookError, Mailbox, MailboxAddress, MalformedMailbox, run as look_into},
    original::{OriginalError, Written, letters_of, read_as_operator},
    read::Unreadable,
    secret::IntakeSecret,
    take::{TakeError, Taken, take},
};
use crate::time::Timestamp;

/// The largest letter that is taken as it is: what large mail providers let through, and its encoding.
pub const LIMIT_BYTES: usize = 25 * 1024 * 1024;
/// What is kept of a larger one: its beginning, where people write before what they attach.
pub const BEGINNING_BYTES: usize = 1024 * 1024;

/// A letter that has arrived, as raw as it came.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    raw: &'a [u8],
    is_whole: bool,
    arrived_at: Timestamp,
}

impl<'a> Incoming<'a> {
    /// A letter that arrived at this moment. Of one that is too large only the beginning counts; more of it need not be given.
    #[must_use]
    pub fn new(raw: &'a [u8], arrived_at: Timestamp) -> Self {
        if raw.len() > LIMIT_BYTES {
            return Self::beginning(raw, arrived_at);
        }
        Self {
            raw,
            is_whole: true,
            arrived_at,
        }
    }

    /// The beginning of a letter that is too large.
    #[must_use]
    pub fn beginning(raw: &'a [u8], arrived_at: Timestamp) -> Self {
        Self {
            raw: raw.get(..BEGINNING_BYTES).unwrap_or(raw),
            is_whole: false,
            arrived_at,
        }
    }
}

impl std::fmt::Debug for Incoming<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Incoming({} bytes, [redacted])", self.raw.len())
    }
}
