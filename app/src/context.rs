//! What a page or server function knows of the request it serves. The only place that asks Leptos for its context.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use erasure::{
    db,
    id::Capability,
    locale::Locale,
    network::Network,
    services::Services,
    session::{self, Session},
    staff::{self, Staff},
};
use http::{header, request::Parts};
use leptos::prelude::expect_context;

use crate::{
    answer::{self, Cookie},
    locales,
    pages::{Next, Place},
    router::Site,
};

/// Everything that comes from outside.
pub(crate) fn services() -> Services {
    expect_context::<Services>()
}

/// How this site is built and run.
pub(crate) fn site() -> Site {
    expect_context::<Site>()
}

/// The request without its body.
pub(crate) fn request() -> Parts {
    expect_context::<Parts>()
}

/// Where the request comes from, as far as rate limits need to know.
///
/// A server behind a proxy puts the [`Network`] into the request itself; otherwise the connection tells.
pub(crate) fn network() -> Network {
    let extensions = request().extensions;
    if let Some(network) = extensions.get::<Network>() {
        return network.clone();
    }
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or_else(Network::unknown, |ConnectInfo(address)| {
            Network::from_ip(address.ip())
        })
}

/// The language of a page: its address says it, otherwise the browser's wishes decide.
pub(crate) fn locale() -> Locale {
    let request = request();
    locales::of_path(request.uri.path())
        .unwrap_or_else(|| locales::negotiate(request.headers.get(header::ACCEPT_LANGUAGE)))
}

/// The token that the browser keeps, dead or alive.
pub(crate) fn session_token() -> Option<String> {
    answer::find_cookie(&request().headers, Cookie::SESSION)
}

/// Who is signed in.
pub(crate) async fn session() -> Result<Option<Session>, db::Error> {
    match session_token() {
        Some(token) => session::resume(&services(), &token).await,
        None => Ok(None),
    }
}

/// Where somebody without a session has to go: to the erasure that ended it, otherwise to the sign-in and back.
pub(crate) async fn way_back(locale: Locale, place: Place) -> Result<String, db::Error> {
    let ended = match session_token() {
        Some(token) if place.is_wizard() => session::ended_by_erasure(&services(), &token).await?,
        _ => None,
    };
    Ok(ended.map_or_else(
        || Next::to(place).login_path(locale),
        |capability| erasure_path(locale, &capability),
    ))
}

/// The session behind a form; without one the browser is already on its way to where it has to go.
pub(crate) async fn signed_in(locale: Locale, place: Place) -> Option<Session> {
    let answered = match session().await {
        Ok(Some(session)) => return Some(session),
        Ok(None) => way_back(locale, place).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(path) => answer::redirect_to(&path),
        Err(error) => answer::refuse(&place.path(locale), answer::our_fault(&error), ""),
    }
    None
}

/// The console's token that the browser keeps, dead or alive.
pub(crate) fn staff_token() -> Option<String> {
    answer::find_cookie(&request().headers, Cookie::STAFF)
}

/// Who is signed in to the console.
pub(crate) async fn staff() -> Result<Option<Staff>, db::Error> {
    match staff_token() {
        Some(token) => staff::resume(&services(), &token).await,
        None => Ok(None),
    }
}

/// The page that shows an erasure to whoever holds its link.
pub(crate) fn erasure_path(locale: Locale, capability: &Capability) -> String {
    format!("/{}/erasure/{}", locale.as_str(), capability.expose())
}

/// The page that shows a request to whoever holds its link.
pub(crate) fn status_path(locale: Locale, capability: &Capability) -> String {
    format!("/{}/status/{}", locale.as_str(), capability.expose())
}
