//! `qliento worker`: works on due jobs until it is told to stop.

use std::process::ExitCode;

use erasure::intake::Counts;

use crate::{
    config::Config,
    startup::{self, Outside},
};

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let services = startup::services(&config, Outside::default(), false).await?;
    let besides = startup::Besides {
        backups: startup::backups(&config),
        mailbox: startup::mailbox(&config)?,
        letters: Counts::default(), // a worker alone shows no metrics
    };
    startup::work(services.clone(), besides, startup::stop_signal()).await;
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}
