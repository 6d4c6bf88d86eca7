//! People who must not come back: an event that was on its way, or a list that somebody imports, does not undo an erasure.
//!
//! Each entry is a keyed digest of one organization and one number or id: it recognizes somebody and names nobody. The erasure
//! of a contact makes it ([`add`]) in the transaction that confirms it. From then on
//!
//! - what was written before the confirmation is dropped for ever, and so is what comes while the erasure is under way;
//! - what the person writes afterwards, of their own will, lifts the entry: whoever turns to a business again is its contact
//!   again ([`judge`]). The entry is remembered for as long as Meta may still bring something from before;
//! - other programs ask before they import ([`filter`]), and the worker looks once a day whether one did not ([`sweep()`]).
//!
//! A number is also recognized by its [candidates](crate::person::PhoneNumber::candidates) when something is kept out. What is
//! *found* is only ever exactly the same number: it may be erased again.

mod store;
mod sweep;

pub use self::sweep::{FoundAgain, found_again, sweep};
use crate::{
    contact::Contact,
    db::{Db, Error, Tx},
    id::{ErasureId, OrganizationId},
    person::Identity,
    services::Services,
    time::Timestamp,
    vault::Vault,
};

/// Identities that are asked about in one statement.
const AT_ONCE: usize = 50;

/// What becomes of something that somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nobody of these was erased here, or they have come back of their own will.
    Free,
    /// It is older than the erasure of this person, or the erasure is under way: it is dropped.
    Refused,
    /// The person was erased, and has now written again: nothing keeps them out any more.
    Lifted,
}

/// Keeps a contact away from now on, in the transaction that confirms its erasure.
pub(crate) async fn add(
    tx: &mut Tx,
    services: &Services,
    contact: &Contact,
    erasure: &ErasureId,
) -> Result<(), Error> {
    for identity in store::identities_of(tx, contact).await? {
        let digest = digest(&services.vault, &contact.organization, &identity);
        store::add(tx, &contact.organization, digest, (erasure, services.now())).await?;
    }
    Ok(())
}

/// Decides over something that a person wrote at this moment, and lifts what is to be lifted.
pub(crate) async fn judge(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    identities: &[Identity],
    written_at: Timestamp,
) -> Result<Verdict, Error> {
    let digests = candidates(&services.vault, organization, identities);
    let entries = store::entries(tx, organization, &digests).await?;
    if entries.is_empty() {
        return Ok(Verdict::Free);
    }
    if entries
        .iter()
        .any(|entry| entry.under_way || written_at <= entry.confirmed_at)
    {
        return Ok(Verdict::Refused);
    }
    let kept_out = entries.into_iter().filter(|entry| !entry.is_lifted);
    let mut verdict = Verdict::Free;
    for entry in kept_out {
        store::lift(tx, organization, entry.digest, services.now()).await?;
        verdict = Verdict::Lifted;
    }
    Ok(verdict)
}

/// For each of these, whether the organization may take it into its contacts.
///
/// # Errors
/// When the database fails.
pub async fn filter(
    services: &Services,
    organization: &OrganizationId,
    identities: &[Identity],
) -> Result<Vec<bool>, Error> {
    let mut allowed = Vec::with_capacity(identities.len());
    for some in identities.chunks(AT_ONCE) {
        let all = candidates(&services.vault, organization, some);
        let kept_out = store::kept_out(&services.db, organization, &all).await?;
        for identity in some {
            let one = candidates(
                &services.vault,
                organization,
                std::slice::from_ref(identity),
            );
            allowed.push(!one.iter().any(|digest| kept_out.contains(digest)));
        }
    }
    Ok(allowed)
}

/// The organization with this short name.
///
/// # Errors
/// When the database fails.
pub async fn organization(
    services: &Services,
    slug: &str,
) -> Result<Option<OrganizationId>, Error> {
    store::organization(&services.db, slug).await
}

/// How many erased people were found among contacts again and are still there.
///
/// # Errors
/// When the database fails.
pub async fn found_total(db: &Db) -> Result<i64, Error> {
    store::found_total(db).await
}

fn digest(vault: &Vault, organization: &OrganizationId, identity: &Identity) -> Vec<u8> {
    let parts = [
        organization.as_str().as_bytes(),
        identity.kind().as_bytes(),
        identity.expose().as_bytes(),
    ];
    vault.keyed_digest("suppression", &parts)
}

/// The digests under which these people may be known.
fn candidates(
    vault: &Vault,
    organization: &OrganizationId,
    identities: &[Identity],
) -> Vec<Vec<u8>> {
    let forms = identities.iter().flat_map(|identity| match identity {
        Identity::Phone(number) => number
            .candidates()
            .into_iter()
            .map(Identity::Phone)
            .collect(),
        Identity::BusinessScopedUserId(_) | Identity::Email(_) => vec![identity.clone()],
    });
    forms
        .map(|identity| digest(vault, organization, &identity))
        .collect()
}
