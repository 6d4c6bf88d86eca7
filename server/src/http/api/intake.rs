//! `/api/intake/email`: letters to the privacy address, as a mail server passes them on.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Request, State},
    http::{HeaderMap, StatusCode, header},
};
use erasure::{
    intake::{self, Counts, Incoming, IntakeSecret, LIMIT_BYTES, TakeError, Way},
    services::Services,
};
use tokio::sync::Semaphore;

use super::super::{Problem, problem};

/// Letters that are in memory at once: each may be large, and nobody waits for one.
const AT_ONCE: usize = 2;

/// What the handler needs.
#[derive(Clone)]
pub(in crate::http) struct Intake {
    services: Services,
    counts: Counts,
    places: Arc<Semaphore>,
}

impl Intake {
    pub(in crate::http) fn new(services: &Services, counts: &Counts) -> Self {
        Self {
            services: services.clone(),
            counts: counts.clone(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

/// Take a letter
///
/// For the deployment's own mail server: the body is one letter as it came (RFC 5322). 202 means that it needs not be sent again,
/// whatever became of it: it opened a request, joined one, or was ignored because a program had sent it. After 5xx it has to be
/// sent again; after 413 and 422 it never will be taken.
#[utoipa::path(
    post,
    path = "/api/intake/email",
    tag = "intake",
    security(("intakeSecret" = [])),
    request_body(content = String, content_type = "message/rfc822", description = "One letter, at most 25 MiB"),
    responses(
        (status = 202, description = "It is taken"),
        (status = 400, description = "It broke off", body = problem::Document, content_type = "application/problem+json"),
        (status = 401, description = "The secret is missing or wrong", body = problem::Document, content_type = "application/problem+json"),
        (status = 404, description = "This deployment takes no letters this way", body = problem::Document, content_type = "application/problem+json"),
        (status = 413, description = "It is larger than 25 MiB", body = problem::Document, content_type = "application/problem+json"),
        (status = 422, description = "It names no sender that could be answered", body = problem::Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn receive(
    State(intake): State<Intake>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (counts, settings) = (&intake.counts, &intake.services.settings);
    let secret = settings.intake_secret.as_ref();
    let secret = secret.ok_or(Problem::NotFound)?;
    if !is_allowed(request.headers(), secret) {
        counts.refused(Way::Http);
        return Err(Problem::WrongSecret);
    }
    // Closed never: it lives as long as the router.
    let _place = intake.places.acquire().await;
    let raw = read(request).await.inspect_err(|problem| {
        if *problem == Problem::TooLarge {
            counts.too_large(Way::Http);
        } else {
            counts.failed(Way::Http);
        }
    })?;
    let incoming = Incoming::new(&raw, intake.services.now());
    let taken = intake::take(&intake.services, &incoming).await;
    counts.taken(Way::Http, &taken);
    match taken {
        Ok(_) => Ok(StatusCode::ACCEPTED),
        Err(TakeError::Unreadable(_)) => Err(Problem::UnreadableLetter),
        Err(TakeError::Internal(error)) => Err(error.into()),
    }
}

fn is_allowed(headers: &HeaderMap, secret: &IntakeSecret) -> bool {
    let shown = headers.get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' '));
    shown.is_some_and(|(scheme, shown)| {
        scheme.eq_ignore_ascii_case("bearer") && secret.is(shown.trim())
    })
}

/// The whole letter, or why not: nothing is kept of one that is too large or breaks off.
async fn read(request: Request) -> Result<Bytes, Problem> {
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said = said.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|bytes| bytes > LIMIT_BYTES) {
        return Err(Problem::TooLarge);
    }
    Bytes::from_request(request, &())
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            _ => Problem::NotUnderstood,
        })
}
