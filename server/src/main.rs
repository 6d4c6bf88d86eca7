//! The `qliento` binary: parse, run, answer with an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use server::{commands, out};

#[tokio::main]
async fn main() -> ExitCode {
    erasure::failpoints_setup();
    match commands::run(commands::Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            out::error(&format!("{error:#}"));
            ExitCode::from(commands::EXIT_UNUSABLE)
        }
    }
}
