//! The mailbox of the privacy address: the worker looks into it each minute, and takes every letter that nobody has looked at.
//!
//! A letter is marked as seen when it is taken, and not before: a crash in between takes it again, which changes nothing. One that
//! cannot be read is flagged for a person. No letter keeps the next one waiting.

mod address;
mod line;

use std::time::Duration;

use async_imap::{error::Error as ImapError, types::Fetch};
use futures::TryStreamExt as _;
use secrecy::SecretString;
use tokio::{sync::watch, time::timeout};

pub use self::address::{MailboxAddress, MalformedMailbox};
use self::line::Open;
use super::{BEGINNING_BYTES, Counts, Incoming, LIMIT_BYTES, TakeError, Way, take};
use crate::{services::Services, time::Timestamp};

/// From one look to the next.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// … when the server is away, at most.
const AWAY_AT_MOST: Duration = Duration::from_mins(15);
/// How long the way into the mailbox may take.
const OPENING: Duration = Duration::from_secs(30);
/// How long one letter may take.
const ONE_LETTER: Duration = Duration::from_mins(2);
/// Taken: nobody has to look.
const SEEN: &str = "+FLAGS.SILENT (\\Seen)";
/// Never to be taken: a person has to look.
const FLAGGED: &str = "+FLAGS.SILENT (\\Seen \\Flagged)";

/// A mailbox that is looked into.
#[derive(Clone, Debug)]
pub struct Mailbox {
    address: MailboxAddress,
    password: SecretString,
}

/// Why a mailbox could not be looked through. The causes are ours: what a server says may name people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookError {
    /// The server is away, or the way to it.
    #[error("{0}")]
    Away(&'static str),
    /// It answered no to what was asked last.
    #[error("the mail server refuses: check the user, the password and the folder")]
    Refused,
}

impl LookError {
    fn of(error: &ImapError) -> Self {
        use ImapError::{Bad, ConnectionLost, Io, No, Validate};
        if matches!(error, No(_) | Bad(_) | Validate(_)) {
            Self::Refused
        } else if matches!(error, Io(_) | ConnectionLost) {
            Self::Away("the mail server hung up")
        } else {
            Self::Away("the mail server says what nobody understands")
        }
    }
}

/// Looks into the mailbox until `stop` becomes true; a letter that is being taken is finished first.
pub async fn run(
    services: Services,
    mailbox: Mailbox,
    counts: Counts,
    mut stop: watch::Receiver<bool>,
) {
    let mut wait = LOOK_AGAIN;
    while !*stop.borrow() {
        match mailbox.look(&services, &counts, &stop).await {
            Ok(()) => wait = LOOK_AGAIN,
            Err(error) => {
                tracing::error!(cause = %error, "the mailbox of the privacy address cannot be looked through");
                wait = (wait * 2).min(AWAY_AT_MOST);
            }
        }
        let _ = timeout(wait, stop.wait_for(|stop| *stop)).await;
    }
}

impl Mailbox {
    /// The mailbox at this address.
    #[must_use]
    pub const fn new(address: MailboxAddress, password: SecretString) -> Self {
        Self { address, password }
    }

    /// Takes every letter that nobody has looked at, the oldest first.
    ///
    /// # Errors
    /// See [`LookError`]; what was taken before stays taken.
    pub async fn look(
        &self,
        services: &Services,
        counts: &Counts,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), LookError> {
        let opening = line::open(&self.address, &self.password);
        let mut open = timeout(OPENING, opening)
            .await
            .map_err(|_| LookError::Away("the mail server takes too long"))??;
        let unseen = open.uid_search("UNSEEN UNDELETED").await;
        let mut letters: Vec<_> = unseen
            .map_err(|error| LookError::of(&error))?
            .into_iter()
            .collect();
        letters.sort_unstable();
        for uid in letters {
            if *stop.borrow() {
                return Ok(());
            }
            let one = timeout(ONE_LETTER, one(&mut open, services, counts, uid)).await;
            match one.unwrap_or(Err(LookError::Away("a letter takes too long"))) {
                Ok(()) => {}
                Err(LookError::Refused) => counts.failed(Way::Mailbox),
                Err(away @ LookError::Away(_)) => {
                    counts.failed(Way::Mailbox);
                    return Err(away);
                }
            }
        }
        counts.looked(services.now());
        let _ = timeout(OPENING, open.logout()).await; // whatever it says, we are done
        Ok(())
    }
}

/// Takes one letter, and marks it.
async fn one(
    open: &mut Open,
    services: &Services,
    counts: &Counts,
    uid: u32,
) -> Result<(), LookError> {
    let Some(about) = fetch(open, uid, "(UID RFC822.SIZE INTERNALDATE)").await? else {
        return Ok(()); // somebody has taken it away
    };
    let size = about.size.and_then(|bytes| usize::try_from(bytes).ok());
    let is_whole = size.is_some_and(|bytes| bytes <= LIMIT_BYTES);
    let query = if is_whole {
        "(UID BODY.PEEK[])".to_owned()
    } else {
        format!("(UID BODY.PEEK[]<0.{BEGINNING_BYTES}>)")
    };
    let Some(letter) = fetch(open, uid, &query).await? else {
        return Ok(());
    };
    let raw = letter.body().unwrap_or_default().to_vec();
    drop(letter);
    let arrived_at = arrival(services, &about);
    let services = services.clone();
    // Whatever one letter does to us, the next one is taken.
    let taking = tokio::spawn(async move {
        let incoming = if is_whole {
            Incoming::new(&raw, arrived_at)
        } else {
            Incoming::beginning(&raw, arrived_at)
        };
        take(&services, &incoming).await
    });
    let Ok(taken) = taking.await else {
        counts.failed(Way::Mailbox);
        return mark(open, uid, FLAGGED).await;
    };
    counts.taken(Way::Mailbox, &taken);
    match taken {
        Ok(_) => mark(open, uid, SEEN).await,
        Err(TakeError::Unreadable(_)) => mark(open, uid, FLAGGED).await,
        Err(TakeError::Internal(error)) => {
            tracing::error!(
                cause = crate::db::cause(&error),
                "a letter was not taken; the next look tries again"
            );
            Ok(())
        }
    }
}

/// When the mail server got it: the clock of a request does not wait for us. A server whose clock is ahead is not believed.
fn arrival(services: &Services, about: &Fetch) -> Timestamp {
    let now = services.now();
    let there = about.internal_date();
    there.map_or(now, |at| {
        Timestamp::from_millis(at.timestamp_millis()).min(now)
    })
}

async fn fetch(open: &mut Open, uid: u32, query: &str) -> Result<Option<Fetch>, LookError> {
    let answers = open.uid_fetch(uid.to_string(), query).await;
    let answers = answers.map_err(|error| LookError::of(&error))?;
    let all: Vec<Fetch> = answers
        .try_collect()
        .await
        .map_err(|error| LookError::of(&error))?;
    Ok(all.into_iter().find(|one| one.uid == Some(uid)))
}

async fn mark(open: &mut Open, uid: u32, flags: &str) -> Result<(), LookError> {
    let answers = open.uid_store(uid.to_string(), flags).await;
    let answers = answers.map_err(|error| LookError::of(&error))?;
    answers
        .try_for_each(async |_| Ok(()))
        .await
        .map_err(|error| LookError::of(&error))
}
