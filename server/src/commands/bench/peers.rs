//! Others' ways of deleting the same rows: a program of their own kind is started on the copy.

use std::{fs, path::Path, process::Stdio};

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use super::measure::{ADDRESS, Deleted, VICTIM, Way};

/// Has `scripts/peers/delete.py` delete the victim of the database in this folder. It measures itself, without its start.
pub(super) async fn delete(program: &Path, way: Way, folder: &Path) -> anyhow::Result<Deleted> {
    let in_folder = format!("sqlite:{}", folder.join("qliento.db").display());
    let address = fs::read_to_string(folder.join(ADDRESS)).unwrap_or(in_folder);
    let output = Command::new(program)
        .args([way.argument(), &address, VICTIM])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("{} cannot be started", program.display()))?;
    ensure!(output.status.success(), "it ended with {}", output.status);
    serde_json::from_slice(&output.stdout).context("its answer is not understood")
}
