//! The public request form: one question a page, then all answers, then the proof.
//!
//! Each page shows what the browser has kept ([`Draft`]) and posts to `api::request`, which decides what comes next. A question
//! cannot be reached before the ones before it are answered.

mod check;
mod number;
mod proof;
mod questions;

pub(super) use self::{
    check::page as check,
    proof::page as proof,
    questions::{business, contact, identity, statement, who},
};
use super::{Detour, Frame, Page, Visit};
use crate::asking::{Draft, Kept, Step};

/// What stands around a question.
fn frame(step: Step, draft: &Draft) -> Frame {
    Frame::Request {
        step: Some(step.position(draft.answers.role)),
        refresh: None,
    }
}

/// The answers so far, or the way to the page that has to be seen first.
fn draft(visit: &Visit, step: Step) -> Result<Draft, Detour> {
    match Draft::kept() {
        Kept::Draft(draft) => match step.missing(&draft.answers) {
            Some(missing) => Err(Detour::To(missing.path(visit.locale))),
            None => Ok(draft),
        },
        Kept::Sent(capability) => Err(Detour::To(crate::asking::proof_path(
            visit.locale,
            &capability,
        ))),
        Kept::Nothing | Kept::TooOld(_) => Err(Detour::To(Step::Who.path(visit.locale))),
    }
}
