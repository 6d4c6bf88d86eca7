//! One round: seed, copy, erase with the engine beside a bystander, erase the copy by hand.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context as _, ensure};
use erasure::{
    account,
    db::Db,
    graph::SimulatedGraph,
    id::OrganizationId,
    job,
    mail::MemoryMail,
    progress::{self, State},
    seed::{self, SeedOptions},
    services::Services,
};

use super::{bystander, hand_written};
use crate::{
    commands::key,
    config::{Config, Source},
    startup::{self, Outside},
};

/// The bystander's messages: a living tenant, the same in every round.
const BYSTANDER_MESSAGES: u64 = 5_000;

/// What a round measured.
pub(super) struct Round {
    pub(super) rows: u64,
    pub(super) seconds: f64,
    pub(super) hand_written_seconds: f64,
    pub(super) peak_rss_mib: Option<f64>,
    pub(super) before_p99_ms: Option<f64>,
    pub(super) during_p99_ms: Option<f64>,
}

impl Round {
    pub(super) fn rows_per_second(&self) -> f64 {
        // Exact up to 2^32 rows, more than a round can seed.
        f64::from(u32::try_from(self.rows).unwrap_or(u32::MAX)) / self.seconds
    }
}

pub(super) async fn measure(messages: u64) -> anyhow::Result<Round> {
    let folder = tempfile::tempdir().context("no room for scratch files")?;
    let services = services(folder.path()).await?;
    let neighbour = SeedOptions {
        organizations: 1,
        messages: BYSTANDER_MESSAGES,
        seed: 2,
        marker: None,
    };
    seed::run(&services, &neighbour, &mut |_| {}).await?;
    services
        .db
        .execute("UPDATE organizations SET slug = 'bystander'", vec![])
        .await?;
    services
        .db
        .execute("UPDATE users SET email = 'bystander-' || email", vec![])
        .await?;
    let victim = SeedOptions {
        organizations: 1,
        messages,
        seed: 1,
        marker: None,
    };
    let rows = seed::run(&services, &victim, &mut |_| {}).await?.rows;
    services.db.truncate_log().await?;
    let copy = folder.path().join("copy.db");
    std::fs::copy(folder.path().join("qliento.db"), &copy)?;

    let before_p99_ms = bystander::alone(&services.db).await?;
    reset_peak_memory();
    let bystander = bystander::beside(services.db.clone());
    let seconds = erase(&services).await?;
    let during_p99_ms = bystander.finish().await?;
    let peak_rss_mib = peak_memory_mib();
    services.db.close().await;

    Ok(Round {
        rows,
        seconds,
        hand_written_seconds: by_hand(&copy).await?,
        peak_rss_mib,
        before_p99_ms,
        during_p99_ms,
    })
}

async fn services(folder: &Path) -> anyhow::Result<Services> {
    let source = Source::read("", []).with_defaults(&[
        ("public_url", "http://127.0.0.1".to_owned()),
        ("data_dir", folder.display().to_string()),
    ]);
    let config = Config::parse(source)?;
    key::write_new(&config.master_key_file)?;
    let outside = Outside {
        mail: Some(Arc::new(MemoryMail::new())),
        graph: Some(Arc::new(SimulatedGraph::new())),
    };
    Ok(startup::services(&config, outside, true).await?)
}

async fn erase(services: &Services) -> anyhow::Result<f64> {
    let began = Instant::now();
    let id = account::erase_as_operator(services, "org-1").await?;
    // A reader may hold the scrub up for a moment; then the job is due again shortly.
    loop {
        job::run_due(services).await?;
        let (progress, _) = progress::show(services, &id)
            .await?
            .context("the erasure vanished")?;
        if progress.state == State::Completed {
            return Ok(began.elapsed().as_secs_f64());
        }
        ensure!(
            began.elapsed().as_secs() < 3_600,
            "the erasure does not end"
        );
        tokio::task::yield_now().await;
    }
}

async fn by_hand(copy: &Path) -> anyhow::Result<f64> {
    let db = Db::open(&format!("sqlite:{}", copy.display())).await?;
    let (organization,): (String,) = db
        .fetch_one("SELECT id FROM organizations WHERE slug = 'org-1'", vec![])
        .await?;
    let organization: OrganizationId = organization.parse()?;
    let began = Instant::now();
    hand_written::erase(&db, &organization).await?;
    let seconds = began.elapsed().as_secs_f64();
    db.close().await;
    Ok(seconds)
}

/// Linux: writing 5 makes the high-water mark start again.
fn reset_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u32 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(f64::from(kib) / 1024.0)
}
