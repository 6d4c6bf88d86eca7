//! The operator's route: the same engine, the same plan, no code. Whoever runs the command line has the database anyway.

use super::whole;
use crate::{db, engine::Origin, id::ErasureId, services::Services};

/// Why an organization was not erased.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is none of that name.
    #[error("there is no organization with that slug")]
    NotFound,
    /// It is being erased already.
    #[error("the organization is being erased already")]
    BeingErased,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Confirms the erasure of an organization and of the people who belong to it alone; it starts at once. An owner gets
/// the completion letter.
///
/// # Errors
/// See [`OperatorError`].
pub async fn erase_as_operator(
    services: &Services,
    slug: &str,
) -> Result<ErasureId, OperatorError> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let organization = whole::by_slug(&mut tx, slug)
        .await?
        .ok_or(OperatorError::NotFound)?;
    if organization.is_frozen {
        return Err(OperatorError::BeingErased);
    }
    let confirmed =
        whole::erase_whole(&mut tx, services, &organization.id, Origin::Operator).await?;
    tx.commit().await?;
    Ok(confirmed.id)
}
