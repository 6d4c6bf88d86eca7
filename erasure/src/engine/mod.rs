//! How data disappears: the steps of a confirmed erasure, in the order of its plan.
//!
//! inventory → meta → archive → anonymize → media → rows (leaf to root, in batches) → mentions → scrub → verify → receipt
//!
//! Each step is one file in `steps/`. A step does a little and reports; the driver in [`crate::job`] decides what
//! happens next. Every transaction begins by holding the lease and ends with its checkpoint, so that a worker killed
//! between any two of them leaves a state from which another goes on. Steps run at least once: "already gone" is success.
//!
//! Tests stop each step at four places ([`failpoint`]) and in every way that a day can be bad.
//!
//! **To add a step**: a variant of [`Stage`], its name in the migration's CHECK, a file in `steps/`, an arm in
//! [`attempt`], and its rows in `plan`.

mod begin;
mod count;
pub mod failpoint;
mod identifiers;
mod mention;
mod owned;
mod pace;
mod plan;
mod read_back;
mod step;
mod steps;
mod store;
mod stretch;
mod subject;
mod text_search;

use self::pace::Size;
use self::plan::write_plan;
pub use self::{begin::Confirmed, pace::Pace, step::Stage};
pub(crate) use self::{
    begin::{Confirmation, Name, Origin, begin, begin_as, meet_holds, reference},
    count::count_categories,
    identifiers::destroy as destroy_identifiers,
    owned::keys,
    read_back::suspects,
    steps::{at_meta, recipient_place},
    store::{Erasure, find as find_erasure, subjects as subjects_of},
    subject::Subject,
};
use crate::{
    job::{Attempt, Lease, StepError},
    services::Services,
};

/// Does a little of an erasure.
pub(crate) async fn attempt(
    services: &Services,
    lease: &Lease,
    pace: &mut Pace,
) -> Result<Attempt, StepError> {
    let Some(erasure) = store::find(&services.db, &lease.subject).await? else {
        return Ok(Attempt::Parked {
            cause: "the erasure of this job does not exist",
        });
    };
    if erasure.state == "held" {
        // Its day has come: the sweep is about to end the hold.
        return Ok(Attempt::Later {
            cause: "a legal hold keeps it",
            not_before: None,
        });
    }
    let Some(step) = store::next_step(&services.db, &erasure.id).await? else {
        return Ok(Attempt::Parked {
            cause: "the plan has no step left, but no receipt was written",
        });
    };
    let work = steps::Work {
        services,
        lease,
        erasure: &erasure,
        step: &step,
    };
    failpoint::pass(step.stage, "begins")?;
    match step.stage {
        Stage::Inventory => steps::inventory::attempt(&work).await,
        Stage::Meta => steps::meta::attempt(&work).await,
        Stage::Archive => steps::archive::attempt(&work).await,
        Stage::Anonymize => steps::anonymize::attempt(&work, &pace.asked).await,
        Stage::Media => steps::media::attempt(&work).await,
        Stage::Rows => steps::rows::attempt(&work, pace).await,
        Stage::Mentions => steps::mentions::attempt(&work).await,
        Stage::Scrub => steps::scrub::attempt(&work).await,
        Stage::Verify => steps::verify::attempt(&work).await,
        Stage::Receipt => steps::receipt::attempt(&work).await,
    }
}
