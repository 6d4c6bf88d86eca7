//! Erasing one contact: the same engine, the same plan, the same proof as for an organization.

use super::{Contact, holder, store};
use crate::{
    account,
    db::{self, Source, Tx},
    engine::{self, Confirmation, Confirmed, Origin, Subject},
    id::ErasureId,
    locale::Locale,
    person::{EmailAddress, Identity},
    services::Services,
};

/// Why a contact was not erased.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// The organization has no such contact, or is being erased itself, or the contact is.
    #[error("the organization holds no such contact, or its erasure is under way")]
    NotHeld,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// An erasure of a contact that somebody with the right to it asks for.
#[derive(Clone, Debug)]
pub struct ContactErasure<'a> {
    /// Who.
    pub contact: &'a Contact,
    /// Where the last letter goes, if anywhere.
    pub recipient: Option<EmailAddress>,
    /// Its language.
    pub locale: Locale,
}

/// Confirms the erasure of a contact, in the transaction in which the right to it was proved. It starts at once.
///
/// # Errors
/// See [`ContactError`].
pub async fn erase(
    tx: &mut Tx,
    services: &Services,
    erasure: &ContactErasure<'_>,
) -> Result<Confirmed, ContactError> {
    begin(tx, services, erasure, Origin::Request).await
}

/// Confirms the erasure of the contact that an organization knows by this number or id, on the operator's authority.
///
/// # Errors
/// See [`ContactError`].
pub async fn erase_as_operator(
    services: &Services,
    slug: &str,
    identity: &Identity,
) -> Result<ErasureId, ContactError> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let organization = account::by_slug(&mut tx, slug)
        .await?
        .ok_or(ContactError::NotHeld)?;
    let contact = holder(&mut tx, &organization.id, identity)
        .await?
        .ok_or(ContactError::NotHeld)?;
    let confirmed = erase_unasked(&mut tx, services, &contact, Origin::Operator).await?;
    tx.commit().await?;
    Ok(confirmed.id)
}

/// The same in the transaction of whoever has the authority for it. Nobody waits for a letter.
pub(crate) async fn erase_unasked(
    tx: &mut Tx,
    services: &Services,
    contact: &Contact,
    origin: Origin,
) -> Result<Confirmed, ContactError> {
    let erasure = ContactErasure {
        contact,
        recipient: None,
        locale: Locale::default(),
    };
    begin(tx, services, &erasure, origin).await
}

async fn begin(
    tx: &mut Tx,
    services: &Services,
    erasure: &ContactErasure<'_>,
    origin: Origin,
) -> Result<Confirmed, ContactError> {
    tx.alone().await?;
    if !store::is_free(&mut Source::Tx(tx), erasure.contact).await? {
        return Err(ContactError::NotHeld);
    }
    let confirmation = Confirmation {
        subjects: vec![Subject::Contact(erasure.contact.clone())],
        starts_at: services.now(),
        recipient: erasure.recipient.clone(),
        locale: erasure.locale,
        origin,
        session_hash: None,
    };
    Ok(engine::begin(tx, services, &confirmation).await?)
}
