//! `qliento backup drill`: a restore on a copy that nobody will work with, with a ledger and a media folder of its own.

use std::{process::ExitCode, sync::Arc, time::Instant};

use anyhow::Context as _;
use erasure::{
    backup::{self, CaughtUp, Rehearsal, Which},
    graph::NoGraph,
    mail::NoMail,
};
use secrecy::SecretString;
use serde::Serialize;
use tempfile::TempDir;

use super::restore;
use crate::{
    config::{Config, Place},
    out,
    startup::{self, Outside},
};

/// What a drill came to.
#[derive(Debug, Serialize)]
struct Drill {
    backup: String,
    /// Lines that the ledger holds and the copy does not.
    ledger_lines: usize,
    #[serde(flatten)]
    caught_up: CaughtUp,
    /// Until the copy was put together and checked.
    seconds_to_copy: f64,
    /// Until it had caught up and could have been opened.
    seconds_to_catch_up: f64,
}

pub(super) async fn run(which: Which, json: bool) -> anyhow::Result<ExitCode> {
    let config = Config::load_for_work()?;
    let workshop = restore::workshop(&config)?;
    let began = Instant::now();
    let rehearsal = backup::rehearse(&workshop, &which).await?;
    let seconds_to_copy = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let caught_up = Box::pin(catch_up(&config, &rehearsal)).await;
    let drill = caught_up.map(|caught_up| Drill {
        backup: rehearsal.backup.to_string(),
        ledger_lines: rehearsal.entries,
        caught_up,
        seconds_to_copy,
        seconds_to_catch_up: began.elapsed().as_secs_f64(),
    });
    rehearsal.end().await?;
    report(&drill?, json)
}

/// In a folder of its own: a drill must not be noted, must not touch a file that people still have, and must ask nobody.
async fn catch_up(config: &Config, rehearsal: &Rehearsal) -> anyhow::Result<CaughtUp> {
    let folder = TempDir::new().context("there is no room for a copy of the ledger")?;
    let ledger_file = folder.path().join("ledger.jsonl");
    std::fs::copy(&config.ledger_file, &ledger_file)
        .context("the ledger cannot be copied for the drill")?;
    let media = folder.path().join("media");
    std::fs::create_dir(&media).context("there is no room for a folder without media")?;
    let config = Config {
        database_url: SecretString::from(rehearsal.url()),
        media: Place::Folder(media),
        ledger_file,
        ..config.clone()
    };
    let outside = Outside {
        mail: Some(Arc::new(NoMail)),
        graph: Some(Arc::new(NoGraph)),
    };
    let services = startup::closed_services(&config, outside, false).await?;
    let caught_up = backup::catch_up(&services, None).await;
    services.db.close().await;
    Ok(caught_up?)
}

fn report(drill: &Drill, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        out::json(drill)?;
    } else {
        out::line(&format!(
            "{} could be open again in {:.1} s: {:.1} s for the copy, {:.1} s for the {} line(s) that the ledger holds since; {} erasure(s) were done again. The copy was thrown away",
            drill.backup,
            drill.seconds_to_copy + drill.seconds_to_catch_up,
            drill.seconds_to_copy,
            drill.seconds_to_catch_up,
            drill.ledger_lines,
            drill.caught_up.erased_again
        ));
    }
    Ok(ExitCode::SUCCESS)
}
