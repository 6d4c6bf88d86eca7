//! Taking leave of Meta: what is undone there for a connected number, its account and its token.
//!
//! An erasure does it step by step (`engine/steps/meta.rs`), before the token goes. What Meta does not confirm in time must
//! not hold live data back: it goes on alone as a [`remainder`], a sealed row of its own with a job and a term.

mod remainder;
mod task;

pub use self::{remainder::unconfirmed, task::Act};
pub(crate) use self::{
    remainder::{attempt, keep, sweep, to_json},
    task::{Connection, Delay, Outcome, Task},
};
