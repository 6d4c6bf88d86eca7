//! The people who write with an organization: who holds what about somebody, and how one of them is erased alone.
//!
//! A person on WhatsApp is known by a telephone number or by a business-scoped user id, and each organization has its own
//! record of them. Erasing a contact takes everything that one organization holds about that person, and nothing of
//! anybody else's. The right to ask for it is the caller's to prove.

mod erase;
mod store;

use std::fmt;

pub(crate) use self::erase::erase_unasked;
pub use self::erase::{ContactErasure, ContactError, erase, erase_as_operator};
use crate::{
    db::{Db, Error, Source, Tx},
    id::{ContactId, OrganizationId},
    person::Identity,
};

/// A contact of an organization: its two ids find everything.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// Whose contact.
    pub organization: OrganizationId,
    /// Which of them.
    pub id: ContactId,
}

impl Contact {
    /// Both ids in one text.
    pub(crate) fn to_text(&self) -> String {
        format!("{}/{}", self.organization, self.id)
    }

    /// A text that the database holds.
    pub(crate) fn stored(text: &str) -> Option<Self> {
        let (organization, id) = text.split_once('/')?;
        Some(Self {
            organization: OrganizationId::stored(organization.to_owned()),
            id: ContactId::stored(id.to_owned()),
        })
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Contact({})", self.to_text())
    }
}

/// The same in the transaction of whoever has seen the identity proven.
pub(crate) async fn holders_in(tx: &mut Tx, identity: &Identity) -> Result<Vec<Contact>, Error> {
    store::holders(&mut Source::Tx(tx), identity).await
}

/// The contact that this organization knows by this number or id; `None` too while it is being erased.
pub(crate) async fn holder(
    tx: &mut Tx,
    organization: &OrganizationId,
    identity: &Identity,
) -> Result<Option<Contact>, Error> {
    let mut holders = holders_in(tx, identity).await?.into_iter();
    Ok(holders.find(|contact| contact.organization == *organization))
}

/// Whether the contact is there and nothing erases it, nor its organization.
pub(crate) async fn is_free(tx: &mut Tx, contact: &Contact) -> Result<bool, Error> {
    store::is_free(&mut Source::Tx(tx), contact).await
}

/// Every organization's contact with exactly this number or id. Those that are being erased count as gone.
///
/// # Errors
/// When the database fails.
pub async fn holders(db: &Db, identity: &Identity) -> Result<Vec<Contact>, Error> {
    store::holders(&mut Source::Db(db), identity).await
}
