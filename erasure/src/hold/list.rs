//! Holds as the staff sees them: every one with its owner and its days, and all of them in numbers.

use serde::Serialize;
use sqlx::FromRow;

use super::store::place;
use crate::{
    db::{Error, value::args},
    retention::HoldTotals,
    services::Services,
    time::Timestamp,
};

/// A hold in a listing for the staff.
#[derive(Clone, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// The random internal id of that.
    pub subject: String,
    /// Why.
    pub basis: String,
    /// Who answers for it.
    pub owner: String,
    /// A file number or the like.
    pub note: Option<String>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it is looked at again.
    pub review_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Whether it stands and its review is overdue.
    pub is_past_review: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How many deletions wait for it.
    pub held_erasures: i64,
}

impl std::fmt::Debug for Listed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Listed({}, [redacted])", self.id)
    }
}

#[derive(FromRow)]
struct ListedRow {
    id: String,
    kind: String,
    subject_id: String,
    basis: String,
    owner_sealed: Vec<u8>,
    note_sealed: Option<Vec<u8>>,
    placed_at: i64,
    review_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    held_erasures: i64,
}

/// Every hold, those that stand first, and among them the one that is reviewed next.
///
/// # Errors
/// When the database fails.
pub async fn list(services: &Services) -> Result<Vec<Listed>, Error> {
    let rows: Vec<ListedRow> = services
        .db
        .fetch_all(
            "-- list_holds
             SELECT h.id, h.kind, h.subject_id, h.basis, h.owner_sealed, h.note_sealed, h.placed_at, h.review_at, h.expires_at, h.ended_at,
                    (SELECT count(*) FROM erasure_holds AS x JOIN erasures AS e ON e.id = x.erasure_id
                     WHERE  x.hold_id = h.id AND e.state = 'held') AS held_erasures
             FROM   holds AS h
             ORDER  BY CASE WHEN h.ended_at IS NULL THEN 0 ELSE 1 END, h.review_at, h.id",
            args![],
        )
        .await?;
    let mut holds = Vec::new();
    for row in rows {
        holds.push(listed(services, row).await?);
    }
    Ok(holds)
}

async fn listed(services: &Services, row: ListedRow) -> Result<Listed, Error> {
    let open = async |column, sealed: &[u8]| {
        let words = services
            .vault
            .open_text(&services.db, place(column, &row.id), sealed)
            .await?;
        Ok::<_, Error>(words.as_str().to_owned())
    };
    let owner = open("owner_sealed", &row.owner_sealed).await?;
    let note = match &row.note_sealed {
        Some(sealed) => Some(open("note_sealed", sealed).await?),
        None => None,
    };
    let review_at = Timestamp::from_millis(row.review_at);
    Ok(Listed {
        is_past_review: row.ended_at.is_none() && review_at <= services.now(),
        id: row.id,
        kind: row.kind,
        subject: row.subject_id,
        basis: row.basis,
        owner,
        note,
        placed_at: Timestamp::from_millis(row.placed_at),
        review_at,
        expires_at: Timestamp::from_millis(row.expires_at),
        ended_at: row.ended_at.map(Timestamp::from_millis),
        held_erasures: row.held_erasures,
    })
}

/// Holds in numbers, for those who watch.
pub(crate) async fn totals(services: &Services) -> Result<HoldTotals, Error> {
    let (active, past_review, held_erasures): (i64, i64, i64) = services
        .db
        .fetch_one(
            "-- hold_totals
             SELECT count(*), count(*) FILTER (WHERE review_at <= $1),
                    (SELECT count(*) FROM erasures WHERE state = 'held')
             FROM   holds WHERE ended_at IS NULL",
            args![services.now()],
        )
        .await?;
    Ok(HoldTotals {
        active,
        past_review,
        held_erasures,
    })
}
