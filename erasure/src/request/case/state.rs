//! How a case stands. A wrong step cannot be taken by mistake: each consumes the state it needs.

use crate::{id::ErasureId, named::named, time::Timestamp};

named! {
    /// The name of a case's state, as the database and JSON have it.
    pub enum CaseStage {
        /// The business may object on a legal ground.
        Objecting = "objecting",
        /// A law forbids to erase for the time being.
        Held = "held",
        /// Staff decides.
        InReview = "in_review",
        /// Data is going.
        Erasing = "erasing",
        /// Nothing is left.
        Erased = "erased",
        /// Nothing was erased, for a reason that was told.
        Refused = "refused",
        /// Another owner of the account stopped it.
        Cancelled = "cancelled",
    }
}

/// How a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// The business may object on a legal ground.
    Objecting {
        /// Until when.
        until: Timestamp,
    },
    /// Its erasure waits for a legal hold, and goes on by itself when that ends.
    Held(ErasureId),
    /// Staff decides.
    InReview,
    /// Data is going.
    Erasing(ErasureId),
    /// It is over.
    Closed {
        /// How.
        outcome: CaseOutcome,
        /// Since when.
        at: Timestamp,
    },
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseOutcome {
    /// Nothing is left: it was erased, or the business was.
    Erased,
    /// Nothing was erased, for a reason that was told.
    Refused,
    /// Another owner of the account stopped it.
    Cancelled,
}

/// The case does not stand where this step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the case is {}", .0.as_str())]
pub struct WrongCaseState(pub CaseStage);

impl CaseState {
    /// The name of the state.
    #[must_use]
    pub const fn stage(&self) -> CaseStage {
        match self {
            Self::Objecting { .. } => CaseStage::Objecting,
            Self::Held(_) => CaseStage::Held,
            Self::InReview => CaseStage::InReview,
            Self::Erasing(_) => CaseStage::Erasing,
            Self::Closed { outcome, .. } => match outcome {
                CaseOutcome::Erased => CaseStage::Erased,
                CaseOutcome::Refused => CaseStage::Refused,
                CaseOutcome::Cancelled => CaseStage::Cancelled,
            },
        }
    }

    /// The business objects, in time.
    ///
    /// # Errors
    /// When it may not, or not any more.
    pub fn object(self, now: Timestamp) -> Result<Self, WrongCaseState> {
        if matches!(self, Self::Objecting { until } if now < until) {
            Ok(Self::InReview)
        } else {
            self.refuses()
        }
    }

    /// Erasing begins: the time to object is over, or staff decided so.
    ///
    /// # Errors
    /// When it has begun already, or is over.
    pub fn erase(self, erasure: ErasureId) -> Result<Self, WrongCaseState> {
        if matches!(self, Self::Objecting { .. } | Self::InReview) {
            Ok(Self::Erasing(erasure))
        } else {
            self.refuses()
        }
    }

    /// A legal hold keeps the erasure waiting.
    ///
    /// # Errors
    /// When there is no erasure that could wait.
    pub fn hold(self) -> Result<Self, WrongCaseState> {
        if let Self::Erasing(erasure) = self {
            Ok(Self::Held(erasure))
        } else {
            self.refuses()
        }
    }

    /// The hold is over.
    ///
    /// # Errors
    /// When nothing is held.
    pub fn release(self) -> Result<Self, WrongCaseState> {
        if let Self::Held(erasure) = self {
            Ok(Self::Erasing(erasure))
        } else {
            self.refuses()
        }
    }

    /// It is over, one way or another.
    ///
    /// # Errors
    /// When this is no way in which a case in this state can end.
    pub fn close(self, outcome: CaseOutcome, at: Timestamp) -> Result<Self, WrongCaseState> {
        let fits = match outcome {
            // Also without an erasure of its own: the business was erased meanwhile, and this with it.
            CaseOutcome::Erased => !matches!(self, Self::Closed { .. }),
            CaseOutcome::Refused => self == Self::InReview,
            CaseOutcome::Cancelled => matches!(self, Self::Erasing(_) | Self::Held(_)),
        };
        if fits {
            Ok(Self::Closed { outcome, at })
        } else {
            self.refuses()
        }
    }

    const fn refuses<T>(&self) -> Result<T, WrongCaseState> {
        Err(WrongCaseState(self.stage()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_798_200_000_000);
    const LATER: Timestamp = Timestamp::from_millis(1_798_200_000_001);

    fn erasure() -> ErasureId {
        ErasureId::stored("an erasure".to_owned())
    }

    /// From which states a step can be taken.
    fn stages(step: impl Fn(CaseState) -> Result<CaseState, WrongCaseState>) -> Vec<&'static str> {
        let closed = |outcome| CaseState::Closed { outcome, at: NOON };
        let all = [
            CaseState::Objecting { until: LATER },
            CaseState::Held(erasure()),
            CaseState::InReview,
            CaseState::Erasing(erasure()),
            closed(CaseOutcome::Erased),
            closed(CaseOutcome::Refused),
            closed(CaseOutcome::Cancelled),
        ];
        let taken = all.into_iter().filter_map(|state| {
            let stage = state.stage();
            match step(state) {
                Ok(_) => Some(stage.as_str()),
                Err(WrongCaseState(told)) => {
                    assert_eq!(told, stage);
                    None
                }
            }
        });
        taken.collect()
    }

    #[test]
    fn each_step_begins_where_it_may_and_nowhere_else() {
        let close = |outcome| stages(move |state| state.close(outcome, NOON));

        assert_eq!(stages(|state| state.object(NOON)), ["objecting"]);
        assert_eq!(stages(|state| state.object(LATER)), [""; 0]);
        assert_eq!(
            stages(|state| state.erase(erasure())),
            ["objecting", "in_review"]
        );
        assert_eq!(stages(CaseState::hold), ["erasing"]);
        assert_eq!(stages(CaseState::release), ["held"]);
        assert_eq!(
            close(CaseOutcome::Erased),
            ["objecting", "held", "in_review", "erasing"]
        );
        assert_eq!(close(CaseOutcome::Refused), ["in_review"]);
        assert_eq!(close(CaseOutcome::Cancelled), ["held", "erasing"]);
    }
}
