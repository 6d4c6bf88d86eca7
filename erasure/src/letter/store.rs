//! The letters' rows.

use sqlx::FromRow;

use super::{Facts, message_id, place};
use crate::{
    db::{Db, Error, Tx, value::args},
    id::{ErasureId, LetterId, RequestId, UserId},
    intake, job,
    locale::Locale,
    person::EmailAddress,
    services::Services,
    time::Timestamp,
    vault::Scope,
};

/// A letter that is to be queued.
pub(crate) struct Draft<'a> {
    pub(crate) to: &'a EmailAddress,
    pub(crate) locale: Locale,
    pub(crate) facts: &'a Facts,
    /// Whose it is, when it shall die with them.
    pub(crate) user: Option<&'a UserId>,
    pub(crate) erasure: Option<&'a ErasureId>,
    pub(crate) request: Option<&'a RequestId>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl<'a> Draft<'a> {
    /// A letter that is nobody's row and does not expire.
    pub(crate) const fn new(to: &'a EmailAddress, locale: Locale, facts: &'a Facts) -> Self {
        Self {
            to,
            locale,
            facts,
            user: None,
            erasure: None,
            request: None,
            expires_at: None,
        }
    }
}

/// A letter in the queue.
pub(super) struct Stored {
    pub(super) locale: Locale,
    pub(super) recipient_sealed: Vec<u8>,
    pub(super) facts_sealed: Vec<u8>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) queued_at: Timestamp,
}

/// Queues a letter, in the transaction of the fact that it announces.
pub(crate) async fn queue(
    tx: &mut Tx,
    services: &Services,
    draft: &Draft<'_>,
) -> Result<LetterId, Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = LetterId::mint(now, random);
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let facts = zeroize::Zeroizing::new(
        serde_json::to_vec(draft.facts).map_err(|_| Error::Corrupt("letter"))?,
    );
    tx.execute(
        "-- insert_letter
         INSERT INTO letters (id, kind, locale, user_id, recipient_sealed, facts_sealed, erasure_id, request_id, queued_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &id,
            draft.facts.kind(),
            draft.locale.as_str(),
            draft.user,
            key.seal(place("recipient_sealed", id.as_str()), draft.to.expose().as_bytes(), random),
            key.seal(place("facts_sealed", id.as_str()), &facts, random),
            draft.erasure,
            draft.request,
            now,
            draft.expires_at,
        ],
    )
    .await?;
    if let Some(request) = draft.request {
        let message_id = message_id(services, id.as_str());
        intake::note_ours(tx, services, request, &message_id).await?;
    }
    job::enqueue(tx, services, job::Kind::Letter, id.as_str(), now).await?;
    Ok(id)
}

#[derive(FromRow)]
struct LetterRow {
    locale: String,
    recipient_sealed: Vec<u8>,
    facts_sealed: Vec<u8>,
    queued_at: i64,
    expires_at: Option<i64>,
}

pub(super) async fn find(db: &Db, id: &str) -> Result<Option<Stored>, Error> {
    let row: Option<LetterRow> = db
        .fetch_optional(
            "-- find_letter
             SELECT locale, recipient_sealed, facts_sealed, queued_at, expires_at FROM letters WHERE id = $1",
            args![id],
        )
        .await?;
    row.map(|row| {
        Ok(Stored {
            locale: row
                .locale
                .parse()
                .map_err(|_| Error::Corrupt("letters.locale"))?,
            recipient_sealed: row.recipient_sealed,
            facts_sealed: row.facts_sealed,
            expires_at: row.expires_at.map(Timestamp::from_millis),
            queued_at: Timestamp::from_millis(row.queued_at),
        })
    })
    .transpose()
}
