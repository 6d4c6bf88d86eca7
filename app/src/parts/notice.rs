//! A sentence in a box: news that is not an error.

use leptos::prelude::*;

/// Announced when it appears.
#[component]
pub(crate) fn NoticeBox(#[prop(optional)] warning: bool, children: Children) -> impl IntoView {
    let class = if warning {
        "notice notice-warning"
    } else {
        "notice"
    };
    view! {
        <p class=class role="status">
            {children()}
        </p>
    }
}
