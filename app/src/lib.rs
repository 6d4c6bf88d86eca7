//! What people see: pages, the one island that makes the wizard feel like one page, and the server functions behind them.
//!
//! Pages, their parts and their words exist on the server only. The browser gets finished HTML; pages without the island
//! carry no script at all, and everything works without JavaScript. Only [`islands`], and the small types of [`wire`]
//! and [`api`], are compiled to WebAssembly.
//!
//! To add a page: a file in `pages`, an address in `pages::Place` if people may be sent back to it, a line in the URL table
//! of `pages`, and its words in `locales` (the compiler asks for every language).

#![cfg_attr(
    feature = "ssr",
    expect(
        unreachable_pub,
        reason = "#[component] declares its properties `pub`, however private it is"
    )
)]
#![expect(
    clippy::must_use_candidate,
    reason = "an island is placed in a view, never called for its value"
)]

pub mod api;
pub mod islands;
pub mod wire;

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
mod asking;
#[cfg(feature = "ssr")]
mod console;
#[cfg(feature = "ssr")]
mod context;
#[cfg(feature = "ssr")]
mod csv;
#[cfg(feature = "ssr")]
mod deletion;
#[cfg(feature = "ssr")]
mod download;
#[cfg(feature = "ssr")]
mod identity;
#[cfg(feature = "ssr")]
mod locales;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
mod receipt_form;
#[cfg(feature = "ssr")]
mod router;

#[cfg(feature = "ssr")]
pub use router::{Site, receipt_router, router};
