//! The manifest's file, read but not yet held against anything.

use serde::Deserialize;

use super::{Entry, Prefix, Remote, Sequence};

/// The text is not a manifest.
#[derive(Debug, thiserror::Error)]
#[error("the manifest file is not understood: {0}")]
pub struct ManifestError(#[from] toml::de::Error);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    pub(super) table: Vec<Entry>,
    #[serde(default)]
    pub(super) prefix: Vec<Prefix>,
    #[serde(default)]
    pub(super) remote: Vec<Remote>,
    #[serde(default)]
    pub(super) sequence: Vec<Sequence>,
}

/// What an operator adds: tables and counters. Files and outside services need code that knows them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    #[serde(default)]
    table: Vec<Entry>,
    #[serde(default)]
    sequence: Vec<Sequence>,
}

pub(super) fn parse(text: &str) -> Result<Draft, ManifestError> {
    Ok(toml::from_str(text)?)
}

impl Draft {
    /// Adds what an operator's own file names.
    pub(super) fn extend(&mut self, own: &str) -> Result<(), ManifestError> {
        let Own { table, sequence } = toml::from_str(own)?;
        let owned = table.into_iter().map(|entry| Entry {
            is_own: true,
            ..entry
        });
        self.table.extend(owned);
        self.sequence.extend(sequence);
        Ok(())
    }
}
