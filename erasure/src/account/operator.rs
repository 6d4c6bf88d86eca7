//! The operator's route: the same engine, the same plan, no code. Whoever runs the command line has the database anyway.

use super::{
    confirm::{end_sessions, people},
    scope::exclusive_people,
};
use crate::{
    db::{self, Source, value::args},
    engine::{self, Confirmation, Origin, Subject},
    id::{ErasureId, OrganizationId},
    locale::Locale,
    services::Services,
};

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
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let row: Option<(String, bool)> = tx
        .fetch_optional(
            "SELECT id, frozen_at IS NOT NULL FROM organizations WHERE slug = $1",
            args![slug],
        )
        .await?;
    let (organization, frozen) = row.ok_or(OperatorError::NotFound)?;
    if frozen {
        return Err(OperatorError::BeingErased);
    }
    let organization = OrganizationId::stored(organization);
    let users = exclusive_people(&mut Source::Tx(&mut tx), &[&organization]).await?;
    let owner = people(&mut tx, &organization, None)
        .await?
        .into_iter()
        .find(|person| person.is_owner);
    let mut subjects = vec![Subject::Organization(organization)];
    subjects.extend(users.into_iter().map(Subject::User));
    let confirmation = Confirmation {
        starts_at: now,
        locale: owner.as_ref().map_or(Locale::Fr, |owner| owner.locale),
        recipient: owner.map(|owner| owner.email),
        origin: Origin::Operator,
        session_hash: None,
        subjects,
    };
    let confirmed = engine::begin(&mut tx, services, &confirmation).await?;
    end_sessions(&mut tx, &confirmation.subjects).await?;
    tx.commit().await?;
    Ok(confirmed.id)
}
