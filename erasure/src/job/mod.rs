//! Durable work: who may do what now, and what happens when a worker dies. Knows nothing of erasing.
//!
//! A worker may die at any moment, so nothing is ever "running". A job is leased until a moment in time; when that has
//! passed, the next worker takes it. Every write of a worker names its lease ([`Lease::hold`]), so a worker that slept
//! too long cannot write over its heir. A job is never dropped: it waits longer each time, or it is parked, loudly.
//!
//! **To add a kind of job**: a variant of [`Kind`], its name in the migration's CHECK, an arm in `run::attempt`.

mod backoff;
mod lease;
mod run;
mod store;
mod throttle;

pub use self::{
    lease::{Lease, StepError},
    run::{run, run_due},
    store::{HeldUp, Totals, held_up, retry_parked},
    throttle::{Throttle, limit, pause, throttle},
};
pub(crate) use self::{
    run::{run_due_of, run_now},
    store::{cancel, enqueue, enqueue_again, enqueue_once, move_to, totals, unpark, wake},
    throttle::{spend, throttle_in},
};

use crate::time::Timestamp;

/// What a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An erasure's plan.
    Erasure,
    /// A letter to be sent.
    Letter,
    /// An archive record whose term has come.
    Archive,
    /// Something that Meta has not confirmed.
    Remainder,
    /// A person's request that is proven.
    Request,
    /// A proof of identity that somebody waits for.
    Proof,
    /// Something about an erasure that the ledger has yet to learn.
    Ledger,
}

impl Kind {
    /// Every kind, each with a loop of its own: a letter never waits behind an erasure.
    const ALL: [Self; 7] = [
        Self::Erasure,
        Self::Letter,
        Self::Archive,
        Self::Remainder,
        Self::Request,
        Self::Proof,
        Self::Ledger,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::Letter => "letter",
            Self::Archive => "archive",
            Self::Remainder => "remainder",
            Self::Request => "request",
            Self::Proof => "proof",
            Self::Ledger => "ledger",
        }
    }
}

/// What one attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Committed some work; call again at once.
    Progressed,
    /// Committed some work, and may not do more before this moment.
    Rest {
        /// When the rate that an operator has set allows more.
        until: Timestamp,
    },
    /// The job is finished, and its last transaction said so.
    Done,
    /// The world said not now.
    Later {
        /// Why, in words without names.
        cause: &'static str,
        /// Not before this moment; without one the backoff decides.
        not_before: Option<Timestamp>,
    },
    /// A person has to look. The job keeps its place and an alarm goes out.
    Parked {
        /// Why, in words without names.
        cause: &'static str,
    },
}
