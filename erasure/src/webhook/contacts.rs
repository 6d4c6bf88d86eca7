//! Who somebody is among an organization's contacts.
//!
//! A number and ids that Meta names together are one person's. Where an organization knew them as two contacts, the two become
//! one: otherwise the person's own request would reach only half of what is held about them.

use super::{batch::Stop, store};
use crate::{
    db::{Error, Statement, Tx, value::args},
    id::{ContactId, OrganizationId},
    manifest::Entry,
    person::Identity,
    services::Services,
    time::Timestamp,
};

/// A contact that is known by one of somebody's identities.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) contact: ContactId,
    pub(super) identity: Identity,
    pub(super) created_at: Timestamp,
    pub(super) is_being_erased: bool,
}

/// The contacts that are known by these, in the order of the identities.
pub(super) async fn find(
    tx: &mut Tx,
    organization: &OrganizationId,
    identities: &[Identity],
) -> Result<Vec<Known>, Error> {
    let mut known = Vec::new();
    for identity in identities {
        known.extend(store::contact(tx, organization, identity).await?);
    }
    Ok(known)
}

/// The contact of somebody who writes: found, made now, or made one of several.
pub(super) async fn meet(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    identities: &[Identity],
    (known, name): (Vec<Known>, &str),
) -> Result<ContactId, Stop> {
    if let Some(contact) = link(tx, services, organization, identities, known).await? {
        return Ok(contact);
    }
    let contact = store::insert_contact(tx, services, organization, name).await?;
    for identity in identities {
        claim(tx, organization, identity, &contact).await?;
    }
    Ok(contact)
}

/// Makes one contact of all that are known, and has it known by all of these; `None`: nobody is known, or the contact is being
/// erased and is left alone.
pub(super) async fn link(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    identities: &[Identity],
    known: Vec<Known>,
) -> Result<Option<ContactId>, Stop> {
    let Some(first) = known
        .first()
        .filter(|_| !known.iter().any(|one| one.is_being_erased))
    else {
        return Ok(None);
    };
    let contact = first.contact.clone();
    let mut merged: Vec<&ContactId> = Vec::new();
    for other in &known {
        if other.contact != contact && !merged.contains(&&other.contact) {
            merge(tx, services, organization, &other.contact, &contact).await?;
            merged.push(&other.contact);
        }
    }
    for identity in identities {
        if !known.iter().any(|one| one.identity == *identity) {
            claim(tx, organization, identity, &contact).await?;
        }
    }
    Ok(Some(contact))
}

/// Has a contact known by this. Whoever claimed it meanwhile is found when everything is decided again.
async fn claim(
    tx: &mut Tx,
    organization: &OrganizationId,
    identity: &Identity,
    contact: &ContactId,
) -> Result<(), Stop> {
    if store::insert_identity(tx, organization, identity, contact).await? {
        Ok(())
    } else {
        Err(Stop::Again(Error::Corrupt("an identity without a contact")))
    }
}

/// Moves everything of one contact to another, and ends it. The manifest says where a contact can stand.
async fn merge(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    from: &ContactId,
    to: &ContactId,
) -> Result<(), Error> {
    store::merge_notes(tx, organization, from, to).await?;
    for entry in services.manifest.tables() {
        let (Some(of), Some(key)) = (&entry.organization, &entry.contact) else {
            continue;
        };
        if key.through.is_some() || entry.name == "contacts" {
            continue; // goes with what it belongs to
        }
        for statement in moves(entry, &of.column, &key.column) {
            tx.execute(
                Statement::from_checked_names(statement),
                args![organization, from, to],
            )
            .await?;
        }
    }
    store::delete_contact(tx, organization, from).await
}

/// Statements that move a table's rows of contact `$2` to contact `$3`. Where the contact is part of the key, a row that is
/// there already for the other stays, and its double goes.
fn moves(entry: &Entry, organization: &str, contact: &str) -> Vec<String> {
    let table = &entry.name;
    let update = format!(
        "UPDATE \"{table}\" SET \"{contact}\" = $3 WHERE \"{organization}\" = $1 AND \"{contact}\" = $2"
    );
    if !entry.primary_key.iter().any(|column| column == contact) {
        return vec![update];
    }
    let same: Vec<String> = entry
        .primary_key
        .iter()
        .filter(|column| *column != contact)
        .map(|column| format!("kept.\"{column}\" = \"{table}\".\"{column}\""))
        .collect();
    let same = same.join(" AND ");
    vec![
        format!(
            "{update} AND NOT EXISTS (SELECT 1 FROM \"{table}\" AS kept WHERE kept.\"{contact}\" = $3 AND {same})"
        ),
        format!(
            "DELETE FROM \"{table}\" WHERE \"{organization}\" = $1 AND \"{contact}\" = $2 AND CAST($3 AS TEXT) IS NOT NULL"
        ),
    ]
}
