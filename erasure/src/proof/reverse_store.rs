//! The rows of codes that people send.

use super::{ReverseChallenge, store::challenge_place};
use crate::{
    db::{
        Error, Statement, Tx, Value,
        value::{args, places},
    },
    id::RowId,
    services::Services,
    time::Timestamp,
    vault::Scope,
};

pub(super) async fn insert(
    tx: &mut Tx,
    services: &Services,
    request: &str,
    digest: Vec<u8>,
    challenge: &ReverseChallenge,
) -> Result<(), Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = RowId::mint(now, random);
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let code = challenge.code().replace('-', "");
    tx.execute(
        "-- insert_reverse_challenge
         INSERT INTO identity_challenges (id, request_id, method, code_digest, code_sealed, created_at, expires_at, tries_left)
         VALUES ($1, $2, 'reverse', $3, $4, $5, $6, 1)",
        args![
            &id,
            request,
            digest,
            key.seal(challenge_place("code_sealed", id.as_str()), code.as_bytes(), random),
            now,
            challenge.expires_at,
        ],
    )
    .await?;
    Ok(())
}

/// The code that the person can send now.
pub(super) async fn current(
    services: &Services,
    request: &str,
) -> Result<Option<ReverseChallenge>, Error> {
    let row: Option<(String, Vec<u8>, i64)> = services
        .db
        .fetch_optional(
            "-- current_reverse_challenge
             SELECT id, code_sealed, expires_at FROM identity_challenges
             WHERE  request_id = $1 AND method = 'reverse' AND used_at IS NULL AND expires_at > $2 AND code_sealed IS NOT NULL
             ORDER  BY expires_at DESC LIMIT 1",
            args![request, services.now()],
        )
        .await?;
    let Some((id, sealed, expires_at)) = row else {
        return Ok(None);
    };
    let place = challenge_place("code_sealed", &id);
    let code = services
        .vault
        .open_text(&services.db, place, &sealed)
        .await?;
    let expires_at = Timestamp::from_millis(expires_at);
    Ok(Some(ReverseChallenge::stored(&code, expires_at)))
}

/// A challenge that a message has answered.
pub(super) struct Answered {
    pub(super) id: RowId,
    pub(super) request: String,
}

/// The challenge with one of these codes that was open when the message was sent, used or not.
pub(super) async fn by_code(
    tx: &mut Tx,
    digests: &[Vec<u8>],
    (sent_at, made_before): (Timestamp, Timestamp),
) -> Result<Option<Answered>, Error> {
    let text = format!(
        "-- reverse_challenge_by_code
         SELECT id, request_id FROM identity_challenges
         WHERE  method = 'reverse' AND expires_at >= $1 AND created_at <= $2 AND code_digest IN ({})
         LIMIT  1",
        places(3, digests.len())
    );
    let mut arguments = args![sent_at, made_before];
    arguments.extend(digests.iter().cloned().map(Value::from));
    let row: Option<(String, String)> = tx
        .fetch_optional(Statement::from_checked_names(text), arguments)
        .await?;
    Ok(row.map(|(id, request)| Answered {
        id: RowId::stored(id),
        request,
    }))
}

/// Uses a challenge up; `false`: it was used before.
pub(super) async fn use_up(tx: &mut Tx, id: &RowId, now: Timestamp) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- use_reverse_challenge
             UPDATE identity_challenges SET used_at = $1, code_sealed = NULL WHERE id = $2 AND used_at IS NULL",
            args![now, id],
        )
        .await?;
    Ok(rows == 1)
}
