//! What happened to a request, in order: every state and every decision, in fixed words; what was written beside it is sealed.

use crate::{
    db::{Error, Tx, value::args},
    id::{RequestId, RowId},
    services::Services,
    vault::{Place, Scope},
};

/// Something that happened.
pub(super) struct Note<'a> {
    pub(super) request: &'a RequestId,
    pub(super) case: Option<&'a str>,
    pub(super) what: &'a str,
    /// JSON of fixed words.
    pub(super) detail: Option<String>,
    /// What was written beside it.
    pub(super) words: Option<&'a str>,
    pub(super) by_staff: Option<&'a str>,
}

impl<'a> Note<'a> {
    pub(super) const fn about(request: &'a RequestId, what: &'a str) -> Self {
        Self {
            request,
            case: None,
            what,
            detail: None,
            words: None,
            by_staff: None,
        }
    }
}

/// Writes down what happened.
pub(super) async fn note(tx: &mut Tx, services: &Services, note: &Note<'_>) -> Result<(), Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = RowId::mint(now, random);
    let sealed = match note.words {
        None => None,
        Some(words) => {
            let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
            Some(key.seal(note_place(id.as_str()), words.as_bytes(), random))
        }
    };
    tx.execute(
        "-- insert_request_event
         INSERT INTO request_events (id, request_id, case_id, what, detail, note_sealed, by_staff, occurred_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            &id,
            note.request,
            note.case,
            note.what,
            note.detail.clone(),
            sealed,
            note.by_staff,
            now
        ],
    )
    .await?;
    Ok(())
}

pub(super) const fn note_place(event: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "request_events",
        column: "note_sealed",
        row: event,
    }
}
