//! Meta's Graph API, played by a small server on this machine: the real client speaks to it over a real socket.
//!
//! Shapes as in Meta's reference of `/{waba-id}/subscribed_apps`. `POST /control/outage` with `down`, `rate_limited`,
//! `token_revoked` or `none` as its body makes it misbehave.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone, Copy, Default)]
enum Outage {
    #[default]
    None,
    Down,
    RateLimited,
    TokenRevoked,
}

#[derive(Default)]
struct Meta {
    unsubscribed: BTreeSet<String>,
    outage: Outage,
}

type Shared = Arc<Mutex<Meta>>;

/// Starts it on a free port; ends with the program.
pub(crate) async fn serve() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route(
            "/{version}/{waba}/subscribed_apps",
            get(list).post(subscribe).delete(unsubscribe),
        )
        .route("/control/outage", post(set_outage))
        .with_state(Shared::default());
    tokio::spawn(async move {
        if axum::serve(listener, router).await.is_err() {
            tracing::error!("the simulated Graph API ended by itself");
        }
    });
    Ok(address)
}

async fn list(
    State(meta): State<Shared>,
    Path((_, waba)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let meta = lock(&meta);
    if let Some(refusal) = refuse(&meta, &headers) {
        return refusal;
    }
    let app = json!({ "whatsapp_business_api_data": { "id": "670840000000000", "name": "Qliento", "link": "https://www.facebook.com/games/?app_id=670840000000000" } });
    let data = if meta.unsubscribed.contains(&waba) {
        vec![]
    } else {
        vec![app]
    };
    Json(json!({ "data": data })).into_response()
}

async fn subscribe(
    State(meta): State<Shared>,
    Path((_, waba)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut meta = lock(&meta);
    if let Some(refusal) = refuse(&meta, &headers) {
        return refusal;
    }
    meta.unsubscribed.remove(&waba);
    Json(json!({ "success": true })).into_response()
}

async fn unsubscribe(
    State(meta): State<Shared>,
    Path((_, waba)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut meta = lock(&meta);
    if let Some(refusal) = refuse(&meta, &headers) {
        return refusal;
    }
    if meta.unsubscribed.insert(waba) {
        return Json(json!({ "success": true })).into_response();
    }
    let body = error(
        "WhatsApp Business Account not found or not subscribed",
        "GraphMethodException",
        803,
        json!({}),
    );
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

async fn set_outage(State(meta): State<Shared>, body: String) -> StatusCode {
    let outage = match body.trim() {
        "none" => Outage::None,
        "down" => Outage::Down,
        "rate_limited" => Outage::RateLimited,
        "token_revoked" => Outage::TokenRevoked,
        _ => return StatusCode::BAD_REQUEST,
    };
    lock(&meta).outage = outage;
    StatusCode::NO_CONTENT
}

fn refuse(meta: &Meta, headers: &HeaderMap) -> Option<Response> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let revoked = || {
        let body = error(
            "Invalid OAuth access token",
            "OAuthException",
            190,
            json!({ "error_subcode": 463 }),
        );
        (StatusCode::UNAUTHORIZED, Json(body)).into_response()
    };
    match meta.outage {
        Outage::None if token.is_some_and(|token| token.starts_with("EAAJ")) => None,
        Outage::None | Outage::TokenRevoked => Some(revoked()),
        Outage::Down => {
            let body = error(
                "An unexpected error occurred. Please retry your request",
                "GraphMethodException",
                2,
                json!({ "is_transient": true }),
            );
            Some((StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response())
        }
        Outage::RateLimited => {
            let body = error(
                "Application request limit reached",
                "OAuthException",
                4,
                json!({ "error_subcode": 2_446_079, "is_transient": true }),
            );
            Some((StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response())
        }
    }
}

fn error(message: &str, kind: &str, code: i64, more: Value) -> Value {
    let mut error = json!({ "message": message, "type": kind, "code": code, "fbtrace_id": "AXsgnV2Cm3ZMGF3dF_cfYIn" });
    if let (Value::Object(error), Value::Object(more)) = (&mut error, more) {
        error.extend(more);
    }
    json!({ "error": error })
}

fn lock(meta: &Shared) -> MutexGuard<'_, Meta> {
    meta.lock().unwrap_or_else(PoisonError::into_inner)
}
