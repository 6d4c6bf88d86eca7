//! Problem documents (RFC 9457), and the only place that turns a fault into a status.
//!
//! Types and titles are fixed words: nothing personal can slip into an answer.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// What a caller of the JSON API can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing under this link, or there never was: the two answers are one.
    NotFound,
    /// It is too early: the receipt is written when everything is gone.
    NotYet,
    /// Not with this method.
    MethodNotAllowed,
    /// The request was made by another site.
    CrossSite,
    /// It took too long.
    TimedOut,
    /// Our fault.
    Internal,
    /// The database does not answer.
    Unavailable,
}

#[derive(Serialize)]
struct Document {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
}

impl Problem {
    const fn words(self) -> (StatusCode, &'static str, &'static str) {
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
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, title) = self.words();
        let document = Document {
            kind,
            title,
            status: status.as_u16(),
        };
        let body = serde_json::to_string(&document).unwrap_or_default();
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (status, headers, body).into_response()
    }
}

impl From<erasure::db::Error> for Problem {
    fn from(error: erasure::db::Error) -> Self {
        tracing::error!(cause = %error, "a request failed");
        Self::Internal
    }
}
