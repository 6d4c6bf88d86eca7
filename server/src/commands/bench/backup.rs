//! `qliento bench backup`: how fast a backup streams and how much memory it takes, beside the bare cipher in the same run.

use std::{
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

use anyhow::Context as _;
use erasure::{
    backup::{self, BackupFolder, Options},
    graph::NoGraph,
    mail::NoMail,
    services::Services,
};
use serde::Serialize;
use tempfile::TempDir;

use super::measure::peak_memory_mib;
use crate::{
    commands::key,
    config::{Config, Source},
    out,
    startup::{self, Outside},
};

/// Bytes of a mebibyte.
const MEBIBYTE: usize = 1024 * 1024;
/// Files of one organization.
const FILES: u64 = 64;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Size of the media that are backed up, beside a small database. They do not compress.
    #[arg(long, default_value_t = 1_024)]
    mebibytes: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// The object that `--json` prints.
#[derive(Debug, Serialize)]
struct Report {
    mebibytes: u64,
    seconds: f64,
    mb_per_second: f64,
    /// Sealing as many bytes and writing them nowhere.
    cipher_mb_per_second: f64,
    /// Of the backup's speed over the bare cipher's.
    ratio: f64,
    peak_rss_mib: Option<f64>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let folder = TempDir::new().context("there is no room for a scratch deployment")?;
    let services = deployment(folder.path(), &args).await?;
    let store = BackupFolder::new(folder.path().join("backups"));
    let began = Instant::now();
    backup::create(&services, &store, &Options::default()).await?;
    let seconds = began.elapsed().as_secs_f64();
    let peak_rss_mib = peak_memory_mib();
    let cipher = bare_cipher(&services, args.mebibytes)?;
    services.db.close().await;
    let size = megabytes(args.mebibytes);
    let report = Report {
        mebibytes: args.mebibytes,
        seconds,
        mb_per_second: size / seconds,
        cipher_mb_per_second: size / cipher,
        ratio: cipher / seconds,
        peak_rss_mib,
    };
    if args.json {
        out::json(&report)?;
    } else {
        out::line(&format!(
            "{} MiB in {:.1} s: {:.0} MB/s, {:.0} % of the bare cipher's {:.0} MB/s; peak memory {:.0} MiB",
            report.mebibytes,
            report.seconds,
            report.mb_per_second,
            report.ratio * 100.0,
            report.cipher_mb_per_second,
            report.peak_rss_mib.unwrap_or_default()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// A deployment in a scratch folder, with media files that do not compress.
async fn deployment(folder: &Path, args: &Args) -> anyhow::Result<Services> {
    let settings = [
        ("public_url", "https://app.qliento.com".to_owned()),
        ("data_dir", folder.join("data").display().to_string()),
    ];
    let config = Config::parse(Source::read("", []).with_defaults(&settings))?;
    key::write_new(&config.master_key_file)?;
    let outside = Outside {
        mail: Some(Arc::new(NoMail)),
        graph: Some(Arc::new(NoGraph)),
    };
    let services = startup::services(&config, outside, true).await?;
    let organization = config
        .data_dir
        .join("media/0193a000-0000-7000-8000-000000000000");
    std::fs::create_dir_all(&organization)?;
    let mut noise = vec![0; MEBIBYTE];
    for number in 0..FILES {
        let mut file = std::fs::File::create(organization.join(format!("{number:04}")))?;
        let share = args.mebibytes / FILES + u64::from(number < args.mebibytes % FILES);
        for _ in 0..share {
            services.random.fill(&mut noise);
            file.write_all(&noise)?;
        }
    }
    Ok(services)
}

/// How long the cipher alone takes for as much.
fn bare_cipher(services: &Services, mebibytes: u64) -> anyhow::Result<f64> {
    let masters = services.vault.master_keys().ids();
    let master = masters.first().context("there is no master key")?;
    let (key, _) = services.vault.new_file_key(*master, b"bench")?;
    let noise = vec![7; MEBIBYTE];
    let began = Instant::now();
    let mut sealed = key.seal(io::sink());
    for _ in 0..mebibytes {
        sealed.write_all(&noise)?;
    }
    sealed.finish()?;
    Ok(began.elapsed().as_secs_f64())
}

/// Of 10⁶ bytes, as speeds are given.
fn megabytes(mebibytes: u64) -> f64 {
    f64::from(u32::try_from(mebibytes).unwrap_or(u32::MAX)) * 1.048_576
}
