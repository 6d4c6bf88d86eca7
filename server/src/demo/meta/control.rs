//! What tests tell the simulated Meta, and what they ask it.
//!
//! - `POST /control/outage` with a word (`down`, `none`, … or `400/368`): from now on;
//! - `POST /control` with one [`Order`] as JSON: `{"misbehave": {"outage": "reset", "times": 2, "on": "unsubscribe"}}`;
//! - `POST /control/message` with an [`Inbound`] as JSON: somebody writes, and the webhook is delivered. The answer is the
//!   delivery, or `null` when our app is not told any more;
//! - `GET /control/state`: everything, as JSON.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use erasure::graph::{
    Call,
    simulated::{Delivery, Inbound, Outage, SimulatedMeta},
};
use serde::Deserialize;
use serde_json::{Value, json};

type Meta = State<Arc<SimulatedMeta>>;

/// One thing to do.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Order {
    /// Misbehave the next so many times, for one call or for any.
    Misbehave {
        outage: String,
        #[serde(default = "once")]
        times: u32,
        on: Option<String>,
    },
    /// Show for so many reads what was taken away.
    Lag(u32),
    /// So many apps of other providers are subscribed as well.
    Neighbours(u32),
    /// Ask for a proof with each call.
    RequireProof(bool),
    /// Where webhooks go.
    Callback(String),
    /// A number's own callback address.
    Override {
        phone_number_id: String,
        callback: String,
    },
    /// A number that is not on WhatsApp.
    Unreachable(String),
}

const fn once() -> u32 {
    1
}

pub(super) fn router() -> Router<Arc<SimulatedMeta>> {
    Router::new()
        .route("/control", post(obey))
        .route("/control/outage", post(set_outage))
        .route("/control/message", post(write))
        .route("/control/state", get(state))
}

async fn set_outage(State(meta): Meta, word: String) -> StatusCode {
    match word.trim().parse() {
        Ok(outage) => {
            meta.set_outage(outage);
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

async fn obey(State(meta): Meta, Json(order): Json<Order>) -> StatusCode {
    match order {
        Order::Misbehave { outage, times, on } => {
            let Some((outage, on)) = parse(&outage, on.as_deref()) else {
                return StatusCode::BAD_REQUEST;
            };
            meta.misbehave(outage, times, on);
        }
        Order::Lag(reads) => meta.set_lag(reads),
        Order::Neighbours(apps) => meta.set_neighbours(apps),
        Order::RequireProof(required) => meta.require_proof(required),
        Order::Callback(address) => meta.set_callback(&address),
        Order::Override {
            phone_number_id,
            callback,
        } => meta.set_override(&phone_number_id, &callback),
        Order::Unreachable(digits) => meta.set_unreachable(&digits),
    }
    StatusCode::NO_CONTENT
}

fn parse(outage: &str, on: Option<&str>) -> Option<(Outage, Option<Call>)> {
    let outage = outage.parse().ok()?;
    let call = match on {
        None => None,
        Some(name) => Some(Call::ALL.into_iter().find(|call| call.as_str() == name)?),
    };
    Some((outage, call))
}

async fn write(State(meta): Meta, Json(inbound): Json<Inbound>) -> Json<Option<Delivery>> {
    Json(meta.deliver(&inbound).await)
}

async fn state(State(meta): Meta) -> Json<Value> {
    Json(json!({
        "outage": meta.outage().name(),
        "unsubscribed": meta.unsubscribed(),
        "overrides": meta.overrides(),
        "deregistered": meta.deregistered(),
        "revoked": meta.revoked(),
        "calls": meta.calls(),
        "sent_codes": meta.sent_codes(),
        "deliveries": meta.deliveries(),
    }))
}
