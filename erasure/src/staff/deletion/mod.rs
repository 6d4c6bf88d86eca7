//! A deletion that the staff begins: one officer proposes it, another confirms it within a week, and the engine erases as ever.
//!
//! - [`propose`] names an organization or one contact of it, a [`Basis`] and a reason. The proposal holds random ids; the reason
//!   lies sealed.
//! - [`confirm()`] is for an officer who is not the same, while the first one still is an officer. They type once more what is to
//!   go: whoever cannot say it does not know what they agree to. Then everything happens in one transaction.
//! - [`decline`] takes a proposal back, or says no to somebody else's.
//! - [`open`] shows what waits for a second officer, and what has become of the others.

mod confirm;
mod list;
mod proposal;

use serde::{Deserialize, Serialize};

pub use self::{
    confirm::{Confirmed, confirm},
    list::{Begun, Shown, Waiting, What, open},
    proposal::{Wanted, decline, propose},
};
use super::{Act, ActError, Role};
use crate::{
    approval::Approval,
    db::{self, Error, Source, value::args},
    engine::Subject,
    id::StaffId,
    named::named,
    person::EmailAddress,
};

named! {
    /// Why the staff erases something without being asked by way of the form, the wizard or Meta. Each names its article.
    pub enum Basis {
        /// Whoever it is about asked, and showed in another way who they are: art. 17(1).
        Asked = "asked",
        /// It is not needed any more for what it was collected for: art. 17(1)(a).
        NoLongerNeeded = "no_longer_needed",
        /// It was processed unlawfully: art. 17(1)(d).
        Unlawful = "unlawful",
        /// A law says that it has to go: art. 17(1)(e).
        LegalObligation = "legal_obligation",
        /// The supervisory authority ordered it: art. 58(2)(g).
        Authority = "authority",
    }
}

impl Basis {
    /// The article of the GDPR.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Asked => "17(1)",
            Self::NoLongerNeeded => "17(1)(a)",
            Self::Unlawful => "17(1)(d)",
            Self::LegalObligation => "17(1)(e)",
            Self::Authority => "58(2)(g)",
        }
    }
}

/// Why a deletion was not proposed, confirmed or declined.
#[derive(Debug, thiserror::Error)]
pub enum DeletionError {
    /// There is no organization of that name.
    #[error("there is no organization of that name")]
    NotFound,
    /// The organization has no such contact.
    #[error("the organization holds no such contact, or its erasure is under way")]
    NotHeld,
    /// Somebody was quicker.
    #[error("it is being erased already, or is gone")]
    BeingErased,
    /// Nobody proposed that, or it is over.
    #[error("there is no such proposal, or it is over")]
    NoProposal,
    /// It is proposed already.
    #[error("this is proposed already, and waits for a second person")]
    Proposed,
    /// The second person is the first.
    #[error("whoever proposed this cannot confirm it: a second person has to")]
    SamePerson,
    /// The first person is no officer any more, so that there is only one.
    #[error("whoever proposed this is no officer any more: it has to be proposed anew")]
    ProposerLeft,
    /// What was typed once more is something else.
    #[error("what was typed is not what was proposed")]
    NotTheSame,
    /// They may not, or not now.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<db::Error> for DeletionError {
    fn from(error: db::Error) -> Self {
        Self::Act(error.into())
    }
}

/// What a proposal says besides its subject, its basis and its reason.
#[derive(Serialize, Deserialize)]
struct Detail {
    kind: String,
    by: StaffId,
}

/// What one officer proposed.
struct Order {
    subject: Subject,
    basis: Basis,
    by: StaffId,
}

impl Order {
    fn of(found: &Approval) -> Result<Self, Error> {
        let detail = found.detail.as_deref().unwrap_or_default();
        let detail: Detail =
            serde_json::from_str(detail).map_err(|_| Error::Corrupt("approvals.detail"))?;
        let subject = match found.subjects.as_slice() {
            [id] => Subject::stored(&detail.kind, id.clone()),
            _ => None,
        };
        let basis = found.basis.as_deref().unwrap_or_default();
        Ok(Self {
            subject: subject.ok_or(Error::Corrupt("approvals.subjects"))?,
            basis: basis
                .parse()
                .map_err(|_| Error::Corrupt("approvals.basis"))?,
            by: detail.by,
        })
    }

    /// Whether whoever proposed it could still do so: an account that was taken away leaves no half of a deletion behind.
    async fn is_by_officer(&self, source: &mut Source<'_>) -> Result<bool, Error> {
        let row: Option<(String,)> = source
            .optional(
                "SELECT role FROM staff WHERE id = $1 AND disabled_at IS NULL",
                args![&self.by],
            )
            .await?;
        let role = row.and_then(|(role,)| role.parse::<Role>().ok());
        Ok(role.is_some_and(|role| role.may(Act::ProposeDeletion)))
    }
}

/// Whether the member who looks is the one who proposed it.
fn is_own(found: &Approval, member: &EmailAddress) -> bool {
    found.proposed_by == *member
}
