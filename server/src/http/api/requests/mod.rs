//! `/api/v1/requests`: the public form for a customer's own site.
//!
//! Nothing here knows who calls: there is no cookie and no key. So any site may call it from its visitors' browsers, and the
//! limits go by the network of whoever asks. The same things are said for a known number or address as for an unknown one.

mod body;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use erasure::{
    account::CodeSent,
    id::Capability,
    locale::Locale,
    network::Network,
    one_time_code::CodeError,
    request::{
        self, Role,
        proof::{self, SendCodeError, VerifyError},
        status::{self, Status},
        submit::{self, Once, SubmitError},
    },
    services::Services,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use self::body::{Body, idempotency_key};
use super::super::problem::{Document, Problem};

/// A request for deletion.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "role": "end_user",
    "identity": { "kind": "phone", "value": "+33 6 12 34 56 78" },
    "business": "Atelier Rivage",
    "contact_email": "ada@example.fr",
    "language": "fr",
    "statement": true,
}))]
#[expect(
    dead_code,
    reason = "the description of a body that is read member by member, so that all faults are told at once"
)]
pub(in crate::http) struct NewRequest {
    /// Who asks.
    role: Role,
    /// What they will prove. It alone selects data.
    identity: NewIdentity,
    /// The business that wrote to them, as they remember it. It selects nothing.
    #[schema(min_length = 1, max_length = 100)]
    business: Option<String>,
    /// Where letters may go. It selects nothing. Letters about an account go to the account's own address.
    #[schema(format = Email, max_length = 254)]
    contact_email: Option<String>,
    /// The language of pages and letters; French if none is said.
    language: Option<Locale>,
    /// That the data is theirs, or that they may lawfully ask. It has to be true.
    #[schema(schema_with = only_true)]
    statement: bool,
}

/// A statement is made or there is none.
fn only_true() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some(
            "That the data is theirs, or that they may lawfully ask. It has to be true.",
        ))
        .enum_values(Some([true]))
        .build()
}

/// What somebody is known by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a part of the description above")]
pub(in crate::http) struct NewIdentity {
    /// `phone` for end users, `email` for account holders, either for representatives.
    kind: IdentityKind,
    /// A WhatsApp number in international form, or an e-mail address.
    #[schema(min_length = 1, max_length = 254)]
    value: String,
}

/// Which kind of thing somebody is known by.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum IdentityKind {
    /// A WhatsApp number.
    Phone,
    /// An e-mail address.
    Email,
}

/// What may come with a request.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the description of a header that is read by hand")]
pub(in crate::http) struct SentAgain {
    /// Send the same key again and the same request is answered, for a day: 16 to 255 printable characters, a UUID for example.
    #[param(
        rename = "Idempotency-Key",
        value_type = String,
        required = false,
        pattern = "^[!#-~]{16,255}$",
        example = "8f14e45f-ceea-467f-a9f3-1d3c0c6a2b4d"
    )]
    idempotency_key: Option<String>,
}

/// A request that was received.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ReceivedRequest {
    /// What people quote.
    #[schema(example = "QD-7K3M-9XP2")]
    reference: String,
    /// The secret of its link: whoever holds it may see this one request.
    capability: String,
    /// The page that shows it to the person.
    #[schema(format = "uri")]
    status_url: String,
    /// When the clock started.
    received_at: Timestamp,
    /// By when it is answered at the latest.
    due_at: Timestamp,
}

/// A step of the proof: without a code, one is sent; with it, it is checked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "the description of a body that is read member by member"
)]
pub(in crate::http) struct Verification {
    /// The eight digits, spaces and hyphens allowed.
    #[schema(
        max_length = 24,
        pattern = "^([ -]*[0-9]){8}[ -]*$",
        example = "1234 5678"
    )]
    code: Option<String>,
}

/// How the proof stands.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct VerificationState {
    /// `code_sent`, or `proven`.
    state: ProofState,
    /// Where the code went, as far as it can be shown over a shoulder.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_to: Option<String>,
    /// Until when it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// When another one can be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    resend_at: Option<Timestamp>,
}

/// How the proof stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum ProofState {
    /// A code is on its way.
    CodeSent,
    /// The person is who they say.
    Proven,
}

type Link = Result<Path<String>, PathRejection>;

/// A link's secret, or nothing: malformed and unknown ones get the same answer.
fn parse(link: Link) -> Result<Capability, Problem> {
    let Path(capability) = link.map_err(|_| Problem::NotFound)?;
    capability.parse().map_err(|_| Problem::NotFound)
}

