//! Comma-separated values that a spreadsheet opens as text: RFC 4180, and no cell that it would run as a formula.

/// The byte order mark by which spreadsheets know UTF-8.
pub(crate) const MARK: &str = "\u{feff}";

/// One line. Every cell is quoted; one that begins like a formula gets an apostrophe before it (OWASP, "CSV Injection").
pub(crate) fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = cells
        .into_iter()
        .map(|cell| format!("\"{}\"", harmless(cell).replace('"', "\"\"")))
        .collect::<Vec<_>>()
        .join(",");
    text.push_str("\r\n");
    text
}

fn harmless(cell: &str) -> String {
    let begins_a_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    // Full-width forms mean the same to some programs.
    let begins_wide = cell.starts_with(['＝', '＋', '－', '＠']);
    if begins_a_formula || begins_wide {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(line(["a", "b,c", "d\"e"]), "\"a\",\"b,c\",\"d\"\"e\"\r\n");
        for cell in [
            "=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1",
        ] {
            assert_eq!(line([cell]), format!("\"'{cell}\"\r\n"), "{cell:?}");
        }
        assert_eq!(line([""]), "\"\"\r\n");
    }
}
