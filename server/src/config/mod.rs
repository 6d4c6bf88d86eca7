//! What an operator can set: the environment, over `qliento.toml`, over defaults.
//!
//! Everything is read and parsed before anything is opened, and every fault is listed at once.
//!
//! **To add a key**: a line in [`keys::KEYS`], a field of [`Config`], its parsing in [`Config::parse`], its text in
//! [`Config::effective`], a line in the README.

mod intake;
mod keys;
mod meta;
mod place;
mod proxies;
mod reader;
mod source;

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use erasure::zone::Zone;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use self::reader::Reader;
pub use self::{
    intake::Intake,
    meta::CodeNumber,
    place::{Place, S3},
    proxies::Proxies,
    source::Source,
};

/// Stands for a secret that is set.
const HIDDEN: &str = "[hidden]";

/// A deployment's configuration, complete and parsed.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the site is served.
    pub listen: SocketAddr,
    /// Where metrics are served.
    pub admin_listen: Option<SocketAddr>,
    /// The database's address.
    pub database_url: SecretString,
    /// The program that rewrites large tables on Postgres.
    pub pg_repack: Option<PathBuf>,
    /// The manifest of the operator's own tables.
    pub manifest_file: Option<PathBuf>,
    /// Where media files are.
    pub media: Place,
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
    /// The id of the app at Meta.
    pub meta_app_id: Option<String>,
    /// How long other owners may cancel.
    pub cancel_window: Duration,
    /// How long live data waits for Meta's confirmation.
    pub meta_patience: Duration,
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
    /// How long invoices are kept, if not as the program knows it.
    pub jurisdictions_file: Option<PathBuf>,
    /// Where the law's terms are reckoned.
    pub time_zone: Zone,
    /// The privacy policy on the web.
    pub privacy_policy_url: Option<String>,
    /// The terms of service on the web.
    pub terms_url: Option<String>,
    /// What Meta repeats when it asks for the webhook.
    pub meta_verify_token: Option<SecretString>,
    /// The number that sends codes.
    pub code_number: Option<CodeNumber>,
    /// The ledger's file.
    pub ledger_file: PathBuf,
    /// Where backups are; `None`: none are made.
    pub backups: Option<Place>,
    /// From one backup to the next.
    pub backup_every: Duration,
    /// How a bucket is reached.
    pub s3: S3,
    /// How letters to the privacy address come.
    pub intake: Intake,
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
        let mut reader = Reader::new(source);
        let data_dir = reader.path_or("data_dir", PathBuf::from("var"));
        let s3 = reader.s3();
        let config = Self {
            listen: reader
                .address("listen")
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            admin_listen: reader.address("admin_listen"),
            database_url: reader.database_url(&data_dir),
            pg_repack: reader.text("pg_repack").map(PathBuf::from),
            manifest_file: reader.text("manifest_file").map(PathBuf::from),
            media: reader.media(&data_dir, &s3),
            master_key_file: reader.path_or("master_key_file", data_dir.join("master.key")),
            public_url: reader.public_url(),
            smtp_url: reader.smtp_url(),
            graph_url: reader.graph_url(),
            graph_version: reader.graph_version(),
            meta_app_secret: reader.text("meta_app_secret").map(SecretString::from),
            meta_app_id: reader.meta_app_id(),
            cancel_window: reader.cancel_window(),
            meta_patience: reader.meta_patience(),
            site_root: reader.path_or("site_root", default_site_root()),
            controller: reader.text_or("controller", "Qliento"),
            privacy_address: reader.email("privacy_address", "privacy@qliento.com"),
            support_address: reader.email("support_address", "support@qliento.com"),
            mail_from: reader.sender("mail_from", "Qliento <privacy@qliento.com>"),
            trusted_proxies: reader.proxies(),
            jurisdictions_file: reader.text("jurisdictions_file").map(PathBuf::from),
            time_zone: reader.time_zone(),
            privacy_policy_url: reader.page("privacy_policy_url"),
            terms_url: reader.page("terms_url"),
            meta_verify_token: reader.text("meta_verify_token").map(SecretString::from),
            code_number: reader.code_number(),
            ledger_file: reader.path_or("ledger_file", data_dir.join("ledger.jsonl")),
            backups: reader.backups(&s3),
            backup_every: reader.backup_every(),
            intake: reader.intake(),
            data_dir,
            s3,
        };
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(Faults(reader.faults))
        }
    }

    /// What the program runs with, key by key, in the form of `qliento.toml`. Secrets are not shown.
    #[must_use]
    pub fn effective(&self) -> Vec<(&'static str, Option<String>)> {
        let secret = |secret: &Option<SecretString>| secret.as_ref().map(|_| HIDDEN.to_owned());
        let path = |path: &Path| Some(path.display().to_string());
        let minutes = self.cancel_window.as_secs() / 60;
        let hours = self.meta_patience.as_secs() / 3_600;
        let proxies = self.trusted_proxies.to_string();
        let code = self.code_number.as_ref();
        let mut effective = vec![
            ("listen", Some(self.listen.to_string())),
            ("admin_listen", self.admin_listen.map(|at| at.to_string())),
            ("public_url", Some(self.public_url.clone())),
            ("data_dir", path(&self.data_dir)),
            ("database_url", Some(without_password(&self.database_url))),
            ("pg_repack", self.pg_repack.as_deref().and_then(path)),
            (
                "manifest_file",
                self.manifest_file.as_deref().and_then(path),
            ),
            ("media_url", Some(self.media.address())),
            ("master_key_file", path(&self.master_key_file)),
            ("site_root", path(&self.site_root)),
            ("smtp_url", secret(&self.smtp_url)),
            ("mail_from", Some(self.mail_from.clone())),
            ("graph_url", self.graph_url.clone()),
            ("graph_version", Some(self.graph_version.clone())),
            ("meta_app_secret", secret(&self.meta_app_secret)),
            ("controller", Some(self.controller.clone())),
            ("privacy_address", Some(self.privacy_address.clone())),
            ("support_address", Some(self.support_address.clone())),
            ("cancel_window_minutes", Some(minutes.to_string())),
            ("trusted_proxies", (!proxies.is_empty()).then_some(proxies)),
            ("meta_app_id", self.meta_app_id.clone()),
            (
                "jurisdictions_file",
                self.jurisdictions_file.as_deref().and_then(path),
            ),
            ("meta_patience_hours", Some(hours.to_string())),
            ("time_zone", Some(self.time_zone.to_string())),
            ("privacy_policy_url", self.privacy_policy_url.clone()),
            ("terms_url", self.terms_url.clone()),
            ("meta_verify_token", secret(&self.meta_verify_token)),
            (
                "code_phone_number_id",
                code.map(|code| code.phone_number_id.expose().to_owned()),
            ),
            (
                "code_number",
                code.and_then(|code| Some(format!("+{}", code.number.as_ref()?.expose()))),
            ),
            (
                "code_token_file",
                code.and_then(|code| path(&code.token_file)),
            ),
            ("code_template", code.map(|code| code.template.clone())),
            ("code_languages", code.map(|code| code.languages.join(","))),
            ("ledger_file", path(&self.ledger_file)),
            ("backup_url", self.backups.as_ref().map(Place::address)),
            (
                "backup_hours",
                Some((self.backup_every.as_secs() / 3_600).to_string()),
            ),
        ];
        effective.extend(self.s3.effective(HIDDEN));
        effective.extend(self.intake.effective());
        effective
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

#[cfg(test)]
mod tests;

/// An address that may be shown.
fn without_password(address: &SecretString) -> String {
    let text = address.expose_secret();
    match Url::parse(text) {
        Ok(mut url) if url.password().is_some() => {
            _ = url.set_password(Some(HIDDEN));
            url.to_string()
        }
        _ => text.to_owned(),
    }
}
