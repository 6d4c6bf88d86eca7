//! Logs to standard error: text for people, JSON for machines. What may stand in them says `docs/logging.md`.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts logging. A second call does nothing: tests start many applications.
pub(crate) fn start() {
    let filter = EnvFilter::new("warn,erasure=info,server=info");
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let registry = tracing_subscriber::registry().with(filter);
    let _ = if std::io::stderr().is_terminal() {
        registry.with(layer).try_init()
    } else {
        registry.with(layer.json().flatten_event(true)).try_init()
    };
}
