//! One measurement: one way of erasing the victim, on one copy of the database, in this process alone.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use erasure::{
    account,
    db::Value,
    graph::simulated::SimulatedMeta,
    id::{ErasureId, OrganizationId},
    job,
    mail::MemoryMail,
    progress::{self, State},
    services::Services,
    time::SystemClock,
};
use serde::{Deserialize, Serialize};
use tokio::time::interval;

use super::{
    bystander::{Bystander, Latencies},
    hand_written, peers,
};
use crate::{
    config::{Config, Source},
    out,
    startup::{self, Outside},
};

/// Lies in the folders that a benchmark made: nothing else is ever erased by it.
pub(super) const MARK: &str = ".qliento-bench";
/// A file in such a folder: the address of its database, when that is on a server.
pub(super) const ADDRESS: &str = "database-url";
/// Another: where `pg_repack` is, when large tables are rewritten by it.
pub(super) const REPACK: &str = "pg-repack";
/// The victim's short name.
pub(super) const VICTIM: &str = "org-1";
/// How long the bystander is watched alone, before.
const ALONE: Duration = Duration::from_secs(5);
/// How soon the work is looked at again when it waits for something, for example a reader that delays the scrub.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Nothing takes this long; a measurement that does not end is none.
const GIVE_UP: Duration = Duration::from_hours(2);

/// A way of erasing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// The engine, alone on the machine.
    Engine,
    /// The hand-written statements, alone on the machine.
    HandWritten,
    /// The engine, beside a bystander.
    BesideBystander,
    /// One statement, where foreign keys say ON DELETE CASCADE.
    Cascade,
    /// Django's `delete()` of the organization.
    Django,
    /// The same, beside a bystander.
    DjangoBesideBystander,
    /// A loop that has Django delete objects one by one; the first ten thousand.
    DjangoObjects,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::Engine, Self::HandWritten, Self::BesideBystander];
    /// Others' ways, which `scripts/peers/delete.py` goes.
    pub(super) const PEERS: [Self; 4] = [
        Self::Cascade,
        Self::Django,
        Self::DjangoBesideBystander,
        Self::DjangoObjects,
    ];

    pub(super) const fn describes(self) -> &'static str {
        match self {
            Self::Engine => "the engine",
            Self::HandWritten => "the hand-written SQL",
            Self::BesideBystander => "the engine beside a bystander",
            Self::Cascade => "ON DELETE CASCADE",
            Self::Django => "Django's delete()",
            Self::DjangoBesideBystander => "Django's delete() beside a bystander",
            Self::DjangoObjects => "Django, object by object",
        }
    }

    /// As the command line calls it.
    pub(super) const fn argument(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::HandWritten => "hand-written",
            Self::BesideBystander => "beside-bystander",
            Self::Cascade => "cascade",
            Self::Django => "django",
            Self::DjangoBesideBystander => "django-beside-bystander",
            Self::DjangoObjects => "django-objects",
        }
    }
}

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    way: Way,
    folder: PathBuf,
    /// The program that goes others' ways.
    #[arg(long)]
    peers: Option<PathBuf>,
}

/// What a measurement came to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) way: Way,
    /// `sqlite` or `postgres`.
    pub(super) backend: String,
    /// Rows of the platform that are gone.
    pub(super) rows: u32,
    pub(super) seconds: f64,
    pub(super) peak_rss_mib: Option<f64>,
    /// What the bystander waited for, alone and beside the erasure.
    pub(super) bystander: Option<(Latencies, Latencies)>,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    assert_copy(&args.folder)?;
    let measured = measure(args.way, &args.folder, args.peers.as_deref(), ALONE).await?;
    out::line(&serde_json::to_string(&measured)?);
    Ok(ExitCode::SUCCESS)
}

/// Erases the victim of the database in this folder, and says what it took; a bystander is watched alone for a while first.
async fn measure(
    way: Way,
    folder: &Path,
    peers: Option<&Path>,
    alone: Duration,
) -> anyhow::Result<Measured> {
    let services = open(folder).await?;
    let rows_before = hand_written::count(&services.db).await?;
    let peer = async |way| {
        let program = peers.context("scripts/peers/delete.py was not named")?;
        peers::delete(program, way, folder).await
    };
    let (deleted, bystander) = match way {
        Way::Engine => (Box::pin(by_engine(&services)).await?, None),
        Way::HandWritten => (by_hand(&services).await?, None),
        Way::Cascade | Way::Django | Way::DjangoObjects => (peer(way).await?, None),
        Way::BesideBystander => {
            beside_bystander(&services, alone, Box::pin(by_engine(&services))).await?
        }
        Way::DjangoBesideBystander => beside_bystander(&services, alone, peer(Way::Django)).await?,
    };
    let backend = services.db.backend().as_str().to_owned();
    let lost = bystander.as_ref().map_or(0, |(_, during)| during.lost);
    ensure!(
        way != Way::BesideBystander || lost == 0,
        "{lost} messages of the bystander were lost beside the engine"
    );
    let arrived = bystander.as_ref().map_or(0, |(before, during)| {
        before.writes.len() + during.writes.len()
    });
    let rows_after = hand_written::count(&services.db).await?;
    services.db.close().await;
    Ok(Measured {
        rows: u32::try_from(rows_before - rows_after + i64::try_from(arrived)? - i64::from(lost))?,
        way,
        backend,
        seconds: deleted.seconds,
        peak_rss_mib: deleted.peak_rss_mib,
        bystander,
    })
}

