//! `qliento worker`: works on due jobs until it is told to stop.

use std::process::ExitCode;

use crate::{
    config::Config,
    startup::{self, Outside},
};

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let services = startup::services(&config, Outside::default(), false).await?;
    let backups = startup::backups(&config);
    startup::work(services.clone(), backups, startup::stop_signal()).await;
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}
