//! The world of a story: its verbs are the domain's.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use erasure::{
    account,
    db::{Backend, Db, scratch},
    graph::simulated::{self, SimulatedMeta},
    id::Capability,
    job,
    ledger::Ledger,
    mail::{Letter, MemoryMail},
    manifest::Manifest,
    media::{DiskMedia, Media},
    meta_app::{CodeSender, MetaApp},
    network::Network,
    password,
    person::PhoneNumber,
    progress::{self, Progress, State},
    random::{ChaChaRandom, Random},
    receipt::Receipt,
    seed::{self, SeedOptions},
    services::{Services, Settings},
    session::{self, Credentials, Session, SessionToken},
    time::{Clock as _, ManualClock, Timestamp},
    vault::{AppSecret, MasterKey, MasterKeys, Vault},
};
use tempfile::TempDir;

/// 2026-11-24T12:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_795_521_600_000);
pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const MARKER: &str = "MARKER7Q";
/// Meta's id of the number that sends our codes.
pub(crate) const OWN_NUMBER: &str = "106540352242922";

pub(crate) struct World {
    pub(crate) services: Services,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) mail: Arc<MemoryMail>,
    pub(crate) graph: Arc<SimulatedMeta>,
    pub(crate) folder: TempDir,
    /// The database's address.
    pub(crate) url: String,
}

impl World {
    /// A world of `organizations` seeded organizations, `org-1` …, each with a little of everything.
    pub(crate) async fn with_organizations(organizations: u32) -> Self {
        Self::with_media(organizations, disk_media).await
    }

    /// The same with other media; they are told the world's folder.
    pub(crate) async fn with_media(
        organizations: u32,
        media: impl FnOnce(&Path) -> Arc<dyn Media>,
    ) -> Self {
        let mut world = Self::empty().await;
        world.services.media = media(world.folder.path());
        world.seeded(organizations).await
    }

    /// The same around an empty database that is there already.
    pub(crate) async fn seeded_around(db: Db, url: String, organizations: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::around(folder, db, url)
            .await
            .seeded(organizations)
            .await
    }

    async fn seeded(self, organizations: u32) -> Self {
        let world = self;
        let options = SeedOptions {
            organizations,
            messages: 60,
            seed: 1,
            marker: Some(MARKER.to_owned()),
        };
        seed::run(&world.services, &options, &mut |_| {})
            .await
            .unwrap();
        let hash = password::hash(PASSWORD.as_bytes(), b"0123456789abcdef");
        world
            .write(&format!("UPDATE users SET password_hash = '{hash}'"))
            .await;
        world
    }

