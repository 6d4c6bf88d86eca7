//! What the ledger learns about a legal hold: that it stands and until when, and that it has ended.
//!
//! Both are noted after their commit, by a job that their own transaction queued and that whoever placed or lifted the hold
//! runs at once: an entry means that somebody did. Who answers for a hold, and the note beside it, are not the ledger's to know.

use sqlx::FromRow;

use super::{Fact, HoldNote, LedgerError, Noted, SubjectRef};
use crate::{
    db::{Db, Error, Tx, value::args},
    job::{self, Kind},
    services::Services,
    time::Timestamp,
};

/// What jobs of this kind are called: `ledger/hold/<hold>`.
pub(super) const PREFIX: &str = "ledger/hold/";

fn subject(hold: &str) -> String {
    format!("{PREFIX}{hold}")
}

/// Queues what the ledger has to learn about a hold, in the transaction that makes it so.
pub(crate) async fn queue_hold(tx: &mut Tx, services: &Services, hold: &str) -> Result<(), Error> {
    job::enqueue_again(tx, services, Kind::Ledger, &subject(hold), services.now()).await
}

/// Does it at once, after the commit: whoever was told that something is held may rely on it. What fails is left to the worker.
pub(crate) async fn note_hold_now(services: &Services, hold: &str) {
    if let Err(error) = job::run_now(services, Kind::Ledger, &subject(hold)).await {
        tracing::error!(hold.id = hold, cause = %error, "the ledger does not know of a legal hold yet");
    }
}

#[derive(FromRow)]
struct HoldRow {
    kind: String,
    subject_id: String,
    of_organization: Option<String>,
    basis: String,
    placed_at: i64,
    review_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl HoldRow {
    fn fact(self, hold: &str) -> Result<Fact, Error> {
        let hold = hold.to_owned();
        if self.ended_at.is_some() {
            return Ok(Fact::HoldEnded { hold });
        }
        Ok(Fact::Held(HoldNote {
            hold,
            basis: self
                .basis
                .parse()
                .map_err(|_| Error::Corrupt("holds.basis"))?,
            subject: SubjectRef {
                kind: self.kind,
                id: self.subject_id,
            },
            organization: self.of_organization,
            placed_at: Timestamp::from_millis(self.placed_at),
            review_at: Timestamp::from_millis(self.review_at),
            expires_at: Timestamp::from_millis(self.expires_at),
        }))
    }
}

/// Tells the ledger how a hold stands. One of which nothing is left ended long ago.
pub(super) async fn tell(
    services: &Services,
    hold: &str,
) -> Result<Result<Option<Noted>, LedgerError>, Error> {
    let Some(row) = find(&services.db, hold).await? else {
        return Ok(Ok(None));
    };
    let fact = row.fact(hold)?;
    // The ledger must never be ahead of a hold that a power cut takes back.
    services.db.persist().await?;
    Ok(services.ledger.note(&fact, services.now()).await.map(Some))
}

async fn find(db: &Db, hold: &str) -> Result<Option<HoldRow>, Error> {
    db.fetch_optional(
        "-- hold_for_ledger
         SELECT kind, subject_id, of_organization, basis, placed_at, review_at, expires_at, ended_at FROM holds WHERE id = $1",
        args![hold],
    )
    .await
}
