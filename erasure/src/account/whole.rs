//! An organization goes as a whole on a word that is not its owner's: the operator's, or that of two officers. No code, no window.

use super::{
    confirm::{end_sessions, people},
    scope::exclusive_people,
};
use crate::{
    db::{Error, Source, Tx, value::args},
    engine::{self, Confirmation, Confirmed, Origin, Subject},
    id::OrganizationId,
    locale::Locale,
    services::Services,
};

/// An organization that somebody named.
pub(crate) struct Named {
    pub(crate) id: OrganizationId,
    /// Whether it is being erased already.
    pub(crate) is_frozen: bool,
}

/// The organization of this short name.
pub(crate) async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Named>, Error> {
    let row: Option<(String, bool)> = tx
        .fetch_optional(
            "SELECT id, frozen_at IS NOT NULL FROM organizations WHERE slug = $1",
            args![slug],
        )
        .await?;
    Ok(row.map(|(id, is_frozen)| Named {
        id: OrganizationId::stored(id),
        is_frozen,
    }))
}

/// Confirms the erasure of an organization and of the people who belong to it alone; it starts at once. An owner gets the
/// completion letter. It must be free: the caller has looked, under the lock of [`Tx::alone`].
pub(crate) async fn erase_whole(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    origin: Origin,
) -> Result<Confirmed, Error> {
    let users = exclusive_people(&mut Source::Tx(tx), &[organization]).await?;
    let owner = people(tx, organization, None)
        .await?
        .into_iter()
        .find(|person| person.is_owner);
    let mut subjects = vec![Subject::Organization(organization.clone())];
    subjects.extend(users.into_iter().map(Subject::User));
    let confirmation = Confirmation {
        starts_at: services.now(),
        locale: owner.as_ref().map_or(Locale::Fr, |owner| owner.locale),
        recipient: owner.map(|owner| owner.email),
        origin,
        session_hash: None,
        subjects,
    };
    let confirmed = engine::begin(tx, services, &confirmation).await?;
    end_sessions(tx, &confirmation.subjects).await?;
    Ok(confirmed)
}
