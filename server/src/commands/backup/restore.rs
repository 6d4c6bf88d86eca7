//! `qliento backup restore` and `replay`: the copy takes its place, and opens once it has caught up with the ledger.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use erasure::{
    backup::{self, CaughtUp, Which, Workshop},
    ledger::Ledger,
    random::{ChaChaRandom, Random},
    time::SystemClock,
    vault::KeyFile,
};
use secrecy::ExposeSecret as _;

use crate::{
    config::Config,
    out,
    startup::{self, Outside},
};

pub(super) async fn run(which: Which, yes: bool, json: bool) -> anyhow::Result<ExitCode> {
    if !yes {
        bail!(
            "this puts an older copy in the place of the database, and everything that was written since is lost: say so with --yes"
        );
    }
    let config = Config::load_for_work()?;
    let workshop = workshop(&config)?;
    let placed = backup::put_in_place(&workshop, &which).await?;
    if placed.was_in_place {
        out::error("the copy was in place already: going on");
    }
    let services = startup::closed_services(&config, Outside::default(), false).await?;
    let caught_up = backup::catch_up(&services, Some(&workshop.store)).await?;
    services.db.close().await;
    backup::forget_replaced(&workshop.url).await?;
    report(&caught_up, json)
}

pub(super) async fn replay(yes: bool, json: bool) -> anyhow::Result<ExitCode> {
    if !yes {
        bail!(
            "this erases whomever the ledger names and this database does not know of: say so with --yes"
        );
    }
    let config = Config::load_for_work()?;
    let services = startup::closed_services(&config, Outside::default(), false).await?;
    let caught_up = backup::replay_by_hand(&services).await?;
    services.db.close().await;
    report(&caught_up, json)
}

/// What it takes to restore, from the configuration alone: there may be no database to ask.
pub(super) fn workshop(config: &Config) -> anyhow::Result<Workshop> {
    let random: Arc<dyn Random> =
        Arc::new(ChaChaRandom::from_system().context("the operating system gives no randomness")?);
    Ok(Workshop {
        store: super::store(config)?,
        masters: KeyFile::at(&config.master_key_file).read()?,
        ledger: Arc::new(Ledger::in_file(
            config.ledger_file.clone(),
            Arc::clone(&random),
        )),
        clock: Arc::new(SystemClock::default()),
        random,
        url: config.database_url.expose_secret().to_owned(),
    })
}

fn report(caught_up: &CaughtUp, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        out::json(caught_up)?;
    } else {
        out::line(&format!(
            "the copy is open: {} erasure(s) had ended since it was made, {} of them were done again here; {} confirmed again, {} cancelled again, {} media file(s) brought back",
            caught_up.erased_since,
            caught_up.erased_again,
            caught_up.confirmed_again,
            caught_up.cancelled_again,
            caught_up.media_files
        ));
        if caught_up.holds_again > 0 {
            out::line(&format!(
                "{} legal hold(s) were placed again, in the name of the privacy address: `qliento holds list` shows them; place each anew with its owner, then lift it",
                caught_up.holds_again
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
