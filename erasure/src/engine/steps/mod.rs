//! The steps, one file each, all of the same shape: `attempt(&Work) -> Attempt`.

pub(super) mod anonymize;
pub(super) mod archive;
pub(super) mod inventory;
pub(super) mod media;
pub(super) mod mentions;
pub(super) mod meta;
pub(super) mod receipt;
pub(super) mod rows;
pub(super) mod scrub;
mod search;
pub(super) mod verify;

pub(super) use self::mentions::like;
pub(crate) use self::receipt::{at_meta, recipient_place};

use std::{pin::pin, time::Duration};

use tokio::time::timeout;

use super::{
    Stage, failpoint,
    step::Step,
    store::{self, Erasure},
};
use crate::{
    db::{Error, Tx},
    job::{Attempt, Lease, StepError},
    services::Services,
};

/// A checkpoint of a large log takes seconds, what is done to a large table longer: the job is kept for so long at a time.
const AT_MOST: Duration = Duration::from_mins(1);

/// What a step works with.
pub(super) struct Work<'a> {
    pub(super) services: &'a Services,
    pub(super) lease: &'a Lease,
    pub(super) erasure: &'a Erasure,
    pub(super) step: &'a Step,
}

impl Work<'_> {
    /// Keeps the job ours for so long: what is about to be done may take longer than a lease.
    async fn keep_for(&self, span: Duration) -> Result<(), StepError> {
        let until = self.services.now() + span;
        self.lease.extend(&self.services.db, until).await
    }

    /// Waits for what the database does to a large table, which takes minutes: meanwhile the job stays ours.
    async fn while_it_takes<T>(
        &self,
        doing: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, StepError> {
        let mut doing = pin!(doing);
        loop {
            if let Ok(done) = timeout(AT_MOST / 2, &mut doing).await {
                return Ok(done?);
            }
            self.keep_for(AT_MOST).await?;
        }
    }

    /// A transaction that holds the lease.
    async fn begin(&self) -> Result<Tx, StepError> {
        failpoint::pass(self.step.stage, "worked")?;
        self.holding(self.services.db.begin().await?).await
    }

    /// The same without foreign keys, where that can be had ([`crate::db::Db::begin_unasked`]).
    async fn begin_unasked(&self) -> Result<Option<Tx>, StepError> {
        failpoint::pass(self.step.stage, "worked")?;
        match self.services.db.begin_unasked().await? {
            Some(tx) => Ok(Some(self.holding(tx).await?)),
            None => Ok(None),
        }
    }

    async fn holding(&self, mut tx: Tx) -> Result<Tx, StepError> {
        if self.step.stage != Stage::Receipt {
            tx.without_waiting_for_the_disk().await?; // what a power cut takes back is done again
        }
        self.lease.hold(&mut tx, self.services.now()).await?;
        Ok(tx)
    }

    /// Makes it so.
    async fn commit(&self, tx: Tx) -> Result<(), StepError> {
        failpoint::pass(self.step.stage, "commits")?;
        tx.commit().await?;
        failpoint::pass(self.step.stage, "committed")?;
        Ok(())
    }

    /// Commits a batch after its checkpoint.
    async fn advance(&self, mut tx: Tx, rows: i64) -> Result<Attempt, StepError> {
        store::advance(&mut tx, &self.erasure.id, self.step, rows).await?;
        self.commit(tx).await?;
        Ok(Attempt::Progressed)
    }

    /// Commits the last batch after its checkpoint: the step is done.
    async fn complete(
        &self,
        mut tx: Tx,
        rows: i64,
        outcome: Option<&str>,
    ) -> Result<Attempt, StepError> {
        let now = self.services.now();
        store::complete(&mut tx, &self.erasure.id, self.step, now, (rows, outcome)).await?;
        self.commit(tx).await?;
        Ok(Attempt::Progressed)
    }
}
