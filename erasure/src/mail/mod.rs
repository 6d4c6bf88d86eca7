//! How a letter leaves: the trait, a real SMTP client, and a mailbox in memory.

mod memory;
mod smtp;

use async_trait::async_trait;

pub use self::{
    memory::MemoryMail,
    smtp::{SmtpAddressError, SmtpMail},
};
use crate::person::EmailAddress;

/// A letter that is ready to be sent: text and HTML say the same.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Stable over retries, so that a mail server or reader can drop a second copy. Without angle brackets.
    pub message_id: String,
    /// The sender, for example `Qliento <privacy@qliento.com>`.
    pub from: String,
    /// The recipient.
    pub to: EmailAddress,
    /// The subject line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server is down, busy or full: try again.
    #[error("the mail server does not take letters at the moment: {0}")]
    Later(&'static str),
    /// The server refuses this letter for good.
    #[error("the mail server refuses the letter: {0}")]
    Refused(&'static str),
}

/// No mail server is configured: letters wait for a program that has one.
#[derive(Clone, Copy, Debug)]
pub struct NoMail;

#[async_trait]
impl Mail for NoMail {
    async fn send(&self, _: &Letter) -> Result<(), MailError> {
        Err(MailError::Later("no mail server is configured"))
    }
}

/// Takes letters.
#[async_trait]
pub trait Mail: Send + Sync {
    /// Hands the letter to the next server. `Ok` means accepted.
    ///
    /// # Errors
    /// [`MailError::Later`] when it is worth trying again.
    async fn send(&self, letter: &Letter) -> Result<(), MailError>;
}
