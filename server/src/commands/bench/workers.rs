//! `qliento bench workers`: very many small organizations are confirmed at once, and one, two or four processes share the work.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::ensure;
use erasure::{account, job, services::Services};
use serde::Serialize;
use tokio::time::interval;

use super::{
    measure::{assert_copy, assert_not_parked, open},
    scratch::{Place, Scratch, this_program},
};
use crate::out;

/// How often the work is looked at.
const LOOK: Duration = Duration::from_millis(50);

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Organizations.
    #[arg(long, default_value_t = 1_000)]
    organizations: u32,
    /// Messages of each.
    #[arg(long, default_value_t = 20)]
    messages: u64,
    /// Processes that share the work; of several numbers each is measured on a copy of its own.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 4])]
    workers: Vec<usize>,
    #[command(flatten)]
    place: Place,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct WorkArgs {
    folder: PathBuf,
}

/// What it came to.
#[derive(Debug, Serialize)]
struct Measured {
    backend: String,
    organizations: u32,
    workers: usize,
    /// Until all rows were gone.
    seconds_to_gone: f64,
    /// Until every receipt was written: storage rests between two scrubs, and the last ones share one.
    seconds_to_receipts: f64,
    gone_per_second: f64,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scratch = Scratch::beside(args.place)?;
    out::error(&format!("seeding {} organizations …", args.organizations));
    scratch.seed_many(args.organizations, args.messages).await?;
    let services = open(&scratch.seeded()).await?;
    confirm_all(&services, args.organizations).await?;
    services.db.truncate_log().await?;
    services.db.close().await;
    let mut all = Vec::new();
    for workers in &args.workers {
        out::error(&format!("{workers} worker(s) …"));
        let copy = scratch.copy().await?;
        all.push(measure(copy.path(), *workers, args.organizations).await?);
    }
    scratch.remove().await?;
    if args.json {
        out::json(&all)?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in &all {
        out::line(&format!(
            "{}: {} organizations, {} worker(s): rows gone in {:.1} s ({:.0} a second), receipts in {:.1} s",
            one.backend,
            one.organizations,
            one.workers,
            one.seconds_to_gone,
            one.gone_per_second,
            one.seconds_to_receipts
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Confirms the deletion of `org-1` … .
pub(super) async fn confirm_all(services: &Services, organizations: u32) -> anyhow::Result<()> {
    for number in 1..=organizations {
        account::erase_as_operator(services, &format!("org-{number}")).await?;
    }
    Ok(())
}

async fn measure(folder: &Path, workers: usize, organizations: u32) -> anyhow::Result<Measured> {
    let services = open(folder).await?;
    let began = Instant::now();
    let mut children = Vec::new();
    for _ in 0..workers {
        let mut program = this_program()?;
        program
            .args(["bench", "work"])
            .arg(folder)
            .kill_on_drop(true);
        children.push(program.spawn()?);
    }
    let mut looks = interval(LOOK);
    while left(&services, Until::Gone).await? > 0 {
        looks.tick().await;
    }
    let seconds_to_gone = began.elapsed().as_secs_f64();
    for mut child in children {
        ensure!(
            child.wait().await?.success(),
            "a worker ended with an error"
        );
    }
    let seconds_to_receipts = began.elapsed().as_secs_f64();
    let backend = services.db.backend().as_str().to_owned();
    services.db.close().await;
    Ok(Measured {
        backend,
        organizations,
        workers,
        seconds_to_gone,
        seconds_to_receipts,
        gone_per_second: f64::from(organizations) / seconds_to_gone,
    })
}

/// One of the processes that share the work: until nothing is left.
pub(super) async fn work(args: &WorkArgs) -> anyhow::Result<ExitCode> {
    assert_copy(&args.folder)?;
    let services = open(&args.folder).await?;
    work_until_done(&services).await?;
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Does what is due until every receipt is written.
pub(super) async fn work_until_done(services: &Services) -> anyhow::Result<()> {
    let mut looks = interval(LOOK);
    while left(services, Until::Receipts).await? > 0 {
        job::run_due(services).await?;
        assert_not_parked(services).await?;
        looks.tick().await;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Until {
    Gone,
    Receipts,
}

/// Steps that are not done.
async fn left(services: &Services, until: Until) -> anyhow::Result<i64> {
    let open = match until {
        Until::Gone => {
            "SELECT count(*) FROM erasure_steps WHERE done_at IS NULL AND stage NOT IN ('scrub', 'verify', 'receipt')"
        }
        Until::Receipts => "SELECT count(*) FROM erasure_steps WHERE done_at IS NULL",
    };
    Ok(services.db.number(open, vec![]).await?)
}
