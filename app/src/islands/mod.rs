//! The one island: it turns the wizard's pages into one page that never reloads.
//!
//! It owns no state and knows no words. Every page it shows was rendered by the server, and every form it sends would work
//! without it. What it adds:
//!
//! - [`visit`]: forms and step links are fetched, and the answer's page takes the place of this one;
//! - [`countdown`]: the wait before another code can be asked for, and the end of a code's life;
//! - [`progress`]: the numbers of a running erasure;
//! - [`moment`]: times in the reader's own time zone.

mod countdown;
mod dom;
mod moment;
mod progress;
mod visit;

use leptos::prelude::*;

/// Makes the page inside it feel like one page, once WebAssembly is there.
#[island]
pub fn Wizard(children: Children) -> impl IntoView {
    if cfg!(target_arch = "wasm32") {
        visit::listen();
        enhance();
    }
    children()
}

/// Starts what the present page asks for by its attributes. Called again whenever another page took its place.
fn enhance() {
    moment::localize();
    countdown::start();
    progress::start();
}
