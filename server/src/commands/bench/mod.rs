//! `qliento bench`: the engine against the best hand-written SQL, and what a bystander on the same database notices.
//!
//! One database is seeded: a victim and a living bystander. In each round it is copied for every [`measure::Way`], and each
//! copy is erased by a process of its own, so that none inherits another's memory or caches. The order alternates from
//! round to round. Figures are medians of the rounds; latencies of all rounds are looked at together. What could not be
//! measured is null, and the reason is on standard error.

mod backup;
mod bystander;
mod drill;
mod export;
mod figures;
mod hand_written;
mod keys;
mod measure;
mod peers;
mod queue;
mod report;
mod scratch;
mod workers;

use std::{
    path::{Path, PathBuf},
    pin::Pin,
    process::ExitCode,
};

use anyhow::bail;

use self::{
    measure::{Measured, Way},
    report::Report,
    scratch::{Place, Scratch},
};
use crate::out;

/// Up to here a round takes seconds, and three of them even out.
const MESSAGES_FOR_THREE_ROUNDS: u64 = 100_000;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Erase one organization, from confirmation to receipt.
    Erase(Args),
    /// Take one organization's data along.
    Export(export::Args),
    /// Make a backup, and seal as many bytes with the bare cipher.
    Backup(backup::Args),
    /// Look at the console's queue among many open requests.
    Queue(queue::Args),
    /// Put a new master key in the old one's place among very many data keys.
    Keys(keys::Args),
    /// Erase very many small organizations, by one process and by several.
    Workers(workers::Args),
    /// Restore, for practice, a copy that is older than very many erasures.
    Drill(drill::Args),
    /// One of several processes that share the work.
    #[command(hide = true)]
    Work(workers::WorkArgs),
    /// One measurement, in a process of its own.
    #[command(hide = true)]
    Measure(measure::Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Messages of the organization.
    #[arg(long, default_value_t = 10_000)]
    messages: u64,
    #[command(flatten)]
    place: Place,
    /// Rounds; three up to 100,000 messages, one above.
    #[arg(long)]
    rounds: Option<u32>,
    /// Have others delete the same rows as well, by this program: `scripts/peers/delete.py`.
    #[arg(long)]
    peers: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let measuring: Pin<Box<dyn Future<Output = anyhow::Result<ExitCode>>>> = match command {
        Command::Erase(args) => Box::pin(erase(args)),
        Command::Export(args) => Box::pin(export::run(args)),
        Command::Backup(args) => Box::pin(backup::run(args)),
        Command::Queue(args) => Box::pin(queue::run(args)),
        Command::Keys(args) => Box::pin(keys::run(args)),
        Command::Workers(args) => Box::pin(workers::run(args)),
        Command::Drill(args) => Box::pin(drill::run(args)),
        Command::Work(args) => return Box::pin(workers::work(&args)).await,
        Command::Measure(args) => return Box::pin(measure::run(&args)).await,
    };
    // Whoever interrupts it gets the disk space back: the scratch folder goes with the work.
    tokio::select! {
        done = measuring => done,
        _ = tokio::signal::ctrl_c() => bail!("interrupted; nothing was measured"),
    }
}

async fn erase(args: Args) -> anyhow::Result<ExitCode> {
    let three = args.messages <= MESSAGES_FOR_THREE_ROUNDS;
    let rounds = args.rounds.unwrap_or(if three { 3 } else { 1 }).max(1);
    let scratch = Scratch::beside(args.place)?;
    out::error(&format!("seeding {} messages …", args.messages));
    scratch.seed(args.messages).await?;
    let mut all = Vec::new();
    for round in 1..=rounds {
        out::error(&format!("round {round} of {rounds} …"));
        all.extend(one_round(&scratch, round, args.peers.as_deref()).await);
    }
    scratch.remove().await?;
    let report = Report::of(args.messages, &all);
    if args.json {
        out::json(&report)?;
    } else {
        report::table(&report, &all);
    }
    let complete = all.len() == ways(args.peers.as_deref()).len() * usize::try_from(rounds)?;
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn ways(peers: Option<&Path>) -> Vec<Way> {
    let others = peers.map_or(&[][..], |_| &Way::PEERS);
    [&Way::ALL, others].concat()
}

/// Every way once, on a fresh copy each; every second round the other way round.
async fn one_round(scratch: &Scratch, round: u32, peers: Option<&Path>) -> Vec<Measured> {
    let mut ways = ways(peers);
    if round.is_multiple_of(2) {
        ways.reverse();
    }
    let mut measured = Vec::new();
    for way in ways {
        match scratch.measure(way, peers).await {
            Ok(figures) => measured.push(figures),
            Err(error) => out::error(&format!("not measured: {}: {error:#}", way.describes())),
        }
    }
    measured
}
