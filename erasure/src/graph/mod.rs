//! Meta's Graph API, as little of it as an erasure needs.

mod http;
mod simulated;

use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

pub use self::{
    http::{HttpGraph, HttpGraphError},
    simulated::{Outage, SimulatedGraph},
};

/// A WhatsApp Business Account and the token that may act on it.
#[derive(Clone, Debug)]
pub struct Waba {
    /// Meta's id of the account.
    pub id: String,
    /// A System User access token of this platform's app.
    pub token: SecretString,
}

/// Why Meta did not do it. Classified by the answer's `code`, never by the HTTP status, as Meta asks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// There is nothing to do: the account or the subscription does not exist.
    #[error("Meta says that it is gone already (code {code})")]
    Gone {
        /// Meta's code.
        code: i64,
    },
    /// Meta refuses us: the token is dead or the permission taken away. It then sends us no events either.
    #[error("Meta does not accept our token or permission (code {code})")]
    NoAccess {
        /// Meta's code.
        code: i64,
    },
    /// Not now: an outage, a rate limit, a lost connection.
    #[error("Meta cannot be reached or is busy (code {code:?})")]
    Later {
        /// Meta's code, when there was an answer.
        code: Option<i64>,
        /// How long Meta asks us to wait.
        wait: Option<Duration>,
    },
    /// This program does not know where the Graph API is.
    #[error("no Graph API is configured")]
    NotConfigured,
    /// An answer that a person has to look at.
    #[error("Meta refuses for a reason that needs a person (code {code:?})")]
    Refused {
        /// Meta's code, when there was one.
        code: Option<i64>,
    },
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
}

/// What an erasure asks of Meta.
#[async_trait]
pub trait Graph: Send + Sync {
    /// Unsubscribes the token's app from the account's webhooks.
    ///
    /// # Errors
    /// See [`GraphError`]; safe to repeat.
    async fn unsubscribe(&self, waba: &Waba) -> Result<(), GraphError>;

    /// Whether any app that the token can see is still subscribed.
    ///
    /// # Errors
    /// See [`GraphError`].
    async fn is_subscribed(&self, waba: &Waba) -> Result<bool, GraphError>;
}
