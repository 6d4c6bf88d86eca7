//! The server functions: parse, call the domain, say where to go next.
//!
//! All of them are targets of plain forms, and all of them end in a redirect: to the next page, or to the same one with a
//! sentence that says what is wrong. The `Err` of their type is only for faults of the framework itself.

pub mod account;
pub mod console;
pub mod erasure;
pub mod export;
#[cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "server functions are async; one of these only looks at what the browser has kept"
    )
)]
pub mod request;
pub mod session;
