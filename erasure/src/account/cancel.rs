//! Cancelling, while other owners still may: the organization thaws, everybody is told, nothing was deleted.

use super::confirm::people;
use crate::{
    db::{self, Tx, value::args},
    engine::{destroy_identifiers, find_erasure},
    hold,
    id::{Capability, ErasureId, OrganizationId},
    job, ledger,
    letter::{self, Facts},
    progress,
    services::Services,
    time::Timestamp,
};

/// Why a deletion was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// It has begun, or is over.
    #[error("the deletion can no longer be cancelled")]
    TooLate,
    /// The link opens nothing.
    #[error("there is no such deletion")]
    NotFound,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Cancels the deletion that this link opens. One that is already cancelled stays so, and nobody is told twice.
///
/// # Errors
/// See [`CancelError`].
pub async fn cancel(services: &Services, capability: &Capability) -> Result<(), CancelError> {
    let id = progress::erasure_of(&services.db, capability)
        .await?
        .ok_or(CancelError::NotFound)?;
    let erasure = find_erasure(&services.db, id.as_str())
        .await?
        .ok_or(CancelError::NotFound)?;
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let rows = tx
        .execute(
            "-- cancel_erasure
             UPDATE erasures SET state = 'cancelled', completed_at = $1, recipient_sealed = NULL, session_hash = NULL
             WHERE  id = $2 AND state IN ('waiting', 'held') AND starts_at > $1",
            args![now, &id],
        )
        .await?;
    if rows == 0 {
        return already_cancelled(&mut tx, &id).await;
    }
    let organizations = undo(&mut tx, &id, now).await?;
    tell(&mut tx, services, &id, &erasure.reference, &organizations).await?;
    ledger::cancelled(&mut tx, services, &id).await?;
    tx.commit().await?;
    tracing::info!(erasure.id = %id, "a deletion was cancelled");
    Ok(())
}

/// Cancels once more what was cancelled already, on an older copy or after a crash in between. Nobody is told again.
pub(crate) async fn cancel_again(services: &Services, id: &ErasureId) -> Result<(), db::Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let rows = tx
        .execute(
            "-- cancel_erasure_again
             UPDATE erasures SET state = 'cancelled', completed_at = $1, recipient_sealed = NULL, session_hash = NULL
             WHERE  id = $2 AND state IN ('waiting', 'held')",
            args![now, id],
        )
        .await?;
    if rows == 1 {
        undo(&mut tx, id, now).await?;
    }
    tx.commit().await
}

/// Takes back everything that the confirmation put there; the answer is whom it concerned.
async fn undo(
    tx: &mut Tx,
    id: &ErasureId,
    now: Timestamp,
) -> Result<Vec<(OrganizationId, String)>, db::Error> {
    let organizations = thaw(tx, id).await?;
    tx.execute("DELETE FROM erasure_steps WHERE erasure_id = $1", args![id])
        .await?;
    tx.execute(
        "DELETE FROM erasure_subjects WHERE erasure_id = $1",
        args![id],
    )
    .await?;
    destroy_identifiers(tx, id).await?;
    hold::release_cancelled(tx, id).await?;
    job::cancel(tx, id.as_str(), now).await?;
    Ok(organizations)
}

/// A second press, or another owner's, finds what it wanted.
async fn already_cancelled(tx: &mut Tx, id: &ErasureId) -> Result<(), CancelError> {
    let row: Option<(String,)> = tx
        .fetch_optional("SELECT state FROM erasures WHERE id = $1", args![id])
        .await?;
    match row {
        Some((state,)) if state == "cancelled" => Ok(()),
        _ => Err(CancelError::TooLate),
    }
}

async fn thaw(tx: &mut Tx, id: &ErasureId) -> Result<Vec<(OrganizationId, String)>, db::Error> {
    let rows: Vec<(String, String)> = tx
        .fetch_all(
            "-- thaw_organizations
             UPDATE organizations SET frozen_at = NULL, frozen_by = NULL WHERE frozen_by = $1 RETURNING id, name",
            args![id],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| (OrganizationId::stored(id), name))
        .collect())
}

async fn tell(
    tx: &mut Tx,
    services: &Services,
    id: &ErasureId,
    reference: &str,
    organizations: &[(OrganizationId, String)],
) -> Result<(), db::Error> {
    for (organization, name) in organizations {
        let facts = Facts::DeletionCancelled {
            reference: reference.to_owned(),
            organizations: vec![name.clone()],
        };
        for person in people(tx, organization, None).await? {
            let draft = letter::Draft::new(&person.email, person.locale, &facts);
            letter::queue(
                tx,
                services,
                &letter::Draft {
                    erasure: Some(id),
                    ..draft
                },
            )
            .await?;
        }
    }
    Ok(())
}
