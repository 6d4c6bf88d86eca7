//! Meta's Graph API, as little of it as this product needs.
//!
//! [`Graph`] says what we ask of Meta, in our words. [`GraphClient`] asks: one place decides what an answer means
//! ([`failure`]), how long Meta wants us to wait ([`limits`]) and when not to ask at all for a while ([`breaker`]). How bytes
//! travel is a [`Transport`]: over HTTP to Meta, or straight into the [`simulated`] Meta of tests, so that both meet the same
//! client. Shapes and codes are those of Meta's references; `docs/meta.md` says which.
//!
//! **To add a call**: a variant of [`Call`], a method here and in `client`, its answer in `simulated`, its row in the
//! contract tests (`server/tests/http/graph/`).

mod breaker;
mod client;
mod failure;
mod http;
mod limits;
mod message;
mod signature;
pub mod simulated;
mod transport;

use std::{fmt, str::FromStr};

use async_trait::async_trait;
use secrecy::SecretString;

pub use self::{
    breaker::Circuit,
    client::{App, GraphClient, Health},
    failure::{Evidence, GraphError},
    http::{HttpTransport, TimeOuts, TlsError},
    message::{Accepted, CodeMessage, MalformedRecipient, Recipient, SendError},
    transport::{Answer, Call, Lost, Method, Request, Transport},
};

/// Meta's id of an account or a number: digits, and therefore safe in an address.
#[derive(Clone, PartialEq, Eq)]
pub struct MetaId(String);

/// The text is no id of Meta's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of Meta's")]
pub struct MalformedMetaId;

impl MetaId {
    /// The digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for MetaId {
    type Err = MalformedMetaId;

    fn from_str(text: &str) -> Result<Self, MalformedMetaId> {
        let is_id = matches!(text.len(), 1..=32) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedMetaId)
        }
    }
}

impl fmt::Debug for MetaId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MetaId([redacted])")
    }
}

/// A WhatsApp Business Account and a token that may act on it.
#[derive(Clone, Debug)]
pub struct Waba {
    /// Meta's id of the account.
    pub id: MetaId,
    /// A System User access token of this platform's app.
    pub token: SecretString,
}

/// A phone number on the Cloud API and a token that may act on it.
#[derive(Clone, Debug)]
pub struct Number {
    /// Meta's id of the number.
    pub id: MetaId,
    /// A System User access token of this platform's app.
    pub token: SecretString,
}

/// What this product asks of Meta.
#[async_trait]
pub trait Graph: Send + Sync {
    /// Unsubscribes the token's app from the account's webhooks.
    ///
    /// # Errors
    /// See [`GraphError`]; safe to repeat.
    async fn unsubscribe(&self, waba: &Waba) -> Result<(), GraphError>;

    /// Whether our app is still subscribed; any app, where ours has no configured id.
    ///
    /// # Errors
    /// See [`GraphError`].
    async fn is_subscribed(&self, waba: &Waba) -> Result<bool, GraphError>;

    /// Takes away the number's own callback address, which outranks the account's.
    ///
    /// # Errors
    /// See [`GraphError`]; safe to repeat.
    async fn clear_override(&self, number: &Number) -> Result<(), GraphError>;

    /// Takes the number off the Cloud API: nobody can send or receive with it there until it is registered again.
    ///
    /// # Errors
    /// See [`GraphError`]; safe to repeat, but Meta counts ten in 72 hours.
    async fn deregister(&self, number: &Number) -> Result<(), GraphError>;

    /// Makes the token worthless at Meta.
    ///
    /// # Errors
    /// See [`GraphError`]; safe to repeat.
    async fn revoke(&self, token: &SecretString) -> Result<(), GraphError>;

    /// Sends a one-time code with an authentication template. Never repeat it by yourself: see [`SendError::Uncertain`].
    ///
    /// # Errors
    /// See [`SendError`].
    async fn send_code(&self, message: &CodeMessage<'_>) -> Result<Accepted, SendError>;

    /// How it goes, for whoever watches.
    fn health(&self) -> Health {
        Health::default()
    }
}

/// No Graph API is configured: Meta is not asked, and the receipt says so.
#[derive(Clone, Copy, Debug)]
pub struct NoGraph;

#[async_trait]
impl Graph for NoGraph {
    async fn unsubscribe(&self, _: &Waba) -> Result<(), GraphError> {
        Err(GraphError::NotConfigured)
    }

    async fn is_subscribed(&self, _: &Waba) -> Result<bool, GraphError> {
        Err(GraphError::NotConfigured)
    }

    async fn clear_override(&self, _: &Number) -> Result<(), GraphError> {
        Err(GraphError::NotConfigured)
    }

    async fn deregister(&self, _: &Number) -> Result<(), GraphError> {
        Err(GraphError::NotConfigured)
    }

    async fn revoke(&self, _: &SecretString) -> Result<(), GraphError> {
        Err(GraphError::NotConfigured)
    }

    async fn send_code(&self, _: &CodeMessage<'_>) -> Result<Accepted, SendError> {
        Err(SendError::NotConfigured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_an_id_of_metas_and_none_is_printed() {
        let id: MetaId = "102290129340398".parse().unwrap();

        assert_eq!(id.expose(), "102290129340398");
        assert_eq!(format!("{id:?}"), "MetaId([redacted])");
        for text in ["", "1/../2", "12a", "١٢", " 1", "1?x", &"1".repeat(33)] {
            assert_eq!(text.parse::<MetaId>(), Err(MalformedMetaId), "{text:?}");
        }
    }
}
