//! The only script of the site: loads the WebAssembly and wakes the islands.
//!
//! Leptos' own `HydrationScripts` goes on every page and writes the nonce where it can be read back; this one is on the
//! wizard's pages only, and asks for exactly the two files that the build left.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

use crate::{answer, context, router::Site};

/// Lets this page run the island, and starts it.
#[component]
pub(crate) fn Hydration() -> impl IntoView {
    let Site { js, wasm, .. } = context::site();
    let nonce = use_nonce();
    if let Some(nonce) = &nonce {
        answer::allow_island(&expect_context::<ResponseOptions>(), nonce);
    }
    let script = format!("/pkg/{js}");
    let wasm = format!("/pkg/{wasm}");
    // Both files at once, and neither where scripts are off: a preload link would fetch them for nothing there.
    // Debug formatting of a path made of letters, digits and dots is a JavaScript string.
    let start = format!(
        "const wasm=fetch({wasm:?}),app=await import({script:?});\
         await app.default({{module_or_path:wasm}});\
         app.hydrate();\
         for(const island of document.querySelectorAll('leptos-island'))app[island.dataset.component]?.(island);"
    );
    view! {
        <script type="module" nonce=nonce>
            {start}
        </script>
    }
}
