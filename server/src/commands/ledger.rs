//! `qliento ledger`: whether the ledger is whole, for which the file is enough; and beginning another where it is lost.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use erasure::{
    ledger::{self, Ledger, Report},
    random::ChaChaRandom,
};

use crate::{
    config::Config,
    out,
    startup::{self, Outside},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Read it from its first line to its last, and hold each against the one before.
    Check {
        /// Another file than this deployment's, for example a copy.
        #[arg(long)]
        file: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Begin another ledger, because this deployment's is lost for good. Backups made until then can no longer be restored.
    Begin {
        /// Yes, it is lost.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check { file, json } => check(file, json).await,
        Command::Begin { yes } => begin(yes).await,
    }
}

async fn begin(yes: bool) -> anyhow::Result<ExitCode> {
    if !yes {
        bail!(
            "without its ledger no backup made until now can be restored. Look for a copy of the file first; if there is none, say so with --yes"
        );
    }
    let config = Config::load_for_work()?;
    let services = startup::closed_services(&config, Outside::default(), false).await?;
    ledger::begin_another(&services).await?;
    services.db.close().await;
    out::line(&format!(
        "the ledger is {}: keep it on another disk than the database and its backups",
        config.ledger_file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

async fn check(file: Option<PathBuf>, json: bool) -> anyhow::Result<ExitCode> {
    let file = match file {
        Some(file) => file,
        None => Config::load_for_work()?.ledger_file,
    };
    let random = ChaChaRandom::from_system().context("the operating system gives no randomness")?;
    let report = Ledger::in_file(file.clone(), Arc::new(random))
        .check()
        .await?;
    if json {
        out::json(&report)?;
    } else {
        out::line(&words(&report, &file.display().to_string()));
    }
    Ok(ExitCode::SUCCESS)
}

fn words(report: &Report, file: &str) -> String {
    let (Some(ledger), Some(last_at)) = (&report.ledger, report.last_at) else {
        return format!("{file}: nothing has been noted yet");
    };
    let torn = match report.torn_bytes {
        0 => String::new(),
        bytes => format!(
            "\na last line of {bytes} bytes was never finished; it was never answered for, and the next one takes its place"
        ),
    };
    format!(
        "{file}: ledger {ledger}, {} lines up to number {}, unbroken; the last of {last_at}\nhead {}{torn}",
        report.lines, report.sequence, report.head
    )
}
