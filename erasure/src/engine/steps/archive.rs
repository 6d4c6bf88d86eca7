//! Sealing what fiscal law keeps: an organization's invoices, a batch at a time. How is [`crate::archive`]'s.

use super::Work;
use crate::{
    archive::{Sealed, Sealing, seal_some},
    engine::{Subject, store},
    job::{Attempt, StepError},
};

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let Some(Subject::Organization(organization)) = &work.step.subject else {
        return Ok(Attempt::Parked {
            cause: "the plan names no organization for its archive",
        });
    };
    let sealing = Sealing {
        erasure: &work.erasure.id,
        reference: &work.erasure.reference,
        organization,
    };
    let mut tx = work.begin().await?;
    match seal_some(&mut tx, work.services, &sealing, &work.step.reached).await? {
        Sealed::All => work.complete(tx, 0, None).await,
        Sealed::Some { invoices, reached } => {
            store::reach(&mut tx, &work.erasure.id, work.step, invoices, &reached).await?;
            work.commit(tx).await?;
            Ok(Attempt::Progressed)
        }
    }
}
