//! `qliento erasures`: what was asked for, and how it stands.

use std::{num::NonZeroU32, process::ExitCode};

use anyhow::{Context as _, bail};
use erasure::{
    disconnection,
    id::ErasureId,
    job::{self, Kind, Throttle},
    progress,
    services::Services,
    time::Timestamp,
};

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
    /// Hold all of them back, on every worker, until `resume`. Their clocks go on.
    Pause,
    /// Let them go on.
    Resume,
    /// Set how many rows all workers together may take in a second.
    Limit {
        /// A number, or `none`.
        #[arg(long, value_parser = rate)]
        rows_per_second: Rate,
    },
    /// Try what is parked again, once its cause is gone.
    Retry {
        /// The id of one erasure; without it, all that is parked.
        id: Option<ErasureId>,
    },
}

/// A rate that an operator sets; `None`: as fast as the database allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate(Option<NonZeroU32>);

fn rate(words: &str) -> Result<Rate, String> {
    match words {
        "none" => Ok(Rate(None)),
        number => number
            .parse()
            .map(|rate| Rate(Some(rate)))
            .map_err(|_| "a whole number above 0, or `none`".to_owned()),
    }
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    match command {
        Command::List { json } => {
            let erasures = progress::list(&services).await?;
            if json {
                out::json(&erasures)?;
            }
            let throttle = job::throttle(&services.db, Kind::Erasure).await?;
            for words in held_back(throttle).into_iter().filter(|_| !json) {
                out::line(&words);
            }
            let unconfirmed = disconnection::unconfirmed(&services.db).await?;
            if unconfirmed > 0 && !json {
                out::line(&format!(
                    "Meta has not confirmed yet: {unconfirmed} things that erased organizations leave behind there"
                ));
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
        Command::Pause => job::pause(&services, Kind::Erasure, true).await?,
        Command::Resume => job::pause(&services, Kind::Erasure, false).await?,
        Command::Limit {
            rows_per_second: Rate(rate),
        } => job::limit(&services, Kind::Erasure, rate).await?,
        Command::Retry { id } => {
            let subject = id.as_ref().map(ErasureId::as_str);
            let jobs = job::retry_parked(&services, subject).await?;
            if jobs == 0 {
                bail!("nothing of that is parked");
            }
            out::line(&format!("{jobs} tried again"));
        }
        Command::Show { id, json } => show(&services, &id, json).await?,
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn show(services: &Services, id: &ErasureId, json: bool) -> anyhow::Result<()> {
    let (progress, receipt) = progress::show(services, id)
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
        if let Some(journal) = receipt.and_then(|receipt| receipt.journal) {
            out::line(&format!(
                "  the write-ahead log is overwritten after {} more bytes",
                journal.overwritten_after_bytes
            ));
        }
    }
    Ok(())
}

/// What an operator has set, in words.
fn held_back(throttle: Throttle) -> Vec<String> {
    let paused = throttle.paused_at.map(|at| {
        let since = Timestamp::from_millis(at);
        format!("paused since {since}: nothing is erased until `qliento erasures resume`")
    });
    let limited = throttle
        .rows_per_second
        .map(|rate| format!("limited to {rate} rows per second"));
    paused.into_iter().chain(limited).collect()
}
