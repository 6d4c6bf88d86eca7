//! Who is there: sign-in, the session behind a cookie, and the password again before something serious.
//!
//! A session is a random token of 256 bits; the database keeps its SHA-256. The token changes at sign-in and each time the
//! password is proved, so that a token seen earlier is worth nothing later. What all kinds of sessions have in common is
//! in `store` and `token`; the staff's own are in [`crate::staff`].

mod sign_in;
mod store;
mod token;

use std::time::Duration;

use secrecy::SecretString;

pub(crate) use self::{sign_in::token_digest, store::Sessions};
pub use self::{
    sign_in::{ended_by_erasure, prove, resume, sign_in, sign_out},
    token::SessionToken,
};
use crate::{
    db,
    id::{SessionId, UserId},
    locale::Locale,
    person::EmailAddress,
    time::Timestamp,
};

/// How long a proof of the password counts (OWASP ASVS 7.5.3 asks for a fresh one before what cannot be undone).
pub const PROOF_LIFETIME: Duration = Duration::from_mins(5);
/// A session that nobody uses ends. OWASP: 15 to 30 minutes.
pub const IDLE: Duration = Duration::from_mins(30);
/// Every session ends. OWASP: four to eight hours.
pub const ABSOLUTE: Duration = Duration::from_hours(8);

/// What somebody typed to sign in.
#[derive(Debug)]
pub struct Credentials {
    /// As typed: it may not even be an address.
    pub email: String,
    /// As typed.
    pub password: SecretString,
}

/// What a person is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// May delete it.
    Owner,
    /// Manages it.
    Admin,
    /// Works in it.
    Member,
}

/// A person's place in an organization.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The organization's name.
    pub organization_name: String,
    /// What the person is there.
    pub role: Role,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: EmailAddress,
    /// Their language.
    pub locale: Locale,
    /// When they last proved their password.
    pub proved_at: Timestamp,
    /// Where they belong.
    pub memberships: Vec<Membership>,
}

impl Session {
    /// Whether the password was proved recently enough for what cannot be undone.
    #[must_use]
    pub fn proof_is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.proved_at) < PROOF_LIFETIME
    }
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong, or the account is being deleted. It is not said which.
    #[error("these credentials do not open an account")]
    Refused,
    /// Too many tries from this network or for this address.
    #[error("too many tries")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}
