//! `qliento config`: what the program would run with.

use std::process::ExitCode;

use crate::{config::Config, out};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Parse everything, list every fault, or show what would be used. Secrets are not shown.
    Check,
}

pub(super) fn run(Command::Check: &Command) -> anyhow::Result<ExitCode> {
    out::line(&format!("{:#?}", Config::load()?));
    Ok(ExitCode::SUCCESS)
}
