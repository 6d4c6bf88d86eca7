//! The manifest's file, read but not yet held against anything.

use serde::Deserialize;

use super::{Entry, Prefix, Remote};

/// The file is not a manifest.
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
}

pub(super) fn parse(text: &str) -> Result<Draft, ManifestError> {
    Ok(toml::from_str(text)?)
}
