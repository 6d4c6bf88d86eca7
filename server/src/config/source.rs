//! Where configuration comes from.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::{Fault, keys};

const PREFIX: &str = "QLIENTO_";
/// What every program reads that speaks S3.
const CLOUD: &str = "AWS_";
const FILE: &str = "qliento.toml";

/// Texts by key, and what could not even be read.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub(super) values: BTreeMap<String, String>,
    pub(super) from_file: Vec<String>,
    pub(super) faults: Vec<Fault>,
    /// A demo, and commands that neither serve nor work, may do without what a deployment must have.
    pub(super) lenient: bool,
    /// Region, endpoint and credentials as the environment tells them to whoever speaks S3.
    pub(super) cloud: Vec<(String, SecretString)>,
}

impl Source {
    /// The environment, over the file in the working folder.
    #[must_use]
    pub fn system() -> Self {
        let mut source = match std::fs::read_to_string(FILE) {
            Ok(text) => Self::read(&text, environment(PREFIX)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Self::read("", environment(PREFIX))
            }
            Err(error) => {
                let mut source = Self::read("", environment(PREFIX));
                source.faults.push(Fault {
                    key: FILE.to_owned(),
                    message: format!("cannot be read ({})", error.kind()),
                });
                source
            }
        };
        let cloud = environment(CLOUD).map(|(name, value)| (name, value.into()));
        source.cloud = cloud.collect();
        source
    }

    /// The environment, over a file's text.
    pub fn read(file: &str, environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut source = Self::default();
        source.read_file(file);
        for (name, value) in environment {
            let key = name.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
            if keys::find(&key).is_some() && name == shown_in_environment(&key) {
                source.from_file.retain(|known| *known != key);
                source.values.insert(key, value);
            } else {
                source.faults.push(Fault {
                    message: keys::unknown(&key),
                    key: name,
                });
            }
        }
        source
    }

    /// Sets what a command decides by itself where the operator did not, and asks for no more than that.
    #[must_use]
    pub fn with_defaults(mut self, defaults: &[(&str, String)]) -> Self {
        for (key, value) in defaults {
            self.values
                .entry((*key).to_owned())
                .or_insert_with(|| value.clone());
        }
        self.lenient = true;
        self
    }

    /// Makes a fault of each of these keys that the operator set.
    #[must_use]
    pub fn refusing(mut self, names: &[&str], why: &str) -> Self {
        for name in names {
            if self.values.contains_key(*name) {
                self.faults.push(Fault {
                    key: self.shown(name),
                    message: why.to_owned(),
                });
            }
        }
        self
    }

    /// The text of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// The key as the operator knows it.
    pub(super) fn shown(&self, key: &str) -> String {
        if self.from_file.iter().any(|known| known == key) {
            format!("{key} in {FILE}")
        } else {
            shown_in_environment(key)
        }
    }

    fn read_file(&mut self, text: &str) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                self.faults.push(Fault {
                    key: FILE.to_owned(),
                    message: format!("is not TOML: {}", error.message()),
                });
                return;
            }
        };
        for (key, value) in table {
            if keys::find(&key).is_none() {
                self.faults.push(Fault {
                    message: keys::unknown(&key),
                    key: format!("{key} in {FILE}"),
                });
                continue;
            }
            self.from_file.push(key.clone());
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Float(_)
                | toml::Value::Boolean(_)
                | toml::Value::Datetime(_)
                | toml::Value::Array(_)
                | toml::Value::Table(_) => {
                    self.faults.push(Fault {
                        key: self.shown(&key),
                        message: "is neither a text nor a number".to_owned(),
                    });
                    continue;
                }
            };
            self.values.insert(key, text);
        }
    }
}

/// Everything that begins so. A value that is no text cannot be meant; as an empty one it is a fault.
fn environment(prefix: &str) -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(move |(name, value)| {
        let name = name.to_string_lossy().into_owned();
        name.starts_with(prefix)
            .then(|| (name, value.into_string().unwrap_or_default()))
    })
}

fn shown_in_environment(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}
