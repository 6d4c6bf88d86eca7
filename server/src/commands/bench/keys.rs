//! `qliento bench keys`: how long a new master key takes when very many data keys are wrapped under the old one.

use std::{process::ExitCode, time::Instant};

use anyhow::ensure;
use erasure::{
    id::RowId,
    vault::{
        KeyFile, Scope,
        rotate::{rotate, standing},
    },
};
use serde::Serialize;

use super::{
    measure::{open, peak_memory_mib},
    scratch::{Place, Scratch},
};
use crate::{commands::key, out};

/// Keys of one transaction while the database is filled.
const FILL: u64 = 10_000;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Data keys.
    #[arg(long, default_value_t = 1_000_000)]
    keys: u64,
    #[command(flatten)]
    place: Place,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// What it came to.
#[derive(Debug, Serialize)]
struct Measured {
    backend: String,
    keys: u64,
    seconds: f64,
    /// The most memory that this process has had, filling the database included.
    peak_rss_mib: Option<f64>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scratch = Scratch::beside(args.place)?;
    scratch.seed(1).await?;
    let copy = scratch.copy().await?;
    let measured = measure(&copy, args.keys).await?;
    drop(copy);
    scratch.remove().await?;
    if args.json {
        out::json(&measured)?;
        return Ok(ExitCode::SUCCESS);
    }
    out::line(&format!(
        "{}: {} data keys wrapped anew in {:.1} s, {:.0} a second; {:.1} MiB at most",
        measured.backend,
        measured.keys,
        measured.seconds,
        f64::from(u32::try_from(measured.keys)?) / measured.seconds,
        measured.peak_rss_mib.unwrap_or_default()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Fills the copy with data keys, as the vault mints them, and rotates. The new master key is minted into the key file before
/// the vault reads it, as `key rotate --prepare` does.
async fn measure(copy: &tempfile::TempDir, keys: u64) -> anyhow::Result<Measured> {
    let services = open(copy.path()).await?;
    out::error(&format!("minting {keys} data keys …"));
    let mut minted = 0;
    while minted < keys {
        let batch = FILL.min(keys - minted);
        let mut tx = services.db.begin().await?;
        for _ in 0..batch {
            let record = RowId::mint(services.now(), services.random.as_ref());
            services
                .vault
                .data_key(&mut tx, Scope::Archive(&record), services.now())
                .await?;
        }
        tx.commit().await?;
        minted += batch;
    }
    services.db.close().await;

    let file = KeyFile::at(&copy.path().join("master.key"));
    let master = key::mint()?;
    file.put_in_front(&master)?;
    let services = open(copy.path()).await?;
    let began = Instant::now();
    let wrapped = rotate(&services, master.id(), &mut |_| {}).await?;
    let seconds = began.elapsed().as_secs_f64();
    let masters = standing(&services.db).await?;
    ensure!(
        masters.len() == 1 && wrapped >= keys,
        "not every data key was wrapped anew"
    );
    let backend = services.db.backend().as_str().to_owned();
    services.db.close().await;
    Ok(Measured {
        backend,
        keys: wrapped,
        seconds,
        peak_rss_mib: peak_memory_mib(),
    })
}
