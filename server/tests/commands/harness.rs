//! A deployment in a scratch folder, and the binary.

use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) struct Deployment {
    pub(crate) folder: TempDir,
}

impl Deployment {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
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
        let deployment = Self::empty();
        deployment.ok(&["key", "new"]);
        deployment.ok(&["migrate"]);
        deployment
    }

    pub(crate) fn seeded(messages: &str) -> Self {
        let deployment = Self::new();
        deployment.ok(&[
            "seed",
            "--organizations",
            "2",
            "--messages",
            messages,
            "--marker",
            "ZEBRA",
        ]);
        deployment
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qliento"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("QLIENTO_DATA_DIR", self.folder.path().join("data"))
            .stdin(Stdio::null());
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
        format!(
            "sqlite:{}",
            self.folder.path().join("data/qliento.db").display()
        )
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

/// Exit code and what was said to the person.
pub(crate) fn said(output: &Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}
