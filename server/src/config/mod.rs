//! What an operator can set: the environment, over `qliento.toml`, over defaults.
//!
//! Everything is read and parsed before anything is opened, and every fault is listed at once.
//!
//! **To add a key**: a line in [`KEYS`], a field of [`Config`], its parsing in [`Config::parse`], a line in the README.

mod proxies;
mod source;

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use erasure::{mail::SmtpMail, person::EmailAddress};
use secrecy::SecretString;
use url::Url;

pub use self::{proxies::Proxies, source::Source};

/// Every key with what it is for; the environment's names are `QLIENTO_` and these in capitals.
pub const KEYS: [(&str, &str); 18] = [
    (
        "admin_listen",
        "where /metrics is served, for example 127.0.0.1:9100",
    ),
    (
        "cancel_window_minutes",
        "how long other owners may cancel, for example 60",
    ),
    ("controller", "the name on pages and letters"),
    (
        "data_dir",
        "where this deployment keeps its files, for example /var/lib/qliento",
    ),
    (
        "database_url",
        "for example sqlite:/var/lib/qliento/qliento.db",
    ),
    (
        "graph_url",
        "Meta's Graph API, for example https://graph.facebook.com",
    ),
    ("graph_version", "for example v25.0"),
    (
        "listen",
        "where the site is served, for example 127.0.0.1:3000",
    ),
    (
        "mail_from",
        "the sender of letters, for example Qliento <privacy@qliento.com>",
    ),
    ("master_key_file", "the file that `qliento key new` writes"),
    (
        "media_url",
        "where media files are, for example file:/var/lib/qliento/media",
    ),
    ("meta_app_secret", "the secret of the app at Meta"),
    ("privacy_address", "where people write about their data"),
    (
        "public_url",
        "how people reach the site, for example https://app.qliento.com",
    ),
    ("site_root", "where the built pages' files are"),
    (
        "smtp_url",
        "for example smtps://user:password@mail.example.com",
    ),
    ("support_address", "where people write about anything else"),
    (
        "trusted_proxies",
        "addresses of proxies in front, for example 127.0.0.1,10.0.0.2",
    ),
];

/// A deployment's configuration, complete and parsed.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the site is served.
    pub listen: SocketAddr,
    /// Where metrics are served.
    pub admin_listen: Option<SocketAddr>,
    /// The database's address.
    pub database_url: String,
    /// The folder of media files.
    pub media: PathBuf,
    /// The deployment's folder.
    pub data_dir: PathBuf,
    /// The master key's file.
    pub master_key_file: PathBuf,
    /// How people reach the site, without a slash at its end.
    pub public_url: String,
    /// The mail server; `None` in the demo: a mailbox in memory.
    pub smtp_url: Option<SecretString>,
    /// Meta's Graph API; `None`: commands that neither serve nor work by themselves do without it.
    pub graph_url: Option<String>,
    /// Its version.
    pub graph_version: String,
    /// The secret of the app at Meta.
    pub meta_app_secret: Option<SecretString>,
    /// How long other owners may cancel.
    pub cancel_window: Duration,
    /// Where the built pages' files are.
    pub site_root: PathBuf,
    /// The name on pages and letters.
    pub controller: String,
    /// Where people write about their data.
    pub privacy_address: String,
    /// Where people write about anything else.
    pub support_address: String,
    /// The sender of letters.
    pub mail_from: String,
    /// Who may say where a request comes from.
    pub trusted_proxies: Proxies,
}

/// A fault of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, as the operator wrote it or should.
    pub key: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.key, self.message)
    }
}

/// Everything that is wrong with the configuration.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the configuration has {} fault(s):\n{}", .0.len(), lines(.0))]
pub struct Faults(pub Vec<Fault>);

fn lines(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(|fault| format!("  - {fault}"))
        .collect::<Vec<_>>()
        .join("\n")
}

impl Config {
    /// Reads the environment and `qliento.toml` in the working folder.
    ///
    /// # Errors
    /// All faults at once.
    pub fn load() -> Result<Self, Faults> {
        Self::parse(Source::system())
    }

    /// The same for commands that neither serve nor mail: what only those need may be missing.
    ///
    /// # Errors
    /// All faults at once.
    pub fn load_for_work() -> Result<Self, Faults> {
        let defaults = [("public_url", "https://app.qliento.com".to_owned())];
        Self::parse(Source::system().with_defaults(&defaults))
    }

    /// Parses what was read.
    ///
    /// # Errors
    /// All faults at once.
    pub fn parse(source: Source) -> Result<Self, Faults> {
        let mut reader = Reader {
            faults: source.faults.clone(),
            source,
        };
        let data_dir = PathBuf::from(reader.text("data_dir").unwrap_or_else(|| "var".to_owned()));
        let config = Self {
            listen: reader
                .address("listen")
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            admin_listen: reader.address("admin_listen"),
            database_url: reader.database_url(&data_dir),
            media: reader.media(&data_dir),
            master_key_file: reader
                .text("master_key_file")
                .map_or_else(|| data_dir.join("master.key"), PathBuf::from),
            public_url: reader.public_url(),
            smtp_url: reader.smtp_url(),
            graph_url: reader.graph_url(),
            graph_version: reader.graph_version(),
            meta_app_secret: reader.text("meta_app_secret").map(SecretString::from),
            cancel_window: reader.cancel_window(),
            site_root: reader
                .text("site_root")
                .map_or_else(default_site_root, PathBuf::from),
            controller: reader
                .text("controller")
                .unwrap_or_else(|| "Qliento".to_owned()),
            privacy_address: reader.email("privacy_address", "privacy@qliento.com"),
            support_address: reader.email("support_address", "support@qliento.com"),
            mail_from: reader
                .text("mail_from")
                .unwrap_or_else(|| "Qliento <privacy@qliento.com>".to_owned()),
            trusted_proxies: reader.proxies(),
            data_dir,
        };
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(Faults(reader.faults))
        }
    }
}

