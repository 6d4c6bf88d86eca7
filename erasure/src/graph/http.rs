//! The real client.
//!
//! Shapes, codes and their meaning: Meta's "WhatsApp Business Account > Subscribed Apps" reference and its error-code
//! table. The token travels in a header only, and no error of this file carries an address or a body.

use std::{fmt::Write as _, time::Duration};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sha2::Sha256;

use super::{Graph, GraphError, Waba};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(15); // Meta's slow answers stay below ten seconds

/// The client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the TLS client for the Graph API cannot be built")]
pub struct HttpGraphError;

/// Speaks with Meta, or with whoever stands at `base`.
#[derive(Clone, Debug)]
pub struct HttpGraph {
    client: reqwest::Client,
    base: String,
    app_secret: Option<SecretString>,
}

#[derive(Deserialize)]
struct Success {
    success: bool,
}

#[derive(Deserialize)]
struct Subscriptions {
    data: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Failure {
    error: FailureDetails,
}

#[derive(Deserialize)]
struct FailureDetails {
    code: i64,
    error_subcode: Option<i64>,
    #[serde(default)]
    is_transient: bool,
}

impl HttpGraph {
    /// A client for `base` (for example `https://graph.facebook.com`) and a version (for example `v25.0`). With the
    /// app's secret each call carries an `appsecret_proof`.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn new(
        base: &str,
        version: &str,
        app_secret: Option<SecretString>,
    ) -> Result<Self, HttpGraphError> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| HttpGraphError)?;
        Ok(Self {
            client,
            base: format!("{}/{version}", base.trim_end_matches('/')),
            app_secret,
        })
    }

    async fn call(&self, method: Method, waba: &Waba) -> Result<Response, GraphError> {
        if waba.id.is_empty() || !waba.id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GraphError::Refused { code: None });
        }
        let mut request = self
            .client
            .request(method, format!("{}/{}/subscribed_apps", self.base, waba.id))
            .bearer_auth(waba.token.expose_secret());
        if let Some(secret) = &self.app_secret {
            request = request.query(&[("appsecret_proof", proof(secret, &waba.token))]);
        }
        let response = request.send().await.map_err(|_| GraphError::Later {
            code: None,
            wait: None,
        })?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(failure(response).await)
        }
    }
}

#[async_trait]
impl Graph for HttpGraph {
    async fn unsubscribe(&self, waba: &Waba) -> Result<(), GraphError> {
        let response = self.call(Method::DELETE, waba).await?;
        match response.json::<Success>().await {
            Ok(Success { success: true }) => Ok(()),
            Ok(Success { success: false }) => Err(GraphError::Refused { code: None }),
            Err(_) => Err(GraphError::Later {
                code: None,
                wait: None,
            }),
        }
    }

    async fn is_subscribed(&self, waba: &Waba) -> Result<bool, GraphError> {
        let response = self.call(Method::GET, waba).await?;
        let answer: Subscriptions = response.json().await.map_err(|_| GraphError::Later {
            code: None,
            wait: None,
        })?;
        Ok(!answer.data.is_empty())
    }
}

/// Lower-case hex of HMAC-SHA256(app secret, token): Meta's "Securing Graph API Requests".
fn proof(app_secret: &SecretString, token: &SecretString) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(app_secret.expose_secret().as_bytes()) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(token.expose_secret().as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

async fn failure(response: Response) -> GraphError {
    let status = response.status();
    let wait = response
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    match response.json::<Failure>().await {
        Ok(body) => classify(&body.error, wait),
        Err(_) if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            GraphError::Later { code: None, wait }
        }
        Err(_) => GraphError::Refused { code: None },
    }
}

fn classify(details: &FailureDetails, wait: Option<Duration>) -> GraphError {
    let code = details.code;
    match (code, details.error_subcode) {
        _ if details.is_transient => GraphError::Later {
            code: Some(code),
            wait,
        },
        (803 | 33, _) => GraphError::Gone { code },
        // 3 comes with HTTP 500 and is final all the same; 100/33 hides whether the account or our access is gone.
        (0 | 3 | 10 | 102 | 190 | 200..=299 | 131_005, _) | (100, Some(33)) => {
            GraphError::NoAccess { code }
        }
        (1 | 2 | 4 | 17 | 32 | 613 | 80_007 | 80_008 | 130_429, _) => GraphError::Later {
            code: Some(code),
            wait,
        },
        _ => GraphError::Refused { code: Some(code) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(code: i64, error_subcode: Option<i64>, is_transient: bool) -> FailureDetails {
        FailureDetails {
            code,
            error_subcode,
            is_transient,
        }
    }

    #[test]
    fn errors_are_told_apart_by_code() {
        assert_eq!(
            classify(&details(803, None, false), None),
            GraphError::Gone { code: 803 }
        );
        assert_eq!(
            classify(&details(190, Some(463), false), None),
            GraphError::NoAccess { code: 190 }
        );
        assert_eq!(
            classify(&details(3, None, false), None),
            GraphError::NoAccess { code: 3 }
        );
        assert_eq!(
            classify(&details(100, Some(33), false), None),
            GraphError::NoAccess { code: 100 }
        );
        assert_eq!(
            classify(&details(100, None, false), None),
            GraphError::Refused { code: Some(100) }
        );
        assert_eq!(
            classify(&details(4, None, false), None),
            GraphError::Later {
                code: Some(4),
                wait: None
            }
        );
        assert_eq!(
            classify(&details(99, None, true), None),
            GraphError::Later {
                code: Some(99),
                wait: None
            }
        );
    }

    #[test]
    fn the_proof_is_the_documented_digest() {
        // RFC 4231, test case 2.
        let digest = proof(&"Jefe".into(), &"what do ya want for nothing?".into());

        assert_eq!(
            digest,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[tokio::test]
    async fn an_account_id_that_is_no_number_never_becomes_an_address() {
        let graph = HttpGraph::new("http://127.0.0.1:9", "v25.0", None).unwrap();
        let waba = Waba {
            id: "1/../2".to_owned(),
            token: "t".into(),
        };

        assert_eq!(
            graph.unsubscribe(&waba).await,
            Err(GraphError::Refused { code: None })
        );
    }
}
