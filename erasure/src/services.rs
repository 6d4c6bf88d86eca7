//! The one bundle of everything that comes from outside.

use std::{sync::Arc, time::Duration};

use crate::{
    archive::Jurisdictions,
    db::Db,
    graph::Graph,
    intake::IntakeSecret,
    ledger::Ledger,
    mail::Mail,
    manifest::Manifest,
    media::Media,
    meta_app::MetaApp,
    password::Hasher,
    random::Random,
    time::{Clock, Timestamp},
    vault::Vault,
    zone::Zone,
};

/// What a use case needs from the world. Clones share it.
#[derive(Clone)]
pub struct Services {
    /// Where rows are.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// How letters leave.
    pub mail: Arc<dyn Mail>,
    /// Meta's Graph API.
    pub graph: Arc<dyn Graph>,
    /// Where media files are.
    pub media: Arc<dyn Media>,
    /// What was erased, noted outside the database.
    pub ledger: Arc<Ledger>,
    /// Slow hashes.
    pub hasher: Hasher,
    /// The keys.
    pub vault: Arc<Vault>,
    /// What holds personal data, and what becomes of it.
    pub manifest: Arc<Manifest>,
    /// Names, addresses and terms of this deployment.
    pub settings: Arc<Settings>,
}

impl Services {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What a deployment says of itself. Another platform runs this product under its own name.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The controller's name, as pages and letters give it.
    pub controller: String,
    /// Where people write about their data.
    pub privacy_address: String,
    /// Where people write about anything else.
    pub support_address: String,
    /// The sender of letters, for example `Qliento <privacy@qliento.com>`.
    pub mail_from: String,
    /// The address of the site, without a slash at its end.
    pub public_url: String,
    /// The deployment's privacy policy, if it has one on the web.
    pub privacy_policy_url: Option<String>,
    /// Its terms of service, likewise.
    pub terms_url: Option<String>,
    /// What the mail server shows that passes letters on; `None`: none does.
    pub intake_secret: Option<IntakeSecret>,
    /// Where the law's terms are reckoned.
    pub time_zone: Zone,
    /// The platform's app at Meta.
    pub meta: MetaApp,
    /// How long the other owners of an organization may cancel its deletion.
    pub cancel_window: Duration,
    /// How long live data waits for Meta to confirm that it is disconnected. What is left then goes on without the data.
    pub meta_patience: Duration,
    /// How long storage rests between two rewrites, on Postgres: erasures that end meanwhile share the next.
    pub rewrite_gap: Duration,
    /// Up to how many bytes storage is rewritten under a lock, on Postgres. At some 100 MB/s the default takes less than
    /// 200 ms, which is what any tenant's statement may have to wait; what is larger is `pg_repack`'s.
    pub rewrite_under_lock_bytes: i64,
    /// Which law keeps invoices, and for how long.
    pub jurisdictions: Jurisdictions,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            controller: "Qliento".to_owned(),
            privacy_address: "privacy@qliento.com".to_owned(),
            support_address: "support@qliento.com".to_owned(),
            mail_from: "Qliento <privacy@qliento.com>".to_owned(),
            public_url: "https://app.qliento.com".to_owned(),
            privacy_policy_url: None,
            terms_url: None,
            intake_secret: None,
            time_zone: Zone::paris(),
            meta: MetaApp::default(),
            cancel_window: Duration::from_hours(1),
            meta_patience: Duration::from_hours(23), // one hour is left to keep the 24
            rewrite_gap: Duration::from_mins(1),
            rewrite_under_lock_bytes: 12 * 1024 * 1024,
            jurisdictions: Jurisdictions::default(),
        }
    }
}
