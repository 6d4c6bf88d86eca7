//! Times in the reader's own time zone. The server can only write UTC.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

use super::dom;

/// Rewrites each `<time data-moment>` of the page: "time" as a time of day, "day" with its date.
pub(super) fn localize() {
    for element in dom::find_all("time[data-moment]") {
        let date = Date::new(&JsValue::from_str(&dom::attribute(&element, "datetime")));
        if date.get_time().is_nan() {
            continue;
        }
        let style = Object::new();
        _ = Reflect::set(&style, &"timeStyle".into(), &"short".into());
        if dom::attribute(&element, "data-moment") == "day" {
            _ = Reflect::set(&style, &"dateStyle".into(), &"long".into());
        }
        let text = date.to_locale_string(dom::language(), &style);
        dom::set_text(&element, &String::from(text));
    }
}