/// What a deletion took.
#[derive(Debug, Deserialize)]
pub(super) struct Deleted {
    pub(super) seconds: f64,
    pub(super) peak_rss_mib: Option<f64>,
}

impl Deleted {
    /// By this process, since then.
    fn since(began: Instant) -> Self {
        Self {
            seconds: began.elapsed().as_secs_f64(),
            peak_rss_mib: peak_memory_mib(),
        }
    }
}

/// Refuses a folder that no benchmark made: what is in it may be somebody's.
pub(super) fn assert_copy(folder: &Path) -> anyhow::Result<()> {
    ensure!(
        folder.join(MARK).exists(),
        "{} is no copy that a benchmark made, and is left alone",
        folder.display()
    );
    Ok(())
}

/// The address of the database of this folder's deployment.
pub(super) fn address_of(folder: &Path) -> String {
    fs::read_to_string(folder.join(ADDRESS))
        .unwrap_or_else(|_| format!("sqlite:{}", folder.join("qliento.db").display()))
}

/// The settings of the deployment in a folder of its own. Its database is a file there, unless [`ADDRESS`] says where it is.
pub(super) fn settings_of(folder: &Path) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("public_url", "http://127.0.0.1".to_owned()),
        ("data_dir", folder.display().to_string()),
        ("database_url", address_of(folder)),
    ];
    settings.extend(
        fs::read_to_string(folder.join(REPACK))
            .ok()
            .map(|program| ("pg_repack", program)),
    );
    settings
}

/// A deployment in a folder of its own, whose mail and Graph API are played.
pub(super) async fn open(folder: &Path) -> anyhow::Result<Services> {
    let source = Source::read("", []).with_defaults(&settings_of(folder));
    let meta = Arc::new(SimulatedMeta::new(Arc::new(SystemClock::default())));
    let outside = Outside {
        mail: Some(Arc::new(MemoryMail::new())),
        graph: Some(Arc::new(meta.client())),
    };
    Ok(startup::services(&Config::parse(source)?, outside, true).await?)
}

/// From the confirmation to the receipt.
async fn by_engine(services: &Services) -> anyhow::Result<Deleted> {
    let began = Instant::now();
    let id = account::erase_as_operator(services, VICTIM).await?;
    let mut looks = interval(LOOK_AGAIN);
    loop {
        job::run_due(services).await?;
        if is_completed(services, &id).await? {
            return Ok(Deleted::since(began));
        }
        ensure!(began.elapsed() < GIVE_UP, "the erasure does not end");
        assert_not_parked(services).await?;
        looks.tick().await;
    }
}

/// What waits for an operator is not waited for.
pub(super) async fn assert_not_parked(services: &Services) -> anyhow::Result<()> {
    let held_up = job::held_up(&services.db).await?;
    match held_up.iter().find(|jobs| jobs.parked) {
        None => Ok(()),
        Some(parked) => bail!("the erasure is parked: {}", parked.cause),
    }
}

async fn is_completed(services: &Services, id: &ErasureId) -> anyhow::Result<bool> {
    let (progress, _) = progress::show(services, id)
        .await?
        .context("the erasure vanished")?;
    match progress.state {
        State::Completed => Ok(true),
        State::Waiting | State::Held | State::Erasing => Ok(false),
        State::Cancelled => bail!("the erasure was cancelled"),
    }
}

async fn by_hand(services: &Services) -> anyhow::Result<Deleted> {
    let (organization,): (String,) = services
        .db
        .fetch_one(
            "SELECT id FROM organizations WHERE slug = $1",
            vec![Value::from(VICTIM)],
        )
        .await?;
    let organization: OrganizationId = organization.parse()?;
    let began = Instant::now();
    hand_written::erase(&services.db, &organization).await?;
    Ok(Deleted::since(began))
}

async fn beside_bystander(
    services: &Services,
    alone: Duration,
    deletion: impl Future<Output = anyhow::Result<Deleted>>,
) -> anyhow::Result<(Deleted, Option<(Latencies, Latencies)>)> {
    let bystander = Bystander::find(services).await?;
    let before = bystander.work_for(alone).await?;
    let at_work = bystander.begin();
    let deleted = deletion.await?;
    Ok((deleted, Some((before, at_work.finish().await?))))
}

/// The most memory that this process has had, as Linux counts it; elsewhere nobody knows.
pub(super) fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u32 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(f64::from(kib) / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::{
        super::scratch::{Place, Scratch},
        *,
    };

    #[tokio::test]
    async fn every_way_erases_the_same_rows_and_leaves_the_bystander_alone() {
        let scratch = Scratch::beside(Place::default()).unwrap();
        scratch.seed(50).await.unwrap();

        let mut erased = Vec::new();
        for way in Way::ALL {
            let copy = scratch.copy().await.unwrap();
            erased.push(
                measure(way, copy.path(), None, Duration::from_millis(60))
                    .await
                    .unwrap()
                    .rows,
            );
            let services = open(copy.path()).await.unwrap();
            let slugs: Vec<(String,)> = services
                .db
                .fetch_all("SELECT slug FROM organizations", vec![])
                .await
                .unwrap();
            assert_eq!(slugs, [("bystander".to_owned(),)]);
        }

        assert!(erased[0] > 200, "{erased:?}");
        assert_eq!(erased, [erased[0]; 3]);
    }
}
