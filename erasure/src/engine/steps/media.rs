//! Deleting files: an organization's by its folder, a contact's one by one. The files go first, their rows later: a crash in
//! between leaves rows without files, never files that nothing knows of.

use std::time::Duration;

use super::Work;
use crate::{
    engine::{Subject, identifiers, store},
    id::OrganizationId,
    job::{Attempt, StepError},
    media::MediaError,
};

/// Files of one portion: as many as S3 lists and deletes at once; a disk takes some tenths of a second.
const PORTION: u64 = 1_000;
/// Files deleted by name in one go: in a bucket that takes three calls for each.
const NAMED: usize = 100;
/// A store that is slow to list and to delete, and room.
const AT_MOST: Duration = Duration::from_mins(1);

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    work.keep_for(AT_MOST).await?;
    match &work.step.subject {
        Some(Subject::Organization(organization)) => {
            let deleted = services.media.delete_some(organization, PORTION).await;
            report(work, deleted).await
        }
        Some(subject @ Subject::Contact(contact)) => {
            let known = identifiers::of(services, &work.erasure.id, subject).await?;
            one_by_one(work, &contact.organization, &known.files).await
        }
        Some(Subject::User(_)) | None => Ok(Attempt::Parked {
            cause: "the plan names nobody whose files to delete",
        }),
    }
}

/// The list does not change, so its place in it is how far the step has come.
async fn one_by_one(
    work: &Work<'_>,
    organization: &OrganizationId,
    files: &[String],
) -> Result<Attempt, StepError> {
    let reached = work
        .step
        .reached
        .first()
        .and_then(|place| place.parse().ok());
    let behind: usize = reached.unwrap_or_default();
    let next: Vec<_> = files.iter().skip(behind).take(NAMED).collect();
    for file in &next {
        if let Err(error) = work.services.media.delete(organization, file).await {
            return report(work, Err(error)).await;
        }
    }
    if next.is_empty() {
        return report(work, Ok(0)).await;
    }
    let mut tx = work.begin().await?;
    let (id, deleted) = (
        &work.erasure.id,
        i64::try_from(next.len()).unwrap_or(i64::MAX),
    );
    let place = (behind + next.len()).to_string();
    store::reach(&mut tx, id, work.step, deleted, &[place]).await?;
    work.commit(tx).await?;
    Ok(Attempt::Progressed)
}

async fn report(work: &Work<'_>, deleted: Result<u64, MediaError>) -> Result<Attempt, StepError> {
    match deleted {
        Ok(0) => {
            let tx = work.begin().await?;
            work.complete(tx, 0, None).await
        }
        Ok(files) => {
            let tx = work.begin().await?;
            work.advance(tx, i64::try_from(files).unwrap_or(i64::MAX))
                .await
        }
        Err(MediaError::Refused(cause) | MediaError::NotAFile(cause)) => {
            Ok(Attempt::Parked { cause })
        }
        Err(MediaError::Later(cause)) => Ok(Attempt::Later {
            cause,
            not_before: None,
        }),
    }
}
