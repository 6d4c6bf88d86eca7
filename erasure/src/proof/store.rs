//! The rows of proofs.

use std::time::Duration;

use sqlx::FromRow;

use super::{Passed, Proof};
use crate::{
    db::{Error, Tx, value::args},
    id::{OrganizationId, RequestId, RowId},
    person::Identity,
    services::Services,
    time::Timestamp,
    vault::{Place, Scope},
};

/// How long a proof is kept: as long as the request may take that it belongs to.
const KEPT: Duration = Duration::from_hours(30 * 24);

const fn place<'a>(table: &'static str, column: &'static str, row: &'a str) -> Place<'a> {
    Place {
        organization: "",
        table,
        column,
        row,
    }
}

pub(super) const fn challenge_place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    place("identity_challenges", column, row)
}

pub(super) async fn insert_proof(
    tx: &mut Tx,
    services: &Services,
    passed: &Passed,
    identity: &Identity,
    via: Option<&OrganizationId>,
) -> Result<(), Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = RowId::mint(now, random);
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let place = place("identity_proofs", "identity_sealed", id.as_str());
    tx.execute(
        "-- insert_proof
         INSERT INTO identity_proofs (id, request_id, challenge_id, kind, identity_sealed, via_organization, proved_at, keep_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            &id,
            passed.request.as_str(),
            &passed.id,
            identity.kind(),
            key.seal(place, identity.expose().as_bytes(), random),
            via,
            now,
            now + KEPT,
        ],
    )
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct ProofRow {
    id: String,
    challenge_id: String,
    kind: String,
    identity_sealed: Vec<u8>,
    via_organization: Option<String>,
    proved_at: i64,
}

/// What was proved for a request, each with the challenge that proved it: the first first, and of one challenge the number
/// first.
pub(super) async fn proofs(
    services: &Services,
    request: &str,
) -> Result<Vec<(RowId, Proof)>, Error> {
    let rows: Vec<ProofRow> = services
        .db
        .fetch_all(
            "-- proofs_of_request
             SELECT id, challenge_id, kind, identity_sealed, via_organization, proved_at FROM identity_proofs
             WHERE  request_id = $1 ORDER BY proved_at, kind DESC, id",
            args![request],
        )
        .await?;
    let mut proofs = Vec::with_capacity(rows.len());
    for row in rows {
        let place = place("identity_proofs", "identity_sealed", &row.id);
        let value = services
            .vault
            .open_text(&services.db, place, &row.identity_sealed)
            .await?;
        let proof = Proof {
            identity: Identity::stored(&row.kind, &value)
                .ok_or(Error::Corrupt("identity_proofs.identity_sealed"))?,
            via: row.via_organization.map(OrganizationId::stored),
            proved_at: Timestamp::from_millis(row.proved_at),
        };
        proofs.push((RowId::stored(row.challenge_id), proof));
    }
    Ok(proofs)
}

/// The request that a challenge was for, once it was passed.
pub(super) async fn request_of(
    services: &Services,
    challenge: &str,
) -> Result<Option<RequestId>, Error> {
    let row: Option<(String,)> = services
        .db
        .fetch_optional(
            "-- request_of_challenge
             SELECT request_id FROM identity_proofs WHERE challenge_id = $1 LIMIT 1",
            args![challenge],
        )
        .await?;
    Ok(row.map(|(id,)| RequestId::stored(id)))
}
