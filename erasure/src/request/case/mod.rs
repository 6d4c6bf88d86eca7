//! One case for each holder: a business that knows the person, or the account that is theirs.
//!
//! (objecting → (in review)) → erasing ⇄ held → erased | refused | cancelled
//!
//! Each has its own decision, clock, erasure and evidence, so that one business's objection keeps no other from erasing.

mod state;
pub(super) mod store;

pub use self::state::{CaseOutcome, CaseStage, CaseState, WrongCaseState};
use super::Request;
use crate::{
    contact::Contact,
    id::{CaseId, ErasureId, RequestId, UserId},
    services::Services,
    time::Timestamp,
};

/// Who holds something about the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::request) enum Holder {
    /// A business that knows the person as a contact.
    Contact(Contact),
    /// The account that is the person's own.
    Account(UserId),
}

impl Holder {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Contact(_) => "contact",
            Self::Account(_) => "account",
        }
    }

    pub(in crate::request) fn text(&self) -> String {
        match self {
            Self::Contact(contact) => contact.to_text(),
            Self::Account(user) => user.as_str().to_owned(),
        }
    }

    fn stored(kind: &str, text: &str) -> Option<Self> {
        match kind {
            "contact" => Contact::stored(text).map(Self::Contact),
            "account" => Some(Self::Account(UserId::stored(text.to_owned()))),
            _ => None,
        }
    }
}

/// One holder's part of a request.
#[derive(Clone, Debug)]
pub(in crate::request) struct Case {
    pub(in crate::request) id: CaseId,
    pub(in crate::request) request: RequestId,
    pub(in crate::request) holder: Holder,
    /// The person named this business.
    pub(in crate::request) is_named: bool,
    pub(in crate::request) state: CaseState,
    pub(in crate::request) received_at: Timestamp,
    pub(in crate::request) due_at: Timestamp,
    pub(in crate::request) extended_to: Option<Timestamp>,
    pub(in crate::request) erasure: Option<ErasureId>,
}

impl Case {
    /// A case that a request opens now.
    pub(in crate::request) fn new(
        services: &Services,
        request: &Request,
        (holder, is_named): (Holder, bool),
        state: CaseState,
    ) -> Self {
        Self {
            id: CaseId::mint(services.now(), services.random.as_ref()),
            request: request.id.clone(),
            holder,
            is_named,
            erasure: erasure_of(&state),
            state,
            received_at: request.received_at,
            due_at: request.due_at,
            extended_to: request.extended_to,
        }
    }

    /// When the term ends that counts.
    pub(in crate::request) fn ends_at(&self) -> Timestamp {
        self.extended_to.unwrap_or(self.due_at)
    }
}

fn erasure_of(state: &CaseState) -> Option<ErasureId> {
    match state {
        CaseState::Erasing(erasure) | CaseState::Held(erasure) => Some(erasure.clone()),
        CaseState::Objecting { .. } | CaseState::InReview | CaseState::Closed { .. } => None,
    }
}
