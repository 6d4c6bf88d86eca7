//! Holds on a copy of the database that is older than they are, on the word of the ledger: those that the copy never heard of are
//! placed again, those whose days were moved get their last ones, those that have ended end. Nobody is written to again.

use super::{
    Kind, Order, end, place,
    store::{self, About, Standing},
};
use crate::{
    db::{Error, value::args},
    id::{ErasureId, RowId},
    ledger::HoldNote,
    services::Services,
};

/// In the place of words that only the lost database had.
const NOTE: &str = "Placed again after a restore. The ledger knows neither who answers for this hold nor its file: place it anew with both, then lift this one";

/// Places these holds again; says how many the copy had never heard of. [`hold_again`] is to follow.
pub(crate) async fn place_again(services: &Services, holds: &[HoldNote]) -> Result<usize, Error> {
    let mut placed = 0;
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    for hold in holds {
        let known = tx
            .execute(
                "-- move_days_of_hold
                 UPDATE holds SET review_at = $1, expires_at = $2 WHERE id = $3",
                args![hold.review_at, hold.expires_at, hold.hold.as_str()],
            )
            .await?;
        if known == 0 {
            let (order, about) = (order(services, hold)?, about(hold));
            let id = RowId::stored(hold.hold.clone());
            place::insert(&mut tx, services, (&id, hold.placed_at), (&order, &about)).await?;
            placed += 1;
        }
    }
    tx.commit().await?;
    Ok(placed)
}

/// Lets the erasures of the copy wait for these holds, once it knows of every erasure again. What had begun when the copy was
/// made goes on. What had not waits, whenever it was to start: nobody can say here whether it was quicker than the hold.
pub(crate) async fn hold_again(services: &Services, holds: &[HoldNote]) -> Result<(), Error> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    for hold in holds {
        let standing = [Standing {
            hold: hold.hold.clone(),
            basis: hold.basis,
            review_at: hold.review_at,
            expires_at: hold.expires_at,
        }];
        for met in store::erasures_of(&mut tx, kind(hold)?, &about(hold)).await? {
            if met.state != "erasing" {
                let id = ErasureId::stored(met.id);
                store::hold_erasure(&mut tx, services, &id, &standing).await?;
            }
        }
    }
    tx.commit().await
}

/// Ends holds once more that had ended; what they held goes on.
pub(crate) async fn end_again(services: &Services, ended: &[String]) -> Result<(), Error> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    for hold in ended {
        end::free(&mut tx, services.now(), hold, "lifted").await?;
    }
    tx.commit().await
}

fn order(services: &Services, hold: &HoldNote) -> Result<Order, Error> {
    let wrong = "the privacy address of the settings";
    Ok(Order {
        kind: kind(hold)?,
        subject: hold.subject.id.clone(),
        basis: hold.basis,
        owner: services
            .settings
            .privacy_address
            .parse()
            .map_err(|_| Error::Corrupt(wrong))?,
        note: Some(NOTE.parse().map_err(|_| Error::Corrupt("a note"))?),
        review_at: hold.review_at,
        expires_at: hold.expires_at,
    })
}

fn about(hold: &HoldNote) -> About {
    About {
        subject: hold.subject.id.clone(),
        organization: hold.organization.clone(),
    }
}

fn kind(hold: &HoldNote) -> Result<Kind, Error> {
    Kind::stored(&hold.subject.kind).ok_or(Error::Corrupt(
        "the ledger names a hold of a kind that this program does not know",
    ))
}
