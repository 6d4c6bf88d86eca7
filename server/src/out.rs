//! The only place that prints. What a program reads goes to standard output, what a person needs to know to standard error.

use std::io::{IsTerminal as _, Write as _};

/// A line for whoever reads the output. A reader that went away is no reason to fail.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Bytes as they are; on a terminal without what would steer it, because a stranger has written them.
pub fn bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = if out.is_terminal() {
        out.write_all(tame(&String::from_utf8_lossy(bytes)).as_bytes())
    } else {
        out.write_all(bytes)
    };
}

fn tame(text: &str) -> String {
    let is_tame = |one: char| one == '\n' || one == '\t' || !one.is_control();
    let turns = |one: char| matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace("\r\n", "\n")
        .chars()
        .map(|one| {
            if is_tame(one) && !turns(one) {
                one
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::tame;

    #[test]
    fn what_would_steer_a_terminal_is_not_shown_on_one() {
        let shown = tame("a\r\nb\tc\u{1b}[2J\u{202e}é\u{7f}");

        assert_eq!(shown, "a\nb\tc\u{fffd}[2J\u{fffd}é\u{fffd}");
    }
}
