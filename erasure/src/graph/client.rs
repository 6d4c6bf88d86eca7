//! The one client: makes questions, and hears what the answers mean.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use reqwest::Url;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Accepted, CodeMessage, Graph, GraphError, Number, SendError, Waba,
    breaker::{Breaker, Circuit, Verdict},
    failure::{interpret, succeeded},
    signature::proof,
    transport::{Call, Method, Request, Transport},
};
use crate::time::Clock;

/// Pages of subscribed apps that are read. An account has a handful of apps, and a page holds 25.
const PAGES: usize = 20;

/// Who we are at Meta.
#[derive(Clone, Debug, Default)]
pub struct App {
    /// The app's id: tells our subscription from another provider's.
    pub id: Option<String>,
    /// The app's secret: proves each question, and revokes tokens.
    pub secret: Option<SecretString>,
}

/// How it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether Meta is asked at all.
    pub circuit: Circuit,
    /// Answers since the program started, by what they came to.
    pub answers: Vec<(&'static str, u64)>,
}

/// Asks over a transport.
pub struct GraphClient {
    transport: Arc<dyn Transport>,
    app: App,
    breaker: Breaker,
    answers: Answers,
}

/// Counts, in the order of [`Answers::NAMES`].
#[derive(Default)]
struct Answers([AtomicU64; 5]);

