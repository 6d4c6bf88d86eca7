//! Meta, played in memory: keeps who is subscribed, and fails as it is told to.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{Graph, GraphError, Waba};

/// How the simulated Meta misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outage {
    /// Not at all.
    #[default]
    None,
    /// Every call fails and nothing is done.
    Down,
    /// The call takes effect, and the answer is lost.
    AnswersLost,
    /// The token was revoked.
    TokenRevoked,
}

/// Accounts that are subscribed, and how calls fail.
#[derive(Debug, Default)]
pub struct SimulatedGraph(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    unsubscribed: BTreeSet<String>,
    calls: Vec<String>,
    outage: Outage,
}

impl SimulatedGraph {
    /// A Meta at which every account is subscribed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on misbehaves like this.
    pub fn set_outage(&self, outage: Outage) {
        self.state().outage = outage;
    }

    /// The accounts that were unsubscribed.
    #[must_use]
    pub fn unsubscribed(&self) -> Vec<String> {
        self.state().unsubscribed.iter().cloned().collect()
    }

    /// Every call so far: `DELETE 123`, `GET 123`.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Graph for SimulatedGraph {
    async fn unsubscribe(&self, waba: &Waba) -> Result<(), GraphError> {
        let mut state = self.state();
        state.calls.push(format!("DELETE {}", waba.id));
        let outage = state.outage;
        match outage {
            Outage::Down => Err(GraphError::Later {
                code: Some(2),
                wait: None,
            }),
            Outage::TokenRevoked => Err(GraphError::NoAccess { code: 190 }),
            Outage::AnswersLost => {
                state.unsubscribed.insert(waba.id.clone());
                Err(GraphError::Later {
                    code: None,
                    wait: None,
                })
            }
            Outage::None if state.unsubscribed.insert(waba.id.clone()) => Ok(()),
            Outage::None => Err(GraphError::Gone { code: 803 }),
        }
    }

    async fn is_subscribed(&self, waba: &Waba) -> Result<bool, GraphError> {
        let mut state = self.state();
        state.calls.push(format!("GET {}", waba.id));
        match state.outage {
            Outage::Down | Outage::AnswersLost => Err(GraphError::Later {
                code: Some(2),
                wait: None,
            }),
            Outage::TokenRevoked => Err(GraphError::NoAccess { code: 190 }),
            Outage::None => Ok(!state.unsubscribed.contains(&waba.id)),
        }
    }
}
