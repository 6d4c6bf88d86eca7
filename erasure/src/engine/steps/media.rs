//! Deleting files. The folder goes first, its rows later: a crash in between leaves rows without files, never files
//! that nothing knows of.

use super::Work;
use crate::{
    engine::Subject,
    job::{Attempt, StepError},
};

/// Files of one portion: unlinking a hundred takes about a millisecond on a local disk.
const PORTION: u64 = 500;

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let Some(Subject::Organization(organization)) = &work.step.subject else {
        return Ok(Attempt::Parked {
            cause: "the plan names no organization for its files",
        });
    };
    match work.services.media.delete_some(organization, PORTION).await {
        Ok(0) => {
            let tx = work.begin().await?;
            work.complete(tx, 0, None).await
        }
        Ok(files) => {
            let tx = work.begin().await?;
            work.advance(tx, i64::try_from(files).unwrap_or(i64::MAX))
                .await
        }
        Err(crate::media::MediaError::NotAFile) => Ok(Attempt::Parked {
            cause: "an organization's media folder holds something that is not a file",
        }),
        Err(crate::media::MediaError::Io(_)) => Ok(Attempt::Later {
            cause: "the media store does not answer",
            not_before: None,
        }),
    }
}
