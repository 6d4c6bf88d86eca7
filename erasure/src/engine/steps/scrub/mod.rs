//! Leaving no erased byte behind.
//!
//! One erasure's scrub serves all that were ready before it began, so many small ones share one: on SQLite a pass over the
//! [`mod@file`], on Postgres the rewrite of [`storage`].

mod file;
mod storage;

use std::time::Duration;

use super::{AT_MOST, Work};
use crate::{
    db::Backend,
    job::{Attempt, StepError},
};

/// Whoever is in the way is a page being rendered: it is gone in a moment.
const PATIENCE: Duration = Duration::from_millis(200);
/// Why nothing goes on.
const OLD_STATE: &str = "a reader still looks at an old state of the database";

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    work.keep_for(AT_MOST).await?;
    match services.db.backend() {
        Backend::Sqlite => file::attempt(work).await,
        Backend::Postgres => storage::attempt(work).await,
    }
}