/// Receives a request. Nothing is deleted before the person has shown that the number or address is theirs.
#[utoipa::path(
    post,
    path = "/api/v1/requests",
    tag = "requests",
    operation_id = "createRequest",
    request_body = NewRequest,
    params(SentAgain),
    responses(
        (status = CREATED, description = "It was received, now or before with the same key", body = ReceivedRequest,
         headers(("Location" = String, description = "Where its status is")),
         links(
             ("showRequest" = (operation_id = "showRequest", parameters(("capability" = "$response.body#/capability")))),
             ("verifyRequest" = (operation_id = "verifyRequest", parameters(("capability" = "$response.body#/capability")))),
         )),
        (status = BAD_REQUEST, description = "The body is no JSON object, or the key is malformed", body = Document, content_type = "application/problem+json"),
        (status = PAYLOAD_TOO_LARGE, description = "The body is larger than any request", body = Document, content_type = "application/problem+json"),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "The body is not JSON", body = Document, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Members are missing or wrong, each is named; or the key belongs to another request",
         body = Document, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Too many from this network", body = Document, content_type = "application/problem+json",
         headers(("Retry-After" = i64, description = "Seconds"))),
    )
)]
pub(in crate::http) async fn create(
    State(services): State<Services>,
    Extension(network): Extension<Network>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, Problem> {
    let known = [
        "role",
        "identity",
        "business",
        "contact_email",
        "language",
        "statement",
    ];
    let ask = Body::read(&headers, &body, &known)?.ask()?;
    let key = idempotency_key(&headers)?;
    let once = key.as_ref().map_or(Once::Never, Once::Key);
    let submitted = submit::submit(&services, &ask, once, &network)
        .await
        .map_err(|error| match error {
            SubmitError::TooManyTries { retry_at } => Problem::too_many(&services, retry_at),
            SubmitError::KeyReused => Problem::KeyReused,
            SubmitError::Internal(error) => error.into(),
        })?;
    let capability = submitted.capability.expose().to_owned();
    let location = format!("/api/v1/requests/{capability}");
    let received = ReceivedRequest {
        reference: submitted.reference,
        status_url: request::link(&services, ask.locale, &submitted.capability),
        capability,
        received_at: submitted.received_at,
        due_at: submitted.due_at,
    };
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, headers, Json(received)))
}

/// Sends a code to the address of a request, or takes it.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{capability}/verification",
    tag = "requests",
    operation_id = "verifyRequest",
    request_body = Verification,
    params(("capability" = String, Path, description = "The secret of the request's link")),
    responses(
        (status = OK, description = "A code is on its way, or the request is proven", body = VerificationState),
        (status = BAD_REQUEST, description = "The body is no JSON object", body = Document, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "The link opens nothing", body = Document, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Nothing has to be proven any more, or not by a code", body = Document, content_type = "application/problem+json"),
        (status = PAYLOAD_TOO_LARGE, description = "The body is larger than any request", body = Document, content_type = "application/problem+json"),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "The body is not JSON", body = Document, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "The code is malformed, wrong, or works no more", body = Document, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Too many codes or tries", body = Document, content_type = "application/problem+json",
         headers(("Retry-After" = i64, description = "Seconds"))),
        (status = SERVICE_UNAVAILABLE, description = "No code can be sent over WhatsApp now", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn verify(
    State(services): State<Services>,
    Extension(network): Extension<Network>,
    link: Link,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, Problem> {
    let capability = parse(link)?;
    let mut body = Body::read(&headers, &body, &["code"])?;
    let typed = body.text("code", "/code");
    body.finish(Some(()))?;
    let state = match typed {
        None => {
            let sent = proof::send_code(&services, &capability, &network).await;
            code_sent(sent.map_err(|error| send_problem(&services, error))?)
        }
        Some(typed) => {
            let proven = proof::verify(&services, &capability, &typed, &network).await;
            proven.map_err(|error| verify_problem(&services, error))?;
            VerificationState {
                state: ProofState::Proven,
                sent_to: None,
                expires_at: None,
                resend_at: None,
            }
        }
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(state)))
}

fn code_sent(sent: CodeSent) -> VerificationState {
    VerificationState {
        state: ProofState::CodeSent,
        sent_to: Some(sent.to),
        expires_at: Some(sent.expires_at),
        resend_at: Some(sent.resend_at),
    }
}

fn send_problem(services: &Services, error: SendCodeError) -> Problem {
    match error {
        SendCodeError::NotFound => Problem::NotFound,
        SendCodeError::NotNeeded => Problem::NoProofNeeded,
        SendCodeError::Unavailable => Problem::WhatsappUnavailable,
        SendCodeError::Spent => Problem::CodesSpent,
        SendCodeError::TooSoon { retry_at } | SendCodeError::TooManyTries { retry_at } => {
            Problem::too_many(services, retry_at)
        }
        SendCodeError::Internal(error) => error.into(),
    }
}

fn verify_problem(services: &Services, error: VerifyError) -> Problem {
    match error {
        VerifyError::NotFound => Problem::NotFound,
        VerifyError::Code(CodeError::Malformed) => Problem::MalformedCode,
        VerifyError::Code(CodeError::Wrong { .. }) => Problem::WrongCode,
        VerifyError::Code(CodeError::Expired) => Problem::CodeExpired,
        VerifyError::Code(CodeError::TooManyTries { retry_at }) => {
            Problem::too_many(services, retry_at)
        }
        VerifyError::Code(CodeError::Internal(error)) => error.into(),
    }
}

/// Where a request stands.
#[utoipa::path(
    get,
    path = "/api/v1/requests/{capability}",
    tag = "requests",
    operation_id = "showRequest",
    params(("capability" = String, Path, description = "The secret of the request's link")),
    responses(
        (status = OK, description = "How it stands", body = Status),
        (status = NOT_FOUND, description = "The link opens nothing", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn show(
    State(services): State<Services>,
    link: Link,
) -> Result<impl IntoResponse, Problem> {
    let status = status::find(&services, &parse(link)?)
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(status)))
}
