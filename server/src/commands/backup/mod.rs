//! `qliento backup`: making, listing and restoring backups, and doing it for practice.

mod drill;
mod restore;

use std::{process::ExitCode, sync::Arc};

use anyhow::Context as _;
use erasure::{
    backup::{self, BackupId, BackupStore, Listed, Options, Standing, Which},
    time::Timestamp,
};

use super::open;
use crate::{config::Config, out, startup};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a backup now, while everything goes on.
    Create {
        /// Leave the content of media files out; only which there were is noted.
        #[arg(long)]
        without_media: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// All backups, the newest first.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Delete backups at their term, and say whether the promise of 30 days holds. The worker does so by itself.
    Prune {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Put a backup in the place of the database, less everybody who was erased since. Stop everything else first.
    Restore {
        #[command(flatten)]
        which: Chosen,
        /// Yes, in its place.
        #[arg(long)]
        yes: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Erase again whom the ledger names, on a copy that was put in place by other means. Stop everything else first.
    Replay {
        /// Yes, erase them.
        #[arg(long)]
        yes: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Restore into a scratch copy, measure how long it takes, and throw the copy away. Nothing else is touched.
    Drill {
        #[command(flatten)]
        which: Chosen,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Which backup.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Chosen {
    /// Its name.
    id: Option<BackupId>,
    /// The newest that can be restored.
    #[arg(long)]
    latest: bool,
}

impl Chosen {
    fn which(self) -> Which {
        self.id.map_or(Which::Latest, Which::Named)
    }
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create {
            without_media,
            json,
        } => create(!without_media, json).await,
        Command::List { json } => list(json).await,
        Command::Prune { json } => prune(json).await,
        Command::Restore { which, yes, json } => {
            Box::pin(restore::run(which.which(), yes, json)).await
        }
        Command::Replay { yes, json } => Box::pin(restore::replay(yes, json)).await,
        Command::Drill { which, json } => Box::pin(drill::run(which.which(), json)).await,
    }
}

/// What `list` and `prune` say when a backup has outlived what people were told.
const PROMISE_BROKEN: &str = "ALARM: a backup is older than 30 days, and people were told that it is gone: `qliento backup prune` deletes it, or says why not";

/// Where backups are kept.
fn store(config: &Config) -> anyhow::Result<Arc<dyn BackupStore>> {
    startup::backup_store(config).context(
        "QLIENTO_BACKUP_URL is not set: name a folder on another disk, for example file:/mnt/backups, or a bucket: s3://backups/qliento",
    )
}

async fn create(media: bool, json: bool) -> anyhow::Result<ExitCode> {
    let (config, services) = open().await?;
    let store = store(&config)?;
    let options = Options {
        media,
        ..Options::default()
    };
    let created = backup::create(&services, store.as_ref(), &options).await?;
    services.db.close().await;
    if json {
        out::json(&created)?;
    } else {
        out::line(&format!(
            "{}: {} bytes in {}",
            created.id,
            created.bytes,
            store.place()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(json: bool) -> anyhow::Result<ExitCode> {
    let (config, services) = open().await?;
    let listed = backup::list(&store(&config)?, &services.vault.master_keys()).await?;
    let now = services.now();
    services.db.close().await;
    if json {
        out::json(&listed)?;
        return Ok(ExitCode::SUCCESS);
    }
    if listed.is_empty() {
        out::line("no backup yet");
    }
    for backup in &listed {
        out::line(&words(backup));
    }
    if backup::breaks_the_promise(&listed, now) {
        out::error(PROMISE_BROKEN);
    }
    Ok(ExitCode::SUCCESS)
}

/// Exit code 1: something is still there that people were told is gone.
async fn prune(json: bool) -> anyhow::Result<ExitCode> {
    let (config, services) = open().await?;
    let watch = backup::prune(&services, &store(&config)?).await?;
    let is_broken = watch.breaks_the_promise(services.now());
    services.db.close().await;
    if json {
        out::json(&watch)?;
    } else {
        let since =
            |at: Option<Timestamp>| at.map_or_else(|| "none".to_owned(), |at| at.to_string());
        out::line(&format!(
            "{} restorable, {} not, {} bytes; oldest {}, newest {}",
            watch.copies,
            watch.unreadable,
            watch.bytes,
            since(watch.oldest_at),
            since(watch.newest_at)
        ));
    }
    if is_broken {
        out::error(PROMISE_BROKEN);
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn words(backup: &Listed) -> String {
    let standing = match backup.standing {
        Standing::Restorable => "restorable",
        Standing::OtherMasterKey => "takes another master key",
        Standing::Newer => "of a newer version of this program",
        Standing::Damaged => "DAMAGED",
        Standing::Hidden => "deleted by name, but the store keeps it",
    };
    format!(
        "{}  {}  {:>14} bytes  {standing}",
        backup.id, backup.made_at, backup.bytes
    )
}
