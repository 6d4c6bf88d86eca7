//! Leases: the right to work on one job for a while.

use std::time::Duration;

use crate::{
    db::{self, Tx, value::args},
    time::Timestamp,
};

/// How long a lease lasts. A batch takes some 20 ms; this is how long a job rests after its worker was killed.
pub(super) const LEASE: Duration = Duration::from_secs(5);

/// A job that is ours until its lease runs out.
#[derive(Clone, Debug)]
pub struct Lease {
    pub(super) job: String,
    pub(super) token: String,
    pub(super) attempts: i64,
    /// What the job is about: the id of an erasure, a letter, a challenge.
    pub subject: String,
}

/// Why a worker could not write.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Somebody else has the job now. Nothing was written.
    #[error("the lease is lost")]
    LeaseLost,
    /// The database failed. Nothing was written.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl Lease {
    /// Proves, inside the transaction that is about to write, that the job is still ours, and renews it: this is
    /// progress.
    ///
    /// # Errors
    /// [`StepError::LeaseLost`] when it is not; the transaction must then be dropped.
    pub async fn hold(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StepError> {
        let rows = tx
            .execute(
                "-- hold_lease
                 UPDATE jobs SET lease_until = $1, attempts = 0, cause = NULL
                 WHERE  id = $2 AND lease_token = $3 AND done_at IS NULL",
                args![now + LEASE, self.job.as_str(), self.token.as_str()],
            )
            .await?;
        exactly_one(rows)
    }

    /// Makes room for something slow that is no progress yet: a call to another machine.
    ///
    /// # Errors
    /// [`StepError::LeaseLost`] when the job is not ours any more.
    pub async fn extend(&self, db: &db::Db, until: Timestamp) -> Result<(), StepError> {
        let rows = db
            .execute(
                "-- extend_lease
                 UPDATE jobs SET lease_until = $1 WHERE id = $2 AND lease_token = $3 AND done_at IS NULL",
                args![until, self.job.as_str(), self.token.as_str()],
            )
            .await?;
        exactly_one(rows)
    }

    /// Ends the job, inside the transaction that does its last work.
    ///
    /// # Errors
    /// [`StepError::LeaseLost`] when it is not ours any more; the transaction must then be dropped.
    pub async fn finish(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StepError> {
        let rows = tx
            .execute(
                "-- finish_job
                 UPDATE jobs SET done_at = $1, lease_token = NULL, lease_until = 0, cause = NULL
                 WHERE  id = $2 AND lease_token = $3 AND done_at IS NULL",
                args![now, self.job.as_str(), self.token.as_str()],
            )
            .await?;
        exactly_one(rows)
    }
}

pub(super) const fn exactly_one(rows: u64) -> Result<(), StepError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StepError::LeaseLost)
    }
}
