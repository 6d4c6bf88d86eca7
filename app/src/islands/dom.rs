//! A few words for the browser's document.

use std::cell::Cell;

use wasm_bindgen::{JsCast as _, prelude::*};
use web_sys::{Document, Element, HtmlElement, Window};

thread_local! {
    /// How many pages this document has shown. Loops that belong to an earlier one end.
    static PAGE: Cell<u32> = const { Cell::new(0) };
}

/// One page shown by this document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown(u32);

impl Shown {
    /// The page shown now.
    pub(super) fn now() -> Self {
        Self(PAGE.get())
    }

    /// Begins the next page.
    pub(super) fn next() -> Self {
        PAGE.set(PAGE.get().wrapping_add(1));
        Self::now()
    }

    /// Whether this page is still the one that is shown.
    pub(super) fn is_current(self) -> bool {
        self == Self::now()
    }
}

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// The first element that matches.
pub(super) fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Every element that matches.
pub(super) fn find_all(selector: &str) -> Vec<Element> {
    let Some(list) = document().and_then(|document| document.query_selector_all(selector).ok())
    else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into().ok())
        .collect()
}

/// An attribute's text; empty when there is none.
pub(super) fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// An attribute as a number.
pub(super) fn number(element: &Element, name: &str) -> Option<f64> {
    let number = js_sys::parse_float(&element.get_attribute(name)?);
    (!number.is_nan()).then_some(number)
}

/// A number as an attribute takes it. JavaScript writes it: Rust's own way of printing fractions weighs kilobytes.
pub(super) fn digits(number: f64) -> String {
    js_sys::Number::from(number)
        .to_string_with_radix(10)
        .map(String::from)
        .unwrap_or_default()
}

/// Writes an attribute. It can only fail for a malformed name, and ours are constants.
pub(super) fn set(element: &Element, name: &str, value: &str) {
    _ = element.set_attribute(name, value);
}

/// Writes the text of an element, unless it says that already: screen readers repeat what is written again.
pub(super) fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Shows or hides.
pub(super) fn show(element: &Element, visible: bool) {
    if visible {
        _ = element.remove_attribute("hidden");
    } else {
        set(element, "hidden", "");
    }
}

/// Moves the focus, so that screen readers read from there.
pub(super) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}

/// Calls back on every event of this kind, for as long as the document lives.
pub(super) fn on<E: JsCast + 'static>(target: &web_sys::EventTarget, kind: &str, call: fn(&E)) {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if let Some(event) = event.dyn_ref::<E>() {
            call(event);
        }
    });
    _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The page's language, as the browser's own formatting takes it: our English is British.
pub(super) fn language() -> &'static str {
    let root = document().and_then(|document| document.document_element());
    match root.map(|root| attribute(&root, "lang")).as_deref() {
        Some("en") => "en-GB",
        _ => "fr",
    }
}
