//! The one address that answers with a file as long as an account is large: it is written while it is sent.

use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use erasure::{
    export::{self, Export, ExportError},
    locale::Locale,
    network::Network,
    services::Services,
    session,
};
use futures::stream;
use http::{HeaderMap, Method, StatusCode, header};
use serde::Deserialize;

use crate::{
    answer::{self, Cookie, Flash, Message},
    locales,
    pages::{Next, Place},
    wire::{Notice, Trouble},
};

/// Where the download is.
pub(crate) const PATH: &str = "/api/account/export";

/// The page that links here says in which language it answers.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    lang: String,
}

/// Begins the download, or leads back to the page that offers it.
pub(crate) async fn start(
    State(services): State<Services>,
    network: Option<Extension<Network>>,
    Query(Asked { lang }): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let locale = locales::of_form(&lang);
    // No other site begins it for somebody, even if all that came of it were a file; nor does a browser that only looks ahead.
    if method != Method::GET || is_cross_site(&headers) || looks_ahead(&headers) {
        return to(&Place::Export.path(locale), None);
    }
    let session = match answer::find_cookie(&headers, Cookie::SESSION) {
        None => None,
        Some(token) => match session::resume(&services, &token).await {
            Ok(session) => session,
            Err(error) => return refuse(&services, locale, answer::our_fault(&error)),
        },
    };
    let Some(session) = session else {
        return to(&Next::to(Place::Export).login_path(locale), None);
    };
    let network = network.map_or_else(Network::unknown, |Extension(network)| network);
    match export::begin(&services, &session, &network).await {
        Ok(export) => send(export),
        Err(ExportError::ProofNeeded) => {
            tell(&services, locale, Message::Notice(Notice::ProofNeeded))
        }
        Err(ExportError::TooManyTries { retry_at }) => {
            let retry_at = retry_at.as_millis();
            refuse(&services, locale, Trouble::TooManyTries { retry_at })
        }
        Err(ExportError::Internal(error)) => refuse(&services, locale, answer::our_fault(&error)),
    }
}

fn is_cross_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" || site == "same-site")
}

fn looks_ahead(headers: &HeaderMap) -> bool {
    let purpose = headers
        .get("sec-purpose")
        .and_then(|purpose| purpose.to_str().ok());
    purpose.is_some_and(|purpose| purpose.contains("prefetch"))
}

/// An interrupted export ends the connection without its end: no browser takes that for a whole file.
fn send(export: Export) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", export.file_name);
    let pieces = stream::unfold(export, async |mut export| {
        let piece = export.next().await?;
        Some((piece, export))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

fn refuse(services: &Services, locale: Locale, trouble: Trouble) -> Response {
    tell(services, locale, Message::Trouble(trouble))
}

/// Back to the page, with a sentence.
fn tell(services: &Services, locale: Locale, message: Message) -> Response {
    let page = Place::Export.path(locale);
    let flash = Flash::new(&page, message, "");
    to(&page, Some(&Cookie::flash(&flash.seal(&services.vault))))
}

fn to(path: &str, cookie: Option<&Cookie>) -> Response {
    let mut response = (
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, path),
            (header::CACHE_CONTROL, "no-store"),
        ],
    )
        .into_response();
    if let Some(Ok(value)) = cookie.map(Cookie::to_header) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
