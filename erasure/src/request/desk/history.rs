//! What happened to a request, as staff reads it: states, decisions, and what was written beside them.

use serde_json::Value as Json;
use sqlx::FromRow;

use crate::{
    db::{Error, Source, value::args},
    id::RequestId,
    request::events::note_place,
    services::Services,
    time::Timestamp,
};

/// Something that happened.
#[derive(Clone)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Which part of the request it is about: a case's id.
    pub case: Option<String>,
    /// The state it came to, or the decision.
    pub what: String,
    /// Who did it, if it was somebody of the staff: their address, or how the command line calls them.
    pub by: Option<String>,
    /// What was written beside it.
    pub words: Option<String>,
    /// Reasons and grounds, in fixed words.
    pub reasons: Vec<String>,
    /// The law that was named beside the GDPR.
    pub statute: Option<String>,
    /// Until when something is kept, or how far a term was extended.
    pub until: Option<Timestamp>,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Event({}, [redacted])", self.what)
    }
}

/// An event as it stands in the database.
#[derive(FromRow)]
pub(super) struct EventRow {
    id: String,
    case_id: Option<String>,
    what: String,
    detail: Option<String>,
    note_sealed: Option<Vec<u8>>,
    by_staff: Option<String>,
    email: Option<String>,
    occurred_at: i64,
}

/// The rows, the oldest first.
pub(super) async fn rows(
    source: &mut Source<'_>,
    request: &RequestId,
) -> Result<Vec<EventRow>, Error> {
    source
        .all(
            "-- events_of_request
             SELECT e.id, e.case_id, e.what, e.detail, e.note_sealed, e.by_staff, p.email, e.occurred_at
             FROM   request_events AS e LEFT JOIN staff AS p ON p.id = e.by_staff
             WHERE  e.request_id = $1 ORDER BY e.id",
            args![request],
        )
        .await
}

impl EventRow {
    /// Opens what was written.
    pub(super) async fn open(self, services: &Services) -> Result<Event, Error> {
        let words = match &self.note_sealed {
            None => None,
            Some(sealed) => {
                let place = note_place(&self.id);
                let words = services
                    .vault
                    .open_text(&services.db, place, sealed)
                    .await?;
                Some(words.as_str().to_owned())
            }
        };
        let detail: Json = match &self.detail {
            None => Json::Null,
            Some(text) => {
                serde_json::from_str(text).map_err(|_| Error::Corrupt("request_events.detail"))?
            }
        };
        let word = |name: &str| detail.get(name).and_then(Json::as_str).map(str::to_owned);
        let mut reasons: Vec<String> = word("ground").into_iter().collect();
        let several = detail.get("reasons").and_then(Json::as_array);
        reasons.extend(
            several
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .map(str::to_owned),
        );
        let until = detail.get("until").cloned();
        Ok(Event {
            at: Timestamp::from_millis(self.occurred_at),
            case: self.case_id,
            what: self.what,
            by: self.email.or(self.by_staff),
            words,
            reasons,
            statute: word("statute"),
            until: until.and_then(|until| serde_json::from_value(until).ok()),
        })
    }
}
