//! Problem documents (RFC 9457), and the only place that turns a fault into a status.
//!
//! Types and titles are fixed words: nothing personal can slip into an answer.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use erasure::{services::Services, time::Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// What a caller of the JSON API can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing under this link, or there never was: the two answers are one.
    NotFound,
    /// It is too early: the receipt is written when everything is gone.
    NotYet,
    /// Not with this method.
    MethodNotAllowed,
    /// The request was made by another site.
    CrossSite,
    /// The secret is missing or wrong.
    WrongSecret,
    /// The letter names no sender that could be answered.
    UnreadableLetter,
    /// The signature is not Meta's.
    BadSignature,
    /// Whatever this is, the answer is no.
    Refused,
    /// It is not understood.
    NotUnderstood,
    /// It is too old, or from the future.
    OutOfTime,
    /// This deployment is not connected to Meta.
    NotConfigured,
    /// It took too long.
    TimedOut,
    /// Our fault.
    Internal,
    /// The database does not answer.
    Unavailable,
    /// The body is no JSON object.
    Malformed,
    /// The body is larger than any request.
    TooLarge,
    /// The body is not JSON.
    UnsupportedMediaType,
    /// Members of the body are missing or wrong.
    Fields(Vec<FieldError>),
    /// The idempotency key is malformed.
    MalformedKey,
    /// The idempotency key was used for another request.
    KeyReused,
    /// A code has eight digits.
    MalformedCode,
    /// It is not the code.
    WrongCode,
    /// No code works any more.
    CodeExpired,
    /// Too many wrong codes.
    CodesSpent,
    /// WhatsApp takes no message now.
    WhatsappUnavailable,
    /// Nothing has to be proven any more, or not by a code.
    NoProofNeeded,
    /// Too many requests, codes or tries.
    TooManyRequests {
        /// Seconds until it is worth trying again.
        retry_after: u64,
    },
}

/// One thing that is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer into the body.
    #[schema(value_type = String, example = "/identity/value")]
    pointer: &'static str,
    /// What is wrong.
    #[schema(value_type = String, example = "this is a landline")]
    detail: &'static str,
}

impl FieldError {
    pub(super) const fn new(pointer: &'static str, detail: &'static str) -> Self {
        Self { pointer, detail }
    }
}

/// A problem document (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(super) struct Document {
    /// What kind of problem it is: stable.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "urn:qliento:problem:not-found")]
    kind: &'static str,
    /// The same in words.
    #[schema(value_type = String)]
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong with the body, if that is it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

impl Problem {
    /// Not before this moment.
    pub(super) fn too_many(services: &Services, retry_at: Timestamp) -> Self {
        let wait = retry_at.since(services.now());
        Self::TooManyRequests {
            retry_after: wait.as_secs().max(1),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one table of all problems")]
    const fn words(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "urn:qliento:problem:not-found",
                "There is nothing here",
            ),
            Self::NotYet => (
                StatusCode::CONFLICT,
                "urn:qliento:problem:not-yet",
                "The erasure is not complete yet",
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "urn:qliento:problem:method-not-allowed",
                "This address does not take that method",
            ),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "urn:qliento:problem:cross-site",
                "This request was not made by our own page",
            ),
            Self::WrongSecret => (
                StatusCode::UNAUTHORIZED,
                "urn:qliento:problem:wrong-secret",
                "The secret is missing or wrong",
            ),
            Self::UnreadableLetter => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:qliento:problem:unreadable-letter",
                "This letter names no sender that could be answered",
            ),
            Self::BadSignature => (
                StatusCode::FORBIDDEN,
                "urn:qliento:problem:bad-signature",
                "The signature does not match",
            ),
            Self::Refused => (
                StatusCode::FORBIDDEN,
                "urn:qliento:problem:refused",
                "This is not ours to answer",
            ),
            Self::NotUnderstood => (
                StatusCode::BAD_REQUEST,
                "urn:qliento:problem:not-understood",
                "This request is not understood",
            ),
            Self::OutOfTime => (
                StatusCode::BAD_REQUEST,
                "urn:qliento:problem:out-of-time",
                "This request was signed too long ago, or in the future",
            ),
            Self::NotConfigured => (
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:qliento:problem:not-configured",
                "This deployment does not know the secret of its app at Meta",
            ),
            Self::TimedOut => (
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:qliento:problem:timed-out",
                "This took too long; try again",
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "urn:qliento:problem:internal",
                "Something went wrong on our side; nothing was changed",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:qliento:problem:unavailable",
                "The database does not answer",
            ),
            Self::Malformed => (
                StatusCode::BAD_REQUEST,
                "urn:qliento:problem:malformed",
                "The body is not a JSON object",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "urn:qliento:problem:too-large",
                "This is larger than anything that can be sent here",
            ),
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "urn:qliento:problem:unsupported-media-type",
                "Send application/json",
            ),
            Self::Fields(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:qliento:problem:fields",
                "Something in the body is missing or wrong",
            ),
            Self::MalformedKey => (
                StatusCode::BAD_REQUEST,
                "urn:qliento:problem:malformed-idempotency-key",
                "An idempotency key has 16 to 255 printable characters",
            ),
            Self::KeyReused => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:qliento:problem:idempotency-key-reused",
                "This idempotency key belongs to another request",
            ),
            Self::MalformedCode => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:qliento:problem:malformed-code",
                "A code has eight digits",
            ),
            Self::WrongCode => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:qliento:problem:wrong-code",
                "This is not the code",
            ),
            Self::CodeExpired => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:qliento:problem:code-expired",
                "No code works any more; ask for another",
            ),
            Self::CodesSpent => (
                StatusCode::CONFLICT,
                "urn:qliento:problem:codes-spent",
                "Too many wrong codes: this request cannot be proven any more",
            ),
            Self::WhatsappUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:qliento:problem:whatsapp-unavailable",
                "No code can be sent over WhatsApp now; the request's page has another way",
            ),
            Self::NoProofNeeded => (
                StatusCode::CONFLICT,
                "urn:qliento:problem:no-proof-needed",
                "Nothing has to be proven here, or not by a code",
            ),
            Self::TooManyRequests { .. } => (
                StatusCode::TOO_MANY_REQUESTS,
                "urn:qliento:problem:too-many-requests",
                "Too many at once; try again later",
            ),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, title) = self.words();
        let mut retry_after = None;
        let mut errors = vec![];
        if let Self::TooManyRequests {
            retry_after: seconds,
        } = self
        {
            retry_after = Some(seconds);
        } else if let Self::Fields(faults) = self {
            errors = faults;
        }
        let document = Document {
            kind,
            title,
            status: status.as_u16(),
            errors,
        };
        let body = serde_json::to_string(&document).unwrap_or_default();
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        let mut response = (status, headers, body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let value = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, value);
        }
        if let Some(seconds) = retry_after {
            let value = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

impl From<erasure::db::Error> for Problem {
    fn from(error: erasure::db::Error) -> Self {
        tracing::error!(cause = %error, "a request failed");
        Self::Internal
    }
}
