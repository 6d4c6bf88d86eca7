//! A table of the console. A wide one scrolls within its own frame, which the keyboard reaches.

use leptos::prelude::*;

/// The rows are what it encloses.
#[component]
pub(crate) fn Ledger(
    /// What it lists, for whoever does not see it.
    caption: &'static str,
    /// What its columns are called, from left to right.
    columns: Vec<&'static str>,
    /// It stands in a section of the same name, and is no landmark beside it.
    #[prop(optional)]
    in_section: bool,
    children: Children,
) -> impl IntoView {
    let role = if in_section { "group" } else { "region" };
    let columns = columns
        .into_iter()
        .map(|name| view! { <th scope="col">{name}</th> })
        .collect_view();
    view! {
        <div class="scroll" role=role aria-label=caption tabindex="0">
            <table class="ledger">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
