//! The browser's entry: wakes the islands, nothing else.

/// Exported for its use alone: without it the linker would drop the islands, and nothing would wake.
pub use app::islands::*;

/// Called by the page once this module is loaded; the page then wakes each island by its name.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
