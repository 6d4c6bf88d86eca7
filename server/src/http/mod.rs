//! The router, on one screen.
//!
//! Outermost first: where the request comes from, headers for everything, a limit in time; then, for what browsers send, no
//! request from other sites and no body larger than a form. What Meta and the mail server send comes from no page and may be
//! larger: a signature or a secret is checked instead. Pages and server functions come from `app`; here are the JSON, the files and the health of it.

mod api;
mod assets;
mod counters;
mod metrics;
mod problem;
mod security;

use std::time::Duration;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, Method, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post},
};
use erasure::{intake, services::Services, webhook};
use tower_http::{
    cors::{Any, CorsLayer},
    limit::RequestBodyLimitLayer,
};

pub use self::{
    api::openapi::description, assets::SiteError, counters::Counters, problem::Problem,
};
use crate::config::Config;

/// A form's fields and nothing more.
const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// How long a browser remembers that another site may call.
const PREFLIGHT_AGAIN: Duration = Duration::from_hours(2);
/// Longer than the mail server's time-out, which a person waits for on the code page.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Everything that people and their browsers reach.
///
/// # Errors
/// When the built pages' files are missing.
pub fn router(
    config: &Config,
    services: &Services,
    counters: &Counters,
    extra: Option<Router>,
) -> Result<Router, SiteError> {
    let demo = extra.is_some();
    let site = assets::site(&config.site_root, demo)?;
    Ok(Router::new()
        .route("/api/v1/erasures/{capability}", get(api::erasures::show))
        .route(
            "/api/v1/erasures/{capability}/receipt",
            get(api::erasures::receipt),
        )
        .merge(requests())
        .route("/api/openapi.json", get(api::openapi::show))
        .route(
            "/.well-known/qliento-receipt-keys.json",
            get(api::receipt_keys::show),
        )
        .route("/api/v1/{*rest}", any(async || Problem::NotFound))
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .with_state(services.clone())
        .nest_service("/pkg", assets::files(&config.site_root))
        .merge(extra.unwrap_or_default())
        .merge(app::router(services.clone(), site.clone()))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT_BYTES))
        .layer(from_fn(security::say_too_large))
        .merge(app::receipt_router(services.clone(), site))
        .layer(from_fn_with_state(
            security::Origin::of(&config.public_url),
            security::same_site_only,
        ))
        .merge(from_meta(services, counters))
        .merge(from_mail_server(services, counters))
        .layer(from_fn(security::time_limit))
        .layer(from_fn(security::headers))
        .layer(from_fn_with_state(
            config.trusted_proxies.clone(),
            security::network,
        )))
}

/// The public form for customers' own sites: any site's browser may call it, and no cookie goes along.
fn requests() -> Router<Services> {
    let any_site = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([header::LOCATION, header::RETRY_AFTER])
        .max_age(PREFLIGHT_AGAIN);
    Router::new()
        .route("/api/v1/requests", post(api::requests::create))
        .route("/api/v1/requests/{capability}", get(api::requests::show))
        .route(
            "/api/v1/requests/{capability}/verification",
            post(api::requests::verify),
        )
        // Before the layer: what a browser asks before it calls is answered where other methods are refused.
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(any_site)
}

/// What Meta's servers reach. They are no browsers and send no origin, so these are the only routes that change something
/// without asking for one.
fn from_meta(services: &Services, counters: &Counters) -> Router {
    let state = api::meta::Meta {
        services: services.clone(),
        counters: counters.clone(),
    };
    let webhook = get(api::meta::challenge)
        .post(api::meta::receive)
        .layer(DefaultBodyLimit::max(webhook::BODY_LIMIT_BYTES));
    Router::new()
        .route("/api/meta/data-deletion", post(api::meta::delete))
        .route("/api/meta/deauthorize", post(api::meta::deauthorize))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .route("/api/meta/webhook", webhook)
        .route("/api/meta/{*rest}", any(async || Problem::NotFound))
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .with_state(state)
}

/// What the deployment's own mail server reaches. It is no browser either: it shows a secret.
fn from_mail_server(services: &Services, counters: &Counters) -> Router {
    Router::new()
        .route("/api/intake/email", post(api::intake::receive))
        .layer(DefaultBodyLimit::max(intake::LIMIT_BYTES))
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .with_state(api::intake::Intake::new(services, counters.letters()))
}

/// What only the operator reaches.
pub fn admin_router(services: Services, counters: Counters) -> Router {
    Router::new()
        .route("/metrics", get(metrics::show))
        .layer(Extension(counters))
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .with_state(services)
}
