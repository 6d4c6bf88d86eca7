//! The demo: fresh data, a mailbox and a Meta of its own, so that it needs nothing outside.

mod graph;
mod mailbox;

pub(crate) use self::{graph::serve as serve_graph, mailbox::router as mailbox_router};
