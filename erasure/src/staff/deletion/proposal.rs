//! The first person: what is to go, why, and that it is not meant any more.

use super::{Basis, DeletionError, Detail};
use crate::{
    account,
    approval::{self, Proposal},
    contact,
    db::{Error, Tx},
    engine::Subject,
    id::RowId,
    person::Identity,
    reason::Reason,
    services::Services,
    staff::{Act, Staff, audit::About},
    time::Timestamp,
};

/// What somebody wants erased.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The organization's short name.
    pub organization: String,
    /// The number or id of one of its contacts; `None`: the whole organization.
    pub contact: Option<Identity>,
}

/// Proposes to erase something; says until when somebody else can confirm it.
///
/// # Errors
/// See [`DeletionError`].
pub async fn propose(
    services: &Services,
    staff: &Staff,
    wanted: &Wanted,
    (basis, reason): (Basis, &Reason),
) -> Result<Timestamp, DeletionError> {
    let mut acting = staff.begin(services, Act::ProposeDeletion).await?;
    acting.tx().alone().await?;
    let subject = find(acting.tx(), wanted).await?;
    let id = subject.id().into_owned();
    // Alone: nobody else can propose the same between this look and the commit.
    let earlier = approval::find_of(services, approval::Act::Erase, &id).await?;
    if earlier.is_some() {
        return Err(DeletionError::Proposed);
    }
    let detail = Detail {
        kind: subject.kind().to_owned(),
        by: staff.id().clone(),
    };
    let proposal = Proposal {
        act: approval::Act::Erase,
        subjects: &[id],
        basis: Some(basis.as_str()),
        detail: Some(serde_json::to_string(&detail).map_err(|_| Error::Corrupt("a deletion"))?),
        by: staff.email(),
        reason: reason.expose(),
    };
    let (proposal, until) = approval::propose(acting.tx(), services, &proposal).await?;
    let about = About::Proposal(&proposal);
    acting.commit(Some(about), Some(basis.as_str())).await?;
    Ok(until)
}

async fn find(tx: &mut Tx, wanted: &Wanted) -> Result<Subject, DeletionError> {
    let organization = account::by_slug(tx, &wanted.organization)
        .await?
        .ok_or(DeletionError::NotFound)?;
    if organization.is_frozen {
        return Err(DeletionError::BeingErased);
    }
    let Some(identity) = &wanted.contact else {
        return Ok(Subject::Organization(organization.id));
    };
    let contact = contact::holder(tx, &organization.id, identity).await?;
    contact.map(Subject::Contact).ok_or(DeletionError::NotHeld)
}

/// Takes a proposal back, or says no to somebody else's.
///
/// # Errors
/// See [`DeletionError`].
pub async fn decline(
    services: &Services,
    staff: &Staff,
    proposal: &RowId,
) -> Result<(), DeletionError> {
    staff.check(services, Act::DeclineDeletion).await?;
    let found = approval::find(services, approval::Act::Erase, proposal.as_str())
        .await?
        .ok_or(DeletionError::NoProposal)?;
    let mut acting = staff.begin(services, Act::DeclineDeletion).await?;
    if !approval::decline(acting.tx(), &found, services.now()).await? {
        return Err(DeletionError::NoProposal);
    }
    acting.commit(Some(About::Proposal(proposal)), None).await?;
    Ok(())
}
