//! How a question reaches Meta, and what comes back: bytes, before anybody knows what they mean.

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::Value;

/// What is asked. Names it in logs, evidence and metrics, where no address may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// `DELETE /{waba}/subscribed_apps`.
    Unsubscribe,
    /// `GET /{waba}/subscribed_apps`.
    ListSubscriptions,
    /// `POST /{phone-number}` with an empty `webhook_configuration`.
    ClearOverride,
    /// `POST /{phone-number}/deregister`.
    Deregister,
    /// `GET /oauth/revoke`.
    Revoke,
    /// `POST /{phone-number}/messages`.
    SendCode,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 6] = [
        Self::Unsubscribe,
        Self::ListSubscriptions,
        Self::ClearOverride,
        Self::Deregister,
        Self::Revoke,
        Self::SendCode,
    ];

    /// The name that logs, evidence and metrics use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::ListSubscriptions => "list_subscriptions",
            Self::ClearOverride => "clear_override",
            Self::Deregister => "deregister",
            Self::Revoke => "revoke",
            Self::SendCode => "send_code",
        }
    }
}

/// The methods that we use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes.
    Post,
    /// Takes away.
    Delete,
}

/// A question. It holds secrets, and so it cannot be printed.
pub struct Request {
    /// What is asked.
    pub call: Call,
    /// How.
    pub method: Method,
    /// Where, below the version: `102290129340398/subscribed_apps`.
    pub path: String,
    /// Who asks: goes into a header, never into the address.
    pub token: SecretString,
    /// What goes into the address: proofs, cursors, and what Meta takes nowhere else.
    pub query: Vec<(&'static str, SecretString)>,
    /// What goes into the body.
    pub body: Option<Value>,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `X-Business-Use-Case-Usage`.
    pub usage: Option<String>,
    /// The body, at most [`Answer::LARGEST`] bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// Meta's answers have hundreds of bytes. Whoever sends more than this is not Meta.
    pub const LARGEST: usize = 256 * 1024;
}

/// There is no answer. The question may have arrived all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// Carries questions to one host.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Asks, and reads the whole answer.
    ///
    /// # Errors
    /// [`Lost`] when there is none within the time-outs, or not all of it.
    async fn send(&self, request: &Request) -> Result<Answer, Lost>;

    /// The one host that this reaches, as `https://graph.facebook.com`.
    fn origin(&self) -> &str;
}
