//! The numbers of a running erasure, polled and written into the page that the server rendered.
//!
//! When the state changes (the wait is over, all is done, somebody cancelled) the page itself is fetched again.

use std::time::Duration;

use gloo_net::http::Request;
use gloo_timers::future::sleep;
use js_sys::{Array, JSON, Number, Reflect};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, VisibilityState};

use super::{
    dom::{self, Shown},
    visit,
};

/// Between two questions while all is well, in milliseconds; a page that has less to tell says so.
const PACE_MS: f64 = 700.0;
/// Between two questions while the server does not answer, at most.
const SLOWEST: Duration = Duration::from_secs(15);

/// Starts polling when the present page asks for it.
pub(super) fn start() {
    if let Some(panel) = dom::find("[data-progress-url]") {
        spawn_local(poll(panel));
    }
}

async fn poll(panel: Element) {
    let this_page = Shown::now();
    let address = dom::attribute(&panel, "data-progress-url");
    let shown = dom::attribute(&panel, "data-progress-state");
    let pace = pace(&panel);
    let mut wait = pace;
    while this_page.is_current() {
        if !hidden() {
            let answer = ask(&address).await;
            if !this_page.is_current() {
                return;
            }
            if let Some(line) = dom::find("[data-connection-lost]") {
                dom::show(&line, answer.is_none());
            }
            wait = answer.as_ref().map_or((wait * 2).min(SLOWEST), |_| pace);
            if let Some(answer) = answer {
                write(&answer);
                if text(&answer, "state") != shown && visit::refresh().await {
                    return;
                }
            }
        }
        sleep(wait).await;
    }
}

/// How often this page wants to know.
fn pace(panel: &Element) -> Duration {
    let millis = dom::number(panel, "data-progress-pace").unwrap_or(PACE_MS);
    Duration::from_secs_f64(millis / 1_000.0)
}

fn hidden() -> bool {
    dom::document().is_some_and(|document| document.visibility_state() == VisibilityState::Hidden)
}

async fn ask(address: &str) -> Option<JsValue> {
    let response = Request::get(address)
        .header("Accept", "application/json")
        .send()
        .await
        .ok()?;
    if !response.ok() {
        return None;
    }
    JSON::parse(&response.text().await.ok()?).ok()
}

fn write(answer: &JsValue) {
    if let Some(line) = dom::find("[data-delayed]") {
        dom::show(&line, get(answer, "delayed").is_truthy());
    }
    for row in list(answer, "categories") {
        let name = text(&row, "category");
        if let Some(element) = dom::find(&format!("[data-category=\"{name}\"]")) {
            write_category(&element, &row);
        }
    }
    write_stages(answer);
}

fn write_category(element: &Element, row: &JsValue) {
    let done = get(row, "done").is_truthy();
    let erased = get(row, "erased").as_f64().unwrap_or_default();
    let expected = get(row, "expected").as_f64();
    dom::set(element, "data-done", if done { "true" } else { "false" });
    if let Ok(Some(bar)) = element.query_selector("progress") {
        let (value, most) = if done {
            (1.0, 1.0)
        } else {
            (erased, expected.unwrap_or_default().max(1.0))
        };
        dom::set(&bar, "max", &dom::digits(most));
        dom::set(&bar, "value", &dom::digits(value));
    }
    if let (Some(expected), Ok(Some(count))) = (expected, element.query_selector("[data-count]")) {
        let words = if expected > 0.0 {
            dom::attribute(&count, "data-of")
                .replace("{n}", &grouped(erased))
                .replace("{total}", &grouped(expected))
        } else {
            dom::attribute(&count, "data-none")
        };
        dom::set_text(&count, &words);
    }
}

fn write_stages(answer: &JsValue) {
    let stages = list(answer, "stages");
    let total = stages.len().to_string();
    let Some(words) = dom::find("[data-stages]") else {
        return;
    };
    for (index, row) in stages.iter().enumerate() {
        let name = text(row, "stage");
        let state = text(row, "state");
        let Some(element) = dom::find(&format!("[data-stage=\"{name}\"]")) else {
            continue;
        };
        dom::set(&element, "data-state", &state);
        if let Ok(Some(line)) = element.query_selector("[data-stage-state]") {
            dom::set_text(&line, &dom::attribute(&words, &format!("data-{state}")));
        }
        if state == "running" {
            announce(&element, index + 1, &total);
        }
    }
}

/// One sentence for screen readers, only when the stage changes: the numbers themselves would never stop talking.
fn announce(stage: &Element, position: usize, total: &str) {
    let name = stage
        .query_selector("[data-stage-name]")
        .ok()
        .flatten()
        .and_then(|element| element.text_content())
        .unwrap_or_default();
    if let Some(line) = dom::find("[data-summary]") {
        let sentence = dom::attribute(&line, "data-summary")
            .replace("{n}", &position.to_string())
            .replace("{total}", total)
            .replace("{stage}", &name);
        dom::set_text(&line, &sentence);
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn list(object: &JsValue, name: &str) -> Vec<JsValue> {
    get(object, name)
        .dyn_into::<Array>()
        .map(|list| list.to_vec())
        .unwrap_or_default()
}

/// A count as the page's language writes it.
fn grouped(count: f64) -> String {
    Number::from(count).to_locale_string(dom::language()).into()
}
