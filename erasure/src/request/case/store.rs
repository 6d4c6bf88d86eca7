//! The rows of cases.

use sqlx::FromRow;

use super::{Case, CaseOutcome, CaseStage, CaseState, Holder, erasure_of};
use crate::{
    db::{Error, Source, Tx, value::args},
    id::{Capability, CaseId, ErasureId, RequestId},
    request::events::{Note, note},
    services::Services,
    time::Timestamp,
};

#[derive(FromRow)]
struct CaseRow {
    id: String,
    request_id: String,
    holder_kind: String,
    holder: String,
    is_named: i64,
    state: String,
    received_at: i64,
    due_at: i64,
    extended_to: Option<i64>,
    object_until: Option<i64>,
    erasure_id: Option<String>,
    closed_at: Option<i64>,
}

impl TryFrom<CaseRow> for Case {
    type Error = Error;

    fn try_from(row: CaseRow) -> Result<Self, Error> {
        let erasure = row.erasure_id.map(ErasureId::stored);
        let closed = |outcome| {
            let at = row.closed_at.ok_or(Error::Corrupt("cases.closed_at"))?;
            let at = Timestamp::from_millis(at);
            Ok::<_, Error>(CaseState::Closed { outcome, at })
        };
        let state = match row
            .state
            .parse()
            .map_err(|_| Error::Corrupt("cases.state"))?
        {
            CaseStage::Objecting => CaseState::Objecting {
                until: row
                    .object_until
                    .map(Timestamp::from_millis)
                    .ok_or(Error::Corrupt("cases.object_until"))?,
            },
            CaseStage::Held => {
                CaseState::Held(erasure.clone().ok_or(Error::Corrupt("cases.erasure_id"))?)
            }
            CaseStage::InReview => CaseState::InReview,
            CaseStage::Erasing => {
                CaseState::Erasing(erasure.clone().ok_or(Error::Corrupt("cases.erasure_id"))?)
            }
            CaseStage::Erased => closed(CaseOutcome::Erased)?,
            CaseStage::Refused => closed(CaseOutcome::Refused)?,
            CaseStage::Cancelled => closed(CaseOutcome::Cancelled)?,
        };
        Ok(Self {
            id: CaseId::stored(row.id),
            request: RequestId::stored(row.request_id),
            holder: Holder::stored(&row.holder_kind, &row.holder)
                .ok_or(Error::Corrupt("cases.holder"))?,
            is_named: row.is_named == 1,
            state,
            received_at: Timestamp::from_millis(row.received_at),
            due_at: Timestamp::from_millis(row.due_at),
            extended_to: row.extended_to.map(Timestamp::from_millis),
            erasure,
        })
    }
}

/// The cases of a request, in the order in which they were opened.
pub(in crate::request) async fn of_request(
    source: &mut Source<'_>,
    request: &RequestId,
) -> Result<Vec<Case>, Error> {
    let rows: Vec<CaseRow> = source
        .all(
            "-- cases_of_request
             SELECT id, request_id, holder_kind, holder, is_named, state, received_at, due_at, extended_to, object_until, erasure_id, closed_at
             FROM   cases WHERE request_id = $1 ORDER BY id",
            args![request],
        )
        .await?;
    rows.into_iter().map(Case::try_from).collect()
}

/// The case of this id.
pub(in crate::request) async fn find(
    source: &mut Source<'_>,
    id: &str,
) -> Result<Option<Case>, Error> {
    let row: Option<CaseRow> = source
        .optional(
            "-- find_case
             SELECT id, request_id, holder_kind, holder, is_named, state, received_at, due_at, extended_to, object_until, erasure_id, closed_at
             FROM   cases WHERE id = $1",
            args![id],
        )
        .await?;
    row.map(Case::try_from).transpose()
}

/// The case that a business's link opens.
pub(in crate::request) async fn open(
    source: &mut Source<'_>,
    capability: &Capability,
) -> Result<Option<Case>, Error> {
    let row: Option<(String,)> = source
        .optional(
            "SELECT case_id FROM case_links WHERE capability_hash = $1",
            args![capability.digest()],
        )
        .await?;
    match row {
        None => Ok(None),
        Some((id,)) => find(source, &id).await,
    }
}

/// Writes a case that has just been opened.
pub(in crate::request) async fn insert(
    tx: &mut Tx,
    services: &Services,
    case: &Case,
) -> Result<(), Error> {
    let until = match &case.state {
        CaseState::Objecting { until } => Some(*until),
        CaseState::Held(_)
        | CaseState::InReview
        | CaseState::Erasing(_)
        | CaseState::Closed { .. } => None,
    };
    tx.execute(
        "-- insert_case
         INSERT INTO cases (id, request_id, holder_kind, holder, is_named, state, opened_at, received_at, due_at, extended_to, object_until,
                            erasure_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            &case.id,
            &case.request,
            case.holder.kind(),
            case.holder.text(),
            i64::from(case.is_named),
            case.state.stage().as_str(),
            services.now(),
            case.received_at,
            case.due_at,
            case.extended_to,
            until,
            case.erasure.as_ref(),
        ],
    )
    .await?;
    told(tx, services, case).await
}

/// The link by which a business may object.
pub(in crate::request) async fn link(
    tx: &mut Tx,
    case: &Case,
    capability: &Capability,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO case_links (capability_hash, case_id) VALUES ($1, $2)",
        args![capability.digest(), &case.id],
    )
    .await?;
    Ok(())
}

/// Takes a step, and writes down that it was taken.
pub(in crate::request) async fn advance(
    tx: &mut Tx,
    services: &Services,
    case: &mut Case,
    next: CaseState,
) -> Result<(), Error> {
    let closed_at = match &next {
        CaseState::Closed { at, .. } => Some(*at),
        CaseState::Objecting { .. }
        | CaseState::Held(_)
        | CaseState::InReview
        | CaseState::Erasing(_) => None,
    };
    let erasure = erasure_of(&next).or_else(|| case.erasure.clone());
    let rows = tx
        .execute(
            "-- advance_case
             UPDATE cases SET state = $1, erasure_id = $2, closed_at = $3 WHERE id = $4 AND state = $5",
            args![
                next.stage().as_str(),
                erasure.as_ref(),
                closed_at,
                &case.id,
                case.state.stage().as_str(),
            ],
        )
        .await?;
    if rows != 1 {
        return Err(Error::Corrupt("a case that changed while it was held"));
    }
    case.state = next;
    case.erasure = erasure;
    told(tx, services, case).await
}

/// Moves the end of a term.
pub(in crate::request) async fn extend(
    tx: &mut Tx,
    case: &Case,
    until: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE cases SET extended_to = $1 WHERE id = $2",
        args![until, &case.id],
    )
    .await?;
    Ok(())
}

async fn told(tx: &mut Tx, services: &Services, case: &Case) -> Result<(), Error> {
    let event = Note {
        case: Some(case.id.as_str()),
        ..Note::about(&case.request, case.state.stage().as_str())
    };
    note(tx, services, &event).await
}
