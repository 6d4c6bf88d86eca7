//! The rows of requests.

use sqlx::FromRow;

use super::{
    Channel, Request, Role, Sealed, Stage, State,
    events::{Note, note},
    state::Outcome,
};
use crate::{
    db::{Error, Source, Tx, value::args},
    id::{Capability, RequestId},
    locale::Locale,
    services::Services,
    time::Timestamp,
    vault::Place,
};

#[derive(FromRow)]
struct RequestRow {
    id: String,
    reference: String,
    channel: String,
    role: Option<String>,
    locale: String,
    state: String,
    identity_kind: Option<String>,
    identity_sealed: Option<Vec<u8>>,
    identity_digest: Option<Vec<u8>>,
    business_sealed: Option<Vec<u8>>,
    contact_sealed: Option<Vec<u8>>,
    capability_sealed: Vec<u8>,
    received_at: i64,
    due_at: i64,
    extended_to: Option<i64>,
    acknowledged_at: Option<i64>,
    prove_until: Option<i64>,
    proven_at: Option<i64>,
    approved_at: Option<i64>,
    tell_at: Option<i64>,
    closed_at: Option<i64>,
    joined_to: Option<String>,
}

impl TryFrom<RequestRow> for Request {
    type Error = Error;

    fn try_from(row: RequestRow) -> Result<Self, Error> {
        let moment = |at: Option<i64>| at.map(Timestamp::from_millis);
        Ok(Self {
            state: state_of(&row)?,
            id: RequestId::stored(row.id),
            reference: row.reference,
            channel: word(&row.channel, "requests.channel")?,
            role: row
                .role
                .map(|role| word(&role, "requests.role"))
                .transpose()?,
            locale: word(&row.locale, "requests.locale")?,
            received_at: Timestamp::from_millis(row.received_at),
            due_at: Timestamp::from_millis(row.due_at),
            extended_to: moment(row.extended_to),
            acknowledged_at: moment(row.acknowledged_at),
            proven_at: moment(row.proven_at),
            approved_at: moment(row.approved_at),
            sealed: Sealed {
                identity_kind: row.identity_kind,
                identity: row.identity_sealed,
                digest: row.identity_digest,
                business: row.business_sealed,
                contact: row.contact_sealed,
                capability: row.capability_sealed,
            },
        })
    }
}

fn word<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt(column))
}

fn state_of(row: &RequestRow) -> Result<State, Error> {
    let moment =
        |at: Option<i64>, column| at.map(Timestamp::from_millis).ok_or(Error::Corrupt(column));
    let closed = |outcome| {
        let at = moment(row.closed_at, "requests.closed_at")?;
        Ok(State::Closed { outcome, at })
    };
    match word(&row.state, "requests.state")? {
        Stage::Received => Ok(State::Received),
        Stage::Acknowledged => Ok(State::Acknowledged {
            prove_until: moment(row.prove_until, "requests.prove_until")?,
        }),
        Stage::Proven => Ok(State::Proven),
        Stage::InReview => Ok(State::InReview),
        Stage::Erasing => Ok(State::Erasing {
            tell_at: moment(row.tell_at, "requests.tell_at")?,
        }),
        Stage::Completed => closed(Outcome::Completed),
        Stage::Refused => closed(Outcome::Refused),
        Stage::Expired => closed(Outcome::Expired),
        Stage::Withdrawn => closed(Outcome::Withdrawn),
        Stage::Joined => {
            let to = row
                .joined_to
                .clone()
                .ok_or(Error::Corrupt("requests.joined_to"))?;
            closed(Outcome::Joined(RequestId::stored(to)))
        }
    }
}

/// The request of this id.
pub(super) async fn find(source: &mut Source<'_>, id: &str) -> Result<Option<Request>, Error> {
    source
        .optional::<RequestRow>(
            "-- find_request
             SELECT id, reference, channel, role, locale, state, identity_kind, identity_sealed, identity_digest, business_sealed,
                    contact_sealed, capability_sealed, received_at, due_at, extended_to, acknowledged_at, prove_until, proven_at,
                    approved_at, tell_at, closed_at, joined_to
             FROM   requests WHERE id = $1",
            args![id],
        )
        .await?
        .map(Request::try_from)
        .transpose()
}

