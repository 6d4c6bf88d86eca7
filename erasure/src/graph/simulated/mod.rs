//! Meta, played: one state machine for tests in this process, for the demo and for browser tests over a socket.
//!
//! It keeps what Meta keeps (subscriptions, callbacks, registrations, tokens, messages), answers with Meta's bodies, headers
//! and codes, sends signed webhooks while an app is subscribed, and misbehaves as it is told to: see [`Outage`]. The client
//! that asks is always the real one; [`SimulatedMeta::client`] spares it the socket.

mod answers;
mod outage;
mod transport;
mod webhook;
mod world;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use self::world::World;
pub use self::{
    outage::{Outage, UnknownOutage},
    webhook::{Inbound, Person, Webhook, signature},
    world::{CallRecord, Delivery, SentCode},
};
use super::{
    client::{App, GraphClient},
    transport::{Call, Method, Transport},
};
use crate::time::Clock;

/// Our app's id at the simulated Meta.
pub const APP_ID: &str = "670840000000000";
/// Our app's secret there.
pub const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A question, as it arrives.
pub struct Asked<'a> {
    /// How.
    pub method: Method,
    /// The address of this Meta, as whoever asks knows it.
    pub base: &'a str,
    /// Where, below the version.
    pub path: &'a str,
    /// What stands in the address.
    pub query: BTreeMap<String, String>,
    /// Who asks.
    pub token: Option<&'a str>,
    /// What stands in the body.
    pub body: Option<Value>,
}

/// How an answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// At once and whole.
    Whole,
    /// A byte now and then.
    Dripping,
    /// Half of it, then the line is cut.
    Half,
    /// Not at all: the line is cut.
    Cut,
    /// Not at all: nothing happens any more.
    Silent,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers besides the content's type.
    pub headers: Vec<(&'static str, String)>,
    /// The content's type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
    /// How it travels.
    pub manner: Manner,
}

/// Meta, played. Whoever shares it sees one world.
pub struct SimulatedMeta {
    world: Mutex<World>,
    clock: Arc<dyn Clock>,
}

impl SimulatedMeta {
    /// A Meta at which every account is subscribed, every number registered and every token that looks like one good.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            world: Mutex::default(),
            clock,
        }
    }

    /// The real client, asking this Meta without a socket.
    #[must_use]
    pub fn client(self: &Arc<Self>) -> GraphClient {
        let app = App {
            id: Some(APP_ID.to_owned()),
            secret: Some(APP_SECRET.into()),
        };
        let here: Arc<dyn Transport> = Arc::<Self>::clone(self);
        GraphClient::new(here, app, Arc::clone(&self.clock))
    }

    /// Answers.
    pub fn answer(&self, asked: &Asked<'_>) -> Reply {
        let now = self.clock.now();
        self.world().answer(asked, now)
    }

    /// From now on misbehaves like this.
    pub fn set_outage(&self, outage: Outage) {
        self.world().outage = outage;
    }

    /// How it misbehaves from now on.
    #[must_use]
    pub fn outage(&self) -> Outage {
        self.world().outage
    }

    /// Misbehaves like this the next so many times, for this call only or for any.
    pub fn misbehave(&self, outage: Outage, times: u32, on: Option<Call>) {
        let mut world = self.world();
        world.script.extend((0..times).map(|_| (on, outage)));
    }

    /// How often a list still shows what was taken away: Meta's reads lag behind its writes.
    pub fn set_lag(&self, reads: u32) {
        self.world().lag = reads;
    }

    /// Whether each question must prove that it knows the app's secret.
    pub fn require_proof(&self, required: bool) {
        self.world().proof_required = required;
    }

    /// Gives a number a callback address of its own.
    pub fn set_override(&self, phone_number_id: &str, callback: &str) {
        let entry = (phone_number_id.to_owned(), callback.to_owned());
        self.world().overrides.extend([entry]);
    }

    /// Other providers' apps that are subscribed to every account, listed a few on a page.
    pub fn set_neighbours(&self, apps: u32) {
        self.world().neighbours = apps;
    }

    /// A number that is not on WhatsApp, digits only.
    pub fn set_unreachable(&self, wa_id: &str) {
        self.world().unreachable.insert(wa_id.to_owned());
    }

    /// The accounts that our app was unsubscribed from.
    #[must_use]
    pub fn unsubscribed(&self) -> Vec<String> {
        self.world().unsubscribed.keys().cloned().collect()
    }

    /// The numbers that have a callback address of their own.
    #[must_use]
    pub fn overrides(&self) -> Vec<String> {
        self.world().overrides.keys().cloned().collect()
    }

    /// The numbers that were taken off the Cloud API.
    #[must_use]
    pub fn deregistered(&self) -> Vec<String> {
        self.world().deregistered.iter().cloned().collect()
    }

    /// How many tokens were revoked.
    #[must_use]
    pub fn revoked(&self) -> usize {
        self.world().revoked.len()
    }

    /// Every question so far, the oldest first; no token stands in it.
    #[must_use]
    pub fn calls(&self) -> Vec<CallRecord> {
        self.world().calls.clone()
    }

    /// Where webhooks go when the number has no callback address of its own.
    pub fn set_callback(&self, address: &str) {
        self.world().callback = Some(address.to_owned());
    }

    /// Every webhook that was sent, the oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world().deliveries.clone()
    }

    /// Every code that was sent, the oldest first.
    #[must_use]
    pub fn sent_codes(&self) -> Vec<SentCode> {
        self.world().sent.clone()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
