//! The demo's mailbox: what would have been mailed, on a page that only the demo has.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use erasure::mail::{Letter, MemoryMail};

/// No script, no style of its own but the browser's, and it looks again by itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const STYLE: &str = "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
    li{margin:.75rem 0}pre{white-space:pre-wrap;font:inherit;border:1px solid #8888;border-radius:.5rem;padding:1rem}a{color:LinkText}</style>";

/// `/demo/mailbox` and its letters.
pub(crate) fn router(mail: Arc<MemoryMail>) -> Router {
    Router::new()
        .route("/demo/mailbox", get(list))
        .route("/demo/mailbox/{number}", get(show))
        .with_state(mail)
}

async fn list(State(mail): State<Arc<MemoryMail>>) -> Response {
    let letters = mail.letters();
    let item = |(number, letter): (usize, &Letter)| {
        format!(
            "<li><a href=\"/demo/mailbox/{number}\">{}</a><br>{}</li>",
            escape(&letter.subject),
            escape(letter.to.expose())
        )
    };
    let items: String = letters.iter().enumerate().rev().map(item).collect();
    let empty = if items.is_empty() {
        "<p>Nothing yet. This page looks again every three seconds.</p>"
    } else {
        ""
    };
    page(
        "Mailbox",
        true,
        &format!("<h1>Mailbox of the demo</h1>{empty}<ul>{items}</ul>"),
    )
}

async fn show(State(mail): State<Arc<MemoryMail>>, Path(number): Path<usize>) -> Response {
    let letters = mail.letters();
    let Some(letter) = letters.get(number) else {
        return (
            StatusCode::NOT_FOUND,
            page("Mailbox", false, "<h1>No such letter</h1>"),
        )
            .into_response();
    };
    let body = format!(
        "<p><a href=\"/demo/mailbox\">All letters</a></p><h1>{}</h1><p>To {}</p><pre>{}</pre>\
         <details><summary>The HTML part, as text</summary><pre>{}</pre></details>",
        escape(&letter.subject),
        escape(letter.to.expose()),
        linked(&letter.text),
        escape(&letter.html)
    );
    page(&letter.subject, false, &body)
}

fn page(title: &str, refresh: bool, body: &str) -> Response {
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
    (
        [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::CACHE_CONTROL, "no-store"),
        ],
        Html(text),
    )
        .into_response()
}

/// Lines that are an address become links.
fn linked(text: &str) -> String {
    let line = |line: &str| {
        let safe = escape(line);
        if line.starts_with("http://") || line.starts_with("https://") {
            format!("<a href=\"{safe}\">{safe}</a>")
        } else {
            safe
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
