//! Fields of the console, where one page has several forms: each has an id of its own.

use leptos::prelude::*;

/// A day.
#[component]
pub(crate) fn DayField(
    id: String,
    name: &'static str,
    label: &'static str,
    value: String,
    is_needed: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type="date" value=value required=is_needed />
        </div>
    }
}

/// One line that may stay empty.
#[component]
pub(crate) fn LineField(
    id: String,
    name: &'static str,
    label: &'static str,
    value: String,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type="text" maxlength="200" dir="auto" value=value />
        </div>
    }
}

/// Some lines.
#[component]
pub(crate) fn WordsField(
    id: String,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    most: u32,
) -> impl IntoView {
    let described = format!("{id}-hint");
    let hint = (!hint.is_empty()).then(|| {
        let id = described.clone();
        view! {
            <p class="hint" id=id>
                {hint}
            </p>
        }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                name=name
                rows="5"
                maxlength=most.to_string()
                dir="auto"
                required
                aria-describedby=hint.is_some().then_some(described)
            >
                {value}
            </textarea>
            {hint}
        </div>
    }
}
