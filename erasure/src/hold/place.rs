//! Placing a hold, and saying at its review that it is still needed.

use std::time::Duration;

use super::{
    Basis, Kind,
    store::{self, About, NewHold, Standing},
};
use crate::{
    db::{self, Tx, value::args},
    id::{ErasureId, RowId},
    ledger, letter,
    person::EmailAddress,
    reason::Reason,
    services::Services,
    time::Timestamp,
    vault::Scope,
};

/// A hold that nobody looks at for longer is forgotten.
const LONGEST_UNREVIEWED: Duration = Duration::from_hours(366 * 24);
/// No claim that we know of runs for longer.
const LONGEST: Duration = Duration::from_hours(3_653 * 24);

/// What is to be held.
#[derive(Clone, Debug)]
pub struct Order {
    /// What it is about.
    pub kind: Kind,
    /// Its random internal id; a case's reference, which people quote.
    pub subject: String,
    /// Why.
    pub basis: Basis,
    /// Who answers for it.
    pub owner: EmailAddress,
    /// A file number or the like.
    pub note: Option<Reason>,
    /// When it is looked at again.
    pub review_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Why no hold was placed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// There is nothing of that name.
    #[error("there is no such organization, contact or unfinished deletion")]
    NotFound,
    /// Its erasure has begun and cannot be stopped.
    #[error("its erasure has begun already and cannot be held any more")]
    ErasureBegun,
    /// The days do not fit.
    #[error(transparent)]
    Days(#[from] DaysError),
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Why a hold was not reviewed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is none of that id, or it has ended.
    #[error("there is no such hold, or it has ended")]
    NotFound,
    /// The days do not fit.
    #[error(transparent)]
    Days(#[from] DaysError),
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Why the days of a hold do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// The review is over before it begins.
    #[error("the day of its review is not in the future")]
    ReviewPast,
    /// The review is too far away.
    #[error("a hold is reviewed within a year: name an earlier day")]
    ReviewTooLate,
    /// It ends before its review.
    #[error("it ends before its review: name a later day for its end")]
    EndsBeforeReview,
    /// It would go on for too long.
    #[error("a hold ends within ten years: name an earlier day, and renew it if it must be")]
    EndsTooLate,
}

fn fit(now: Timestamp, review_at: Timestamp, expires_at: Timestamp) -> Result<(), DaysError> {
    if review_at <= now {
        Err(DaysError::ReviewPast)
    } else if review_at > now + LONGEST_UNREVIEWED {
        Err(DaysError::ReviewTooLate)
    } else if expires_at < review_at {
        Err(DaysError::EndsBeforeReview)
    } else if expires_at > now + LONGEST {
        Err(DaysError::EndsTooLate)
    } else {
        Ok(())
    }
}

/// Places a hold. Deletions that are confirmed but have not begun wait from now on, and whoever asked for them is told.
///
/// # Errors
/// See [`PlaceError`].
pub async fn place(services: &Services, order: &Order) -> Result<RowId, PlaceError> {
    let mut tx = services.db.begin().await?;
    let id = place_in(&mut tx, services, order).await?;
    tx.commit().await?;
    ledger::note_hold_now(services, id.as_str()).await;
    Ok(id)
}

/// The same in the transaction of whoever puts the act on record, and notes it in the ledger after the commit.
pub(crate) async fn place_in(
    tx: &mut Tx,
    services: &Services,
    order: &Order,
) -> Result<RowId, PlaceError> {
    let now = services.now();
    fit(now, order.review_at, order.expires_at)?;
    tx.alone().await?;
    let about = store::about(tx, order.kind, &order.subject)
        .await?
        .ok_or(PlaceError::NotFound)?;
    let met = store::erasures_of(tx, order.kind, &about).await?;
    if met
        .iter()
        .any(|erasure| erasure.is_whole && erasure.has_begun(now))
    {
        return Err(PlaceError::ErasureBegun);
    }
    let id = RowId::mint(now, services.random.as_ref());
    insert(tx, services, (&id, now), (order, &about)).await?;
    for erasure in met.into_iter().filter(|erasure| !erasure.has_begun(now)) {
        let standing = Standing {
            hold: id.as_str().to_owned(),
            basis: order.basis,
            review_at: order.review_at,
            expires_at: order.expires_at,
        };
        let met = ErasureId::stored(erasure.id);
        store::hold_erasure(tx, services, &met, &[standing]).await?;
        if erasure.state == "waiting" {
            letter::tell_held(tx, services, &met, order.basis, order.review_at).await?;
        }
    }
    ledger::queue_hold(tx, services, id.as_str()).await?;
    tracing::warn!(
        hold.id = id.as_str(),
        basis = order.basis.as_str(),
        "a legal hold was placed"
    );
    Ok(id)
}

pub(super) async fn insert(
    tx: &mut Tx,
    services: &Services,
    (id, placed_at): (&RowId, Timestamp),
    (order, about): (&Order, &About),
) -> Result<(), db::Error> {
    let random = services.random.as_ref();
    let key = services
        .vault
        .data_key(tx, Scope::Deployment, services.now())
        .await?;
    let seal = |column, text: &str| {
        let place = store::place(column, id.as_str());
        key.seal(place, text.as_bytes(), random)
    };
    let hold = NewHold {
        id,
        about,
        owner_sealed: seal("owner_sealed", order.owner.expose()),
        note_sealed: order
            .note
            .as_ref()
            .map(|note| seal("note_sealed", note.expose())),
    };
    store::insert(tx, order, &hold, placed_at).await
}

/// Says that a hold is still needed, and until when it is looked at again. Its end moves only if another day is named.
///
/// # Errors
/// See [`ReviewError`].
pub async fn review(
    services: &Services,
    id: &RowId,
    next: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), ReviewError> {
    let mut tx = services.db.begin().await?;
    review_in(&mut tx, services, id, next, expires_at).await?;
    tx.commit().await?;
    ledger::note_hold_now(services, id.as_str()).await;
    Ok(())
}

/// The same in the transaction of whoever puts the act on record, and notes it in the ledger after the commit.
pub(crate) async fn review_in(
    tx: &mut Tx,
    services: &Services,
    id: &RowId,
    next: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), ReviewError> {
    let now = services.now();
    tx.alone().await?;
    let current = store::expiry_of(tx, id.as_str(), now)
        .await?
        .ok_or(ReviewError::NotFound)?;
    let expires_at = expires_at.unwrap_or(current);
    fit(now, next, expires_at)?;
    tx.execute(
        "-- review_hold
         UPDATE holds SET review_at = $1, expires_at = $2 WHERE id = $3 AND ended_at IS NULL",
        args![next, expires_at, id],
    )
    .await?;
    ledger::queue_hold(tx, services, id.as_str()).await?;
    Ok(())
}

/// The id of the organization with this short name, for whoever places a hold by hand.
///
/// # Errors
/// When the database fails.
pub async fn organization_named(
    services: &Services,
    slug: &str,
) -> Result<Option<String>, db::Error> {
    let row: Option<(String,)> = services
        .db
        .fetch_optional("SELECT id FROM organizations WHERE slug = $1", args![slug])
        .await?;
    Ok(row.map(|(id,)| id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_a_hold_must_fit_each_other() {
        let now = Timestamp::from_millis(1_795_521_600_000);
        let in_days = |days: u64| now + Duration::from_hours(days * 24);

        assert_eq!(fit(now, in_days(30), in_days(90)), Ok(()));
        assert_eq!(fit(now, in_days(30), in_days(30)), Ok(()));
        assert_eq!(fit(now, now, in_days(90)), Err(DaysError::ReviewPast));
        assert_eq!(
            fit(now, in_days(400), in_days(500)),
            Err(DaysError::ReviewTooLate)
        );
        assert_eq!(
            fit(now, in_days(30), in_days(29)),
            Err(DaysError::EndsBeforeReview)
        );
        assert_eq!(
            fit(now, in_days(30), in_days(4_000)),
            Err(DaysError::EndsTooLate)
        );
    }
}
