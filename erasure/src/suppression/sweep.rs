//! Looking for erased people among contacts again: somebody may have imported a list without asking first.

use std::time::Duration;

use super::{digest, store};
use crate::{
    contact::Contact,
    db::Error,
    id::{ContactId, OrganizationId},
    person::Identity,
    services::Services,
};

/// How often an organization's contacts are looked through.
const LOOK_AGAIN: Duration = Duration::from_hours(24);
/// Identities read at once.
const PAGE: i64 = 1_000;

/// A contact that was erased and is there again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAgain {
    /// The contact as it is now.
    pub contact: Contact,
    /// What it was recognized by.
    pub identity: Identity,
}

/// The contacts of an organization that were erased, completely, and are there again under exactly the same number or id.
///
/// # Errors
/// When the database fails.
pub async fn found_again(
    services: &Services,
    organization: &OrganizationId,
) -> Result<Vec<FoundAgain>, Error> {
    let erased = store::of_organization(&services.db, organization).await?;
    let mut found = Vec::new();
    if erased.is_empty() {
        return Ok(found);
    }
    let mut behind = (String::new(), String::new());
    loop {
        let page =
            store::identities(&services.db, organization, (&behind.0, &behind.1), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        behind = (last.kind.clone(), last.value.clone());
        for row in page {
            let Some(identity) = Identity::stored(&row.kind, &row.value) else {
                continue; // another program's, and no number
            };
            if erased.contains(&digest(&services.vault, organization, &identity)) {
                found.push(FoundAgain {
                    contact: Contact {
                        organization: organization.clone(),
                        id: ContactId::stored(row.contact_id),
                    },
                    identity,
                });
            }
        }
    }
}

/// Looks through the organizations whose turn it is. What is found is counted for whoever watches, until it is gone again.
///
/// # Errors
/// When the database fails.
pub async fn sweep(services: &Services) -> Result<(), Error> {
    let now = services.now();
    while let Some(organization) = store::next_to_look_at(&services.db, now - LOOK_AGAIN).await? {
        let found = found_again(services, &organization).await?;
        let digests: Vec<_> = found
            .iter()
            .map(|one| digest(&services.vault, &organization, &one.identity))
            .collect();
        let mut tx = services.db.begin().await?;
        store::looked(&mut tx, &organization, &digests, now).await?;
        tx.commit().await?;
        if !found.is_empty() {
            tracing::error!(
                organization.id = %organization,
                contacts = found.len(),
                "erased people are among an organization's contacts again: an import did not ask first"
            );
        }
    }
    Ok(())
}
