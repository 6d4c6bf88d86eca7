//! The simulated Meta on a socket of its own: the real client speaks to it as it would to the real one.
//!
//! `/{version}/…` is the Graph API. `/control` is for tests and for whoever tries things out with curl: `control` says how.

mod control;
mod desk;
mod line;

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderMap, Method as HttpMethod, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use erasure::graph::{
    Method,
    simulated::{Asked, SimulatedMeta},
};
use tokio::net::TcpListener;

pub(crate) use self::desk::router as desk_router;
use self::line::{Line, Lines};

/// Nobody asks Meta with more than this.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// Starts the simulated Meta on this address; with port 0 the answer is the one that was given. It ends with the program.
///
/// # Errors
/// When the address is taken.
pub async fn serve(listen: SocketAddr, meta: Arc<SimulatedMeta>) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .merge(control::router())
        .fallback(answer)
        .with_state(meta);
    let service = router.into_make_service_with_connect_info::<Line>();
    tokio::spawn(async move {
        if axum::serve(Lines(listener), service).await.is_err() {
            tracing::error!("the simulated Meta ended by itself");
        }
    });
    Ok(address)
}

async fn answer(
    State(meta): State<Arc<SimulatedMeta>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Query(query): Query<BTreeMap<String, String>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let method = match parts.method {
        HttpMethod::GET => Method::Get,
        HttpMethod::POST => Method::Post,
        HttpMethod::DELETE => Method::Delete,
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let path = parts.uri.path().trim_start_matches('/');
    let Some((version, path)) = path.split_once('/') else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let reply = meta.answer(&Asked {
        method,
        base: &format!(
            "http://{}/{version}",
            text(&parts.headers, header::HOST).unwrap_or_default()
        ),
        path,
        query,
        token: bearer(&parts.headers),
        body: content(&body),
    });
    line.send(reply).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    text(headers, header::AUTHORIZATION)?.strip_prefix("Bearer ")
}

fn content(body: &Bytes) -> Option<serde_json::Value> {
    serde_json::from_slice(body).ok()
}
