//! `qliento manifest`: the map of personal data, checked and shown.

use std::process::ExitCode;

use erasure::{
    db::Db,
    manifest::{Entry, Manifest},
};

use secrecy::ExposeSecret as _;

use super::manifest_picture as picture;
use crate::{config::Config, out, startup};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Hold the manifest against the live database.
    Check,
    /// Show what holds personal data, in the order of erasing.
    Show {
        /// As JSON.
        #[arg(long, conflicts_with = "mermaid")]
        json: bool,
        /// As a picture, in the language that Mermaid draws.
        #[arg(long)]
        mermaid: bool,
    },
}

pub(super) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let config = Config::load_for_work()?;
    let db = Db::open(config.database_url.expose_secret()).await?;
    db.assert_current().await?;
    let manifest = startup::manifest(&config, &db).await?;
    match command {
        Command::Check => out::line(&format!(
            "the manifest covers all {} tables",
            manifest.tables().len()
        )),
        Command::Show { json: true, .. } => out::json(&manifest)?,
        Command::Show { mermaid: true, .. } => out::line(picture::mermaid(&manifest).trim_end()),
        Command::Show { .. } => show(&manifest),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(manifest: &Manifest) {
    out::line(&format!(
        "{:<28} {:<18} {:<14} {:<34} {:<32} personal columns",
        "table", "counts as", "organization", "person", "contact"
    ));
    for entry in manifest.tables() {
        out::line(&row(entry));
    }
    for prefix in manifest.prefixes() {
        out::line(&format!("files: {}/<organization>/", prefix.name));
    }
    for remote in manifest.remotes() {
        out::line(&format!(
            "outside: {} (listed in {})",
            remote.name, remote.table
        ));
    }
}

fn row(entry: &Entry) -> String {
    let organization = entry
        .organization
        .as_ref()
        .map_or("-", |key| key.fate.as_str());
    let people: Vec<_> = entry
        .user
        .iter()
        .map(|key| format!("{}: {}", key.column, key.fate.as_str()))
        .collect();
    let people = if people.is_empty() {
        "-".to_owned()
    } else {
        people.join(", ")
    };
    let contact = match &entry.contact {
        None => "-".to_owned(),
        Some(key) => match &key.through {
            None => format!("{}: {}", key.column, key.fate.as_str()),
            Some(through) => format!("{} ({through}): {}", key.column, key.fate.as_str()),
        },
    };
    let group = entry.category.as_str();
    format!(
        "{:<28} {group:<18} {organization:<14} {people:<34} {contact:<32} {}",
        entry.name,
        entry.personal.join(", ")
    )
}