/// The request that this link opens.
pub(super) async fn open(
    source: &mut Source<'_>,
    capability: &Capability,
) -> Result<Option<Request>, Error> {
    let row: Option<(String,)> = source
        .optional(
            "SELECT request_id FROM request_links WHERE capability_hash = $1",
            args![capability.digest()],
        )
        .await?;
    match row {
        None => Ok(None),
        Some((id,)) => find(source, &id).await,
    }
}

/// The request that this form has become, when it was sent before.
pub(super) async fn of_submission(
    source: &mut Source<'_>,
    submission: Vec<u8>,
) -> Result<Option<Request>, Error> {
    let row: Option<(String,)> = source
        .optional(
            "SELECT id FROM requests WHERE submission_hash = $1",
            args![submission],
        )
        .await?;
    match row {
        None => Ok(None),
        Some((id,)) => find(source, &id).await,
    }
}

/// The request of this reference.
pub(super) async fn of_reference(
    source: &mut Source<'_>,
    reference: &str,
) -> Result<Option<Request>, Error> {
    let row: Option<(String,)> = source
        .optional(
            "SELECT id FROM requests WHERE reference = $1",
            args![reference],
        )
        .await?;
    match row {
        None => Ok(None),
        Some((id,)) => find(source, &id).await,
    }
}

/// Another open request by which the same person proved the same, the first of them.
pub(super) async fn proven_twin(
    tx: &mut Tx,
    request: &Request,
) -> Result<Option<RequestId>, Error> {
    let row: Option<(String,)> = tx
        .fetch_optional(
            "-- proven_twin
             SELECT id FROM requests
             WHERE  identity_digest = $1 AND id <> $2 AND role = $3 AND state IN ('proven', 'in_review', 'erasing')
             ORDER  BY id LIMIT 1",
            args![request.sealed.digest.clone(), &request.id, request.role.map(Role::as_str)],
        )
        .await?;
    Ok(row.map(|(id,)| RequestId::stored(id)))
}

/// The requests that have joined this one.
pub(super) async fn joined_to(
    source: &mut Source<'_>,
    id: &RequestId,
) -> Result<Vec<Request>, Error> {
    let rows: Vec<(String,)> = source
        .all(
            "SELECT id FROM requests WHERE joined_to = $1 ORDER BY id",
            args![id],
        )
        .await?;
    let mut joined = Vec::new();
    for (id,) in rows {
        joined.extend(find(source, &id).await?);
    }
    Ok(joined)
}

/// What a request is made of, beside what [`Request`] says of it.
pub(super) struct Draft<'a> {
    pub(super) id: &'a RequestId,
    pub(super) reference: &'a str,
    pub(super) channel: Channel,
    pub(super) role: Option<Role>,
    pub(super) locale: Locale,
    pub(super) sealed: Sealed,
    pub(super) capability: &'a Capability,
    pub(super) submission: Option<Vec<u8>>,
    pub(super) received_at: Timestamp,
    pub(super) due_at: Timestamp,
}

/// Writes a request that has just been received.
pub(super) async fn insert(tx: &mut Tx, draft: Draft<'_>) -> Result<(), Error> {
    tx.execute(
        "-- insert_request
         INSERT INTO requests (id, reference, channel, role, locale, state, identity_kind, identity_sealed, identity_digest, business_sealed,
                               contact_sealed, capability_sealed, submission_hash, stated_at, received_at, due_at)
         VALUES ($1, $2, $3, $4, $5, 'received', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            draft.id,
            draft.reference,
            draft.channel.as_str(),
            draft.role.map(Role::as_str),
            draft.locale.as_str(),
            draft.sealed.identity_kind,
            draft.sealed.identity,
            draft.sealed.digest,
            draft.sealed.business,
            draft.sealed.contact,
            draft.sealed.capability,
            draft.submission,
            draft.role.map(|_| draft.received_at),
            draft.received_at,
            draft.due_at,
        ],
    )
    .await?;
    tx.execute(
        "INSERT INTO request_links (capability_hash, request_id) VALUES ($1, $2)",
        args![draft.capability.digest(), draft.id],
    )
    .await?;
    Ok(())
}

