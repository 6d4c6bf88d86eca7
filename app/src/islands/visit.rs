//! From one page of the wizard to the next without a reload.
//!
//! Forms are sent as the browser would send them, links are followed, and the page that comes back takes the place of the
//! present one. Whatever is not a page of the wizard, or not an answer at all, is left to the browser.

use std::cell::Cell;

use gloo_net::http::{Request, Response};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Document, DomParser, Element, Event, FormData, HtmlFormElement, MouseEvent, SubmitEvent,
    SupportedType, UrlSearchParams,
};

use super::{
    dom::{self, Shown},
    enhance,
};

/// The element that holds a page of the wizard.
const PAGE: &str = "#wizard";

thread_local! {
    /// Whether an answer is awaited. A second click meanwhile does nothing.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// How the address bar and the back button take a new page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum History {
    /// The person went on.
    Push,
    /// The person went back, or the page itself changed.
    Keep,
}

/// Takes over forms, links to steps, and the back button.
pub(super) fn listen() {
    let (Some(window), Some(document)) = (dom::window(), dom::document()) else {
        return;
    };
    dom::on(&document, "submit", submitted);
    dom::on(&document, "click", clicked);
    dom::on(&window, "popstate", moved);
}

/// Fetches the present page again; false when there was no answer.
pub(super) async fn refresh() -> bool {
    let Some(address) = here() else {
        return false;
    };
    match get(&address).await {
        Ok(response) => show(response, History::Keep).await.is_ok(),
        Err(_) => false,
    }
}

fn submitted(event: &SubmitEvent) {
    let Some(form) = target::<HtmlFormElement>(event) else {
        return;
    };
    let waiting = event
        .submitter()
        .is_some_and(|button| dom::attribute(&button, "aria-disabled") == "true");
    if form.closest(PAGE).ok().flatten().is_none() {
        return;
    }
    event.prevent_default();
    if !waiting && !BUSY.replace(true) {
        set_busy(&form, true);
        spawn_local(send(form));
    }
}

async fn send(form: HtmlFormElement) {
    let shown = match post(&form).await {
        Ok(response) => show(response, History::Push).await,
        Err(error) => Err(error),
    };
    BUSY.set(false);
    // Also when the browser leaves for another page: it may come back to this very one.
    set_busy(&form, false);
    if shown.is_err() && !tell_offline() {
        // `submit()` asks nobody again, so this cannot come back here.
        _ = form.submit();
    }
}

fn clicked(event: &MouseEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    let link = target::<Element>(event).and_then(|element| element.closest("a[data-step]").ok()?);
    let Some(link) = link.filter(|_| !modified && event.button() == 0) else {
        return;
    };
    event.prevent_default();
    if !BUSY.replace(true) {
        let address = dom::attribute(&link, "href");
        spawn_local(follow(address, History::Push));
    }
}

fn moved(_: &Event) {
    if let Some(address) = here() {
        BUSY.set(true);
        spawn_local(follow(address, History::Keep));
    }
}

async fn follow(address: String, history: History) {
    let shown = match get(&address).await {
        Ok(response) => show(response, history).await,
        Err(error) => Err(error),
    };
    BUSY.set(false);
    if shown.is_err() && !tell_offline() {
        leave_for(&address);
    }
}

async fn get(address: &str) -> Result<Response, JsValue> {
    let request = Request::get(address).header("Accept", "text/html").send();
    request.await.map_err(|_| JsValue::NULL)
}

async fn post(form: &HtmlFormElement) -> Result<Response, JsValue> {
    let fields = FormData::new_with_form(form)?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    let request = Request::post(&dom::attribute(form, "action"))
        .header("Accept", "text/html")
        .body(body)
        .map_err(|_| JsValue::NULL)?;
    request.send().await.map_err(|_| JsValue::NULL)
}

/// Puts the answer's page in the place of the present one; another kind of page is opened by the browser.
async fn show(response: Response, history: History) -> Result<(), JsValue> {
    let address = response.url();
    let page = response.text().await.map_err(|_| JsValue::NULL)?;
    let answer = DomParser::new()?.parse_from_string(&page, SupportedType::TextHtml)?;
    let (Some(now), Some(next)) = (dom::find(PAGE), answer.query_selector(PAGE)?) else {
        leave_for(&address);
        return Ok(());
    };
    now.replace_with_with_node_1(&next)?;
    adopt_head(&answer);
    remember(&address, history)?;
    Shown::next();
    enhance();
    begin_reading();
    Ok(())
}

/// Title and language come along; the style sheet and the program are the same.
fn adopt_head(answer: &Document) {
    let Some(document) = dom::document() else {
        return;
    };
    document.set_title(&answer.title());
    let roots = (document.document_element(), answer.document_element());
    if let (Some(root), Some(next)) = roots {
        dom::set(&root, "lang", &dom::attribute(&next, "lang"));
    }
}

fn remember(address: &str, history: History) -> Result<(), JsValue> {
    let Some(window) = dom::window() else {
        return Ok(());
    };
    if history == History::Push && here().as_deref() != Some(address) {
        return window
            .history()?
            .push_state_with_url(&JsValue::NULL, "", Some(address));
    }
    window
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some(address))
}

/// Where reading begins: what went wrong, otherwise the heading.
fn begin_reading() {
    if let Some(window) = dom::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
    if let Some(start) = dom::find("[data-problems]").or_else(|| dom::find("h1")) {
        dom::focus(&start);
    }
}

/// Says so when there is no network at all: the browser's own page would throw away what was typed.
fn tell_offline() -> bool {
    let offline = dom::window().is_some_and(|window| !window.navigator().on_line());
    if let Some(line) = dom::find("[data-offline]") {
        dom::show(&line, offline);
        if offline {
            line.scroll_into_view();
        }
        return offline;
    }
    false
}

fn here() -> Option<String> {
    dom::window()?.location().href().ok()
}

fn leave_for(address: &str) {
    if let Some(window) = dom::window() {
        _ = window.location().assign(address);
    }
}

/// Shows that an answer is awaited. Not `disabled`: that would take the focus away and silence screen readers.
fn set_busy(form: &HtmlFormElement, busy: bool) {
    dom::set(form, "aria-busy", if busy { "true" } else { "false" });
    if let Ok(Some(button)) = form.query_selector("button[type=submit]") {
        if busy {
            dom::set(&button, "aria-disabled", "true");
        } else {
            _ = button.remove_attribute("aria-disabled");
        }
    }
}

fn target<T: wasm_bindgen::JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}
