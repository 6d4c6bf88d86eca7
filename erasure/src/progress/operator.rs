//! Erasures as an operator sees them: every one in a line.

use serde::Serialize;
use sqlx::FromRow;

use crate::{
    db::{Error, value::args},
    services::Services,
    time::Timestamp,
};

/// An erasure in a listing for the operator.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What people quote.
    pub reference: String,
    /// How it stands.
    pub state: String,
    /// On whose word: `self_service`, `operator`, `request`, `staff` or `restore`.
    pub origin: String,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// What holds it up, in words without names.
    pub cause: Option<String>,
    /// Whether a person has to look.
    pub parked: bool,
}

#[derive(FromRow)]
struct ListedRow {
    id: String,
    reference: String,
    state: String,
    origin: String,
    confirmed_at: i64,
    completed_at: Option<i64>,
    cause: Option<String>,
    parked_at: Option<i64>,
}

/// Every erasure, the newest first, for the operator.
///
/// # Errors
/// When the database fails.
pub async fn list(services: &Services) -> Result<Vec<Listed>, Error> {
    let rows: Vec<ListedRow> = services
        .db
        .fetch_all(
            "-- list_erasures
             SELECT e.id, e.reference, e.state, e.origin, e.confirmed_at, e.completed_at, j.cause, j.parked_at
             FROM   erasures AS e LEFT JOIN jobs AS j ON j.subject = e.id
             ORDER  BY e.id DESC",
            args![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            id: row.id,
            reference: row.reference,
            state: row.state,
            origin: row.origin,
            confirmed_at: Timestamp::from_millis(row.confirmed_at),
            completed_at: row.completed_at.map(Timestamp::from_millis),
            cause: row.cause,
            parked: row.parked_at.is_some(),
        })
        .collect())
}
