//! `qliento seed`: realistic data in an empty database.

use std::{process::ExitCode, time::Instant};

use erasure::seed::{self, SeedOptions};

use super::open;
use crate::out;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many organizations: org-1 …
    #[arg(long, default_value_t = 3)]
    organizations: u32,
    /// How many messages each has.
    #[arg(long, default_value_t = 1_000)]
    messages: u64,
    /// The number that everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Goes, with the slug, into every personal text and file.
    #[arg(long)]
    marker: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    let began = Instant::now();
    let options = SeedOptions {
        organizations: args.organizations,
        messages: args.messages,
        seed: args.seed,
        marker: args.marker,
    };
    let seeded = seed::run(&services, &options, &mut |_| {}).await?;
    let seconds = began.elapsed().as_secs_f64();
    if args.json {
        out::json(&serde_json::json!({
            "organizations": seeded.organizations, "rows": seeded.rows, "files": seeded.files, "seconds": seconds,
        }))?;
    } else {
        out::line(&format!(
            "{} organizations, {} rows, {} files in {seconds:.1} s; people sign in as owner@org-1.example, admin@…, member@… with {}",
            seeded.organizations,
            seeded.rows,
            seeded.files,
            seed::PASSWORD
        ));
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}
