//! The mark: a speech bubble whose content is gone.

use leptos::prelude::*;

/// The browser tab's icon; written into the page, so that no request is needed for it.
pub(super) const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
%3Crect width='32' height='32' rx='9' fill='%230b6b5d'/%3E\
%3Cpath d='M16 7a9 9 0 1 0 4.6 16.7L25 25l-1.3-4.1A9 9 0 0 0 16 7Z' fill='none' stroke='%23fff' stroke-width='2.6' \
stroke-linejoin='round'/%3E%3Cpath d='M12.4 16h7.2' stroke='%23fff' stroke-width='2.6' stroke-linecap='round'/%3E%3C/svg%3E";

/// The mark as part of the page; its name stands beside it.
#[component]
pub(super) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="9"></rect>
            <path class="mark-line" d="M16 7a9 9 0 1 0 4.6 16.7L25 25l-1.3-4.1A9 9 0 0 0 16 7Z"></path>
            <path class="mark-line" d="M12.4 16h7.2"></path>
        </svg>
    }
}
