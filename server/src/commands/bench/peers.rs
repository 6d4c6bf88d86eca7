//! Others' ways of deleting the same rows: a program of their own kind is started on the copy.

use std::path::Path;

use anyhow::Context as _;
use tokio::process::Command;

use super::{
    measure::{Deleted, VICTIM, Way, address_of},
    scratch::answer_of,
};

/// Has `scripts/peers/delete.py` delete the victim of the database in this folder. It measures itself, without its start.
pub(super) async fn delete(program: &Path, way: Way, folder: &Path) -> anyhow::Result<Deleted> {
    let arguments = [way.argument(), &address_of(folder), VICTIM];
    let deleted = answer_of(Command::new(program).args(arguments)).await;
    deleted.with_context(|| program.display().to_string())
}
