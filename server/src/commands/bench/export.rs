//! `qliento bench export`: how fast an owner takes their data along, and how much memory that takes whatever the size.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::Context as _;
use erasure::{
    export,
    network::Network,
    seed,
    session::{self, Credentials},
};
use serde::{Deserialize, Serialize};

use super::{
    measure::{VICTIM, assert_copy, open, peak_memory_mib},
    scratch::{Place, Scratch, in_a_process_of_its_own},
};
use crate::out;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Messages of the organization.
    #[arg(long, default_value_t = 10_000)]
    messages: u64,
    #[command(flatten)]
    place: Place,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Measures in this folder, in this process.
    #[arg(long, hide = true)]
    folder: Option<PathBuf>,
}

/// What it came to.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    backend: String,
    /// Of the ZIP.
    bytes: u64,
    seconds: f64,
    /// What the process needs before it begins, and at most.
    rss_before_mib: Option<f64>,
    peak_rss_mib: Option<f64>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.folder {
        out::line(&serde_json::to_string(&measure(folder).await?)?);
        return Ok(ExitCode::SUCCESS);
    }
    let scratch = Scratch::beside(args.place)?;
    out::error(&format!("seeding {} messages …", args.messages));
    scratch.seed(args.messages).await?;
    let copy = scratch.copy().await?;
    let measured: Measured = in_a_process_of_its_own(&["export", "--folder"], copy.path()).await?;
    scratch.remove().await?;
    if args.json {
        out::json(&measured)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mib =
        |figure: Option<f64>| figure.map_or_else(|| "?".to_owned(), |mib| format!("{mib:.1}"));
    out::line(&format!(
        "{}: {} messages, a ZIP of {} bytes in {:.1} s; memory {} MiB before, {} at most",
        measured.backend,
        args.messages,
        measured.bytes,
        measured.seconds,
        mib(measured.rss_before_mib),
        mib(measured.peak_rss_mib)
    ));
    Ok(ExitCode::SUCCESS)
}

/// Signs in as the owner and takes everything, throwing it away as it comes.
async fn measure(folder: &Path) -> anyhow::Result<Measured> {
    assert_copy(folder)?;
    let services = open(folder).await?;
    let credentials = Credentials {
        email: format!("owner@{VICTIM}.example"),
        password: seed::PASSWORD.into(),
    };
    let network = Network::unknown();
    let token = session::sign_in(&services, &credentials, &network).await?;
    let session = session::resume(&services, token.expose())
        .await?
        .context("the session is gone")?;
    let rss_before_mib = peak_memory_mib();
    let began = Instant::now();
    let mut bytes = 0;
    let mut export = export::begin(&services, &session, &network).await?;
    while let Some(piece) = export.next().await {
        bytes += u64::try_from(piece?.len())?;
    }
    let seconds = began.elapsed().as_secs_f64();
    let backend = services.db.backend().as_str().to_owned();
    services.db.close().await;
    Ok(Measured {
        backend,
        bytes,
        seconds,
        rss_before_mib,
        peak_rss_mib: peak_memory_mib(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_export_is_measured_from_its_first_byte_to_its_last() {
        let scratch = Scratch::beside(Place::default()).unwrap();
        scratch.seed(50).await.unwrap();
        let copy = scratch.copy().await.unwrap();

        let measured = measure(copy.path()).await.unwrap();

        assert!(
            measured.bytes > 10_000 && measured.seconds > 0.0,
            "{measured:?}"
        );
        assert!(measure(Path::new("/nowhere")).await.is_err());
    }
}
