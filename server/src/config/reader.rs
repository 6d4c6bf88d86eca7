//! From texts to a configuration: every value is parsed, every fault is kept.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use erasure::{graph::MetaId, mail::SmtpMail, person::EmailAddress, zone::Zone};
use lettre::message::Mailbox;
use secrecy::SecretString;
use url::{Host, Url};

use super::{Fault, Proxies, Source, keys};

/// More than a week would break the promise of 30 days for backups.
const LONGEST_WINDOW_MINUTES: u64 = 7 * 24 * 60;
/// One hour is left to keep the promise of 24.
const LONGEST_PATIENCE_HOURS: u64 = 23;

/// Reads one key after the other and goes on after a fault; what it returns then is never used.
pub(super) struct Reader {
    source: Source,
    pub(super) faults: Vec<Fault>,
}

impl Reader {
    pub(super) fn new(mut source: Source) -> Self {
        let faults = std::mem::take(&mut source.faults);
        Self { source, faults }
    }

    /// What the environment says to whoever speaks S3.
    pub(super) fn cloud(&self) -> &[(String, SecretString)] {
        &self.source.cloud
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let text = self.source.get(name)?.trim().to_owned();
        if text.is_empty() {
            self.fault(name, "is empty");
            return None;
        }
        if text.chars().any(char::is_control) {
            self.fault(name, "holds a control character");
            return None;
        }
        Some(text)
    }

    pub(super) fn text_or(&mut self, name: &str, default: &str) -> String {
        self.text(name).unwrap_or_else(|| default.to_owned())
    }

    pub(super) fn path_or(&mut self, name: &str, default: PathBuf) -> PathBuf {
        self.text(name).map_or(default, PathBuf::from)
    }

    pub(super) fn address(&mut self, name: &str) -> Option<SocketAddr> {
        let text = self.text(name)?;
        let address = text.parse().ok();
        if address.is_none() {
            self.fault(name, "is not an address and port");
        }
        address
    }

    pub(super) fn database_url(&mut self, data_dir: &Path) -> SecretString {
        let in_folder = format!("sqlite:{}", data_dir.join("qliento.db").display());
        let text = self.text_or("database_url", &in_folder);
        if !is_database(&text) {
            self.fault(
                "database_url",
                "is not sqlite: and the path of a file, nor postgres:// and the address of a database",
            );
        }
        text.into()
    }

    pub(super) fn backup_every(&mut self) -> Duration {
        let text = self.text_or("backup_hours", "24");
        if let Ok(hours @ 1..=168) = text.parse() {
            return Duration::from_hours(hours);
        }
        self.fault("backup_hours", "is not a number of hours from 1 to 168");
        Duration::ZERO
    }

    pub(super) fn public_url(&mut self) -> String {
        if self.source.get("public_url").is_none() {
            self.fault("public_url", "is missing");
            return String::new();
        }
        let text = self.web_address("public_url");
        if !self.source.lenient && Url::parse(&text).is_ok_and(|url| is_unprotected(&url)) {
            self.fault(
                "public_url",
                "is http: browsers keep this site's cookies only over https",
            );
        }
        text
    }

    pub(super) fn graph_url(&mut self) -> Option<String> {
        if self.source.get("graph_url").is_some() {
            return Some(self.web_address("graph_url"));
        }
        self.missing_unless_lenient("graph_url");
        None
    }

    pub(super) fn smtp_url(&mut self) -> Option<SecretString> {
        if self.source.get("smtp_url").is_none() {
            self.missing_unless_lenient("smtp_url");
            return None;
        }
        let text = self.text("smtp_url")?;
        if !SmtpMail::understands(&text) {
            self.fault("smtp_url", "is not an SMTP address");
        }
        Some(SecretString::from(text))
    }

