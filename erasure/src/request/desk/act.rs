//! Everyday work on a request: who works on it, and what is worth remembering.

use super::DeskError;
use crate::{
    db::{Error, Source, Tx, value::args},
    id::{RequestId, StaffId},
    request::{
        Request,
        decide::can_be_read,
        events::{self, Note},
        store,
    },
    services::Services,
    staff::{Act, Staff, audit::About},
};

/// As much as whoever reads the history will read.
const LONGEST_REMARK: usize = 4_000;

/// What is worth remembering, in somebody's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct Remark(String);

/// Nothing was written, or more than anybody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a note has 1 to 4,000 characters")]
pub struct MalformedRemark;

impl std::str::FromStr for Remark {
    type Err = MalformedRemark;

    fn from_str(text: &str) -> Result<Self, MalformedRemark> {
        let text = text.trim();
        if can_be_read(text, 1..=LONGEST_REMARK) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedRemark)
        }
    }
}

impl std::fmt::Debug for Remark {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Remark([redacted])")
    }
}

/// Writes a note into the history.
///
/// # Errors
/// See [`DeskError`].
pub async fn note(
    services: &Services,
    staff: &Staff,
    id: &RequestId,
    remark: &Remark,
) -> Result<(), DeskError> {
    let mut acting = staff.begin(services, Act::AddNote).await?;
    let request = found(acting.tx(), id).await?;
    let event = Note {
        words: Some(&remark.0),
        by_staff: Some(staff.id().as_str()),
        ..Note::about(&request.id, "note")
    };
    events::note(acting.tx(), services, &event).await?;
    acting.commit(Some(About::Request(id)), None).await?;
    Ok(())
}

/// Gives a request to somebody who works on requests, oneself or a colleague, or back to nobody.
///
/// # Errors
/// See [`DeskError`].
pub async fn assign(
    services: &Services,
    staff: &Staff,
    id: &RequestId,
    to: Option<&StaffId>,
) -> Result<(), DeskError> {
    let mut acting = staff.begin(services, Act::AssignRequest).await?;
    found(acting.tx(), id).await?;
    match to {
        None => {
            acting
                .tx()
                .execute(
                    "DELETE FROM request_assignments WHERE request_id = $1",
                    args![id],
                )
                .await?;
        }
        Some(colleague) => {
            let rows = give(services, acting.tx(), id, colleague).await?;
            if rows == 0 {
                return Err(DeskError::NoColleague);
            }
        }
    }
    acting.commit(Some(About::Request(id)), None).await?;
    Ok(())
}

async fn give(
    services: &Services,
    tx: &mut Tx,
    id: &RequestId,
    colleague: &StaffId,
) -> Result<u64, Error> {
    tx.execute(
        "-- assign_request
         INSERT INTO request_assignments (request_id, staff_id, assigned_at)
         SELECT $1, id, $2 FROM staff WHERE id = $3 AND disabled_at IS NULL AND role IN ('agent', 'officer')
         ON CONFLICT (request_id) DO UPDATE SET staff_id = excluded.staff_id, assigned_at = excluded.assigned_at",
        args![id, services.now(), colleague],
    )
    .await
}

async fn found(tx: &mut Tx, id: &RequestId) -> Result<Request, DeskError> {
    store::find(&mut Source::Tx(tx), id.as_str())
        .await?
        .ok_or(DeskError::NotFound)
}
