//! `qliento receipt`: whether a receipt is genuine, and the keys that say so.

use std::{
    fs::File,
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use erasure::receipt::{self, Genuine, KeySet, LONGEST, PublishedKey, VerifyError};

use super::open;
use crate::out;

/// What the published keys are called where they are kept.
pub(super) const KEYS_FILE: &str = "qliento-receipt-keys.json";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Check a receipt. Exit code 0: it is genuine; 1: it is not; 2: it could not be checked.
    Verify {
        /// The receipt's file.
        file: PathBuf,
        /// The published keys. Otherwise the file `qliento-receipt-keys.json` beside the receipt, else this deployment's.
        #[arg(long)]
        keys: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// The public keys, those that sign no more as well.
    Keys {
        /// As JSON: what `/.well-known/qliento-receipt-keys.json` serves.
        #[arg(long)]
        json: bool,
    },
    /// Sign with a new key from now on. Receipts that were signed with the old one stay genuine.
    NewKey,
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Verify { file, keys, json } => verify(&file, keys.as_deref(), json).await,
        Command::Keys { json } => keys(json).await,
        Command::NewKey => new_key().await,
    }
}

async fn verify(file: &Path, keys: Option<&Path>, json: bool) -> anyhow::Result<ExitCode> {
    let text = read(file)?;
    let (keys, source) = known_keys(file, keys).await?;
    let verified = receipt::verify(&text, &keys);
    if json {
        out::json(&answer(&verified))?;
    }
    match verified {
        Ok(genuine) => {
            if !json {
                out::line(&words(&genuine, &source));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            if !json {
                out::line(&format!("NOT GENUINE: {error}"));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The file, up to one byte more than a receipt can have.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("{} cannot be read", file.display());
    let mut text = Vec::new();
    File::open(file)
        .with_context(cannot)?
        .take(u64::try_from(LONGEST)? + 1)
        .read_to_end(&mut text)
        .with_context(cannot)?;
    Ok(text)
}

/// The keys to check with, and where they came from.
async fn known_keys(receipt: &Path, named: Option<&Path>) -> anyhow::Result<(KeySet, String)> {
    let beside = receipt.with_file_name(KEYS_FILE);
    let file = named.unwrap_or(&beside);
    match std::fs::read(file) {
        Ok(text) => {
            let keys = serde_json::from_slice(&text)
                .with_context(|| format!("{} does not hold published keys", file.display()))?;
            Ok((keys, file.display().to_string()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
            let (config, services) = open().await.with_context(|| {
                format!("there are no keys to check with: save the address /.well-known/{KEYS_FILE} of the site beside the receipt, or name such a file with --keys")
            })?;
            let keys = receipt::key_set(&services.db).await?;
            services.db.close().await;
            Ok((keys, format!("this deployment ({})", config.public_url)))
        }
        Err(_) => bail!("{} cannot be read", file.display()),
    }
}

fn answer(verified: &Result<Genuine, VerifyError>) -> serde_json::Value {
    match verified {
        Ok(Genuine { receipt, key }) => serde_json::json!({
            "genuine": true,
            "reference": receipt.reference,
            "completed_at": receipt.completed_at,
            "key": key.id,
            "ledger": receipt.ledger,
        }),
        Err(error) => serde_json::json!({ "genuine": false, "why": error.to_string() }),
    }
}

fn words(Genuine { receipt, key }: &Genuine, source: &str) -> String {
    let ledger = receipt.ledger.as_ref().map_or_else(String::new, |place| {
        format!(
            "\nnoted in line {} of the ledger, {}",
            place.entry, place.head
        )
    });
    format!(
        "GENUINE: {} of {}, signed by {} with the key {}{}, and unchanged since\nkeys from {source}{ledger}",
        receipt.reference,
        receipt.completed_at,
        receipt.controller,
        key.id,
        since(key)
    )
}

fn since(key: &PublishedKey) -> String {
    key.retired_at.map_or_else(String::new, |at| {
        format!(" (which signs no more since {at})")
    })
}

async fn keys(json: bool) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    let keys = receipt::key_set(&services.db).await?;
    services.db.close().await;
    if json {
        out::json(&keys)?;
        return Ok(ExitCode::SUCCESS);
    }
    if keys.keys.is_empty() {
        out::line("no key yet: the first receipt makes one");
    }
    for key in &keys.keys {
        out::line(&format!(
            "{}  {}  {}  since {}{}",
            key.id,
            key.algorithm,
            key.key,
            key.created_at,
            since(key)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn new_key() -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    let key = receipt::new_key(&services).await?;
    services.db.close().await;
    out::line(&format!(
        "receipts are signed with the key {} from now on; the keys before it stay published",
        key.id
    ));
    Ok(ExitCode::SUCCESS)
}