/// What was proven takes the place of what was typed.
pub(super) async fn identify(tx: &mut Tx, id: &RequestId, sealed: Sealed) -> Result<(), Error> {
    tx.execute(
        "-- identify_request
         UPDATE requests SET identity_kind = $1, identity_sealed = $2, identity_digest = $3 WHERE id = $4",
        args![sealed.identity_kind, sealed.identity, sealed.digest, id],
    )
    .await?;
    Ok(())
}

/// Takes a step, and writes down that it was taken. What was typed is destroyed with the last one.
pub(super) async fn advance(
    tx: &mut Tx,
    services: &Services,
    request: &mut Request,
    next: State,
) -> Result<(), Error> {
    let now = services.now();
    let before = request.state.stage();
    let stage = next.stage();
    match stage {
        Stage::Acknowledged => request.acknowledged_at = Some(now),
        Stage::Proven if before == Stage::InReview => request.approved_at = Some(now),
        Stage::Proven => request.proven_at = Some(now),
        Stage::Received
        | Stage::InReview
        | Stage::Erasing
        | Stage::Completed
        | Stage::Refused
        | Stage::Expired
        | Stage::Withdrawn
        | Stage::Joined => {}
    }
    let (prove_until, tell_at, closed_at, joined_to) = match &next {
        State::Acknowledged { prove_until } => (Some(*prove_until), None, None, None),
        State::Erasing { tell_at } => (None, Some(*tell_at), None, None),
        State::Closed {
            outcome: Outcome::Joined(to),
            at,
        } => (None, None, Some(*at), Some(to)),
        State::Closed { at, .. } => (None, None, Some(*at), None),
        State::Received | State::Proven | State::InReview => (None, None, None, None),
    };
    let rows = tx
        .execute(
            "-- advance_request
             UPDATE requests
             SET    state = $1, acknowledged_at = $2, proven_at = $3, approved_at = $4, prove_until = COALESCE($5, prove_until),
                    tell_at = COALESCE($6, tell_at), closed_at = $7, joined_to = $8
             WHERE  id = $9 AND state = $10",
            args![
                stage.as_str(),
                request.acknowledged_at,
                request.proven_at,
                request.approved_at,
                prove_until,
                tell_at,
                closed_at,
                joined_to,
                &request.id,
                before.as_str(),
            ],
        )
        .await?;
    if rows != 1 {
        return Err(Error::Corrupt("a request that changed while it was held"));
    }
    match &next {
        State::Closed {
            outcome: Outcome::Joined(_),
            ..
        } => forget_identity(tx, &request.id).await?,
        State::Closed { .. } => forget(tx, &request.id).await?,
        State::Received
        | State::Acknowledged { .. }
        | State::Proven
        | State::InReview
        | State::Erasing { .. } => {}
    }
    request.state = next;
    note(tx, services, &Note::about(&request.id, stage.as_str())).await
}

/// Destroys what a closed request holds about the person.
pub(super) async fn forget(tx: &mut Tx, id: &RequestId) -> Result<(), Error> {
    forget_identity(tx, id).await?;
    tx.execute(
        "UPDATE requests SET contact_sealed = NULL WHERE id = $1",
        args![id],
    )
    .await?;
    Ok(())
}

/// The same, but for the address to which the outcome of the other request will go as well.
async fn forget_identity(tx: &mut Tx, id: &RequestId) -> Result<(), Error> {
    tx.execute(
        "-- forget_identity_of_request
         UPDATE requests
         SET    identity_sealed = NULL, identity_digest = NULL, business_sealed = NULL, submission_hash = NULL
         WHERE  id = $1",
        args![id],
    )
    .await?;
    tx.execute("DELETE FROM request_codes WHERE request_id = $1", args![id])
        .await?;
    tx.execute(
        "DELETE FROM mail_originals WHERE request_id = $1",
        args![id],
    )
    .await?;
    Ok(())
}

/// Moves the end of a term.
pub(super) async fn extend(tx: &mut Tx, id: &RequestId, until: Timestamp) -> Result<(), Error> {
    tx.execute(
        "UPDATE requests SET extended_to = $1 WHERE id = $2",
        args![until, id],
    )
    .await?;
    Ok(())
}

/// Where a sealed column of a request belongs.
pub(super) const fn place<'a>(column: &'static str, request: &'a str) -> Place<'a> {
    Place {
        organization: "",
        table: "requests",
        column,
        row: request,
    }
}
