//! The way to Meta over HTTP: rustls, time-outs, no redirects.
//!
//! An address may hold a secret (Meta takes some nowhere else), so no error of this file carries one, and redirects are not
//! followed: the token goes to the configured host and nowhere else.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Response, Url, header::HeaderMap, redirect};
use secrecy::ExposeSecret as _;

use super::transport::{Answer, Lost, Method, Request, Transport};

/// The client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the client for the Graph API cannot be built: check its address and the TLS library")]
pub struct TlsError;

/// How long an answer may take.
#[derive(Clone, Copy, Debug)]
pub struct TimeOuts {
    /// To be connected.
    pub connect: Duration,
    /// From the question to the last byte of the answer.
    pub answer: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(15), // Meta's slow answers stay below ten seconds
        }
    }
}

/// Speaks with whoever stands at one address.
pub struct HttpTransport {
    client: Client,
    origin: String,
    base: String,
}

impl HttpTransport {
    /// To `base` (for example `https://graph.facebook.com`), in a version (for example `v25.0`).
    ///
    /// # Errors
    /// When the TLS library cannot start, or `base` is no address.
    pub fn new(base: &str, version: &str, time_outs: TimeOuts) -> Result<Self, TlsError> {
        let client = Client::builder()
            .connect_timeout(time_outs.connect)
            .timeout(time_outs.answer)
            .redirect(redirect::Policy::none())
            .user_agent("qliento")
            .build()
            .map_err(|_| TlsError)?;
        let origin = Url::parse(base)
            .map_err(|_| TlsError)?
            .origin()
            .ascii_serialization();
        let base = format!("{}/{version}", base.trim_end_matches('/'));
        Ok(Self {
            client,
            origin,
            base,
        })
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: &Request) -> Result<Answer, Lost> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let query: Vec<_> = request
            .query
            .iter()
            .map(|(name, value)| (*name, value.expose_secret()))
            .collect();
        let mut asked = self
            .client
            .request(method, format!("{}/{}", self.base, request.path))
            .bearer_auth(request.token.expose_secret())
            .query(&query);
        if let Some(body) = &request.body {
            asked = asked.json(body);
        }
        let response = asked.send().await.map_err(|_| Lost)?;
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after: text(response.headers(), "retry-after"),
            usage: text(response.headers(), "x-business-use-case-usage"),
            body: read(response).await?,
        })
    }

    fn origin(&self) -> &str {
        &self.origin
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// The whole body, or nothing of it.
async fn read(mut response: Response) -> Result<Vec<u8>, Lost> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| Lost)? {
        body.extend_from_slice(&part);
        if body.len() > Answer::LARGEST {
            return Err(Lost);
        }
    }
    Ok(body)
}
