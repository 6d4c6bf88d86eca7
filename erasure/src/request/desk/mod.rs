//! The desk: what staff sees of requests, and what they do with them.
//!
//! - [`queue()`] is what is open, the nearest end first; it says nothing about anybody.
//! - [`open`] is one request with its parts, its history and what waits for a second person. The number or address is masked
//!   until somebody asks to see it. Both are on record before anything is shown.
//! - [`figures()`] and the [`register()`] are about all of them together, and about nobody.
//! - [`holds()`] are the legal holds, and what becomes of them.
//! - [`decide`](super::decide) has the decisions themselves. Here each asks first who may, and is on record in the same
//!   transaction; a refusal takes two people: [`refusal`].
//!
//! Everything here begins with a [`Staff`](crate::staff::Staff), so that a stranger cannot even ask.

mod act;
mod decision;
mod dossier;
mod figures;
mod history;
mod holds;
mod queue;
pub mod refusal;
mod register;

pub use self::{
    act::{MalformedRemark, Remark, assign, note},
    decision::{Holding, approve, extend, hold, overrule},
    dossier::{CaseShown, Dossier, Shown, open},
    figures::{Age, Figures, Month, figures},
    history::Event,
    holds::{HoldShown, Wish, holds, lift_hold, review_hold},
    queue::{
        Assignee, Filter, Item, Need, Page, Position, Totals, queue, queue_as_operator, totals,
    },
    register::{Register, Registered, register},
};
use super::decide::DecideError;
use crate::{db, hold, staff::ActError};

/// Why something was not shown or done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is nothing of this id.
    #[error("there is no such request, case or hold")]
    NotFound,
    /// Nobody proposed that, or it is over.
    #[error("there is no such proposal, or it is over")]
    NoProposal,
    /// It is proposed already.
    #[error("this is proposed already, and waits for a second person")]
    Proposed,
    /// The second person is the first.
    #[error("whoever proposed this cannot confirm it: a second person has to")]
    SamePerson,
    /// Nobody works on requests under that id.
    #[error("there is nobody of that id who works on requests")]
    NoColleague,
    /// Staff may not, or not now.
    #[error(transparent)]
    Act(#[from] ActError),
    /// It cannot be decided, or not so.
    #[error(transparent)]
    Decide(DecideError),
    /// Its erasure has begun and cannot be held any more.
    #[error("its erasure has begun already and cannot be held any more")]
    ErasureBegun,
    /// The days of a hold do not fit.
    #[error(transparent)]
    Days(#[from] hold::DaysError),
}

impl From<db::Error> for DeskError {
    fn from(error: db::Error) -> Self {
        Self::Act(error.into())
    }
}

impl From<hold::PlaceError> for DeskError {
    fn from(error: hold::PlaceError) -> Self {
        match error {
            hold::PlaceError::NotFound => Self::NotFound,
            hold::PlaceError::ErasureBegun => Self::ErasureBegun,
            hold::PlaceError::Days(error) => Self::Days(error),
            hold::PlaceError::Internal(error) => error.into(),
        }
    }
}

impl From<hold::ReviewError> for DeskError {
    fn from(error: hold::ReviewError) -> Self {
        match error {
            hold::ReviewError::NotFound => Self::NotFound,
            hold::ReviewError::Days(error) => Self::Days(error),
            hold::ReviewError::Internal(error) => error.into(),
        }
    }
}

impl From<hold::LiftError> for DeskError {
    fn from(error: hold::LiftError) -> Self {
        match error {
            hold::LiftError::NotFound => Self::NotFound,
            hold::LiftError::SamePerson => Self::SamePerson,
            hold::LiftError::Internal(error) => error.into(),
        }
    }
}

impl From<DecideError> for DeskError {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::NotFound => Self::NotFound,
            DecideError::Internal(error) => error.into(),
            DecideError::WrongState(_)
            | DecideError::TooLate
            | DecideError::NotExtensible { .. }
            | DecideError::UnderWay => Self::Decide(error),
        }
    }
}
