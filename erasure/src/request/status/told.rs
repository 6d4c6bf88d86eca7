//! The decisions that a person was told, read back from the record.

use sqlx::FromRow;

use super::{Extended, RefusalTold};
use crate::{
    db::{Error, value::args},
    request::{Request, decide::Decided, events},
    services::Services,
};

/// A decision that the person was told.
pub(super) struct Told {
    pub(super) case: Option<String>,
    what: String,
    decided: Decided,
    explanation: String,
}

impl Told {
    pub(super) fn extension(&self) -> Option<Extended> {
        (self.what == "extension").then(|| Extended {
            reasons: self.decided.reasons.clone(),
            explanation: self.explanation.clone(),
        })
    }

    pub(super) fn refusal(&self) -> Option<RefusalTold> {
        let ground = self.decided.ground.filter(|_| self.what == "refusal")?;
        Some(RefusalTold {
            ground,
            article: ground.article(),
            statute: self.decided.statute.clone(),
            explanation: self.explanation.clone(),
            keep_until: self.decided.until,
        })
    }
}

#[derive(FromRow)]
struct ToldRow {
    id: String,
    case_id: Option<String>,
    what: String,
    detail: Option<String>,
    note_sealed: Option<Vec<u8>>,
}

/// What was decided of a request, the newest first.
pub(super) async fn decisions(services: &Services, request: &Request) -> Result<Vec<Told>, Error> {
    let rows: Vec<ToldRow> = services
        .db
        .fetch_all(
            "-- decisions_of_request
             SELECT id, case_id, what, detail, note_sealed FROM request_events
             WHERE  request_id = $1 AND what IN ('extension', 'refusal') ORDER BY id DESC",
            args![&request.id],
        )
        .await?;
    let mut told = Vec::new();
    for row in rows {
        let detail = row.detail.as_deref().unwrap_or("{}");
        let decided =
            serde_json::from_str(detail).map_err(|_| Error::Corrupt("request_events.detail"))?;
        let explanation = match &row.note_sealed {
            None => String::new(),
            Some(sealed) => {
                let place = events::note_place(&row.id);
                let words = services
                    .vault
                    .open_text(&services.db, place, sealed)
                    .await?;
                words.as_str().to_owned()
            }
        };
        told.push(Told {
            case: row.case_id,
            what: row.what,
            decided,
            explanation,
        });
    }
    Ok(told)
}
