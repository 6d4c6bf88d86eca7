//! The rows of holds, and of what they hold.

use sqlx::FromRow;

use super::{Basis, Kind, Order};
use crate::{
    db::{Db, Error, Tx, value::args},
    engine::Subject,
    id::{ErasureId, RowId},
    job,
    services::Services,
    time::Timestamp,
    vault::Place,
};

/// A hold's row, as far as the order does not say it.
pub(super) struct NewHold<'a> {
    pub(super) id: &'a RowId,
    pub(super) about: &'a About,
    pub(super) owner_sealed: Vec<u8>,
    pub(super) note_sealed: Option<Vec<u8>>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    order: &Order,
    hold: &NewHold<'_>,
    placed_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- insert_hold
         INSERT INTO holds (id, kind, subject_id, of_organization, basis, owner_sealed, note_sealed, placed_at, review_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            hold.id,
            order.kind.as_str(),
            hold.about.subject.as_str(),
            hold.about.organization.as_deref(),
            order.basis.as_str(),
            hold.owner_sealed.clone(),
            hold.note_sealed.clone(),
            placed_at,
            order.review_at,
            order.expires_at,
        ],
    )
    .await?;
    Ok(())
}

/// What a hold is about, by the names that erasures use.
#[derive(FromRow)]
pub(super) struct About {
    pub(super) subject: String,
    /// The organization that it lies in; a case may be about several.
    pub(super) organization: Option<String>,
}

/// What a name stands for; `None` when there is no such organization, contact or unfinished deletion.
pub(super) async fn about(tx: &mut Tx, kind: Kind, id: &str) -> Result<Option<About>, Error> {
    let statement = match kind {
        Kind::Organization => {
            "SELECT id AS subject, id AS organization FROM organizations WHERE id = $1"
        }
        // Organization by organization, which is a look into the key of each instead of at every contact.
        Kind::Contact => {
            "SELECT c.organization_id || '/' || c.id AS subject, c.organization_id AS organization
             FROM   organizations AS o CROSS JOIN contacts AS c WHERE c.organization_id = o.id AND c.id = $1"
        }
        Kind::Case => {
            "SELECT id AS subject, CAST(NULL AS TEXT) AS organization FROM erasures
             WHERE  reference = $1 AND state IN ('waiting', 'held', 'erasing')"
        }
    };
    tx.fetch_optional(statement, args![id]).await
}

/// When a hold that stands ends by itself; `None` when none of that id stands.
pub(super) async fn expiry_of(
    tx: &mut Tx,
    id: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            "SELECT expires_at FROM holds WHERE id = $1 AND ended_at IS NULL AND expires_at > $2",
            args![id, now],
        )
        .await?;
    Ok(row.map(|(at,)| Timestamp::from_millis(at)))
}

/// A deletion that a hold meets.
#[derive(FromRow)]
pub(super) struct Met {
    pub(super) id: String,
    pub(super) state: String,
    starts_at: i64,
    /// Whether it takes away all that the hold is about.
    pub(super) is_whole: bool,
}

impl Met {
    pub(super) fn has_begun(&self, now: Timestamp) -> bool {
        match self.state.as_str() {
            "held" => false,
            "waiting" => Timestamp::from_millis(self.starts_at) <= now,
            _ => true,
        }
    }
}

/// The deletions that a hold on this subject meets, unfinished ones only.
pub(super) async fn erasures_of(tx: &mut Tx, kind: Kind, about: &About) -> Result<Vec<Met>, Error> {
    tx.fetch_all(
        "-- erasures_met_by_hold
         SELECT e.id, e.state, e.starts_at,
                MAX(CASE WHEN $1 = 'case' OR s.kind = 'organization' OR (s.kind = $1 AND s.subject_id = $2) THEN 1 ELSE 0 END) = 1 AS is_whole
         FROM   erasures AS e JOIN erasure_subjects AS s ON s.erasure_id = e.id
         WHERE  e.state IN ('waiting', 'held', 'erasing')
           AND  ((s.kind = $1 AND s.subject_id = $2)
                 OR ($1 = 'case' AND e.id = $2)
                 OR (s.kind = 'organization' AND s.subject_id = $3)
                 OR ($1 = 'organization' AND s.kind = 'contact'
                     AND s.subject_id LIKE $2 || '/%')
                 OR ($1 = 'organization' AND s.kind = 'user'
                     AND EXISTS (SELECT 1 FROM memberships AS m WHERE m.organization_id = $2 AND m.user_id = s.subject_id)))
         GROUP  BY e.id, e.state, e.starts_at",
        args![kind.as_str(), about.subject.as_str(), about.organization.as_deref()],
    )
    .await
}

/// A hold that stands in the way of a deletion.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) hold: String,
    pub(crate) basis: Basis,
    pub(crate) review_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

