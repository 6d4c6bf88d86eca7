//! The headers that every page carries, and the ones that only a page with the island needs.
//!
//! `HSTS`, `nosniff` and the other headers that are the same for every answer belong to the server crate.

use http::{HeaderValue, header};
use leptos::nonce::Nonce;
use leptos_axum::ResponseOptions;

/// No script at all: the policy of every answer that does not ask for more.
const WITHOUT_SCRIPT: &str = "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the strictest headers on the answer. Pages hold personal data, so no cache may keep them.
pub(crate) fn apply_defaults(options: &ResponseOptions) {
    options.insert_header(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(WITHOUT_SCRIPT),
    );
    options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Not `no-referrer`: it would make browsers send `Origin: null` with our own forms.
    options.insert_header(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
}

/// Lets this one page run the one inline script that carries its nonce, and nothing else.
pub(crate) fn allow_script(options: &ResponseOptions, nonce: &Nonce) {
    let policy =
        WITHOUT_SCRIPT.replace("script-src 'none'", &format!("script-src 'nonce-{nonce}'"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Lets this one page load our WebAssembly, and the one inline script that carries its nonce.
pub(crate) fn allow_island(options: &ResponseOptions, nonce: &Nonce) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