impl Answers {
    const NAMES: [&'static str; 5] = ["done", "gone", "no_access", "later", "needs_person"];

    fn count(&self, answer: &Result<Value, GraphError>) {
        let [done, gone, no_access, later, needs_person] = &self.0;
        let counter = match answer {
            Ok(_) => done,
            Err(GraphError::Gone(_)) => gone,
            Err(GraphError::NoAccess(_)) => no_access,
            Err(GraphError::Later { .. }) => later,
            Err(GraphError::NeedsPerson { .. } | GraphError::NotConfigured) => needs_person,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) -> Vec<(&'static str, u64)> {
        let counts = self.0.iter().map(|count| count.load(Ordering::Relaxed));
        Self::NAMES.into_iter().zip(counts).collect()
    }
}

#[derive(Deserialize)]
struct Subscriptions {
    data: Vec<Subscription>,
    #[serde(default)]
    paging: Paging,
}

/// Meta's reference nests it, Meta's schema does not.
#[derive(Deserialize)]
struct Subscription {
    whatsapp_business_api_data: Option<AppData>,
    id: Option<String>,
}

#[derive(Deserialize)]
struct AppData {
    id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Paging {
    next: Option<String>,
}

impl GraphClient {
    /// A client that goes by this clock.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, app: App, clock: Arc<dyn Clock>) -> Self {
        Self {
            transport,
            app,
            breaker: Breaker::new(clock),
            answers: Answers::default(),
        }
    }

    /// Asks once.
    async fn ask(&self, mut request: Request) -> Result<Value, GraphError> {
        self.breaker
            .admit()
            .map_err(|rest| GraphError::unanswered(Some(rest)))?;
        if let Some(secret) = &self.app.secret {
            let proof = proof(secret, &request.token);
            request.query.push(("appsecret_proof", proof));
        }
        let answer = match self.transport.send(&request).await {
            Ok(answer) => interpret(request.call, &answer),
            Err(_) => Err(GraphError::unanswered(None)),
        };
        self.breaker.report(verdict(&answer));
        self.answers.count(&answer);
        answer
    }

    /// Asks for something that is answered with success or not.
    async fn tell(&self, request: Request) -> Result<(), GraphError> {
        succeeded(&self.ask(request).await?)
    }

    fn is_ours(&self, subscription: &Subscription) -> bool {
        let nested = subscription.whatsapp_business_api_data.as_ref();
        let theirs = nested
            .and_then(|data| data.id.as_ref())
            .or(subscription.id.as_ref());
        match (&self.app.id, theirs) {
            (Some(ours), Some(theirs)) => ours == theirs,
            // Better to ask once too often than to call it done.
            _ => true,
        }
    }

    /// The cursor behind the address of the next page; none when that address is not our host's: it would get our token.
    fn cursor(&self, next: &str) -> Option<SecretString> {
        let address = Url::parse(next).ok()?;
        if address.origin().ascii_serialization() != self.transport.origin() {
            return None;
        }
        let (_, after) = address.query_pairs().find(|(name, _)| name == "after")?;
        Some(after.into_owned().into())
    }
}

#[async_trait]
impl Graph for GraphClient {
    async fn unsubscribe(&self, waba: &Waba) -> Result<(), GraphError> {
        let path = format!("{}/subscribed_apps", waba.id.expose());
        self.tell(question(
            Call::Unsubscribe,
            Method::Delete,
            path,
            &waba.token,
        ))
        .await
    }

    async fn is_subscribed(&self, waba: &Waba) -> Result<bool, GraphError> {
        let mut after = None;
        for _ in 0..PAGES {
            let path = format!("{}/subscribed_apps", waba.id.expose());
            let mut request = question(Call::ListSubscriptions, Method::Get, path, &waba.token);
            request.query.extend(after.map(|cursor| ("after", cursor)));
            let content = self.ask(request).await?;
            let page: Subscriptions =
                serde_json::from_value(content).map_err(|_| GraphError::unanswered(None))?;
            if page.data.iter().any(|app| self.is_ours(app)) {
                return Ok(true);
            }
            let Some(next) = page.paging.next else {
                return Ok(false);
            };
            let cursor = self.cursor(&next);
            after = Some(cursor.ok_or(GraphError::unanswered(None))?);
        }
        Err(GraphError::unanswered(None))
    }

    async fn clear_override(&self, number: &Number) -> Result<(), GraphError> {
        let path = number.id.expose().to_owned();
        let mut request = question(Call::ClearOverride, Method::Post, path, &number.token);
        request.body = Some(json!({ "webhook_configuration": { "override_callback_uri": "" } }));
        self.tell(request).await
    }

    async fn deregister(&self, number: &Number) -> Result<(), GraphError> {
        let path = format!("{}/deregister", number.id.expose());
        self.tell(question(
            Call::Deregister,
            Method::Post,
            path,
            &number.token,
        ))
        .await
    }

    async fn revoke(&self, token: &SecretString) -> Result<(), GraphError> {
        let (Some(id), Some(secret)) = (&self.app.id, &self.app.secret) else {
            return Err(GraphError::NotConfigured);
        };
        let mut request = question(Call::Revoke, Method::Get, "oauth/revoke".to_owned(), token);
        request.query = vec![
            ("client_id", id.as_str().into()),
            ("client_secret", secret.clone()),
            ("revoke_token", token.clone()),
            ("access_token", token.clone()),
        ];
        self.tell(request).await
    }

    async fn send_code(&self, message: &CodeMessage<'_>) -> Result<Accepted, SendError> {
        let path = format!("{}/messages", message.from.id.expose());
        let mut request = question(Call::SendCode, Method::Post, path, &message.from.token);
        request.body = Some(message.body());
        Accepted::from_content(self.ask(request).await?)
    }

    fn health(&self) -> Health {
        Health {
            circuit: self.breaker.circuit(),
            answers: self.answers.read(),
        }
    }
}

fn question(call: Call, method: Method, path: String, token: &SecretString) -> Request {
    Request {
        call,
        method,
        path,
        token: token.clone(),
        query: vec![],
        body: None,
    }
}

/// What an answer says about the host: 4, 17, 32 and 613 are limits of the whole app, 1 and 2 are Meta's own troubles.
fn verdict(answer: &Result<Value, GraphError>) -> Verdict {
    match answer {
        Err(GraphError::Later { evidence, wait }) => match evidence.code {
            Some(4 | 17 | 32 | 613) => Verdict::Limited(*wait),
            Some(1 | 2) | None => Verdict::Failed,
            Some(_) => Verdict::Answered,
        },
        _ => Verdict::Answered,
    }
}
