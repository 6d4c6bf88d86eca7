//! The pages and server functions as one axum router, ready to be merged into the server's.
//!
//! Leptos would add two inline scripts below every document, for resources that the browser might ask for. Ours never asks,
//! so the pages are rendered here without them: a page without the island has not one byte of script.

use std::pin::Pin;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use erasure::services::Services;
use futures::{Stream, StreamExt as _, stream};
use http::{HeaderMap, StatusCode, Uri, header};
use leptos::{prelude::*, server_fn::axum::server_fn_paths};
use leptos_axum::{
    ResponseOptions, generate_route_list, handle_response_inner, handle_server_fns_with_context,
};

use crate::{
    answer,
    console::copy,
    download,
    locales::negotiate,
    pages::{Pages, Place, legal},
    receipt_form::{LONGEST_FORM, checked},
};

/// What the build left for the browser, and how this site is run.
///
/// The three names are those of files that the server serves below `/pkg/`.
#[derive(Clone, Debug)]
pub struct Site {
    /// The style sheet.
    pub css: String,
    /// The JavaScript glue.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// Whether this is a demo with a mailbox of its own at `/demo/mailbox`.
    pub demo: bool,
}

/// What Leptos streams: parts of HTML.
type Html = Pin<Box<dyn Stream<Item = String> + Send>>;

/// Every page and every server function. Unknown addresses get the localized 404 page.
pub fn router(services: Services, site: Site) -> Router {
    let file_services = services.clone();
    let provide = provider(services, site);
    let pages = {
        let provide = provide.clone();
        move |request: Request| {
            handle_response_inner(provide.clone(), Pages, request, |app, _, _| {
                Box::pin(whole_document(app))
            })
        }
    };
    let functions = move |request: Request| {
        let provide = provide.clone();
        async move { handle_server_fns_with_context(provide, request).await }
    };
    let files = Router::new()
        .route(download::PATH, get(download::start))
        .merge(copy::routes())
        .with_state(file_services);
    let mut router = addresses_without_language()
        .fallback(pages.clone())
        .merge(files);
    for listing in generate_route_list(Pages) {
        router = router.route(listing.path(), get(pages.clone()));
    }
    for (path, _) in server_fn_paths() {
        router = router.route(path, post(functions.clone()));
    }
    router
}

/// The page that checks a receipt takes forms that are longer than every other: a router of its own, because of that.
pub fn receipt_router(services: Services, site: Site) -> Router {
    let provide = provider(services.clone(), site);
    let check = async move |request: Request| match checked(&services, request).await {
        Ok((request, outcome)) => {
            let provide = move || {
                provide();
                provide_context(outcome.clone());
            };
            handle_response_inner(provide, Pages, request, |app, _, _| {
                Box::pin(whole_document(app))
            })
            .await
        }
        Err(error) => {
            answer::our_fault(&error);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
    Router::new()
        .route("/{lang}/receipt", post(check))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
}

/// Gives every page and server function what it may ask for.
fn provider(services: Services, site: Site) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(services.clone());
        provide_context(site.clone());
        answer::apply_defaults(&expect_context::<ResponseOptions>());
    }
}

/// The document in one piece, once everything in it is known: its status and headers are decided while it is rendered.
async fn whole_document(app: impl IntoView + 'static) -> Html {
    let html = app.to_html_stream_in_order().collect::<String>().await;
    Box::pin(stream::iter([html]))
}

/// `/`, `/login`, `/settings` …: the browser's wishes decide the language.
fn addresses_without_language() -> Router {
    Place::ALL
        .map(Place::bare_path)
        .into_iter()
        .chain(["/", legal::PATH, "/request", "/status", "/console"])
        .fold(Router::new(), |router, path| {
            router.route(
                path,
                get(async move |headers: HeaderMap| localize(&headers, path)),
            )
        })
        // Meta shows its link to people of every language.
        .route(
            "/meta-deletion/{code}",
            get(async |headers: HeaderMap, uri: Uri| localize(&headers, uri.path())),
        )
}

fn localize(headers: &HeaderMap, path: &str) -> Response<Body> {
    let locale = negotiate(headers.get(header::ACCEPT_LANGUAGE));
    let address = format!("/{}{}", locale.as_str(), path.trim_end_matches('/'));
    let headers = [
        (header::LOCATION, address),
        (header::VARY, header::ACCEPT_LANGUAGE.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