    pub(super) fn graph_version(&mut self) -> String {
        let version = self.text_or("graph_version", "v25.0");
        let numbers = version
            .strip_prefix('v')
            .and_then(|rest| rest.split_once('.'));
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !numbers.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
            self.fault("graph_version", "is not a version");
        }
        version
    }

    pub(super) fn meta_app_id(&mut self) -> Option<String> {
        let id = self.text("meta_app_id")?;
        if id.parse::<MetaId>().is_err() {
            self.fault("meta_app_id", "is not an id of Meta's");
        }
        Some(id)
    }

    pub(super) fn cancel_window(&mut self) -> Duration {
        let text = self.text_or("cancel_window_minutes", "60");
        match text.parse::<u64>() {
            Ok(minutes) if minutes <= LONGEST_WINDOW_MINUTES => Duration::from_mins(minutes),
            _ => {
                self.fault(
                    "cancel_window_minutes",
                    "is not a number of minutes between 0 and 10080",
                );
                Duration::ZERO
            }
        }
    }

    pub(super) fn meta_patience(&mut self) -> Duration {
        let text = self.text_or("meta_patience_hours", "23");
        match text.parse::<u64>() {
            Ok(hours) if hours <= LONGEST_PATIENCE_HOURS => Duration::from_hours(hours),
            _ => {
                self.fault(
                    "meta_patience_hours",
                    "is not a number of hours between 0 and 23",
                );
                Duration::ZERO
            }
        }
    }

    pub(super) fn email(&mut self, name: &str, default: &str) -> String {
        let text = self.text_or(name, default);
        if text.parse::<EmailAddress>().is_err() {
            self.fault(name, "is not an e-mail address");
        }
        text
    }

    pub(super) fn sender(&mut self, name: &str, default: &str) -> String {
        let text = self.text_or(name, default);
        if text.parse::<Mailbox>().is_err() {
            self.fault(name, "is neither an e-mail address nor a name with one");
        }
        text
    }

    pub(super) fn proxies(&mut self) -> Proxies {
        let text = self.text("trusted_proxies").unwrap_or_default();
        text.parse().unwrap_or_else(|_| {
            self.fault("trusted_proxies", "is not a list of addresses or networks");
            Proxies::default()
        })
    }

    pub(super) fn time_zone(&mut self) -> Zone {
        let Some(name) = self.text("time_zone") else {
            return Zone::paris();
        };
        name.parse().unwrap_or_else(|_| {
            self.fault("time_zone", "is not a time zone of the IANA database");
            Zone::utc()
        })
    }

    /// A page of the deployment's own, somewhere on the web.
    pub(super) fn page(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let is_page = |url: &Url| url.scheme() == "https" && url.host().is_some();
        if !Url::parse(&text).is_ok_and(|url| is_page(&url)) {
            self.fault(name, "is not the address of a page, https and whole");
        }
        Some(text)
    }

    fn web_address(&mut self, name: &str) -> String {
        let Some(text) = self.text(name) else {
            return String::new();
        };
        if !Url::parse(&text).is_ok_and(|url| is_bare(&url)) {
            self.fault(
                name,
                "is not an http or https address without a path, a query or a password",
            );
        }
        text.trim_end_matches('/').to_owned()
    }

    fn missing_unless_lenient(&mut self, name: &str) {
        if !self.source.lenient {
            self.fault(name, "is missing");
        }
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.source.get(name).is_some()
    }

    pub(super) fn fault(&mut self, name: &str, what: &str) {
        let hint = keys::find(name)
            .map(|key| format!(" ({}, for example {})", key.what, key.example))
            .unwrap_or_default();
        self.faults.push(Fault {
            key: self.source.shown(name),
            message: format!("{what}{hint}"),
        });
    }
}

fn is_bare(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_database(text: &str) -> bool {
    match text.strip_prefix("sqlite:") {
        Some(path) => !path.trim_start_matches('/').is_empty() && !path.starts_with(":memory:"),
        None => Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql")),
    }
}

/// Plain http to another machine; browsers trust their own.
fn is_unprotected(url: &Url) -> bool {
    let is_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !is_this_machine
}
