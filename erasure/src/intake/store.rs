//! The rows of letters: which request each belongs to, and as what it came.

use zeroize::Zeroizing;

use crate::{
    db::{Error, Source, Tx, value::args},
    id::{RequestId, RowId},
    person::EmailAddress,
    services::Services,
    time::Timestamp,
    vault::{Place, Scope},
};

/// A letter that was noted before.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Whose request it belongs to.
    pub(super) request: String,
    /// Whether we sent it.
    pub(super) is_ours: bool,
}

/// A letter as it came, sealed.
pub(super) struct Original {
    id: RowId,
    sealed: Vec<u8>,
}

/// Stands for a letter of this Message-ID.
pub(super) fn of_message_id(services: &Services, message_id: &str) -> Vec<u8> {
    let parts = [message_id.as_bytes()];
    services.vault.keyed_digest("mail message", &parts)
}

/// Stands for a letter without a name: the same bytes are the same letter.
pub(super) fn of_content(services: &Services, raw: &[u8]) -> Vec<u8> {
    services.vault.keyed_digest("mail content", &[raw])
}

/// Stands for a sender.
pub(super) fn of_sender(services: &Services, from: &EmailAddress) -> Vec<u8> {
    let parts = [from.expose().as_bytes()];
    services.vault.keyed_digest("mail sender", &parts)
}

/// Notes a letter that we send, in the transaction that queues it: an answer to it finds its request, and if it comes back nobody
/// takes it for somebody's.
pub(crate) async fn note_ours(
    tx: &mut Tx,
    services: &Services,
    request: &RequestId,
    message_id: &str,
) -> Result<(), Error> {
    let message = of_message_id(services, message_id);
    note(tx, message, (request, true), services.now()).await
}

/// Notes a letter.
pub(super) async fn note(
    tx: &mut Tx,
    message: Vec<u8>,
    (request, is_ours): (&RequestId, bool),
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- note_letter
         INSERT INTO mail_threads (message_digest, request_id, is_ours, noted_at) VALUES ($1, $2, $3, $4)",
        args![message, request, i64::from(is_ours), now],
    )
    .await?;
    Ok(())
}

/// What is known of a letter.
pub(super) async fn known(
    source: &mut Source<'_>,
    message: Vec<u8>,
) -> Result<Option<Known>, Error> {
    let row: Option<(String, i64)> = source
        .optional(
            "-- find_letter_noted
             SELECT request_id, is_ours FROM mail_threads WHERE message_digest = $1",
            args![message],
        )
        .await?;
    Ok(row.map(|(request, is_ours)| Known {
        request,
        is_ours: is_ours == 1,
    }))
}

/// The request that this sender's letter opened and that waits for its questions, the newest of them.
pub(super) async fn waiting_of(
    source: &mut Source<'_>,
    sender: Vec<u8>,
) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = source
        .optional(
            "-- waiting_request_of_sender
             SELECT o.request_id
             FROM   mail_originals AS o JOIN requests AS r ON r.id = o.request_id
             WHERE  o.sender_digest = $1 AND r.role IS NULL AND r.closed_at IS NULL
             ORDER  BY o.request_id DESC LIMIT 1",
            args![sender],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// How many letters of a request are kept.
pub(super) async fn count(tx: &mut Tx, request: &RequestId) -> Result<i64, Error> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            "SELECT count(*) FROM mail_originals WHERE request_id = $1",
            args![request],
        )
        .await?;
    Ok(row.map_or(0, |(letters,)| letters))
}

/// Seals a letter as it came, before anybody's lock is held: it may be large.
pub(super) async fn seal(services: &Services, raw: &[u8]) -> Result<Original, Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let mut tx = services.db.begin().await?;
    tx.alone().await?; // the first letter of all makes the key
    let key = services
        .vault
        .data_key(&mut tx, Scope::Deployment, now)
        .await?;
    tx.commit().await?;
    let id = RowId::mint(now, random);
    let sealed = key.seal(place(id.as_str()), raw, random);
    Ok(Original { id, sealed })
}

/// Keeps a sealed letter with its request.
pub(super) async fn keep(
    tx: &mut Tx,
    original: Original,
    request: &RequestId,
    sender: Vec<u8>,
    (is_whole, arrived_at): (bool, Timestamp),
) -> Result<(), Error> {
    tx.execute(
        "-- keep_letter
         INSERT INTO mail_originals (id, request_id, sender_digest, original_sealed, is_whole, received_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            &original.id,
            request,
            sender,
            original.sealed,
            i64::from(is_whole),
            arrived_at
        ],
    )
    .await?;
    Ok(())
}

/// A kept letter, still sealed.
pub(super) struct Sealed {
    pub(super) bytes: Vec<u8>,
    pub(super) is_whole: bool,
    pub(super) arrived_at: Timestamp,
}

/// The letters of a request that are kept, the first of them first.
pub(super) async fn kept(tx: &mut Tx, request: &RequestId) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = tx
        .fetch_all(
            "SELECT id FROM mail_originals WHERE request_id = $1 ORDER BY id",
            args![request],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A kept letter.
pub(super) async fn sealed(tx: &mut Tx, id: &str) -> Result<Option<Sealed>, Error> {
    let row: Option<(Vec<u8>, i64, i64)> = tx
        .fetch_optional(
            "-- find_kept_letter
             SELECT original_sealed, is_whole, received_at FROM mail_originals WHERE id = $1",
            args![id],
        )
        .await?;
    Ok(row.map(|(bytes, is_whole, arrived_at)| Sealed {
        bytes,
        is_whole: is_whole == 1,
        arrived_at: Timestamp::from_millis(arrived_at),
    }))
}

/// Opens what [`seal`] sealed.
pub(super) async fn open(
    services: &Services,
    id: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    services.vault.open(&services.db, place(id), sealed).await
}

const fn place(original: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "mail_originals",
        column: "original_sealed",
        row: original,
    }
}
