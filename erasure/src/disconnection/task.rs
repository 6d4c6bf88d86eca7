//! One thing to undo at Meta, and what its answer means for us.

use std::{str::FromStr, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    db::{Db, Error, value::args},
    graph::{Evidence, Graph, GraphError, MetaId, Number, Waba},
    job::{Lease, StepError},
    services::Services,
    vault::Vault,
};

/// What can be undone, in the order in which it must be: a token is needed for everything before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Act {
    /// The number's own callback address, which outranks the account's.
    Override,
    /// The account's subscription: Meta stops sending us its events.
    Subscription,
    /// The number's registration on the Cloud API, where its owner chose that.
    Registration,
    /// The token itself.
    Token,
}

impl Act {
    const ALL: [Self; 4] = [
        Self::Override,
        Self::Subscription,
        Self::Registration,
        Self::Token,
    ];

    /// The name that the database uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::Subscription => "subscription",
            Self::Registration => "registration",
            Self::Token => "token",
        }
    }

    /// Whether live data waits for Meta's confirmation. A token that we destroy is of no use to us, revoked or not.
    pub(crate) const fn is_waited_for(self) -> bool {
        !matches!(self, Self::Token)
    }
}

impl FromStr for Act {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|act| act.as_str() == text)
            .ok_or(())
    }
}

/// A connected number, as its row says it.
pub(crate) struct Connection {
    pub(crate) phone_number_id: String,
    pub(crate) waba_id: String,
    pub(crate) token: SecretString,
}

/// One thing to do, with all that it takes.
#[derive(Debug)]
pub(crate) struct Task {
    act: Act,
    number: MetaId,
    waba: MetaId,
    token: SecretString,
}

/// A task, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    act: Act,
    number: String,
    waba: String,
    token: String,
}

/// Meta's last word on a task.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// One of the results that [`crate::receipt::MetaReceipt`] lists.
    pub(crate) result: &'static str,
    /// What came back, when it was no plain yes.
    pub(crate) evidence: Option<Evidence>,
}

impl Outcome {
    /// A result about which nothing came back.
    pub(crate) const fn of(result: &'static str) -> Self {
        Self {
            result,
            evidence: None,
        }
    }
}

/// Not yet.
#[derive(Debug)]
pub(crate) struct Delay {
    /// What came back.
    pub(crate) evidence: Evidence,
    /// How long it makes no sense to ask again.
    pub(crate) wait: Option<Duration>,
}

/// Two calls of at most 15 s each, and room.
const AT_MOST: Duration = Duration::from_mins(1);
/// How soon Meta is asked again after an answer that a person has to look at: they may have mended it.
const LOOK_AGAIN: Duration = Duration::from_mins(15);

impl Task {
    /// `None`: Meta has no such account or number.
    pub(crate) fn new(act: Act, connection: Connection) -> Option<Self> {
        Some(Self {
            act,
            number: connection.phone_number_id.parse().ok()?,
            waba: connection.waba_id.parse().ok()?,
            token: connection.token,
        })
    }

    pub(crate) const fn act(&self) -> Act {
        self.act
    }

    /// One try, under a lease that is long enough for it. What another organization goes on using is left alone.
    pub(crate) async fn attempt(
        &self,
        services: &Services,
        lease: &Lease,
    ) -> Result<Result<Outcome, Delay>, StepError> {
        if self
            .is_used_by_another(&services.db, &services.vault)
            .await?
        {
            return Ok(Ok(Outcome::of("still_used_by_another_organization")));
        }
        lease.extend(&services.db, services.now() + AT_MOST).await?;
        Ok(self.perform(services.graph.as_ref()).await)
    }

