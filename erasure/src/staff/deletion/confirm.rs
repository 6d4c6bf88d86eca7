//! The second person: in one transaction the proposal is used, the erasure begins, and both names are with it.

use super::{DeletionError, Order, is_own};
use crate::{
    account, approval,
    contact::{self, ContactError},
    db::{Error, Source, Tx, value::args},
    engine::{self, Origin, Subject},
    id::{OrganizationId, RowId},
    letter::{self, Draft, Facts},
    person::Identity,
    services::Services,
    staff::{Act, Staff, audit::About},
};

/// What became of a deletion that two officers agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// It begins.
    Erasing,
    /// A legal hold keeps it waiting; it begins by itself when that ends.
    Held,
}

/// Confirms what somebody else proposed. `retyped` is what is to go, once more: the organization's short name, or the contact's
/// number or id.
///
/// # Errors
/// See [`DeletionError`].
pub async fn confirm(
    services: &Services,
    staff: &Staff,
    proposal: &RowId,
    retyped: &str,
) -> Result<Confirmed, DeletionError> {
    staff.check(services, Act::ConfirmDeletion).await?;
    let found = approval::find(services, approval::Act::Erase, proposal.as_str())
        .await?
        .ok_or(DeletionError::NoProposal)?;
    if is_own(&found, staff.email()) {
        return Err(DeletionError::SamePerson);
    }
    let order = Order::of(&found)?;
    let mut acting = staff.begin(services, Act::ConfirmDeletion).await?;
    let tx = acting.tx();
    tx.alone().await?;
    if !order.is_by_officer(&mut Source::Tx(tx)).await? {
        return Err(DeletionError::ProposerLeft);
    }
    order.is_free_and_is(tx, retyped.trim()).await?;
    let agreed = approval::approve(tx, services, &found, staff.email()).await?
        && approval::use_up(tx, &found, services.now()).await?;
    if !agreed {
        return Err(DeletionError::NoProposal); // somebody else was quicker
    }
    let begun = begin(tx, services, &order.subject).await?;
    tx.execute(
        "-- insert_staff_erasure
         INSERT INTO staff_erasures (erasure_id, approval_id, basis, proposed_by, confirmed_by) VALUES ($1, $2, $3, $4, $5)",
        args![&begun.id, proposal, order.basis.as_str(), &order.by, staff.id()],
    )
    .await?;
    let about = About::Proposal(proposal);
    acting
        .commit(Some(about), Some(order.basis.as_str()))
        .await?;
    tracing::warn!(
        erasure.id = %begun.id,
        basis = order.basis.as_str(),
        "two officers began a deletion"
    );
    Ok(if begun.is_held {
        Confirmed::Held
    } else {
        Confirmed::Erasing
    })
}

impl Order {
    /// Whether what was proposed is there and free, and was typed once more.
    async fn is_free_and_is(&self, tx: &mut Tx, retyped: &str) -> Result<(), DeletionError> {
        let is_same = match &self.subject {
            Subject::Organization(organization) => {
                let row: Option<(String, bool)> = tx
                    .fetch_optional(
                        "SELECT slug, frozen_at IS NOT NULL FROM organizations WHERE id = $1",
                        args![organization],
                    )
                    .await?;
                match row {
                    Some((slug, false)) => slug == retyped,
                    Some((_, true)) | None => return Err(DeletionError::BeingErased),
                }
            }
            Subject::Contact(contact) => {
                if !contact::is_free(tx, contact).await? {
                    return Err(DeletionError::BeingErased);
                }
                match Identity::on_whatsapp(retyped) {
                    Some(identity) => {
                        let known = contact::holder(tx, &contact.organization, &identity).await?;
                        known.as_ref() == Some(contact)
                    }
                    None => false,
                }
            }
            Subject::User(_) => false, // nobody proposes that
        };
        if is_same {
            Ok(())
        } else {
            Err(DeletionError::NotTheSame)
        }
    }
}

async fn begin(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject,
) -> Result<engine::Confirmed, DeletionError> {
    match subject {
        Subject::Organization(organization) => {
            let begun = account::erase_whole(tx, services, organization, Origin::Staff).await?;
            tell(tx, services, organization, &begun).await?;
            Ok(begun)
        }
        Subject::Contact(contact) => {
            let begun = contact::erase_unasked(tx, services, contact, Origin::Staff).await;
            begun.map_err(|error| match error {
                ContactError::NotHeld => DeletionError::BeingErased,
                ContactError::Internal(error) => error.into(),
            })
        }
        Subject::User(_) => Err(Error::Corrupt("approvals.subjects").into()),
    }
}

/// Everybody of the organization learns that it goes, and by whose decision; an owner gets the letter of its end besides.
async fn tell(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    begun: &engine::Confirmed,
) -> Result<(), Error> {
    let row: Option<(String,)> = tx
        .fetch_optional(
            "SELECT name FROM organizations WHERE id = $1",
            args![organization],
        )
        .await?;
    let (name,) = row.ok_or(Error::Corrupt("an organization that was there is gone"))?;
    let facts = Facts::DeletionOrdered {
        reference: begun.reference.clone(),
        organization: name,
    };
    for person in account::people(tx, organization, None).await? {
        let draft = Draft {
            erasure: Some(&begun.id),
            ..Draft::new(&person.email, person.locale, &facts)
        };
        letter::queue(tx, services, &draft).await?;
    }
    Ok(())
}
