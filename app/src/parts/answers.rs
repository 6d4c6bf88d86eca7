//! What the request form asks with: a line, a few lines, one of several, a tick.

use erasure::locale::Locale;
use leptos::prelude::*;

use super::field::{Field, FieldFrame, fault};
use crate::wire::Trouble;

/// One line.
#[component]
pub(crate) fn ShortAnswer(
    field: Field,
    /// Under which name it is sent, if not its own.
    #[prop(optional)]
    name: Option<&'static str>,
    label: &'static str,
    hint: &'static str,
    value: String,
    locale: Locale,
    trouble: Option<Trouble>,
    /// What telephones and password managers make of it: `tel`, `email` or `text`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = 254)] most: u32,
    #[prop(optional)] may_be_empty: bool,
) -> impl IntoView {
    let trouble = trouble.filter(|trouble| field.is_at_fault(*trouble));
    let id = field.id();
    // Names may be written from right to left.
    view! {
        <FieldFrame field label hint locale trouble>
            <input
                id=id
                name=name.unwrap_or(id)
                type=kind
                autocomplete=autocomplete
                maxlength=most.to_string()
                spellcheck="false"
                dir="auto"
                value=value
                required=!may_be_empty
                aria-invalid=trouble.map(|_| "true")
                aria-describedby=described_by(field, hint, trouble)
            />
        </FieldFrame>
    }
}

/// A few lines.
#[component]
pub(crate) fn LongAnswer(
    field: Field,
    label: &'static str,
    hint: &'static str,
    value: String,
    locale: Locale,
    trouble: Option<Trouble>,
    most: u32,
) -> impl IntoView {
    let trouble = trouble.filter(|trouble| field.is_at_fault(*trouble));
    let id = field.id();
    view! {
        <FieldFrame field label hint locale trouble>
            <textarea
                id=id
                name=id
                rows="6"
                maxlength=most.to_string()
                dir="auto"
                required
                aria-invalid=trouble.map(|_| "true")
                aria-describedby=described_by(field, hint, trouble)
            >
                {value}
            </textarea>
        </FieldFrame>
    }
}

fn described_by(field: Field, hint: &str, trouble: Option<Trouble>) -> Option<String> {
    let id = field.id();
    let parts = [
        (!hint.is_empty()).then(|| format!("{id}-hint")),
        trouble.map(|_| format!("{id}-error")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// One of several.
#[component]
pub(crate) fn Choices(
    field: Field,
    /// Under which name it is sent, if not its own.
    #[prop(optional)]
    name: Option<&'static str>,
    /// What is asked.
    legend: &'static str,
    /// The value, what it is called, and what it means.
    choices: Vec<(&'static str, &'static str, &'static str)>,
    chosen: Option<&'static str>,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    let trouble = trouble.filter(|trouble| field.is_at_fault(*trouble));
    let id = field.id();
    let options = choices
        .into_iter()
        .enumerate()
        .map(|(index, (value, choice, hint))| {
            // The link of the error summary leads to the first.
            let own = if index == 0 {
                id.to_owned()
            } else {
                format!("{id}-{value}")
            };
            let described = format!("{id}-{value}-hint");
            view! {
                <div class="choice">
                    <input
                        id=own.clone()
                        name=name.unwrap_or(id)
                        type="radio"
                        value=value
                        checked=chosen == Some(value)
                        aria-describedby=(!hint.is_empty()).then(|| described.clone())
                    />
                    <label for=own>{choice}</label>
                    {(!hint.is_empty())
                        .then(|| {
                            view! {
                                <p class="hint" id=described>
                                    {hint}
                                </p>
                            }
                        })}
                </div>
            }
        })
        .collect_view();
    let class = if trouble.is_some() {
        "field choices field-at-fault"
    } else {
        "field choices"
    };
    view! {
        <fieldset
            class=class
            aria-describedby=trouble.map(|_| format!("{id}-error"))
            aria-invalid=trouble.map(|_| "true")
        >
            <legend class="visually-hidden">{legend}</legend>
            {fault(field, locale, trouble)}
            {options}
        </fieldset>
    }
}

/// A box that has to be ticked.
#[component]
pub(crate) fn Tick(
    field: Field,
    /// Under which name it is sent.
    name: &'static str,
    label: &'static str,
    ticked: bool,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    let trouble = trouble.filter(|trouble| field.is_at_fault(*trouble));
    let id = field.id();
    let class = if trouble.is_some() {
        "field choices field-at-fault"
    } else {
        "field choices"
    };
    view! {
        <div class=class>
            {fault(field, locale, trouble)}
            <div class="choice">
                <input
                    id=id
                    name=name
                    type="checkbox"
                    value="yes"
                    checked=ticked
                    aria-invalid=trouble.map(|_| "true")
                    aria-describedby=trouble.map(|_| format!("{id}-error"))
                />
                <label for=id>{label}</label>
            </div>
        </div>
    }
}
