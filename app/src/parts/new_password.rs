//! Passwords that are changed: the one that is, and the one that will be.

use erasure::locale::Locale;
use leptos::prelude::*;

use super::field::{Field, FieldFrame};
use crate::wire::Trouble;

/// The password that will be: a manager may propose one.
#[component]
pub(crate) fn NewPasswordField(
    label: &'static str,
    hint: &'static str,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    secret(
        Field::NewPassword,
        label,
        hint,
        "new-password",
        locale,
        trouble,
    )
}

/// The password that is.
#[component]
pub(crate) fn PresentPasswordField(
    label: &'static str,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    secret(
        Field::PresentPassword,
        label,
        "",
        "current-password",
        locale,
        trouble,
    )
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fields of one input, each said once by its caller"
)]
fn secret(
    field: Field,
    label: &'static str,
    hint: &'static str,
    autocomplete: &'static str,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    let trouble = trouble.filter(|trouble| field.is_at_fault(*trouble));
    let id = field.id();
    let described: Vec<String> = [
        (!hint.is_empty()).then(|| format!("{id}-hint")),
        trouble.map(|_| format!("{id}-error")),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <FieldFrame field label hint locale trouble>
            <input
                id=id
                name=id
                type="password"
                autocomplete=autocomplete
                maxlength="1024"
                required
                aria-invalid=trouble.map(|_| "true")
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))
            />
        </FieldFrame>
    }
}
