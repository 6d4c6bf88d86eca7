//! The error summary: first on the page, first in the focus, with a link to the field that is at fault.

use erasure::locale::Locale;
use leptos::prelude::*;

use super::field::Field;
use crate::{
    context,
    locales::{sentence, texts},
    wire::Trouble,
};

/// Says what went wrong, if something did.
#[component]
pub(crate) fn Problems(locale: Locale, trouble: Option<Trouble>) -> impl IntoView {
    let trouble = trouble?;
    let words = sentence(locale, trouble, context::services().now());
    let line = match target(trouble) {
        Some(id) => view! { <a href=format!("#{id}")>{words}</a> }.into_any(),
        None => view! { <span>{words}</span> }.into_any(),
    };
    Some(view! {
        <div class="problems" role="alert" tabindex="-1" aria-labelledby="problems" data-problems>
            <h2 id="problems">{texts(locale).common.error_heading}</h2>
            <p>{line}</p>
        </div>
    })
}

/// What has to be touched to go on.
const fn target(trouble: Trouble) -> Option<&'static str> {
    match (Field::of(trouble), trouble) {
        (Some(field), _) => Some(field.id()),
        (None, Trouble::CodeExpired | Trouble::CodeWrong { .. }) => Some("resend"),
        (None, _) => None,
    }
}
