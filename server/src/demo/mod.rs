//! The demo: fresh data, a mailbox and a Meta of its own, so that it needs nothing outside.

mod mailbox;
mod meta;
mod page;

pub use self::meta::serve as serve_meta;
pub(crate) use self::{mailbox::router as mailbox_router, meta::desk_router as meta_router};
