//! The rows of people who must not come back.

use std::collections::BTreeSet;

use sqlx::FromRow;

use crate::{
    contact::Contact,
    db::{
        Db, Error, Statement, Tx, Value,
        value::{args, places},
    },
    id::{ErasureId, OrganizationId},
    person::Identity,
    time::Timestamp,
};

/// Somebody who was erased.
pub(super) struct Entry {
    pub(super) digest: Vec<u8>,
    pub(super) confirmed_at: Timestamp,
    /// Whether the erasure has not come to its end.
    pub(super) under_way: bool,
    /// Whether the person has written again since.
    pub(super) is_lifted: bool,
}

#[derive(FromRow)]
struct EntryRow {
    digest: Vec<u8>,
    confirmed_at: i64,
    under_way: bool,
    is_lifted: bool,
}

pub(super) async fn add(
    tx: &mut Tx,
    organization: &OrganizationId,
    digest: Vec<u8>,
    (erasure, confirmed_at): (&ErasureId, Timestamp),
) -> Result<(), Error> {
    tx.execute(
        "-- add_suppression
         INSERT INTO suppressions (organization_id, digest, erasure_id, confirmed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id, digest) DO UPDATE
         SET erasure_id = excluded.erasure_id, confirmed_at = excluded.confirmed_at, found_at = NULL, lifted_at = NULL",
        args![organization, digest, erasure, confirmed_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn lift(
    tx: &mut Tx,
    organization: &OrganizationId,
    digest: Vec<u8>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- lift_suppression
         UPDATE suppressions SET lifted_at = $1, found_at = NULL WHERE organization_id = $2 AND digest = $3",
        args![now, organization, digest],
    )
    .await?;
    Ok(())
}

/// The entries behind these digests.
pub(super) async fn entries(
    tx: &mut Tx,
    organization: &OrganizationId,
    digests: &[Vec<u8>],
) -> Result<Vec<Entry>, Error> {
    let (places, arguments) = listed(organization, digests);
    let text = format!(
        "-- suppressions_of_sender
         SELECT s.digest, s.confirmed_at, e.id IS NOT NULL AS under_way, s.lifted_at IS NOT NULL AS is_lifted
         FROM   suppressions AS s LEFT JOIN erasures AS e ON e.id = s.erasure_id AND e.completed_at IS NULL
         WHERE  s.organization_id = $1 AND s.digest IN ({places})"
    );
    let rows: Vec<EntryRow> = tx
        .fetch_all(Statement::from_checked_names(text), arguments)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            digest: row.digest,
            confirmed_at: Timestamp::from_millis(row.confirmed_at),
            under_way: row.under_way,
            is_lifted: row.is_lifted,
        })
        .collect())
}

/// Those of these digests that have an entry which nobody lifted.
pub(super) async fn kept_out(
    db: &Db,
    organization: &OrganizationId,
    digests: &[Vec<u8>],
) -> Result<BTreeSet<Vec<u8>>, Error> {
    let (places, arguments) = listed(organization, digests);
    let text = format!(
        "-- kept_out
         SELECT digest FROM suppressions WHERE organization_id = $1 AND lifted_at IS NULL AND digest IN ({places})"
    );
    let rows: Vec<(Vec<u8>,)> = db
        .fetch_all(Statement::from_checked_names(text), arguments)
        .await?;
    Ok(rows.into_iter().map(|(digest,)| digest).collect())
}

/// "$2, $3, …" for the digests, and the arguments with the organization first.
fn listed(organization: &OrganizationId, digests: &[Vec<u8>]) -> (String, Vec<Value>) {
    let mut arguments = args![organization];
    arguments.extend(digests.iter().cloned().map(Value::from));
    (places(2, digests.len()), arguments)
}

/// All digests of an organization's people whose erasure is over.
pub(super) async fn of_organization(
    db: &Db,
    organization: &OrganizationId,
) -> Result<BTreeSet<Vec<u8>>, Error> {
    let rows: Vec<(Vec<u8>,)> = db
        .fetch_all(
            "-- suppressions_of_organization
             SELECT s.digest FROM suppressions AS s LEFT JOIN erasures AS e ON e.id = s.erasure_id AND e.completed_at IS NULL
             WHERE  s.organization_id = $1 AND s.lifted_at IS NULL AND e.id IS NULL",
            args![organization],
        )
        .await?;
    Ok(rows.into_iter().map(|(digest,)| digest).collect())
}

/// What a contact is known by. What no program of ours wrote names nobody.
pub(super) async fn identities_of(tx: &mut Tx, contact: &Contact) -> Result<Vec<Identity>, Error> {
    let rows: Vec<(String, String)> = tx
        .fetch_all(
            "-- identities_of_contact
             SELECT kind, value FROM contact_identities WHERE organization_id = $1 AND contact_id = $2",
            args![&contact.organization, &contact.id],
        )
        .await?;
    Ok(rows
        .iter()
        .filter_map(|(kind, value)| Identity::stored(kind, value))
        .collect())
}

#[derive(FromRow)]
pub(super) struct IdentityRow {
    pub(super) kind: String,
    pub(super) value: String,
    pub(super) contact_id: String,
}

/// The next identities of an organization's contacts behind this one.
pub(super) async fn identities(
    db: &Db,
    organization: &OrganizationId,
    behind: (&str, &str),
    limit: i64,
) -> Result<Vec<IdentityRow>, Error> {
    db.fetch_all(
        "-- identities_behind
         SELECT kind, value, contact_id FROM contact_identities
         WHERE  organization_id = $1 AND (kind, value) > ($2, $3)
         ORDER  BY kind, value LIMIT $4",
        args![organization, behind.0, behind.1, limit],
    )
    .await
}

/// An organization that was not looked at since then.
pub(super) async fn next_to_look_at(
    db: &Db,
    looked_before: Timestamp,
) -> Result<Option<OrganizationId>, Error> {
    let row: Option<(String,)> = db
        .fetch_optional(
            "-- next_to_look_at
             SELECT s.organization_id FROM suppressions AS s JOIN organizations AS o ON o.id = s.organization_id
             WHERE  (s.looked_at IS NULL OR s.looked_at <= $1) AND s.lifted_at IS NULL AND o.frozen_at IS NULL
             ORDER  BY s.organization_id LIMIT 1",
            args![looked_before],
        )
        .await?;
    Ok(row.map(|(id,)| OrganizationId::stored(id)))
}

/// Writes down what a look came to.
pub(super) async fn looked(
    tx: &mut Tx,
    organization: &OrganizationId,
    found: &[Vec<u8>],
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- looked_at_organization
         UPDATE suppressions SET looked_at = $1, found_at = NULL WHERE organization_id = $2",
        args![now, organization],
    )
    .await?;
    for digest in found {
        tx.execute(
            "-- found_again
             UPDATE suppressions SET found_at = $1 WHERE organization_id = $2 AND digest = $3",
            args![now, organization, digest.clone()],
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn found_total(db: &Db) -> Result<i64, Error> {
    db.number(
        "SELECT count(*) FROM suppressions WHERE found_at IS NOT NULL",
        args![],
    )
    .await
}

pub(super) async fn organization(db: &Db, slug: &str) -> Result<Option<OrganizationId>, Error> {
    let row: Option<(String,)> = db
        .fetch_optional("SELECT id FROM organizations WHERE slug = $1", args![slug])
        .await?;
    Ok(row.map(|(id,)| OrganizationId::stored(id)))
}
