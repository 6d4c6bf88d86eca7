//! The only place that prints. What a program reads goes to standard output, what a person needs to know to standard error.

use std::io::Write as _;

/// A line for whoever reads the output. A reader that went away is no reason to fail.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A value as JSON, for `--json`.
///
/// # Errors
/// When the value has no JSON form.
pub fn json<T: serde::Serialize>(value: &T) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A sentence about what went wrong or what is going on.
pub fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
