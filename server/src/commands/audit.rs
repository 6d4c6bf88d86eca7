//! `qliento audit`: whether the record of what staff did is whole.

use std::process::ExitCode;

use anyhow::bail;
use erasure::staff::audit::{self, Noted, Verdict};

use super::open;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Compute every link of the record again, and print its end: noted elsewhere, it shows later that nothing was put back.
    Check {
        /// What an earlier check printed, `POSITION:LINK`: it must still be in the record.
        #[arg(long)]
        since: Option<Noted>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Check { since, json } = command;
    let (_, services) = open().await?;
    let verdict = audit::check(&services, since.as_ref()).await?;
    services.db.close().await;
    let checked = match verdict {
        Verdict::Whole(checked) => checked,
        Verdict::Broken { position } => {
            bail!(
                "the record is broken at entry {position}: it is missing, was changed or is not ours"
            )
        }
        Verdict::CutShort { after } => {
            bail!("the record is cut short: entries after {after} are missing")
        }
        Verdict::Foreign => bail!(
            "this is not the record that was written here: it was put back from an older copy, emptied, or its ends were changed"
        ),
    };
    let (entries, last) = (checked.entries, checked.last.to_string());
    if json {
        out::json(&serde_json::json!({ "entries": entries, "last": last }))?;
    } else {
        out::line(&format!(
            "the record is whole: {entries} entries, up to {last}"
        ));
    }
    Ok(ExitCode::SUCCESS)
}
