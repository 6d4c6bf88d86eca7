//! Legal holds: what may not be erased for now, because the law or a claim needs it.
//!
//! A hold is about an organization, a contact or a case, which is one deletion. It has somebody who answers for it, a basis, a day on which it is
//! reviewed and a day on which it ends by itself. A deletion that meets one is accepted all the same: the fence goes up, every
//! session ends, the person is told in writing, and nothing of it is read or erased until the last hold on it has ended. Then
//! the erasure goes on by itself.
//!
//! - [`place()`] puts one in place; [`review`] says that it is still needed.
//! - [`lift`] ends it before its time, which takes two people; [`expire`] ends it on its day.
//! - `again` does all of it on a restored copy that is older than the hold.
//!
//! Deletions and holds are decided one after the other ([`crate::db::Tx::alone`]): a hold that comes after an erasure has begun is
//! refused, one that comes before holds it. There is no third.

mod again;
mod end;
mod list;
mod place;
mod store;

use std::str::FromStr;

use serde::Serialize;

pub(crate) use self::{
    again::{end_again, hold_again, place_again},
    end::{expire, lift_in, proposed},
    list::totals,
    place::{place_in, review_in},
    store::{hold_erasure, of_erasure, release_cancelled, standing},
};
pub use self::{
    end::{LiftError, Lifted, lift},
    list::{Listed, list},
    place::{DaysError, Order, PlaceError, ReviewError, organization_named, place, review},
};

/// What a hold is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Everything of an organization, its contacts and its people's traces in it.
    Organization,
    /// One contact; the organization's own deletion waits as well.
    Contact,
    /// One deletion that is confirmed and has not begun; the others go on.
    Case,
}

impl Kind {
    /// What the database or the ledger calls so.
    pub(crate) fn stored(name: &str) -> Option<Self> {
        [Self::Organization, Self::Contact, Self::Case]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }

    /// The name that the database uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Contact => "contact",
            Self::Case => "case",
        }
    }
}

/// Why something is held. People are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Basis {
    /// A legal claim is brought or answered (GDPR article 17(3)(e)).
    LegalClaim,
    /// A law asks for it (GDPR article 17(3)(b)).
    LegalObligation,
    /// An authority with the right to it has asked for it (GDPR article 17(3)(b)).
    Authority,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LegalClaim, Self::LegalObligation, Self::Authority];

    /// The name that the database and JSON use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LegalClaim => "legal_claim",
            Self::LegalObligation => "legal_obligation",
            Self::Authority => "authority",
        }
    }

    /// The article that allows not to erase.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::LegalClaim => "17(3)(e)",
            Self::LegalObligation | Self::Authority => "17(3)(b)",
        }
    }
}

/// The text names no basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of legal_claim, legal_obligation, authority")]
pub struct UnknownBasis;

impl FromStr for Basis {
    type Err = UnknownBasis;

    fn from_str(text: &str) -> Result<Self, UnknownBasis> {
        Self::ALL
            .into_iter()
            .find(|basis| basis.as_str() == text)
            .ok_or(UnknownBasis)
    }
}
