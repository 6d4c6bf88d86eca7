//! `qliento serve`: the site, with a worker unless told otherwise.

use std::process::ExitCode;

use crate::{
    config::Config,
    out,
    startup::{self, Application, Outside},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Serve only; another process works.
    #[arg(long)]
    no_worker: bool,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let services = startup::services(&config, Outside::default(), false).await?;
    let application = Application::build(&config, services, None, !args.no_worker).await?;
    out::line(&format!(
        "serving {} on http://{}",
        config.public_url,
        application.address()?
    ));
    if let Some(admin) = application.admin_address() {
        out::line(&format!("metrics on http://{admin}/metrics"));
    }
    application.run_until_stopped(startup::stop_signal()).await;
    Ok(ExitCode::SUCCESS)
}
