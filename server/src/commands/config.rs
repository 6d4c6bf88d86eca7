//! `qliento config`: what the program would run with.

use std::process::ExitCode;

use crate::{config::Config, out};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Parse everything, list every fault, or show what would be used. Secrets are not shown.
    Check {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(Command::Check { json }: &Command) -> anyhow::Result<ExitCode> {
    let effective = Config::load()?.effective();
    if *json {
        let object: serde_json::Map<_, _> = effective
            .into_iter()
            .map(|(key, text)| (key.to_owned(), text.into()))
            .collect();
        out::json(&object)?;
        return Ok(ExitCode::SUCCESS);
    }
    for (key, text) in effective {
        match text {
            // What JSON writes as a text is a text in TOML as well.
            Some(text) => out::line(&format!("{key} = {}", serde_json::to_string(&text)?)),
            None => out::line(&format!("# {key} is not set")),
        }
    }
    Ok(ExitCode::SUCCESS)
}
