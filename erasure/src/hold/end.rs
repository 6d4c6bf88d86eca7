//! The end of a hold: two people lift it, or its day comes. What it held goes on by itself.

use super::store;
use crate::{
    approval::{self, Act, Approval, Proposal},
    db::{self, Tx, value::args},
    id::{ErasureId, RowId},
    job, ledger, letter,
    person::EmailAddress,
    reason::Reason,
    services::Services,
    time::Timestamp,
};

/// Holds that one sweep ends in one transaction.
const BATCH: i64 = 50;

/// What somebody's wish to lift a hold came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifted {
    /// It is proposed: a second person has to agree until then.
    Proposed {
        /// Until when.
        until: Timestamp,
    },
    /// It has ended.
    Ended {
        /// How many deletions go on.
        resumed: usize,
    },
}

/// Why a hold was not lifted.
#[derive(Debug, thiserror::Error)]
pub enum LiftError {
    /// There is none of that id, or it has ended.
    #[error("there is no such hold, or it has ended")]
    NotFound,
    /// The same person twice.
    #[error("whoever proposed to lift this hold cannot agree to it: a second person has to")]
    SamePerson,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Lifts a hold. The first person proposes it; when a second one wishes the same within a week, it ends.
///
/// # Errors
/// See [`LiftError`].
pub async fn lift(
    services: &Services,
    id: &RowId,
    by: &EmailAddress,
    reason: &Reason,
) -> Result<Lifted, LiftError> {
    let proposed = proposed(services, id).await?;
    let mut tx = services.db.begin().await?;
    let lifted = lift_in(&mut tx, services, id, (by, reason), proposed).await?;
    tx.commit().await?;
    if matches!(lifted, Lifted::Ended { .. }) {
        ledger::note_hold_now(services, id.as_str()).await;
    }
    Ok(lifted)
}

/// The wish of a first person to lift this hold.
pub(crate) async fn proposed(
    services: &Services,
    id: &RowId,
) -> Result<Option<Approval>, db::Error> {
    approval::find_of(services, Act::LiftHold, id.as_str()).await
}

/// Lifts a hold in the transaction of whoever puts the act on record, and notes it in the ledger after the commit.
pub(crate) async fn lift_in(
    tx: &mut Tx,
    services: &Services,
    id: &RowId,
    (by, reason): (&EmailAddress, &Reason),
    proposed: Option<Approval>,
) -> Result<Lifted, LiftError> {
    let now = services.now();
    tx.alone().await?;
    if store::expiry_of(tx, id.as_str(), now).await?.is_none() {
        return Err(LiftError::NotFound);
    }
    let Some(proposed) = proposed else {
        let proposal = Proposal {
            act: Act::LiftHold,
            subjects: &[id.to_string()],
            basis: None,
            detail: None,
            by,
            reason: reason.expose(),
        };
        let (_, until) = approval::propose(tx, services, &proposal).await?;
        return Ok(Lifted::Proposed { until });
    };
    if proposed.proposed_by == *by {
        return Err(LiftError::SamePerson);
    }
    let agreed = approval::approve(tx, services, &proposed, by).await?
        && approval::use_up(tx, &proposed, now).await?;
    if !agreed {
        return Err(LiftError::NotFound); // somebody else was quicker
    }
    let resumed = end(tx, services, id.as_str(), "lifted").await?;
    tracing::warn!(hold.id = id.as_str(), resumed, "a legal hold was lifted");
    Ok(Lifted::Ended { resumed })
}

/// Ends the holds whose day has come; says how many.
pub(crate) async fn expire(services: &Services) -> Result<u64, db::Error> {
    let expired: Vec<(String,)> = services
        .db
        .fetch_all(
            "-- expired_holds
             SELECT id FROM holds WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
            args![services.now(), BATCH],
        )
        .await?;
    let mut count = 0;
    for (id,) in expired {
        let mut tx = services.db.begin().await?;
        tx.alone().await?;
        let resumed = end(&mut tx, services, &id, "expired").await?;
        tx.commit().await?;
        tracing::warn!(hold.id = id, resumed, "a legal hold has expired");
        count += 1;
    }
    Ok(count)
}

/// Ends a hold; deletions that no other hold keeps go on.
async fn end(
    tx: &mut Tx,
    services: &Services,
    id: &str,
    ending: &'static str,
) -> Result<usize, db::Error> {
    let freed = free(tx, services.now(), id, ending).await?;
    for erasure in &freed {
        letter::tell_resumed(tx, services, erasure).await?;
    }
    ledger::queue_hold(tx, services, id).await?;
    Ok(freed.len())
}

/// The same without a word to anybody; the answer is what goes on.
pub(super) async fn free(
    tx: &mut Tx,
    now: Timestamp,
    id: &str,
    ending: &'static str,
) -> Result<Vec<ErasureId>, db::Error> {
    let rows = tx
        .execute(
            "-- end_hold
             UPDATE holds SET ended_at = $1, ending = $2 WHERE id = $3 AND ended_at IS NULL",
            args![now, ending, id],
        )
        .await?;
    if rows == 0 {
        return Ok(vec![]); // another worker was quicker
    }
    let freed: Vec<(String, i64)> = tx
        .fetch_all(
            "-- resume_erasures
             UPDATE erasures SET state = 'waiting', starts_at = CASE WHEN starts_at > $1 THEN starts_at ELSE $1 END
             WHERE  state = 'held'
               AND  id IN (SELECT erasure_id FROM erasure_holds WHERE hold_id = $2)
               AND  NOT EXISTS (SELECT 1 FROM erasure_holds AS x JOIN holds AS h ON h.id = x.hold_id
                                WHERE  x.erasure_id = erasures.id AND h.ended_at IS NULL)
             RETURNING id, starts_at",
            args![now, id],
        )
        .await?;
    for (erasure, starts_at) in &freed {
        job::move_to(tx, erasure, Timestamp::from_millis(*starts_at)).await?;
    }
    Ok(freed
        .into_iter()
        .map(|(erasure, _)| ErasureId::stored(erasure))
        .collect())
}
