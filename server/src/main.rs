//! The `qliento` binary: parse, run, answer with an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use server::{commands, out};

#[tokio::main]
async fn main() -> ExitCode {
    erasure::failpoints_setup();
    // On the heap: as large as the largest command, which is more than a thread likes to carry.
    match Box::pin(commands::run(commands::Arguments::parse())).await {
        Ok(code) => code,
        Err(error) => {
            out::error(&format!("{error:#}"));
            ExitCode::from(commands::EXIT_UNUSABLE)
        }
    }
}
