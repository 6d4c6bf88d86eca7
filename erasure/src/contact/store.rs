//! The rows of contacts.

use super::Contact;
use crate::{
    db::{Error, Source, value::args},
    id::{ContactId, OrganizationId},
    person::Identity,
};

/// The contacts that are known by exactly this, one an organization.
pub(super) async fn holders(
    source: &mut Source<'_>,
    identity: &Identity,
) -> Result<Vec<Contact>, Error> {
    let rows: Vec<(String, String)> = source
        .all(
            "-- holders_of_identity
             SELECT i.organization_id, i.contact_id
             FROM   contact_identities AS i
                    JOIN contacts AS c ON c.organization_id = i.organization_id AND c.id = i.contact_id
                    JOIN organizations AS o ON o.id = i.organization_id
             WHERE  i.kind = $1 AND i.value = $2 AND c.frozen_at IS NULL AND o.frozen_at IS NULL
             ORDER  BY i.organization_id",
            args![identity.kind(), identity.expose()],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(organization, id)| Contact {
            organization: OrganizationId::stored(organization),
            id: ContactId::stored(id),
        })
        .collect())
}

/// Whether the contact is there, and free.
pub(super) async fn is_free(source: &mut Source<'_>, contact: &Contact) -> Result<bool, Error> {
    let row: Option<(bool,)> = source
        .optional(
            "-- contact_is_free
             SELECT c.frozen_at IS NULL AND o.frozen_at IS NULL
             FROM   contacts AS c JOIN organizations AS o ON o.id = c.organization_id
             WHERE  c.organization_id = $1 AND c.id = $2",
            args![&contact.organization, &contact.id],
        )
        .await?;
    Ok(row.is_some_and(|(free,)| free))
}
