//! How a letter looks: the same blocks as plain text and as HTML.

use std::fmt::Write as _;

use crate::locale::Locale;

/// A letter in words.
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) blocks: Vec<Block>,
    /// Who writes, and where to answer.
    pub(super) signature: String,
}

/// A part of a letter.
pub(super) enum Block {
    Paragraph(String),
    /// The code, large.
    Code(String),
    List(Vec<String>),
    Link {
        label: String,
        address: String,
    },
}

/// The plain text part.
pub(super) fn text(letter: &Written) -> String {
    let mut text = String::new();
    for block in &letter.blocks {
        match block {
            Block::Paragraph(words) | Block::Code(words) => text.push_str(words),
            Block::List(items) => {
                text.push_str(
                    &items
                        .iter()
                        .map(|item| format!("- {item}"))
                        .collect::<Vec<_>>()
                        .join("\n"),
                );
            }
            Block::Link { label, address } => {
                let _ = write!(text, "{label}\n{address}");
            }
        }
        text.push_str("\n\n");
    }
    let _ = writeln!(text, "-- \n{}", letter.signature);
    text
}

/// The HTML part: no pictures, nothing loaded from anywhere, readable with every style taken away.
pub(super) fn html(letter: &Written, locale: Locale) -> String {
    let mut body = String::new();
    for block in &letter.blocks {
        match block {
            Block::Paragraph(words) => {
                let _ = write!(body, "<p style=\"margin:0 0 16px\">{}</p>", escape(words));
            }
            Block::Code(code) => {
                let _ = write!(
                    body,
                    "<p style=\"margin:0 0 16px;font-size:32px;font-weight:700;letter-spacing:2px;font-family:monospace\">{}</p>",
                    escape(code)
                );
            }
            Block::List(items) => {
                body.push_str("<ul style=\"margin:0 0 16px;padding-left:20px\">");
                for item in items {
                    let _ = write!(body, "<li>{}</li>", escape(item));
                }
                body.push_str("</ul>");
            }
            Block::Link { label, address } => {
                let _ = write!(
                    body,
                    "<p style=\"margin:0 0 16px\"><a href=\"{}\" style=\"color:#0b5c4a\">{}</a></p>",
                    escape(address),
                    escape(label)
                );
            }
        }
    }
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"margin:0;padding:24px;font:16px/1.5 sans-serif;color:#17211e;background:#fff\">\
         <div style=\"max-width:560px\">{body}<p style=\"margin:24px 0 0;color:#55635e;font-size:14px\">{}</p></div></body></html>",
        locale.as_str(),
        escape(&letter.subject),
        escape(&letter.signature)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_markup() {
        let letter = Written {
            subject: "x".to_owned(),
            blocks: vec![Block::Paragraph(
                "<img src=\"https://evil.example\">".to_owned(),
            )],
            signature: String::new(),
        };

        assert!(
            html(&letter, Locale::En).contains("&lt;img src=&quot;https://evil.example&quot;&gt;")
        );
    }
}
