//! `qliento erase`: the operator's route through the same engine.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, bail};
use erasure::{
    account, contact,
    id::ErasureId,
    job,
    person::Identity,
    progress::{self, State},
    receipt::{self, Receipt},
    services::Services,
};

use super::{open, receipt::KEYS_FILE};
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Erase an organization and the people who belong to it alone.
    Organization {
        /// The organization's short name.
        slug: String,
        #[command(flatten)]
        how: How,
    },
    /// Erase everything that an organization holds about one of its contacts.
    Contact {
        /// The organization's short name.
        slug: String,
        /// The contact's number in international format, or its business-scoped user id.
        identity: String,
        #[command(flatten)]
        how: How,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// Yes, erase it. There is no way back.
    #[arg(long)]
    yes: bool,
    /// Work on it here and now, until it is done or something has to wait.
    #[arg(long)]
    wait: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let (Command::Organization { slug, how } | Command::Contact { slug, how, .. }) = &command;
    if !how.yes {
        bail!("this erases data of \"{slug}\" for good: say so with --yes");
    }
    let (config, services) = open().await?;
    let id = match &command {
        Command::Organization { slug, .. } => {
            if config.graph_url.is_none() {
                out::error(
                    "QLIENTO_GRAPH_URL is not set: Meta is not asked to unsubscribe, and the receipt will say so",
                );
            }
            account::erase_as_operator(&services, slug).await?
        }
        Command::Contact { slug, identity, .. } => {
            let identity = Identity::on_whatsapp(identity).context(
                "this is no number in international form and no business-scoped user id",
            )?;
            contact::erase_as_operator(&services, slug, &identity).await?
        }
    };
    if how.wait {
        wait(&services, &id).await?;
    }
    let (progress, receipt) = progress::show(&services, &id)
        .await?
        .context("the erasure vanished")?;
    let path = match &receipt {
        Some(receipt) => Some(keep(&config.data_dir, receipt, &services).await?),
        None => None,
    };
    report(how, id.as_str(), progress.state, path.as_ref())?;
    let completed = progress.state == State::Completed;
    close(services).await;
    Ok(if completed || !how.wait {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Works until it is done, or until a person has to look. Ctrl-C loses nothing: the plan stays, and any worker goes on.
async fn wait(services: &Services, id: &ErasureId) -> anyhow::Result<()> {
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    loop {
        looks.tick().await;
        job::run_due(services).await?;
        let ended = progress::show(services, id)
            .await?
            .is_none_or(|(progress, _)| progress.state == State::Completed);
        let parked = progress::list(services)
            .await?
            .iter()
            .any(|row| row.id == id.as_str() && row.parked);
        if ended || parked {
            return Ok(());
        }
    }
}

fn report(how: &How, id: &str, state: State, receipt: Option<&PathBuf>) -> anyhow::Result<()> {
    if how.json {
        return out::json(&serde_json::json!({ "id": id, "state": state, "receipt": receipt }));
    }
    let shown = receipt.map_or_else(
        || "no receipt yet".to_owned(),
        |path| format!("receipt: {}", path.display()),
    );
    out::line(&format!(
        "{id}: {}, {shown}",
        serde_json::to_string(&state)?.trim_matches('"')
    ));
    Ok(())
}

/// Keeps the receipt, and beside it the keys by which anybody can check it without this deployment.
async fn keep(
    data_dir: &std::path::Path,
    receipt: &Receipt,
    services: &Services,
) -> anyhow::Result<PathBuf> {
    let folder = data_dir.join("receipts");
    std::fs::create_dir_all(&folder)?;
    let keys = receipt::key_set(&services.db).await?;
    std::fs::write(folder.join(KEYS_FILE), serde_json::to_vec_pretty(&keys)?)?;
    let path = folder.join(format!("{}.json", receipt.reference));
    std::fs::write(&path, serde_json::to_vec_pretty(receipt)?)?;
    Ok(path)
}

async fn close(services: Services) {
    services.db.close().await;
}
