//! The demo's own pages: plain, without a script, in the browser's own style.

use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};

/// No script, no style but this file's, forms to this site only.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

const STYLE: &str = "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
    li{margin:.75rem 0}pre{white-space:pre-wrap;font:inherit;border:1px solid #8888;border-radius:.5rem;padding:1rem}a{color:LinkText}\
    label{display:block;margin:.75rem 0}input,select,textarea,button{font:inherit;padding:.35rem .5rem;max-width:100%;box-sizing:border-box}\
    label>input,label>select,label>textarea{display:block;width:100%}table{border-collapse:collapse;width:100%}\
    th,td{text-align:start;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8888;overflow-wrap:anywhere}\
    [role=status]{border:1px solid #8888;border-radius:.5rem;padding:.5rem 1rem}</style>";

/// A page with this title and body; with `refresh` it looks again by itself.
pub(super) fn page(title: &str, refresh: bool, body: &str) -> Response {
    let refresh = if refresh {
        "<meta http-equiv=\"refresh\" content=\"3\">"
    } else {
        ""
    };
    let text = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{}</title>{refresh}{STYLE}</head><body><main>{body}</main></body></html>",
        escape(title)
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(text)).into_response()
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