#[derive(FromRow)]
struct StandingRow {
    id: String,
    basis: String,
    review_at: i64,
    expires_at: i64,
}

impl TryFrom<StandingRow> for Standing {
    type Error = Error;

    fn try_from(row: StandingRow) -> Result<Self, Error> {
        Ok(Self {
            basis: row
                .basis
                .parse()
                .map_err(|_| Error::Corrupt("holds.basis"))?,
            review_at: Timestamp::from_millis(row.review_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            hold: row.id,
        })
    }
}

/// The holds that stand in the way of erasing these subjects, the one that lasts longest first.
pub(crate) async fn standing(
    tx: &mut Tx,
    subjects: &[Subject],
    now: Timestamp,
) -> Result<Vec<Standing>, Error> {
    let mut all: Vec<Standing> = Vec::new();
    for subject in subjects {
        let rows: Vec<StandingRow> = tx
            .fetch_all(
                "-- holds_of_subject
                 SELECT id, basis, review_at, expires_at FROM holds
                 WHERE  ended_at IS NULL AND expires_at > $3
                   AND  ((kind = $1 AND subject_id = $2)
                         OR ($1 = 'organization' AND of_organization = $2)
                         OR ($1 = 'contact' AND kind = 'organization' AND $2 LIKE of_organization || '/%')
                         OR ($1 = 'user' AND kind = 'organization'
                             AND of_organization IN (SELECT organization_id FROM memberships WHERE user_id = $2)))",
                args![subject.kind(), subject.id(), now],
            )
            .await?;
        for row in rows {
            let standing = Standing::try_from(row)?;
            if all.iter().all(|known| known.hold != standing.hold) {
                all.push(standing);
            }
        }
    }
    all.sort_by_key(|standing| std::cmp::Reverse(standing.expires_at));
    Ok(all)
}

/// Lets a deletion wait for these holds: nobody works on it before the last of them has ended.
pub(crate) async fn hold_erasure(
    tx: &mut Tx,
    services: &Services,
    erasure: &ErasureId,
    holds: &[Standing],
) -> Result<(), Error> {
    let now = services.now();
    for standing in holds {
        tx.execute(
            "-- insert_erasure_hold
             INSERT INTO erasure_holds (erasure_id, hold_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            args![erasure, standing.hold.as_str(), now],
        )
        .await?;
    }
    let rows = tx
        .execute(
            "-- hold_erasure
             UPDATE erasures SET state = 'held' WHERE id = $1 AND state IN ('waiting', 'held')",
            args![erasure],
        )
        .await?;
    if rows != 1 {
        return Err(Error::Corrupt(
            "an erasure that had not begun a moment ago has",
        ));
    }
    if let Some(last) = holds.iter().map(|standing| standing.expires_at).max() {
        job::move_to(tx, erasure.as_str(), last).await?;
    }
    Ok(())
}

/// A deletion that is cancelled waits for nothing any more.
pub(crate) async fn release_cancelled(tx: &mut Tx, erasure: &ErasureId) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM erasure_holds WHERE erasure_id = $1",
        args![erasure],
    )
    .await?;
    Ok(())
}

/// How a deletion was held: since when, on which basis, and the end of the last hold.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) since: Timestamp,
    pub(crate) basis: Basis,
    pub(crate) review_at: Timestamp,
    pub(crate) until: Option<Timestamp>,
}

#[derive(FromRow)]
struct HeldRow {
    since: i64,
    basis: String,
    review_at: i64,
    ended_at: Option<i64>,
}

/// How a deletion was, or is, held; the hold that stands is the one that counts.
pub(crate) async fn of_erasure(db: &Db, erasure: &ErasureId) -> Result<Option<Held>, Error> {
    let rows: Vec<HeldRow> = db
        .fetch_all(
            "-- holds_of_erasure
             SELECT x.since, h.basis, h.review_at, h.ended_at
             FROM   erasure_holds AS x JOIN holds AS h ON h.id = x.hold_id
             WHERE  x.erasure_id = $1
             ORDER  BY CASE WHEN h.ended_at IS NULL THEN 0 ELSE 1 END, h.ended_at DESC, h.id",
            args![erasure],
        )
        .await?;
    let Some(since) = rows.iter().map(|row| row.since).min() else {
        return Ok(None);
    };
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Held {
        since: Timestamp::from_millis(since),
        basis: row
            .basis
            .parse()
            .map_err(|_| Error::Corrupt("holds.basis"))?,
        review_at: Timestamp::from_millis(row.review_at),
        until: row.ended_at.map(Timestamp::from_millis),
    }))
}

/// Where a hold's sealed columns belong.
pub(super) const fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place {
        organization: "",
        table: "holds",
        column,
        row: id,
    }
}
