//! What staff decides: that somebody may ask for another, that a term has to be longer, that something is kept.
//!
//! Who may decide, and that two people agree where they must, is the console's to see to. Here each decision is one transaction:
//! the state, the record of who decided and why, and the letter that tells it.

mod allow;
mod extend;
mod refuse;

use serde::{Deserialize, Serialize};

pub use self::{
    allow::{approve, erase},
    extend::extend,
    refuse::refuse,
};
pub(in crate::request) use self::{
    allow::{approve_in, erase_in},
    extend::extend_in,
    refuse::{may_refuse, refuse_in},
};
use super::{
    BusinessName, ExtensionReason, Ground, Request, WrongState,
    case::{Case, store as cases},
    deadline,
    events::{Note, note},
    store,
};
use crate::{
    db::{self, Source, Tx},
    id::{CaseId, RequestId},
    services::Services,
    time::Timestamp,
};

/// Below this nothing concrete can be said.
const SHORTEST_EXPLANATION: usize = 30;
const LONGEST_EXPLANATION: usize = 4_000;

/// Reasons in somebody's own words, said concretely.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation(String);

impl std::fmt::Debug for Explanation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Explanation([redacted])")
    }
}

/// The words are too few to be concrete, or too many to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an explanation has 30 to 4,000 characters")]
pub struct UnfitExplanation;

impl std::str::FromStr for Explanation {
    type Err = UnfitExplanation;

    fn from_str(text: &str) -> Result<Self, UnfitExplanation> {
        let text = text.trim();
        if can_be_read(text, SHORTEST_EXPLANATION..=LONGEST_EXPLANATION) {
            Ok(Self(text.to_owned()))
        } else {
            Err(UnfitExplanation)
        }
    }
}

/// Whether so many characters are a text: some lines, and nothing that is no text.
pub(in crate::request) fn can_be_read(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    let is_clean = text
        .chars()
        .all(|one| !one.is_control() || one == '\n' || one == '\r');
    is_clean && length.contains(&text.chars().count())
}

impl Explanation {
    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// That a term has to be longer.
#[derive(Clone, Debug)]
pub struct Extension {
    /// To when.
    pub until: Timestamp,
    /// Why, in fixed words; at least one.
    pub reasons: Vec<ExtensionReason>,
    /// Why, concretely.
    pub explanation: Explanation,
}

/// That something is not erased.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// On which ground.
    pub ground: Ground,
    /// The law beside the GDPR: "Code de commerce, art. L123-22".
    pub statute: Option<String>,
    /// Why, concretely.
    pub explanation: Explanation,
    /// When what is kept ends.
    pub keep_until: Option<Timestamp>,
}

/// What a decision is about.
#[derive(Clone, Debug)]
pub enum About {
    /// The whole request.
    Request(RequestId),
    /// One holder's part.
    Case(CaseId),
}

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is nothing of this id.
    #[error("there is no such request or case")]
    NotFound,
    /// It does not stand where this can be decided.
    #[error("this cannot be decided now: it is {0}")]
    WrongState(&'static str),
    /// The first term is over: the letter had to leave before.
    #[error("the first term is over")]
    TooLate,
    /// A term is extended once, and by no more than the law allows.
    #[error("a term is extended once, to {latest} at the latest, with at least one reason")]
    NotExtensible {
        /// The last moment allowed.
        latest: Timestamp,
    },
    /// A business that is being erased itself, or the contact is.
    #[error("its erasure is under way already")]
    UnderWay,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// What was decided, as the record has it: fixed words and dates.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::request) struct Decided {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::request) reasons: Vec<ExtensionReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::request) ground: Option<Ground>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::request) statute: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::request) until: Option<Timestamp>,
}

/// The last moment to which the term of a request can be extended.
pub(in crate::request) fn latest(services: &Services, request: &Request) -> Timestamp {
    deadline::latest_extension(request.received_at, &services.settings.time_zone)
}

/// What a decision is about, opened before its transaction, and who takes it.
pub(in crate::request) struct Matter<'a> {
    pub(in crate::request) about: &'a About,
    pub(in crate::request) by: &'a str,
    pub(in crate::request) request: Request,
    business: Option<BusinessName>,
}

impl<'a> Matter<'a> {
    /// Opens it.
    ///
    /// # Errors
    /// See [`DecideError`].
    pub(in crate::request) async fn open(
        services: &Services,
        about: &'a About,
        by: &'a str,
    ) -> Result<Self, DecideError> {
        let request = match about {
            About::Request(id) => store::find(&mut Source::Db(&services.db), id.as_str())
                .await?
                .ok_or(DecideError::NotFound)?,
            About::Case(id) => request_of(services, id).await?,
        };
        let business = request.business(services).await?;
        Ok(Self {
            about,
            by,
            request,
            business,
        })
    }
}

pub(in crate::request) async fn request_of(
    services: &Services,
    id: &CaseId,
) -> Result<Request, DecideError> {
    let case = cases::find(&mut Source::Db(&services.db), id.as_str())
        .await?
        .ok_or(DecideError::NotFound)?;
    store::find(&mut Source::Db(&services.db), case.request.as_str())
        .await?
        .ok_or(DecideError::NotFound)
}

async fn load(tx: &mut Tx, id: &RequestId) -> Result<Request, DecideError> {
    store::find(&mut Source::Tx(tx), id.as_str())
        .await?
        .ok_or(DecideError::NotFound)
}

async fn load_case(tx: &mut Tx, id: &CaseId) -> Result<Case, DecideError> {
    cases::find(&mut Source::Tx(tx), id.as_str())
        .await?
        .ok_or(DecideError::NotFound)
}

/// A decision as it is written down.
struct Record<'a> {
    request: &'a RequestId,
    case: Option<&'a CaseId>,
    what: &'static str,
    by: &'a str,
    decided: Option<(&'a Decided, &'a Explanation)>,
}

impl Record<'_> {
    async fn write(&self, tx: &mut Tx, services: &Services) -> Result<(), db::Error> {
        let detail = self
            .decided
            .map(|(decided, _)| serde_json::to_string(decided));
        let event = Note {
            case: self.case.map(CaseId::as_str),
            detail: detail
                .transpose()
                .map_err(|_| db::Error::Corrupt("a decision"))?,
            words: self.decided.map(|(_, explanation)| explanation.as_str()),
            by_staff: Some(self.by),
            ..Note::about(self.request, self.what)
        };
        note(tx, services, &event).await
    }
}

fn wrong(error: WrongState) -> DecideError {
    DecideError::WrongState(error.0.as_str())
}

fn wrong_case(case: &Case) -> DecideError {
    DecideError::WrongState(case.state.stage().as_str())
}
