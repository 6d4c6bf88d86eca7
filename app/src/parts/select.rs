//! One of several, on one line.

use leptos::prelude::*;

/// A list that folds out.
#[component]
pub(crate) fn Select(
    id: String,
    name: &'static str,
    label: String,
    /// The value, and what it is called.
    options: Vec<(&'static str, &'static str)>,
    chosen: &'static str,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|(value, words)| {
            view! {
                <option value=value selected=value == chosen>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                {options}
            </select>
        </div>
    }
}
