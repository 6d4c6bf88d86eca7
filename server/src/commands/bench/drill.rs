//! `qliento bench drill`: how soon a copy could be open again that is older than very many erasures.

use std::{path::Path, process::ExitCode, time::Instant};

use anyhow::Context as _;
use erasure::backup::{self, BackupFolder, Options};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    measure::{open, settings_of},
    scratch::{Place, Scratch, answer_of, this_program},
    workers::{confirm_all, work_until_done},
};
use crate::out;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Organizations that are erased after the backup; the ledger gets two lines or more of each.
    #[arg(long, default_value_t = 10_000)]
    erasures: u32,
    /// Messages of each.
    #[arg(long, default_value_t = 5)]
    messages: u64,
    #[command(flatten)]
    place: Place,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// What it came to.
#[derive(Debug, Serialize)]
struct Measured {
    erasures: u32,
    /// What erasing them took at first, from the first confirmation to the last receipt, by one worker.
    seconds_to_erase: f64,
    /// What `qliento backup drill --json` says.
    drill: Box<RawValue>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scratch = Scratch::beside(args.place)?;
    out::error(&format!("seeding {} organizations …", args.erasures));
    scratch.seed_many(args.erasures, args.messages).await?;
    let folder = scratch.seeded();
    let services = open(&folder).await?;
    out::error("making a backup …");
    let store = BackupFolder::new(folder.join(BACKUPS));
    let options = Options {
        media: false,
        ..Options::default()
    };
    backup::create(&services, &store, &options).await?;
    out::error("erasing everybody …");
    let began = Instant::now();
    confirm_all(&services, args.erasures).await?;
    work_until_done(&services).await?;
    let seconds_to_erase = began.elapsed().as_secs_f64();
    services.db.close().await;
    out::error("restoring for practice …");
    let measured = Measured {
        erasures: args.erasures,
        seconds_to_erase,
        drill: drill(&folder).await?,
    };
    scratch.remove().await?;
    if args.json {
        out::json(&measured)?;
    } else {
        out::line(&format!(
            "{} erasures took {:.1} s; the drill: {}",
            measured.erasures, measured.seconds_to_erase, measured.drill
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder of backups within the deployment's.
const BACKUPS: &str = "backups";

/// The command as an operator says it, in a process of its own.
async fn drill(folder: &Path) -> anyhow::Result<Box<RawValue>> {
    let backups = format!("file:{}", folder.join(BACKUPS).display());
    let settings = settings_of(folder).into_iter();
    let mut program = this_program()?;
    program
        .args(["backup", "drill", "--latest", "--json"])
        .envs(settings.map(|(key, value)| (format!("QLIENTO_{}", key.to_uppercase()), value)))
        .env("QLIENTO_BACKUP_URL", backups);
    answer_of(&mut program).await.context("the drill")
}
