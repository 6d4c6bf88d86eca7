//! `qliento migrate`: the schema of this program.

use std::process::ExitCode;

use erasure::db::Db;
use secrecy::ExposeSecret as _;

use crate::{config::Config, out};

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = Config::load_for_work()?;
    std::fs::create_dir_all(&config.data_dir)?;
    let db = Db::open(config.database_url.expose_secret()).await?;
    db.migrate().await?;
    db.close().await;
    out::line("the database is up to date");
    Ok(ExitCode::SUCCESS)
}
