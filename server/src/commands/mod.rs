//! The command line: one file a command.
//!
//! **To add a command**: a file with `Args` and `run`, a variant of [`Command`], an arm in [`run`].

mod archive;
mod audit;
mod backup;
mod bench;
mod config;
mod demo;
mod erase;
mod erasures;
mod holds;
mod intake_mail;
mod key;
mod ledger;
mod manifest;
mod manifest_picture;
mod migrate;
mod receipt;
mod requests;
mod requests_shown;
mod retention;
mod seed;
mod serve;
mod simulate;
mod staff;
mod suppressions;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use erasure::services::Services;

use crate::{
    config::Config,
    startup::{self, Outside},
    telemetry,
};

/// The program cannot do what it was asked to: configuration, database, address, name. 1 is for an erasure that was waited
/// for and did not end.
pub const EXIT_UNUSABLE: u8 = 2;

/// Deletes personal data, provably and on time.
#[derive(Debug, Parser)]
#[command(name = "qliento", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a demo with fresh data, its own mailbox and a simulated Graph API.
    Demo,
    /// Serve the site, with a worker.
    Serve(serve::Args),
    /// Work on due jobs only.
    Worker,
    /// Bring the database's schema up to this program's.
    Migrate,
    /// The manifest: what holds personal data, and what becomes of it.
    #[command(subcommand)]
    Manifest(manifest::Command),
    /// Fill an empty database with realistic data.
    Seed(seed::Args),
    /// Erase on the operator's authority.
    #[command(subcommand)]
    Erase(erase::Command),
    /// Erasures and how they stand.
    #[command(subcommand)]
    Erasures(erasures::Command),
    /// Measure.
    #[command(subcommand)]
    Bench(bench::Command),
    /// The master key.
    #[command(subcommand)]
    Key(key::Command),
    /// The configuration.
    #[command(subcommand)]
    Config(config::Command),
    /// People who were erased and must not come back by an import.
    #[command(subcommand)]
    Suppressions(suppressions::Command),
    /// Play an outside system, for tests.
    #[command(subcommand)]
    Simulate(simulate::Command),
    /// Sealed invoices of erased organizations.
    #[command(subcommand)]
    Archive(archive::Command),
    /// What may not be erased for now.
    #[command(subcommand)]
    Holds(holds::Command),
    /// What is kept, until when and why.
    #[command(subcommand)]
    Retention(retention::Command),
    /// What people without an account ask for.
    #[command(subcommand)]
    Requests(requests::Command),
    /// Take one letter to the privacy address from standard input: for a mail server's pipe.
    IntakeMail,
    /// The ledger of what was erased.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Receipts, and the keys that sign them.
    #[command(subcommand)]
    Receipt(receipt::Command),
    /// Backups that cannot bring anyone back.
    #[command(subcommand)]
    Backup(backup::Command),
    /// Who may sign in to the console.
    #[command(subcommand)]
    Staff(staff::Command),
    /// The record of what staff looked at and did.
    #[command(subcommand)]
    Audit(audit::Command),
}

/// Runs the command.
///
/// # Errors
/// With a sentence for a person.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    telemetry::start();
    match arguments.command {
        Command::Demo => demo::run().await,
        Command::Serve(args) => serve::run(args).await,
        Command::Worker => worker::run().await,
        Command::Migrate => migrate::run().await,
        Command::Manifest(command) => manifest::run(&command).await,
        Command::Seed(args) => seed::run(args).await,
        Command::Erase(command) => Box::pin(erase::run(command)).await,
        Command::Erasures(command) => erasures::run(command).await,
        Command::Bench(command) => bench::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Config(command) => config::run(&command).await,
        Command::Suppressions(command) => suppressions::run(command).await,
        Command::Simulate(command) => simulate::run(command).await,
        Command::Archive(command) => archive::run(command).await,
        Command::Holds(command) => holds::run(command).await,
        Command::Retention(command) => retention::run(command).await,
        Command::Requests(command) => requests::run(command).await,
        Command::IntakeMail => Ok(intake_mail::run().await),
        Command::Ledger(command) => ledger::run(command).await,
        Command::Receipt(command) => receipt::run(command).await,
        Command::Backup(command) => Box::pin(backup::run(command)).await,
        Command::Staff(command) => staff::run(command).await,
        Command::Audit(command) => audit::run(command).await,
    }
}

/// The configuration and everything it names, opened.
async fn open() -> anyhow::Result<(Config, Services)> {
    let config = Config::load_for_work()?;
    let services = startup::services(&config, Outside::default(), false).await?;
    Ok((config, services))
}
