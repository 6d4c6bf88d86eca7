//! What protects every answer, and every request that changes something.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use erasure::network::Network;

use super::{Problem, TIMEOUT};
use crate::config::Proxies;

/// Headers that every answer carries unless it has its own.
const HEADERS: [(&str, &str); 8] = [
    (
        "strict-transport-security",
        "max-age=63072000; includeSubDomains",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'",
    ),
    ("x-robots-tag", "noindex"),
];

pub(super) async fn headers(request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        if !response.headers().contains_key(name) {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Says where a request comes from, for the rate limits.
pub(super) async fn network(
    State(proxies): State<Proxies>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let forwarded_for: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let chain = forwarded_for.join(",");
    let network = peer.map_or_else(Network::unknown, |peer| {
        Network::from_ip(proxies.client(peer, Some(&chain)))
    });
    request.extensions_mut().insert(network);
    next.run(request).await
}

/// The origin of our own pages.
#[derive(Clone)]
pub(super) struct Origin(String);

impl Origin {
    pub(super) fn of(public_url: &str) -> Self {
        let origin = url::Url::parse(public_url).map(|url| url.origin().ascii_serialization());
        Self(origin.unwrap_or_default())
    }
}

/// Nothing is changed by a request that another site made a browser send. `Sec-Fetch-Site` says so where it is sent;
/// older browsers send `Origin`. OWASP, "Cross-Site Request Forgery Prevention", 2026.
pub(super) async fn same_site_only(
    State(origin): State<Origin>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let is_ours = comes_from_us(request.headers(), &origin.0);
    if !request.method().is_safe() && !is_for_programs(request.uri().path()) && !is_ours {
        return Problem::CrossSite.into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().append(
        header::VARY,
        HeaderValue::from_static("sec-fetch-site, origin"),
    );
    response
}

/// What programs call: it takes JSON only, which no form can send, and looks at no cookie. What is only read there is told by the
/// routes that it cannot be changed.
fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

/// A body that is too large is told in our own words.
pub(super) async fn say_too_large(request: Request<Body>, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::TooLarge.into_response();
    }
    response
}

fn comes_from_us(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(claimed)) => claimed == origin,
        (None, None) => false,
    }
}

/// Nobody waits for ever.
pub(super) async fn time_limit(request: Request<Body>, next: Next) -> Response {
    tokio::time::timeout(TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(|_| Problem::TimedOut.into_response())
}
