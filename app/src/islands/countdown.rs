//! Waits that can be seen: until another code may be asked for, and until a code dies.
//!
//! The server says both moments and what time it is there, so a wrong clock in the browser does no harm. Without this file
//! the button simply works, and the server answers politely when it is too soon.

use gloo_timers::future::sleep;
use js_sys::Date;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::Element;

use super::dom::{self, Shown};

/// Twice a second, so that no second is skipped.
const TICK: Duration = Duration::from_millis(500);
/// A code's end is announced this long before (WCAG 2.2.1 asks for 20 s at least).
const WARNING_MS: f64 = 60_000.0;

/// Starts the waits of the present page.
pub(super) fn start() {
    if let Some(button) = dom::find("[data-resend-at]") {
        spawn_local(count_down(button));
    }
    if let Some(line) = dom::find("[data-expires-at]") {
        spawn_local(watch_expiry(line));
    }
}

async fn count_down(button: Element) {
    let page = Shown::now();
    let Some(end) = local_end(&button, "data-resend-at") else {
        return;
    };
    let label = button.text_content().unwrap_or_default();
    let waiting = dom::attribute(&button, "data-wait");
    if let Some(line) = dom::find("[data-resend-from]") {
        dom::show(&line, false);
    }
    dom::set(&button, "aria-disabled", "true");
    while page.is_current() {
        let left = ((end - Date::now()) / 1000.0).ceil();
        if left <= 0.0 {
            _ = button.remove_attribute("aria-disabled");
            dom::set_text(&button, label.trim());
            return;
        }
        dom::set_text(&button, &waiting.replace("{s}", &dom::digits(left)));
        sleep(TICK).await;
    }
}

async fn watch_expiry(line: Element) {
    let page = Shown::now();
    let Some(end) = local_end(&line, "data-expires-at") else {
        return;
    };
    while page.is_current() {
        let left = end - Date::now();
        if left <= WARNING_MS {
            let words = if left > 0.0 { "data-soon" } else { "data-over" };
            dom::show(&line, true);
            dom::set_text(&line, &dom::attribute(&line, words));
        }
        if left <= 0.0 {
            return;
        }
        sleep(TICK).await;
    }
}

/// The moment in an attribute, by the browser's own clock.
fn local_end(element: &Element, name: &str) -> Option<f64> {
    let end = dom::number(element, name)?;
    let now = dom::number(element, "data-now")?;
    Some(Date::now() + (end - now))
}
