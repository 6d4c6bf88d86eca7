//! `/api/meta/…`: what Meta sends. Signatures say that it is Meta; where a request comes from says nothing.

use axum::{
    Form, Json,
    body::Bytes,
    extract::{Query, State, rejection::BytesRejection, rejection::FormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use erasure::{
    facebook_login::{self, CallbackError},
    services::Services,
    webhook::{self, ReceiveError},
};
use serde::{Deserialize, Serialize};

use super::super::{
    Problem,
    counters::{Callback, Counters, Request},
};

/// What the handlers of Meta's requests share.
#[derive(Clone)]
pub(in crate::http) struct Meta {
    pub(in crate::http) services: Services,
    pub(in crate::http) counters: Counters,
}

/// Meta's question whether this address is ours.
#[derive(Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the parameters' names are Meta's"
)]
pub(in crate::http) struct Challenge {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    token: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

/// Answers with the challenge, and with nothing else.
pub(in crate::http) async fn challenge(
    State(meta): State<Meta>,
    Query(asked): Query<Challenge>,
) -> Result<Response, Problem> {
    let answer =
        webhook::answer_challenge(&meta.services, &asked.mode, &asked.token, &asked.challenge);
    let answer = answer.ok_or(Problem::Refused)?.to_owned();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, answer).into_response())
}

/// Takes events. What was taken is answered with 200, whatever became of it: anything else makes Meta send all of it again.
pub(in crate::http) async fn receive(
    State(meta): State<Meta>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let counters = &meta.counters;
    let body = body.map_err(|rejection| {
        counters.request(Request::Unreadable);
        unreadable(rejection.status())
    })?;
    let signature = headers
        .get("x-hub-signature-256")
        .and_then(|value| value.to_str().ok());
    match webhook::receive(&meta.services, signature, &body).await {
        Ok(tally) => {
            counters.request(Request::Taken);
            counters.events(&tally);
            Ok(StatusCode::OK)
        }
        Err(ReceiveError::BadSignature) => {
            counters.request(Request::BadSignature);
            Err(Problem::BadSignature)
        }
        Err(ReceiveError::NotConfigured) => {
            counters.request(Request::NotConfigured);
            Err(Problem::NotConfigured)
        }
        Err(ReceiveError::Internal(error)) => {
            counters.request(Request::Failed);
            Err(error.into())
        }
    }
}

/// A form with one field.
#[derive(Deserialize)]
pub(in crate::http) struct Signed {
    signed_request: String,
}

type SignedForm = Result<Form<Signed>, FormRejection>;

/// Where a person can see how their request stands.
#[derive(Serialize)]
struct Confirmation {
    url: String,
    confirmation_code: String,
}

/// Takes a deletion request that Meta forwards.
pub(in crate::http) async fn delete(
    State(meta): State<Meta>,
    form: SignedForm,
) -> Result<Response, Problem> {
    let signed = signed(&meta, Callback::DataDeletion, form)?;
    let answer = facebook_login::delete(&meta.services, &signed).await;
    let confirmation = judged(&meta, Callback::DataDeletion, answer)?;
    let body = Confirmation {
        url: confirmation.url,
        confirmation_code: confirmation.code.expose().to_owned(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Hears that somebody took our app away.
pub(in crate::http) async fn deauthorize(
    State(meta): State<Meta>,
    form: SignedForm,
) -> Result<StatusCode, Problem> {
    let signed = signed(&meta, Callback::Deauthorize, form)?;
    let answer = facebook_login::deauthorize(&meta.services, &signed).await;
    judged(&meta, Callback::Deauthorize, answer)?;
    Ok(StatusCode::OK)
}

fn signed(meta: &Meta, callback: Callback, form: SignedForm) -> Result<String, Problem> {
    match form {
        Ok(Form(Signed { signed_request })) => Ok(signed_request),
        Err(rejection) => {
            meta.counters.callback(callback, Request::Unreadable);
            Err(unreadable(rejection.status()))
        }
    }
}

/// Counts an answer, and says what is wrong with the request.
fn judged<T>(
    meta: &Meta,
    callback: Callback,
    answer: Result<T, CallbackError>,
) -> Result<T, Problem> {
    let (counted, answer) = match answer {
        Ok(taken) => (Request::Taken, Ok(taken)),
        Err(CallbackError::BadSignature) => (Request::BadSignature, Err(Problem::BadSignature)),
        Err(CallbackError::Malformed) => (Request::Unreadable, Err(Problem::NotUnderstood)),
        Err(CallbackError::OutOfTime) => (Request::OutOfTime, Err(Problem::OutOfTime)),
        Err(CallbackError::NotConfigured) => (Request::NotConfigured, Err(Problem::NotConfigured)),
        Err(CallbackError::Internal(error)) => (Request::Failed, Err(error.into())),
    };
    meta.counters.callback(callback, counted);
    answer
}

/// A body that did not come whole, is too large or is no form.
fn unreadable(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::TooLarge
    } else {
        Problem::NotUnderstood
    }
}
