//! Leaving no erased byte behind: `secure_delete` has overwritten the pages, now the log that still remembers them goes.

use std::time::Duration;

use super::Work;
use crate::job::{Attempt, StepError};

/// A checkpoint of a large log takes seconds.
const AT_MOST: Duration = Duration::from_mins(1);
/// A reader that blocks the checkpoint is a page being rendered: it is gone in a moment.
const PATIENCE: Duration = Duration::from_millis(200);

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    work.lease
        .extend(&services.db, services.now() + AT_MOST)
        .await?;
    if !services.db.truncate_log().await? {
        let not_before = Some(services.now() + PATIENCE);
        return Ok(Attempt::Later {
            cause: "a reader still looks at an old state of the database",
            not_before,
        });
    }
    let tx = work.begin().await?;
    work.complete(tx, 0, None).await
}
