//! A deployment in a scratch folder, and the binary.

use std::{
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use erasure::db::{Db, scratch};
use tempfile::TempDir;

pub(crate) struct Deployment {
    pub(crate) folder: TempDir,
    /// An empty database of its own on the test server, when there is one.
    on_server: Option<String>,
}

impl Deployment {
    /// A folder with nothing in it; with `QLIENTO_TEST_POSTGRES_URL`, an empty database on that server.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            on_server: empty_database(),
        }
    }

    /// The same on SQLite, whatever the others run on: for what only a file can do.
    pub(crate) fn empty_on_sqlite() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            on_server: None,
        }
    }

    /// A folder with what a site needs of the browser's half.
    pub(crate) fn site(&self) -> String {
        let site = self.folder.path().join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(
            site.join("pkg/site.json"),
            r#"{"css":"a","js":"b","wasm":"c"}"#,
        )
        .unwrap();
        site.display().to_string()
    }

    /// A deployment with a key and an empty, current database.
    pub(crate) fn new() -> Self {
        Self::empty().set_up()
    }

    pub(crate) fn new_on_sqlite() -> Self {
        Self::empty_on_sqlite().set_up()
    }

    pub(crate) fn set_up(self) -> Self {
        self.ok(&["key", "new"]);
        self.ok(&["migrate"]);
        self
    }

    pub(crate) fn seeded(messages: &str) -> Self {
        Self::seeded_with(2, messages)
    }

    /// A deployment with so many organizations, `org-1` …
    pub(crate) fn seeded_with(organizations: usize, messages: &str) -> Self {
        let deployment = Self::new();
        deployment.ok(&[
            "seed",
            "--organizations",
            &organizations.to_string(),
            "--messages",
            messages,
            "--marker",
            "ZEBRA",
        ]);
        deployment
    }

    pub(crate) const fn is_on_server(&self) -> bool {
        self.on_server.is_some()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qliento"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("QLIENTO_DATA_DIR", self.folder.path().join("data"))
            .stdin(Stdio::null());
        if let Some(url) = &self.on_server {
            command.env("QLIENTO_DATABASE_URL", url);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn database(&self) -> String {
        self.on_server.clone().unwrap_or_else(|| {
            let file = self.folder.path().join("data/qliento.db");
            format!("sqlite:{}", file.display())
        })
    }

    /// How many files hold this text.
    pub(crate) fn files_with(&self, text: &str) -> usize {
        fn look(folder: &std::path::Path, text: &[u8]) -> usize {
            let entries = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            entries
                .map(|path| {
                    if path.is_dir() {
                        look(&path, text)
                    } else {
                        usize::from(
                            std::fs::read(path)
                                .unwrap()
                                .windows(text.len())
                                .any(|window| window == text),
                        )
                    }
                })
                .sum()
        }
        look(self.folder.path(), text.as_bytes())
    }
}

/// In a thread of its own, because a test may already run in a runtime.
fn empty_database() -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    #[expect(
        clippy::disallowed_methods,
        reason = "the test runner says where its server is"
    )]
    let server = std::env::var("QLIENTO_TEST_POSTGRES_URL").ok()?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("command_{}_{count}", std::process::id());
    let made = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime
            .block_on(scratch::create(&server, &name, None))
            .unwrap()
    });
    Some(made.join().unwrap())
}

/// Exit code and what was said to the person.
pub(crate) fn said(output: &Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// The digits by which an organization knows one of its contacts.
pub(crate) async fn number_of_a_contact(db: &Db, slug: &str) -> String {
    let (number,): (String,) = db
        .fetch_one(
            "SELECT i.value FROM contact_identities AS i JOIN organizations AS o ON o.id = i.organization_id
             WHERE  o.slug = $1 AND i.kind = 'phone' ORDER BY i.value LIMIT 1",
            vec![slug.into()],
        )
        .await
        .unwrap();
    number
}
