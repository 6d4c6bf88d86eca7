//! The demo's mailbox: what would have been mailed, on a page that only the demo has.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use erasure::mail::{Letter, MemoryMail};

use super::page::{escape, page};

/// `/demo/mailbox` and its letters; without a mailbox, where they went instead.
pub(crate) fn router(mail: Option<Arc<MemoryMail>>) -> Router {
    let Some(mail) = mail else {
        let elsewhere = "<h1>No mailbox</h1><p>Letters leave through QLIENTO_SMTP_URL.</p>";
        return Router::new().route(
            "/demo/mailbox",
            get(async || page("Mailbox", false, elsewhere)),
        );
    };
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
        &format!(
            "<h1>Mailbox of the demo</h1><p><a href=\"/demo/meta\">Meta and WhatsApp</a></p>{empty}<ul>{items}</ul>"
        ),
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
