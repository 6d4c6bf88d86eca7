//! `qliento config`: what the program would run with.

use std::process::ExitCode;

use erasure::db::Db;
use secrecy::ExposeSecret as _;

use crate::{config::Config, out, startup};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Parse everything, list every fault, or show what would be used. Secrets are not shown.
    Check {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(Command::Check { json }: &Command) -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    startup::jurisdictions(&config)?;
    if let Some(words) = one_role(&config).await {
        out::error(words);
    }
    let effective = config.effective();
    if *json {
        let object: serde_json::Map<_, _> = effective
            .into_iter()
            .map(|(key, text)| (key.to_owned(), text.into()))
            .collect();
        out::json(&object)?;
        return Ok(ExitCode::SUCCESS);
    }
    for (key, text) in effective {
        match text {
            // What JSON writes as a text is a text in TOML as well.
            Some(text) => out::line(&format!("{key} = {}", serde_json::to_string(&text)?)),
            None => out::line(&format!("# {key} is not set")),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What there is to say when the server does not keep the archive apart. A database that is not there yet says nothing.
async fn one_role(config: &Config) -> Option<&'static str> {
    let address = config.database_url.expose_secret();
    if !address.starts_with("postgres") {
        return None; // a file has no roles, and looking would make it
    }
    let db = Db::open(address).await.ok()?;
    let apart = db.archive_is_apart().await;
    db.close().await;
    matches!(apart, Ok(Some(false))).then_some(
        "the archive has no role of its own: any statement of this program could read its (sealed) rows; docs/operating.md says how to \
         keep it apart",
    )
}