/// The site that was built beside this program.
fn default_site_root() -> PathBuf {
    let beside = std::env::current_exe().ok();
    let target = beside
        .as_deref()
        .and_then(|program| program.parent()?.parent());
    target.map_or_else(
        || PathBuf::from("target/site"),
        |target| target.join("site"),
    )
}

struct Reader {
    source: Source,
    faults: Vec<Fault>,
}

impl Reader {
    fn text(&mut self, key: &str) -> Option<String> {
        let text = self.source.values.get(key)?.trim().to_owned();
        if text.is_empty() {
            self.fault(key, "is empty");
            return None;
        }
        Some(text)
    }

    fn fault(&mut self, key: &str, message: &str) {
        let hint = KEYS
            .iter()
            .find(|(known, _)| *known == key)
            .map_or("", |(_, hint)| *hint);
        self.faults.push(Fault {
            key: self.source.shown(key),
            message: format!("{message} ({hint})"),
        });
    }

    fn address(&mut self, key: &str) -> Option<SocketAddr> {
        let text = self.text(key)?;
        let address = text.parse().ok();
        if address.is_none() {
            self.fault(key, "is not an address and port");
        }
        address
    }

    fn database_url(&mut self, data_dir: &std::path::Path) -> String {
        let text = self.text("database_url");
        match text {
            None => format!("sqlite:{}", data_dir.join("qliento.db").display()),
            Some(text) if text.starts_with("sqlite:") => text,
            Some(_) => {
                self.fault("database_url", "does not begin with sqlite:");
                String::new()
            }
        }
    }

    fn media(&mut self, data_dir: &std::path::Path) -> PathBuf {
        match self.text("media_url") {
            None => data_dir.join("media"),
            Some(text) => {
                if !text.starts_with("file:") {
                    self.fault("media_url", "does not begin with file:");
                }
                let path = text.trim_start_matches("file:");
                PathBuf::from(path.strip_prefix("//").unwrap_or(path))
            }
        }
    }

    fn public_url(&mut self) -> String {
        if self.source.values.contains_key("public_url") {
            return self.url("public_url");
        }
        self.fault("public_url", "is missing");
        String::new()
    }

    fn url(&mut self, key: &str) -> String {
        let Some(text) = self.text(key) else {
            return String::new();
        };
        match Url::parse(&text) {
            Ok(url)
                if matches!(url.scheme(), "http" | "https")
                    && url.host().is_some()
                    && url.path() == "/" =>
            {
                text.trim_end_matches('/').to_owned()
            }
            _ => {
                self.fault(key, "is not an http or https address without a path");
                String::new()
            }
        }
    }

    fn graph_url(&mut self) -> Option<String> {
        if self.source.values.contains_key("graph_url") {
            return Some(self.url("graph_url"));
        }
        if !self.source.lenient {
            self.fault("graph_url", "is missing");
        }
        None
    }

    fn smtp_url(&mut self) -> Option<SecretString> {
        if !self.source.values.contains_key("smtp_url") {
            if !self.source.lenient {
                self.fault("smtp_url", "is missing");
            }
            return None;
        }
        let text = self.text("smtp_url")?;
        if !SmtpMail::understands(&text) {
            self.fault("smtp_url", "is not an SMTP address");
        }
        Some(SecretString::from(text))
    }

    fn graph_version(&mut self) -> String {
        let version = self
            .text("graph_version")
            .unwrap_or_else(|| "v25.0".to_owned());
        let is_version = |text: &str| {
            text.strip_prefix('v')
                .and_then(|rest| rest.split_once('.'))
                .is_some_and(|(major, minor)| {
                    [major, minor].iter().all(|part| {
                        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
                    })
                })
        };
        if !is_version(&version) {
            self.fault("graph_version", "is not a version");
        }
        version
    }

    fn cancel_window(&mut self) -> Duration {
        /// More than a week would break the promise of 30 days for backups.
        const LONGEST: u64 = 7 * 24 * 60;
        let Some(text) = self.text("cancel_window_minutes") else {
            return Duration::from_hours(1);
        };
        match text.parse::<u64>() {
            Ok(minutes) if minutes <= LONGEST => Duration::from_mins(minutes),
            _ => {
                self.fault(
                    "cancel_window_minutes",
                    "is not a number of minutes between 0 and 10080",
                );
                Duration::ZERO
            }
        }
    }

    fn email(&mut self, key: &str, default: &str) -> String {
        let Some(text) = self.text(key) else {
            return default.to_owned();
        };
        if text.parse::<EmailAddress>().is_err() {
            self.fault(key, "is not an e-mail address");
        }
        text
    }

    fn proxies(&mut self) -> Proxies {
        let text = self.text("trusted_proxies").unwrap_or_default();
        text.parse().unwrap_or_else(|_| {
            self.fault("trusted_proxies", "is not a list of addresses");
            Proxies::default()
        })
    }
}

#[cfg(test)]
mod tests;
