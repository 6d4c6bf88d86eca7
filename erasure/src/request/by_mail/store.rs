//! The rows of requests that came by mail.

use crate::{
    db::{Db, Error, Tx, value::args},
    id::RequestId,
    request::{Sealed, submit::Ask},
    time::Timestamp,
};

/// Those that are looked at in one go.
const BATCH: i64 = 200;

/// Requests that came by mail and of which nobody has been told yet, the first of them first.
pub(super) async fn waiting(db: &Db) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = db
        .fetch_all(
            "-- mailed_requests_waiting
             SELECT id FROM requests WHERE state = 'received' AND channel = 'email' AND closed_at IS NULL ORDER BY id LIMIT $1",
            args![BATCH],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Writes down what the person says, and gives them time to prove it.
pub(super) async fn state(
    tx: &mut Tx,
    id: &RequestId,
    ask: &Ask,
    sealed: Sealed,
    (now, until): (Timestamp, Timestamp),
) -> Result<(), Error> {
    let rows = tx
        .execute(
            "-- state_request
             UPDATE requests
             SET    role = $1, locale = $2, identity_kind = $3, identity_sealed = $4, identity_digest = $5, business_sealed = $6,
                    contact_sealed = $7, stated_at = $8, prove_until = $9
             WHERE  id = $10 AND role IS NULL AND state = 'acknowledged'",
            args![
                ask.asker.role().as_str(),
                ask.locale.as_str(),
                sealed.identity_kind,
                sealed.identity,
                sealed.digest,
                sealed.business,
                sealed.contact,
                now,
                until,
                id,
            ],
        )
        .await?;
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Corrupt("a request that changed while it was held"))
    }
}