    /// Does it, and reads back what can be read.
    async fn perform(&self, graph: &dyn Graph) -> Result<Outcome, Delay> {
        let (done, result) = match self.act {
            Act::Override => (graph.clear_override(&self.number()).await, "cleared"),
            Act::Subscription => (graph.unsubscribe(&self.waba()).await, "unsubscribed"),
            Act::Registration => (graph.deregister(&self.number()).await, "deregistered"),
            Act::Token => (graph.revoke(&self.token).await, "revoked"),
        };
        let outcome = interpret(done, result)?;
        match (self.act, outcome.result) {
            (Act::Subscription, "unsubscribed" | "already_gone") => {
                self.read_back(graph, outcome).await
            }
            _ => Ok(outcome),
        }
    }

    /// Meta's lists lag behind its writes: what still shows us is asked again later.
    async fn read_back(&self, graph: &dyn Graph, outcome: Outcome) -> Result<Outcome, Delay> {
        match graph.is_subscribed(&self.waba()).await {
            Ok(false) => Ok(outcome),
            Ok(true) => Err(Delay {
                evidence: Evidence::default(),
                wait: None,
            }),
            // Whoever refuses to show us the account sends us nothing of it either.
            Err(error) => interpret(Err(error), outcome.result).map(|_| outcome),
        }
    }

    /// Whether another organization that lives goes on using what this would undo.
    async fn is_used_by_another(&self, db: &Db, vault: &Vault) -> Result<bool, Error> {
        let living = match self.act {
            Act::Override | Act::Registration => {
                db.number(
                    "-- organizations_on_number
                     SELECT count(*) FROM whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
                     WHERE  p.waba_id = $1 AND p.phone_number_id = $2 AND o.frozen_at IS NULL",
                    args![self.waba.expose(), self.number.expose()],
                )
                .await?
            }
            Act::Subscription => {
                db.number(
                    "-- organizations_on_account
                     SELECT count(*) FROM whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
                     WHERE  p.waba_id = $1 AND o.frozen_at IS NULL",
                    args![self.waba.expose()],
                )
                .await?
            }
            Act::Token => {
                db.number(
                    "-- organizations_on_token
                     SELECT count(*) FROM whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
                     WHERE  p.token_digest = $1 AND o.frozen_at IS NULL",
                    args![vault.token_digest(self.token.expose_secret())],
                )
                .await?
            }
        };
        Ok(living > 0)
    }

    pub(super) fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let sealed = Sealed {
            act: self.act,
            number: self.number.expose().to_owned(),
            waba: self.waba.expose().to_owned(),
            token: self.token.expose_secret().to_owned(),
        };
        serde_json::to_vec(&sealed)
            .map(Zeroizing::new)
            .map_err(|_| Error::Corrupt("meta_remainders.sealed"))
    }

    pub(super) fn from_json(text: &[u8]) -> Result<Self, Error> {
        let sealed: Option<Sealed> = serde_json::from_slice(text).ok();
        sealed
            .and_then(|sealed| {
                Self::new(
                    sealed.act,
                    Connection {
                        phone_number_id: sealed.number,
                        waba_id: sealed.waba,
                        token: sealed.token.into(),
                    },
                )
            })
            .ok_or(Error::Corrupt("meta_remainders.sealed"))
    }

    fn number(&self) -> Number {
        Number {
            id: self.number.clone(),
            token: self.token.clone(),
        }
    }

    fn waba(&self) -> Waba {
        Waba {
            id: self.waba.clone(),
            token: self.token.clone(),
        }
    }
}

/// Done, out of our reach for good, or not yet.
fn interpret(answer: Result<(), GraphError>, result: &'static str) -> Result<Outcome, Delay> {
    let (result, evidence) = match answer {
        Ok(()) => (result, None),
        Err(GraphError::Gone(evidence)) => ("already_gone", Some(evidence)),
        Err(GraphError::NoAccess(evidence)) => ("no_access", Some(evidence)),
        Err(GraphError::NotConfigured) => ("not_configured", None),
        Err(GraphError::Later { evidence, wait }) => return Err(Delay { evidence, wait }),
        Err(GraphError::NeedsPerson { evidence, wait }) => {
            return Err(Delay {
                evidence,
                wait: Some(wait.unwrap_or(LOOK_AGAIN)),
            });
        }
    };
    Ok(Outcome { result, evidence })
}
