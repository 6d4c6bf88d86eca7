//! How a request stands. A wrong step cannot be taken by mistake: each consumes the state it needs.
//!
//! received → acknowledged → proven → (in review) → erasing → completed | refused
//!
//! An unproven request ends as expired or withdrawn, or joins another of the same person. While it is unproven it changes
//! nothing and blocks nobody. A legal hold stands on one case, not on the whole request: see [`super::CaseState`].

use crate::{id::RequestId, named::named, time::Timestamp};

named! {
    /// The name of a state, as the database and JSON have it.
    pub enum Stage {
        /// It is here; the person has not been told yet.
        Received = "received",
        /// The person was told, and has to prove who they are.
        Acknowledged = "acknowledged",
        /// The person is who they say.
        Proven = "proven",
        /// Staff decides.
        InReview = "in_review",
        /// Data is going, business by business.
        Erasing = "erasing",
        /// Nothing is left.
        Completed = "completed",
        /// Nothing was erased, for a reason that was told.
        Refused = "refused",
        /// Nobody proved anything in time.
        Expired = "expired",
        /// The person took it back.
        Withdrawn = "withdrawn",
        /// The same person has another one under way, which this one has joined.
        Joined = "joined",
    }
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is here; the person has not been told yet.
    Received,
    /// The person was told, and has to prove who they are.
    Acknowledged {
        /// Until when.
        prove_until: Timestamp,
    },
    /// The person is who they say.
    Proven,
    /// Staff decides.
    InReview,
    /// Data is going.
    Erasing {
        /// Not before this moment the person is told how it ended, so that the moment tells nothing.
        tell_at: Timestamp,
    },
    /// It is over.
    Closed {
        /// How.
        outcome: Outcome,
        /// Since when.
        at: Timestamp,
    },
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is left.
    Completed,
    /// Nothing was erased, for a reason that was told.
    Refused,
    /// Nobody proved anything in time.
    Expired,
    /// The person took it back.
    Withdrawn,
    /// Another one of the same person goes on for both.
    Joined(RequestId),
}

/// The request does not stand where this step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request is {}", .0.as_str())]
pub struct WrongState(pub Stage);

impl State {
    /// The name of the state.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Received => Stage::Received,
            Self::Acknowledged { .. } => Stage::Acknowledged,
            Self::Proven => Stage::Proven,
            Self::InReview => Stage::InReview,
            Self::Erasing { .. } => Stage::Erasing,
            Self::Closed { outcome, .. } => match outcome {
                Outcome::Completed => Stage::Completed,
                Outcome::Refused => Stage::Refused,
                Outcome::Expired => Stage::Expired,
                Outcome::Withdrawn => Stage::Withdrawn,
                Outcome::Joined(_) => Stage::Joined,
            },
        }
    }

    /// Whether nothing happens any more.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }

    /// The person has been told.
    ///
    /// # Errors
    /// When they had been before.
    pub fn acknowledge(self, prove_until: Timestamp) -> Result<Self, WrongState> {
        if self == Self::Received {
            Ok(Self::Acknowledged { prove_until })
        } else {
            self.refuses()
        }
    }

    /// The person is who they say. Too late is too late.
    ///
    /// # Errors
    /// When nothing has to be proved any more.
    pub fn prove(self, now: Timestamp) -> Result<Self, WrongState> {
        if matches!(self, Self::Acknowledged { prove_until } if now < prove_until) {
            Ok(Self::Proven)
        } else {
            self.refuses()
        }
    }

    /// Somebody has to look before anything is done.
    ///
    /// # Errors
    /// When it is unproven, or decided.
    pub fn review(self) -> Result<Self, WrongState> {
        if self == Self::Proven {
            Ok(Self::InReview)
        } else {
            self.refuses()
        }
    }

    /// Staff found that the person may ask.
    ///
    /// # Errors
    /// When there is nothing to decide.
    pub fn approve(self) -> Result<Self, WrongState> {
        if self == Self::InReview {
            Ok(Self::Proven)
        } else {
            self.refuses()
        }
    }

    /// Every business that holds something has its case.
    ///
    /// # Errors
    /// When it is unproven, or waits for staff.
    pub fn erase(self, tell_at: Timestamp) -> Result<Self, WrongState> {
        if self == Self::Proven {
            Ok(Self::Erasing { tell_at })
        } else {
            self.refuses()
        }
    }

    /// It is over, one way or another.
    ///
    /// # Errors
    /// When this is no way in which a request in this state can end.
    pub fn close(self, outcome: Outcome, at: Timestamp) -> Result<Self, WrongState> {
        let fits = match outcome {
            Outcome::Completed => matches!(self, Self::Erasing { .. }),
            Outcome::Refused => matches!(self, Self::InReview | Self::Erasing { .. }),
            Outcome::Expired => matches!(self, Self::Received | Self::Acknowledged { .. }),
            Outcome::Withdrawn => !matches!(self, Self::Erasing { .. } | Self::Closed { .. }),
            Outcome::Joined(_) => self == Self::Proven,
        };
        if fits {
            Ok(Self::Closed { outcome, at })
        } else {
            self.refuses()
        }
    }

    const fn refuses<T>(&self) -> Result<T, WrongState> {
        Err(WrongState(self.stage()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_798_200_000_000);
    const LATER: Timestamp = Timestamp::from_millis(1_798_200_000_001);

    fn every_state() -> Vec<State> {
        let closed = |outcome| State::Closed { outcome, at: NOON };
        vec![
            State::Received,
            State::Acknowledged { prove_until: LATER },
            State::Proven,
            State::InReview,
            State::Erasing { tell_at: LATER },
            closed(Outcome::Completed),
            closed(Outcome::Refused),
            closed(Outcome::Expired),
            closed(Outcome::Withdrawn),
        ]
    }

    /// From which states a step can be taken.
    fn stages(step: impl Fn(State) -> Result<State, WrongState>) -> Vec<&'static str> {
        let all = every_state().into_iter();
        all.filter_map(|state| {
            let stage = state.stage();
            match step(state) {
                Ok(_) => Some(stage.as_str()),
                Err(WrongState(told)) => {
                    assert_eq!(told, stage);
                    None
                }
            }
        })
        .collect()
    }

    #[test]
    fn each_step_begins_where_it_may_and_nowhere_else() {
        let close = |outcome: Outcome| stages(move |state| state.close(outcome.clone(), NOON));

        assert_eq!(stages(|state| state.acknowledge(LATER)), ["received"]);
        assert_eq!(stages(|state| state.prove(NOON)), ["acknowledged"]);
        assert_eq!(stages(|state| state.prove(LATER)), [""; 0]);
        assert_eq!(stages(State::review), ["proven"]);
        assert_eq!(stages(State::approve), ["in_review"]);
        assert_eq!(stages(|state| state.erase(LATER)), ["proven"]);
        assert_eq!(close(Outcome::Completed), ["erasing"]);
        assert_eq!(close(Outcome::Refused), ["in_review", "erasing"]);
        assert_eq!(close(Outcome::Expired), ["received", "acknowledged"]);
        assert_eq!(
            close(Outcome::Withdrawn),
            ["received", "acknowledged", "proven", "in_review"]
        );
    }
}
