//! The manifest as a picture: a box for each table, an arrow for each reference, a frame for each category.

use std::{collections::BTreeMap, fmt::Write as _};

use erasure::manifest::{Entry, Group, Manifest};

/// The picture, in the language that Mermaid draws.
pub(super) fn mermaid(manifest: &Manifest) -> String {
    let mut groups: BTreeMap<Group, Vec<&Entry>> = BTreeMap::new();
    for entry in manifest.tables() {
        groups.entry(entry.category).or_default().push(entry);
    }
    let mut text = "flowchart LR\n".to_owned();
    for (group, entries) in &groups {
        let name = group.as_str();
        let _ = writeln!(text, "  subgraph {name}_frame [\"{name}\"]");
        for entry in entries {
            let _ = writeln!(
                text,
                "    {}[\"{}<br>{}\"]",
                node(entry),
                entry.name,
                fate(entry)
            );
        }
        text.push_str("  end\n");
    }
    for entry in manifest.tables() {
        for to in entry.refers_to.iter().filter(|to| **to != entry.name) {
            if let Some(to) = manifest.table(to) {
                let _ = writeln!(text, "  {} --> {}", node(entry), node(to));
            }
        }
    }
    text
}

/// A word that Mermaid takes for nothing of its own, also where a table is called `end`.
fn node(entry: &Entry) -> String {
    format!("{}_{}", entry.category.as_str(), entry.name)
}

/// What becomes of its rows, in few words.
fn fate(entry: &Entry) -> String {
    let fates: Vec<_> = entry
        .keys()
        .map(|key| format!("{}: {}", key.column, key.fate.as_str()))
        .collect();
    match &entry.keep {
        Some(keep) if fates.is_empty() => format!("kept: {}", keep.until),
        _ => fates.join("<br>"),
    }
}
