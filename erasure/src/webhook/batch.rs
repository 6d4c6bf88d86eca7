//! Some events of one number, in one transaction: short, so that no other writer waits for a large body.

use super::{
    changes, messages,
    payload::{Message, Profile, Status, UserIdUpdate},
    statuses,
    store::{self, Connection, Door},
    tally::{Outcome, Tally},
};
use crate::{
    db::{self, Tx},
    services::Services,
};

/// Events in one transaction. Each takes some five statements.
pub(super) const SIZE: usize = 50;
/// How often a batch is decided again. Each time somebody else has just finished, so more than twice is rare.
const DECISIONS: usize = 5;

/// Events that go together.
pub(super) enum Batch<'e> {
    Messages(&'e [Message], &'e [Profile]),
    Statuses(&'e [Status]),
    Changes(&'e [UserIdUpdate]),
}

/// Why a batch was not applied.
#[derive(Debug)]
pub(super) enum Stop {
    /// A fence went up meanwhile, or somebody else was quicker: decided again, the batch takes that into account.
    Again(db::Error),
    /// The database failed.
    Failed(db::Error),
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        if error.is_fenced() || error.is_deadlock() {
            Self::Again(error)
        } else {
            Self::Failed(error)
        }
    }
}

/// Applies a batch: all of it or nothing.
pub(super) async fn take(
    services: &Services,
    connection: &Connection,
    batch: &Batch<'_>,
) -> Result<Tally, db::Error> {
    let mut decisions = 1;
    loop {
        match decide(services, connection, batch).await {
            Ok(tally) => return Ok(tally),
            Err(Stop::Again(_)) if decisions < DECISIONS => decisions += 1,
            Err(Stop::Again(error) | Stop::Failed(error)) => return Err(error),
        }
    }
}

async fn decide(
    services: &Services,
    connection: &Connection,
    batch: &Batch<'_>,
) -> Result<Tally, Stop> {
    let mut tally = Tally::default();
    let mut tx = services.db.begin().await?;
    match store::door(&mut tx, connection).await? {
        Door::Open => apply(&mut tx, services, connection, batch, &mut tally).await?,
        Door::Fenced => tally.add(Outcome::Fenced, batch.len()),
        Door::Closed => tally.add(Outcome::NotConnected, batch.len()),
    }
    tx.commit().await?;
    Ok(tally)
}

async fn apply(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    batch: &Batch<'_>,
    tally: &mut Tally,
) -> Result<(), Stop> {
    match batch {
        Batch::Messages(messages, profiles) => {
            for message in *messages {
                tally.count(messages::take(tx, services, connection, message, profiles).await?);
            }
        }
        Batch::Statuses(statuses) => {
            for status in *statuses {
                tally.count(statuses::take(tx, services, connection, status).await?);
            }
        }
        Batch::Changes(updates) => {
            for update in *updates {
                tally.count(changes::take(tx, services, connection, update).await?);
            }
        }
    }
    Ok(())
}

impl Batch<'_> {
    const fn len(&self) -> usize {
        match self {
            Self::Messages(messages, _) => messages.len(),
            Self::Statuses(statuses) => statuses.len(),
            Self::Changes(updates) => updates.len(),
        }
    }
}
