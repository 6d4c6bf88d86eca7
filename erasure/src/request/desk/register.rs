//! The register of requests as a copy to take away: what came, when, and how it ended. It names nobody.

use serde::Serialize;
use sqlx::FromRow;

use super::DeskError;
use crate::{
    db::{Error, value::args},
    services::Services,
    staff::{Act, Staff},
    time::Timestamp,
};

/// Requests of a copy that are read at once.
const BATCH: i64 = 1_000;

/// A request as the register has it: fixed words, dates and random ids.
#[derive(Clone, Debug, Serialize)]
pub struct Registered {
    /// What people quote.
    pub reference: String,
    /// How it reached us.
    pub channel: String,
    /// Who asked.
    pub role: Option<String>,
    /// How it stands, or ended.
    pub state: String,
    /// When the clock started.
    pub received_at: Timestamp,
    /// When the person was told that it is here.
    pub acknowledged_at: Option<Timestamp>,
    /// When the person proved who they are.
    pub proven_at: Option<Timestamp>,
    /// The end of the first term.
    pub due_at: Timestamp,
    /// A later end, if there is one.
    pub extended_to: Option<Timestamp>,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// How many holders had something.
    pub parts: i64,
    /// How many of them erased it.
    pub erased: i64,
    /// How many of them refused.
    pub refused: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    reference: String,
    channel: String,
    role: Option<String>,
    state: String,
    received_at: i64,
    acknowledged_at: Option<i64>,
    proven_at: Option<i64>,
    due_at: i64,
    extended_to: Option<i64>,
    closed_at: Option<i64>,
    parts: i64,
    erased: i64,
    refused: i64,
}

/// A copy that is being taken, batch after batch.
pub struct Register {
    services: Services,
    after: String,
}

/// Begins a copy. That it was taken is on record before the first batch is read.
///
/// # Errors
/// See [`DeskError`].
pub async fn register(services: &Services, staff: &Staff) -> Result<Register, DeskError> {
    let acting = staff.begin(services, Act::ExportRegister).await?;
    acting.commit(None, None).await?;
    Ok(Register {
        services: services.clone(),
        after: String::new(),
    })
}

impl Register {
    /// The next requests, in the order in which they came; empty when there are no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Vec<Registered>, Error> {
        let rows: Vec<Row> = self
            .services
            .db
            .fetch_all(
                "-- batch_of_register
                 SELECT r.id, r.reference, r.channel, r.role, r.state, r.received_at, r.acknowledged_at, r.proven_at, r.due_at,
                        r.extended_to, r.closed_at,
                        (SELECT count(*) FROM cases AS c WHERE c.request_id = r.id) AS parts,
                        (SELECT count(*) FROM cases AS c WHERE c.request_id = r.id AND c.state = 'erased') AS erased,
                        (SELECT count(*) FROM cases AS c WHERE c.request_id = r.id AND c.state = 'refused') AS refused
                 FROM   requests AS r WHERE r.id > $1 ORDER BY r.id LIMIT $2",
                args![self.after.as_str(), BATCH],
            )
            .await?;
        if let Some(last) = rows.last() {
            self.after.clone_from(&last.id);
        }
        Ok(rows.into_iter().map(Registered::from).collect())
    }
}

impl From<Row> for Registered {
    fn from(row: Row) -> Self {
        let moment = |at: Option<i64>| at.map(Timestamp::from_millis);
        Self {
            reference: row.reference,
            channel: row.channel,
            role: row.role,
            state: row.state,
            received_at: Timestamp::from_millis(row.received_at),
            acknowledged_at: moment(row.acknowledged_at),
            proven_at: moment(row.proven_at),
            due_at: Timestamp::from_millis(row.due_at),
            extended_to: moment(row.extended_to),
            closed_at: moment(row.closed_at),
            parts: row.parts,
            erased: row.erased,
            refused: row.refused,
        }
    }
}
