//! `qliento key`: the master key's file.

use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path, process::ExitCode};

use anyhow::Context as _;
use erasure::{random::ChaChaRandom, vault::MasterKey};

use crate::{config::Config, out};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Write a new master key. An existing file is never touched.
    New,
}

pub(super) fn run(Command::New: &Command) -> anyhow::Result<ExitCode> {
    let config = Config::load_for_work()?;
    write_new(&config.master_key_file)?;
    out::line(&format!(
        "a new master key is in {}: keep a copy away from the database's backups",
        config.master_key_file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a new key, readable by this user alone.
pub(super) fn write_new(path: &Path) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let random = ChaChaRandom::from_system().context("the operating system gives no randomness")?;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| {
            format!(
                "{} exists already or cannot be written; nothing was changed",
                path.display()
            )
        })?;
    file.write_all(MasterKey::mint(&random).to_file_text().as_bytes())?;
    Ok(file.sync_all()?)
}