    /// A world in which nobody lives yet.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (db, url) = database(folder.path()).await;
        Self::around(folder, db, url).await
    }

    /// The services of a database that is there already.
    pub(crate) async fn around(folder: TempDir, db: Db, url: String) -> Self {
        let manifest = Arc::new(Manifest::platform(&db).await.unwrap());
        Self::with_manifest(folder, db, url, manifest).await
    }

    /// The same, where the manifest was held against such a database before.
    pub(crate) async fn with_manifest(
        folder: TempDir,
        db: Db,
        url: String,
        manifest: Arc<Manifest>,
    ) -> Self {
        let random: Arc<dyn Random> = Arc::new(ChaChaRandom::from_number(42));
        let (clock, mail) = (
            Arc::new(ManualClock::at(START)),
            Arc::new(MemoryMail::new()),
        );
        let graph = Arc::new(SimulatedMeta::new(clock.clone()));
        let masters = MasterKeys::only(MasterKey::mint(random.as_ref()));
        let vault = Vault::of(&db, masters, Arc::clone(&random), START).await;
        let vault = vault.unwrap();
        let services = Services {
            manifest,
            vault: Arc::new(vault),
            ledger: Arc::new(Ledger::in_file(
                folder.path().join("ledger.jsonl"),
                Arc::clone(&random),
            )),
            media: disk_media(folder.path()),
            hasher: password::Hasher::default(),
            settings: Arc::new(Settings {
                rewrite_gap: Duration::ZERO,
                meta: meta_app(),
                ..Settings::default()
            }),
            clock: clock.clone(),
            mail: mail.clone(),
            graph: Arc::new(graph.client()),
            random,
            db,
        };
        Self {
            services,
            clock,
            mail,
            graph,
            folder,
            url,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// The address of the person who has this role in the organization; the first of them.
    pub(crate) async fn person(&self, slug: &str, role: &str) -> String {
        self.text(&format!(
            "SELECT u.email FROM users u JOIN memberships m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id
             WHERE o.slug = '{slug}' AND m.role = '{role}' ORDER BY u.id LIMIT 1"
        ))
        .await
    }

    pub(crate) async fn owner(&self, slug: &str) -> Session {
        let email = self.person(slug, "owner").await;
        self.session_of(&email).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Result<SessionToken, session::SignInError> {
        let credentials = Credentials {
            email: email.to_owned(),
            password: PASSWORD.into(),
        };
        session::sign_in(&self.services, &credentials, &Network::unknown()).await
    }

    pub(crate) async fn session_of(&self, email: &str) -> Session {
        let token = self.sign_in(email).await.unwrap();
        session::resume(&self.services, token.expose())
            .await
            .unwrap()
            .unwrap()
    }

    /// Makes somebody who is there already an owner as well.
    pub(crate) async fn promote(&self, slug: &str, role: &str) -> String {
        let email = self.person(slug, role).await;
        self.write(&format!(
            "UPDATE memberships SET role = 'owner' WHERE user_id = (SELECT id FROM users WHERE email = '{email}')
             AND organization_id = (SELECT id FROM organizations WHERE slug = '{slug}')"
        ))
        .await;
        email
    }

    pub(crate) async fn send_code(&self, session: &Session) -> String {
        account::send_code(&self.services, session, &Network::unknown())
            .await
            .unwrap();
        job::run_due(&self.services).await.unwrap();
        self.code_mailed_to(session)
    }

    pub(crate) fn code_mailed_to(&self, session: &Session) -> String {
        let letters = self.letters_to(session.email.expose());
        let letter = letters
            .iter()
            .rev()
            .find(|letter| letter.subject.contains("code"))
            .unwrap();
        letter
            .text
            .lines()
            .find(|line| line.len() == 9 && line.replace(' ', "").parse::<u32>().is_ok())
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn confirm(
        &self,
        session: &Session,
        code: &str,
    ) -> Result<Capability, account::ConfirmError> {
        account::confirm(&self.services, session, code, &Network::unknown()).await
    }

    /// The whole wizard: code, confirmation.
    pub(crate) async fn confirm_deletion(&self, session: &Session) -> Capability {
        let code = self.send_code(session).await;
        self.confirm(session, &code).await.unwrap()
    }

    pub(crate) async fn run_due_jobs(&self) {
        job::run_due(&self.services).await.unwrap();
    }

    pub(crate) fn letters_to(&self, email: &str) -> Vec<Letter> {
        self.mail
            .letters()
            .into_iter()
            .filter(|letter| letter.to.expose() == email)
            .collect()
    }

    pub(crate) async fn progress(&self, capability: &Capability) -> Progress {
        progress::find(&self.services, capability)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn receipt(&self, capability: &Capability) -> Receipt {
        progress::receipt(&self.services, capability)
            .await
            .unwrap()
            .unwrap()
    }

    /// Runs what is due and asserts that the erasure came to its end.
    pub(crate) async fn complete(&self, capability: &Capability) -> Receipt {
        self.run_due_jobs().await;
        assert_eq!(
            self.progress(capability).await.state,
            State::Completed,
            "{:?}",
            self.open_jobs().await
        );
        self.receipt(capability).await
    }

    pub(crate) async fn open_jobs(&self) -> Vec<(String, Option<String>)> {
        self.services
            .db
            .fetch_all("SELECT kind, cause FROM jobs WHERE done_at IS NULL", vec![])
            .await
            .unwrap()
    }

    /// Nothing is unfinished, parked or waiting: how a story ends.
    pub(crate) async fn settle(&self) {
        self.run_due_jobs().await;
        assert_eq!(self.open_jobs().await, []);
        assert_eq!(self.number("SELECT count(*) FROM letters").await, 0);
    }

    pub(crate) async fn organization(&self, slug: &str) -> String {
        self.text(&format!(
            "SELECT id FROM organizations WHERE slug = '{slug}'"
        ))
        .await
    }

    /// Tables of the platform, by name, with the column that names an organization.
    pub(crate) async fn organization_tables(&self) -> Vec<(String, String)> {
        let catalog = self.services.db.catalog().await.unwrap();
        let of = |name: &String, table: &erasure::db::Table| {
            if name == "organizations" {
                Some("id".to_owned())
            } else {
                table
                    .has("organization_id")
                    .then(|| "organization_id".to_owned())
            }
        };
        catalog
            .tables
            .iter()
            .filter_map(|(name, table)| Some((name.clone(), of(name, table)?)))
            .collect()
    }

    /// How many rows each table holds for an organization.
    pub(crate) async fn rows_of(&self, organization: &str) -> BTreeMap<String, i64> {
        let mut rows = BTreeMap::new();
        for (table, column) in self.organization_tables().await {
            let count = self
                .number(&format!(
                    "SELECT count(*) FROM {table} WHERE {column} = '{organization}'"
                ))
                .await;
            rows.insert(table, count);
        }
        rows
    }

    /// Every value of every row of an organization: equal before and after means untouched.
    pub(crate) async fn everything_of(&self, organization: &str) -> BTreeMap<String, Vec<String>> {
        let catalog = self.services.db.catalog().await.unwrap();
        let mut everything = BTreeMap::new();
        for (table, column) in self.organization_tables().await {
            let columns: Vec<String> = catalog.tables[&table]
                .columns
                .iter()
                .map(|column| match self.services.db.backend() {
                    Backend::Sqlite => format!("quote({})", column.name),
                    Backend::Postgres => format!("coalesce({}::text, '-')", column.name),
                })
                .collect();
            let text = format!(
                "SELECT {} FROM {table} WHERE {column} = '{organization}' ORDER BY 1",
                columns.join(" || ',' || ")
            );
            everything.insert(table, self.texts(&text).await);
        }
        everything
    }

    /// How often a text stands in the raw bytes of the database and the media; with SQLite's log, without Postgres's.
    pub(crate) async fn bytes_left(&self, text: &str) -> usize {
        let mut all = files(self.folder.path().to_owned());
        if self.services.db.backend() == Backend::Postgres {
            self.write("CHECKPOINT").await;
            let folder = self
                .text(
                    "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database
                     WHERE datname = current_database()",
                )
                .await;
            all.extend(files(folder.into()));
        }
        all.into_iter()
            .map(|path| {
                fs::read(path)
                    .unwrap_or_default() // Postgres may just have removed it
                    .windows(text.len())
                    .filter(|window| *window == text.as_bytes())
                    .count()
            })
            .sum()
    }

    /// The name of one of the archive's tables: on Postgres it stands in a schema of its own.
    pub(crate) fn archive_table(&self, table: &str) -> String {
        match self.services.db.backend() {
            Backend::Sqlite => table.to_owned(),
            Backend::Postgres => format!("qliento_archive.{table}"),
        }
    }

    /// Adds members to an organization; the answer is their ids.
    pub(crate) async fn members_join(&self, slug: &str, count: usize) -> Vec<String> {
        let organization = self.organization(slug).await;
        let mut ids = Vec::new();
        for number in 0..count {
            let id = format!("{slug}-member-{number}");
            self.write(&format!(
                "INSERT INTO users (id, email, name, password_hash, locale, created_at)
                 VALUES ('{id}', '{id}@example.org', 'Somebody', 'x', 'fr', 0)"
            ))
            .await;
            self.write(&format!(
                "INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ('{organization}', '{id}', 'member', 0)"
            ))
            .await;
            ids.push(id);
        }
        ids
    }

    pub(crate) fn media_folder(&self, organization: &str) -> PathBuf {
        self.folder.path().join("media").join(organization)
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.services.db.number(leak(sql), vec![]).await.unwrap()
    }

    pub(crate) async fn text(&self, sql: &str) -> String {
        self.texts(sql).await.remove(0)
    }

    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let rows: Vec<(String,)> = self.services.db.fetch_all(leak(sql), vec![]).await.unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    }

    pub(crate) async fn write(&self, sql: &str) {
        self.try_write(sql).await.unwrap();
    }

    /// Makes an organization a large one: its messages so many times more.
    pub(crate) async fn multiply_messages(&self, slug: &str, times: u32) {
        self.write(&format!(
            "INSERT INTO messages (organization_id, id, conversation_id, direction, kind, body, whatsapp_message_id, status, sent_at)
             WITH RECURSIVE copies (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copies WHERE number < {times})
             SELECT m.organization_id, m.id || '-' || c.number, m.conversation_id, m.direction, m.kind, m.body,
                    m.whatsapp_message_id, m.status, m.sent_at
             FROM   messages AS m JOIN organizations AS o ON o.id = m.organization_id AND o.slug = '{slug}'
                    CROSS JOIN copies AS c"
        ))
        .await;
    }

    pub(crate) async fn try_write(&self, sql: &str) -> Result<u64, erasure::db::Error> {
        self.services.db.execute(leak(sql), vec![]).await
    }
}

/// Our app at the played Meta, with a number of its own.
fn meta_app() -> MetaApp {
    MetaApp {
        id: Some(simulated::APP_ID.to_owned()),
        secret: Some(AppSecret::new(simulated::APP_SECRET.into())),
        verify_token: Some("sesame".into()),
        sender: Some(CodeSender {
            phone_number_id: OWN_NUMBER.parse().unwrap(),
            number: PhoneNumber::of_business("+33 1 23 45 67 89").ok(),
            token: "EAAJown".into(),
            template: "qliento_deletion_code".to_owned(),
            languages: ["fr", "en_US"].map(str::to_owned),
        }),
    }
}

/// Media in a folder of the world.
fn disk_media(folder: &Path) -> Arc<dyn Media> {
    let root = folder.join("media");
    fs::create_dir_all(&root).unwrap();
    Arc::new(DiskMedia::new(root))
}

/// A database with our schema: a file, or, with `QLIENTO_TEST_POSTGRES_URL`, one of its own on that server.
async fn database(folder: &Path) -> (Db, String) {
    let url = match test_server() {
        Some(server) => scratch::migrated(&server, &fresh_name()).await.unwrap(),
        None => format!("sqlite:{}", folder.join("qliento.db").display()),
    };
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    (db, url)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test runner says where its server is"
)]
pub(crate) fn test_server() -> Option<String> {
    std::env::var("QLIENTO_TEST_POSTGRES_URL").ok()
}

fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("story_{}_{count}", std::process::id())
}

/// Statements are `&'static str` on purpose; a test may build one.
fn leak(sql: &str) -> &'static str {
    Box::leak(sql.to_owned().into_boxed_str())
}

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(path));
        } else {
            found.push(path);
        }
    }
    found
}

pub(crate) const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

pub(crate) const fn hours(count: u64) -> Duration {
    minutes(count * 60)
}
