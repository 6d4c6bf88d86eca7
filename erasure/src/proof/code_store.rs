//! The rows of codes that were sent.

use sqlx::FromRow;

use super::{CodeSent, Delivery, store::challenge_place};
use crate::{
    db::{Db, Error, Tx, value::args},
    id::RowId,
    one_time_code::{LIFETIME, RESEND, TRIES},
    person::PhoneNumber,
    services::Services,
    time::Timestamp,
    vault::Scope,
};

/// Writes a code's challenge, and kills the ones before it.
pub(super) async fn insert(
    tx: &mut Tx,
    services: &Services,
    request: &str,
    number: &PhoneNumber,
    hash: String,
) -> Result<RowId, Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = RowId::mint(now, random);
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    tx.execute(
        "-- kill_codes_before
         DELETE FROM identity_challenges WHERE request_id = $1 AND method = 'code' AND used_at IS NULL",
        args![request],
    )
    .await?;
    let number_place = challenge_place("number_sealed", id.as_str());
    tx.execute(
        "-- insert_code_challenge
         INSERT INTO identity_challenges (id, request_id, method, code_hash, number_sealed, delivery, created_at, expires_at, tries_left)
         VALUES ($1, $2, 'code', $3, $4, 'unknown', $5, $6, $7)",
        args![
            &id,
            request,
            hash,
            key.seal(number_place, number.expose().as_bytes(), random),
            now,
            now + LIFETIME,
            TRIES,
        ],
    )
    .await?;
    Ok(id)
}

/// Meta has taken the code's message, and says how it calls the number.
pub(super) async fn accepted(
    services: &Services,
    id: &RowId,
    wa_id: Option<&PhoneNumber>,
) -> Result<(), Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let mut tx = services.db.begin().await?;
    let key = services
        .vault
        .data_key(&mut tx, Scope::Deployment, now)
        .await?;
    let sealed = wa_id.map(|number| {
        let place = challenge_place("wa_id_sealed", id.as_str());
        key.seal(place, number.expose().as_bytes(), random)
    });
    tx.execute(
        "-- code_accepted
         UPDATE identity_challenges SET wa_id_sealed = $1, delivery = CASE delivery WHEN 'unknown' THEN 'accepted' ELSE delivery END
         WHERE  id = $2 AND used_at IS NULL",
        args![sealed, id],
    )
    .await?;
    tx.commit().await
}

/// Takes a code's challenge back: nothing was sent.
pub(super) async fn withdraw(db: &Db, id: &RowId) -> Result<(), Error> {
    db.execute(
        "-- withdraw_code
         DELETE FROM identity_challenges WHERE id = $1 AND used_at IS NULL",
        args![id],
    )
    .await?;
    Ok(())
}

/// Writes down what Meta says of a code's message; `false`: it is not ours, or over.
pub(super) async fn delivered(
    tx: &mut Tx,
    reference: &str,
    delivery: Delivery,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- code_delivered
             UPDATE identity_challenges SET delivery = $1 WHERE id = $2 AND method = 'code' AND delivery <> 'delivered'",
            args![delivery.as_str(), reference],
        )
        .await?;
    Ok(rows == 1)
}

#[derive(FromRow)]
struct CodeRow {
    id: String,
    number_sealed: Vec<u8>,
    wa_id_sealed: Option<Vec<u8>>,
    delivery: Option<String>,
    created_at: i64,
    expires_at: i64,
    tries_left: i64,
}

async fn code(services: &Services, request: &str) -> Result<Option<CodeRow>, Error> {
    services
        .db
        .fetch_optional(
            "-- current_code_challenge
             SELECT id, number_sealed, wa_id_sealed, delivery, created_at, expires_at, tries_left FROM identity_challenges
             WHERE  request_id = $1 AND method = 'code' AND used_at IS NULL AND expires_at > $2 AND number_sealed IS NOT NULL
             ORDER  BY created_at DESC LIMIT 1",
            args![request, services.now()],
        )
        .await
}

async fn open_number(
    services: &Services,
    id: &str,
    column: &'static str,
    sealed: &[u8],
) -> Result<PhoneNumber, Error> {
    let place = challenge_place(column, id);
    let digits = services
        .vault
        .open_text(&services.db, place, sealed)
        .await?;
    PhoneNumber::from_wa_id(&digits).map_err(|_| Error::Corrupt("identity_challenges"))
}

/// The code that the person can type now.
pub(super) async fn current(services: &Services, request: &str) -> Result<Option<CodeSent>, Error> {
    let Some(row) = code(services, request).await? else {
        return Ok(None);
    };
    let number = open_number(services, &row.id, "number_sealed", &row.number_sealed).await?;
    let delivery = match row.delivery.as_deref() {
        Some("accepted") => Delivery::Accepted,
        Some("delivered") => Delivery::Delivered,
        Some("failed") => Delivery::Failed,
        _ => Delivery::Unknown,
    };
    Ok(Some(CodeSent {
        to: number.masked(),
        expires_at: Timestamp::from_millis(row.expires_at),
        resend_at: Timestamp::from_millis(row.created_at) + RESEND,
        tries_left: row.tries_left,
        delivery,
    }))
}

/// Where the code of a request went: as it was typed, and as Meta calls it.
pub(super) async fn sent_to(
    services: &Services,
    request: &str,
) -> Result<Option<(PhoneNumber, Option<PhoneNumber>)>, Error> {
    let Some(row) = code(services, request).await? else {
        return Ok(None);
    };
    let number = open_number(services, &row.id, "number_sealed", &row.number_sealed).await?;
    let wa_id = match &row.wa_id_sealed {
        Some(sealed) => Some(open_number(services, &row.id, "wa_id_sealed", sealed).await?),
        None => None,
    };
    Ok(Some((number, wa_id)))
}

/// A code that somebody tries: one try of it is already spent.
pub(super) struct Tried {
    pub(super) id: RowId,
    pub(super) hash: String,
    pub(super) tries_left: i64,
}

/// Spends one try, before anything is compared; `None`: no code works any more.
pub(super) async fn spend_try(services: &Services, request: &str) -> Result<Option<Tried>, Error> {
    let mut tx = services.db.begin().await?;
    let row: Option<(String, String, i64)> = tx
        .fetch_optional(
            "-- spend_try_of_code
             UPDATE identity_challenges SET tries_left = tries_left - 1
             WHERE  request_id = $1 AND method = 'code' AND used_at IS NULL AND expires_at > $2 AND tries_left > 0
             RETURNING id, code_hash, tries_left",
            args![request, services.now()],
        )
        .await?;
    tx.commit().await?;
    Ok(row.map(|(id, hash, tries_left)| Tried {
        id: RowId::stored(id),
        hash,
        tries_left,
    }))
}

/// Uses a code up; `false`: somebody just did.
pub(super) async fn use_up(tx: &mut Tx, id: &RowId, now: Timestamp) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- use_code_challenge
             UPDATE identity_challenges SET used_at = $1, number_sealed = NULL, wa_id_sealed = NULL
             WHERE  id = $2 AND used_at IS NULL AND expires_at > $1",
            args![now, id],
        )
        .await?;
    Ok(rows == 1)
}
