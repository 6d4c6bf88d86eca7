//! `/api/openapi.json`: the JSON interface in `OpenAPI` 3.1, from the code that serves it. `docs/openapi.json` is the same.

use axum::{Json, http::header, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

use super::{erasures, intake, requests};

/// The whole description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Qliento: data deletion",
        description = "Ask for the deletion of personal data, and follow it. No key is needed: whoever holds a link's secret sees that one case. \
                       The mail server alone shows a secret of its own. Browsers of any site may call `/api/v1/requests`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(requests::create, requests::verify, requests::show, erasures::show, erasures::receipt, intake::receive),
    modifiers(&Secrets),
    tags(
        (name = "requests", description = "Somebody without an account, or without access to it, asks"),
        (name = "erasures", description = "A confirmed erasure and its receipt"),
        (name = "intake", description = "Letters to the privacy address, from the deployment's own mail server"),
    )
)]
pub(in crate::http) struct Description;

/// Names the secret that the mail server shows.
struct Secrets;

impl Modify for Secrets {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("intakeSecret", bearer);
    }
}

/// The description, as JSON.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// Serves it.
pub(in crate::http) async fn show() -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "public, max-age=300")],
        Json(description()),
    )
}
