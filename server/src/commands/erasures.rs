//! `qliento erasures`: what was asked for, and how it stands.

use std::process::ExitCode;

use anyhow::Context as _;
use erasure::{id::ErasureId, progress};

use super::open;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// All of them, the newest first.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// One of them, with its receipt.
    Show {
        /// Its id.
        id: ErasureId,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    match command {
        Command::List { json } => {
            let erasures = progress::list(&services).await?;
            if json {
                out::json(&erasures)?;
            }
            for erasure in erasures.iter().filter(|_| !json) {
                let cause = erasure.cause.as_deref().unwrap_or_default();
                let parked = if erasure.parked { "PARKED " } else { "" };
                out::line(&format!(
                    "{}  {}  {:<9}  {}  {parked}{cause}",
                    erasure.id, erasure.reference, erasure.state, erasure.confirmed_at
                ));
            }
        }
        Command::Show { id, json } => {
            let (progress, receipt) = progress::show(&services, &id)
                .await?
                .context("there is no such erasure")?;
            if json {
                out::json(&serde_json::json!({ "progress": progress, "receipt": receipt }))?;
            } else {
                out::line(&format!(
                    "{}  {}  confirmed {}  due {}",
                    progress.reference,
                    serde_json::to_string(&progress.state)?.trim_matches('"'),
                    progress.confirmed_at,
                    progress.due_at
                ));
                for row in progress.categories {
                    let expected = row
                        .expected
                        .map_or_else(|| "?".to_owned(), |count| count.to_string());
                    out::line(&format!(
                        "  {:<18} {} of {expected}",
                        row.category.as_str(),
                        row.erased
                    ));
                }
            }
        }
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}
