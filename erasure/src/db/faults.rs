//! A database that fails when it is told to: how tests meet every bad moment there is, each on purpose.

use std::{fmt, future::pending, sync::Arc};

use super::{Db, Error};

/// What is asked of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// To begin a transaction.
    Begin,
    /// To run a statement.
    Statement,
    /// To commit.
    Commit,
}

/// What it does instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing happens, and it says so.
    Refuse,
    /// It happens, but the answer is lost: whoever asked hears of a failure. Of a statement outside a transaction and of a
    /// commit only; elsewhere it is a refusal.
    LoseAnswer,
    /// It never answers: the machine of whoever asked is gone.
    Hang,
}

type Oracle = dyn Fn(Call) -> Option<Fault> + Send + Sync;

/// Decides over each call.
#[derive(Clone)]
pub(super) struct Faults(Arc<Oracle>);

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faults")
    }
}

impl Db {
    /// The same database, failing whenever this says so.
    #[must_use]
    pub fn with_faults(
        mut self,
        oracle: impl Fn(Call) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        self.faults = Some(Faults(Arc::new(oracle)));
        self
    }
}

/// Asks before a call; the answer says whether its answer is to be lost.
pub(super) async fn meet(faults: Option<&Faults>, call: Call) -> Result<bool, Error> {
    match faults.and_then(|faults| faults.0(call)) {
        None => Ok(false),
        Some(Fault::LoseAnswer) if call == Call::Commit => Ok(true),
        Some(Fault::Refuse | Fault::LoseAnswer) => Err(gone()),
        Some(Fault::Hang) => pending().await,
    }
}

/// What the driver says when the connection breaks.
pub(super) fn gone() -> Error {
    Error::Sqlx(sqlx::Error::WorkerCrashed)
}
