//! `qliento key`: the master key's file.

use std::{path::Path, process::ExitCode, time::Instant};

use anyhow::Context as _;
use erasure::{
    random::ChaChaRandom,
    retention,
    services::Services,
    vault::{
        KeyFile, MasterKey, MasterKeyId,
        rotate::{Standing, rotate, standing},
    },
};

use super::open;
use crate::{config::Config, out};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Write a first master key. An existing file is never touched.
    New,
    /// Put a new master key in the old one's place: while work goes on, and again after a crash.
    Rotate {
        /// Only write the new key into the file, to be copied to the other machines before it is used.
        #[arg(long)]
        prepare: bool,
    },
    /// Say whether the file opens this database, and what it holds besides.
    Check,
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::New => new(),
        Command::Rotate { prepare } => replace(prepare).await,
        Command::Check => check().await,
    }
}

fn new() -> anyhow::Result<ExitCode> {
    let config = Config::load_for_work()?;
    write_new(&config.master_key_file)?;
    out::line(&format!(
        "a new master key is in {}: keep a copy away from the database's backups",
        config.master_key_file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a first key, readable by this user alone.
pub(super) fn write_new(path: &Path) -> anyhow::Result<()> {
    Ok(KeyFile::at(path).create(&mint()?)?)
}

pub(super) fn mint() -> anyhow::Result<MasterKey> {
    let random = ChaChaRandom::from_system().context("the operating system gives no randomness")?;
    Ok(MasterKey::mint(&random))
}

async fn replace(prepare: bool) -> anyhow::Result<ExitCode> {
    let (config, services) = open().await?;
    let file = KeyFile::at(&config.master_key_file);
    let masters = standing(&services.db).await?;
    match next(&file, &masters)? {
        Next::Forget(to) => forget(&file, to)?,
        Next::Wrap(to) if prepare => out::line(&format!(
            "master key {to} stands first in {}: copy the file to every machine, then run `qliento key rotate`",
            config.master_key_file.display()
        )),
        Next::Wrap(to) => {
            wrap(&services, to).await?;
            forget(&file, to)?;
        }
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// What a rotation has to do next.
enum Next {
    /// To wrap data keys under this key.
    Wrap(MasterKeyId),
    /// All is wrapped under this key; only the file still holds the one before.
    Forget(MasterKeyId),
}

/// Goes on with what was begun; begins when nothing was, and then a new key is minted into the file.
fn next(file: &KeyFile, masters: &[Standing]) -> anyhow::Result<Next> {
    let held = file.read()?.ids();
    let current = masters.iter().find(|master| master.is_current);
    let current = current.context("the database names no master key")?.id;
    let first = held.first().context("the key file holds no key")?;
    if masters.len() > 1 {
        return Ok(Next::Wrap(current));
    }
    if *first != current {
        return Ok(Next::Wrap(*first));
    }
    if held.len() > 1 {
        return Ok(Next::Forget(current));
    }
    let key = mint()?;
    file.put_in_front(&key)?;
    Ok(Next::Wrap(key.id()))
}

async fn wrap(services: &Services, to: MasterKeyId) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut shown = 0;
    let done = rotate(services, to, &mut |done| {
        if done >= shown + 100_000 {
            shown = done;
            out::error(&format!("{done} data keys are wrapped anew …"));
        }
    })
    .await?;
    let millis = began.elapsed().as_millis().max(1);
    let rate = u128::from(done) * 1_000 / millis;
    out::line(&format!(
        "{done} data keys are wrapped under master key {to}, in {}.{:03} s ({rate} a second)",
        millis / 1_000,
        millis % 1_000
    ));
    Ok(())
}

fn forget(file: &KeyFile, to: MasterKeyId) -> anyhow::Result<()> {
    for path in file.keep_only(to)? {
        out::line(&format!(
            "the old master key is out of use. Backups made before now need it for {} days: it is in {}. Move that file to where \
             copies of keys are kept, destroy it then, and at once if somebody may have read it",
            retention::BACKUP_DAYS,
            path.display()
        ));
    }
    out::line(&format!(
        "master key {to} is the only one in use: keep a copy away from the database's backups"
    ));
    Ok(())
}

async fn check() -> anyhow::Result<ExitCode> {
    let (config, services) = open().await?; // a wrong key has been refused by now
    let held = KeyFile::at(&config.master_key_file).read()?.ids();
    let masters = standing(&services.db).await?;
    for master in &masters {
        let role = if master.is_current {
            "in use"
        } else {
            "retiring"
        };
        out::line(&format!(
            "master key {} is {role}: it wraps {} data keys",
            master.id, master.data_keys
        ));
    }
    let unfinished = masters.len() > 1 || held.len() > 1;
    if unfinished {
        out::line("a rotation is unfinished: `qliento key rotate` goes on with it");
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}
