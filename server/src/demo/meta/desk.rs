//! `/demo/meta`: where somebody plays Meta and the people on WhatsApp. Plain forms, a page that only the demo has.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    Form, Router,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use erasure::{
    graph::simulated::{CallRecord, Inbound, Outage, Person, SimulatedMeta},
    seed::{self, DemoNumber},
    services::Services,
};
use serde::Deserialize;

use crate::demo::page::{escape, page};

/// The newest calls and messages that the page shows.
const SHOWN: usize = 30;
const HERE: &str = "/demo/meta";

#[derive(Clone)]
struct Desk {
    meta: Arc<SimulatedMeta>,
    services: Services,
}

#[derive(Deserialize)]
struct OutageForm {
    outage: String,
}

#[derive(Deserialize)]
struct MessageForm {
    phone_number_id: String,
    #[serde(default)]
    wa_id: String,
    #[serde(default)]
    user_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
}

/// The page and its two forms.
pub(crate) fn router(meta: Arc<SimulatedMeta>, services: Services) -> Router {
    Router::new()
        .route(HERE, get(show))
        .route("/demo/meta/outage", post(set_outage))
        .route("/demo/meta/message", post(write))
        .with_state(Desk { meta, services })
}

async fn set_outage(State(desk): State<Desk>, Form(form): Form<OutageForm>) -> Response {
    if let Ok(outage) = form.outage.parse() {
        desk.meta.set_outage(outage);
    }
    Redirect::to(HERE).into_response()
}

async fn write(State(desk): State<Desk>, Form(form): Form<MessageForm>) -> Response {
    let numbers = numbers(&desk).await;
    let number = numbers
        .iter()
        .find(|number| number.phone_number_id == form.phone_number_id);
    if let Some(number) = number {
        desk.meta.deliver(&inbound(number, form)).await;
    }
    Redirect::to("/demo/meta#messages").into_response()
}

/// What somebody wrote, their number as Meta would write it.
fn inbound(number: &DemoNumber, form: MessageForm) -> Inbound {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    Inbound {
        waba_id: number.waba_id.clone(),
        phone_number_id: number.phone_number_id.clone(),
        display_phone_number: digits(&number.display_phone_number),
        from: Person {
            wa_id: some(digits(&form.wa_id)),
            user_id: some(form.user_id.trim().to_owned()),
            name: form.name,
        },
        text: form.text,
        message_id: None,
    }
}

async fn numbers(desk: &Desk) -> Vec<DemoNumber> {
    seed::demo_numbers(&desk.services).await.unwrap_or_default()
}

async fn show(State(desk): State<Desk>) -> Response {
    let numbers = numbers(&desk).await;
    let meta = &desk.meta;
    let body = format!(
        "<h1>The demo's Meta</h1>\
         <p>Meta's side of everything, and the telephones of the people who write. <a href=\"{HERE}\">Look again</a></p>\
         {}{}{}{}{}",
        outage_form(meta.outage()),
        message_form(&numbers),
        accounts(meta, &numbers),
        messages(meta),
        calls(meta)
    );
    page("The demo's Meta", false, &body)
}

fn outage_form(now: Outage) -> String {
    let option = |(name, outage): (&str, Outage)| {
        let selected = if outage == now { " selected" } else { "" };
        format!("<option{selected}>{name}</option>")
    };
    let options: String = Outage::NAMED.into_iter().map(option).collect();
    format!(
        "<section aria-labelledby=\"outage\"><h2 id=\"outage\">Bad days</h2><p role=\"status\">Meta misbehaves now: <strong>{}</strong></p>\
         <form method=\"post\" action=\"/demo/meta/outage\"><label>From now on<select name=\"outage\">{options}</select></label>\
         <button>Set</button></form></section>",
        now.name()
    )
}

fn message_form(numbers: &[DemoNumber]) -> String {
    let option = |number: &DemoNumber| {
        format!(
            "<option value=\"{}\">{} · {}</option>",
            escape(&number.phone_number_id),
            escape(&number.organization),
            escape(&number.display_phone_number)
        )
    };
    let options: String = numbers.iter().map(option).collect();
    format!(
        "<section aria-labelledby=\"write\"><h2 id=\"write\">Write to a business</h2><form method=\"post\" action=\"/demo/meta/message\">\
         <label>To<select name=\"phone_number_id\">{options}</select></label>\
         <label>From this number (empty: hidden behind a username)<input name=\"wa_id\" inputmode=\"tel\" autocomplete=\"off\" value=\"33612345678\"></label>\
         <label>Business-scoped user id<input name=\"user_id\" autocomplete=\"off\" value=\"FR.13491208655302741918\"></label>\
         <label>Name<input name=\"name\" autocomplete=\"off\" value=\"Zoé\"></label>\
         <label>Text<textarea name=\"text\" rows=\"3\" required></textarea></label><button>Send</button></form></section>"
    )
}

fn accounts(meta: &SimulatedMeta, numbers: &[DemoNumber]) -> String {
    let (unsubscribed, overrides) = (meta.unsubscribed(), meta.overrides());
    let deregistered = meta.deregistered();
    let row = |number: &DemoNumber| {
        let yes = |is: bool| if is { "yes" } else { "no" };
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&number.organization),
            escape(&number.display_phone_number),
            yes(!unsubscribed.contains(&number.waba_id)),
            yes(overrides.contains(&number.phone_number_id)),
            yes(!deregistered.contains(&number.phone_number_id))
        )
    };
    let rows: String = numbers.iter().map(row).collect();
    let gone = if unsubscribed.is_empty() {
        String::new()
    } else {
        format!(
            "<p>Unsubscribed so far: {}. Tokens revoked: {}.</p>",
            unsubscribed.len(),
            meta.revoked()
        )
    };
    format!(
        "<section aria-labelledby=\"accounts\"><h2 id=\"accounts\">Connected numbers</h2><table><thead><tr><th scope=\"col\">Organization</th>\
         <th scope=\"col\">Number</th><th scope=\"col\">Webhooks</th><th scope=\"col\">Own callback</th><th scope=\"col\">Registered</th></tr></thead>\
         <tbody>{rows}</tbody></table>{gone}</section>"
    )
}

fn messages(meta: &SimulatedMeta) -> String {
    let mut text =
        "<section aria-labelledby=\"messages\"><h2 id=\"messages\">Messages</h2><ul>".to_owned();
    for code in meta.sent_codes().iter().rev().take(SHOWN) {
        let _ = write!(
            text,
            "<li>to +{}: <strong>{}</strong> ({}, {})</li>",
            escape(&code.to),
            escape(&code.code),
            escape(&code.template),
            escape(&code.language)
        );
    }
    for delivery in meta.deliveries().iter().rev().take(SHOWN) {
        let status = delivery.status.map_or_else(
            || "nobody answered".to_owned(),
            |status| format!("answered {status}"),
        );
        let _ = write!(text, "<li>webhook of {}: {status}</li>", delivery.at);
    }
    text.push_str("</ul></section>");
    text
}

fn calls(meta: &SimulatedMeta) -> String {
    let row = |call: &CallRecord| {
        format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            call.at,
            escape(&call.line),
            call.status
        )
    };
    let rows: String = meta.calls().iter().rev().take(SHOWN).map(row).collect();
    format!(
        "<section aria-labelledby=\"calls\"><h2 id=\"calls\">Calls</h2><table><thead><tr><th scope=\"col\">When</th>\
         <th scope=\"col\">What</th><th scope=\"col\">Status</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )
}
