//! What the law keeps of an erased organization: its invoices, sealed, apart from everything else, and not a day too long.
//!
//! - [`jurisdiction`] says which law, and for how many years.
//! - [`seal`] writes a record in pages, each with the invoices whose term ends on one day, under a data key that the record alone has.
//! - [`open`] reads it for somebody with a name, a legal basis and a reason; for more than a few records a second person must agree.
//! - [`openings`] is the record of that: it is only ever added to, and outlives what it is about.
//! - [`purge`] takes each page on its day, and with the last one the key.
//!
//! Only the mandatory fields of an invoice are kept, and nothing outside the seal says whose they are: a record is found by the
//! reference of the erasure that made it. The tables are reached through [`crate::db`]'s own way to the archive and no other.

pub mod jurisdiction;
pub mod open;
pub mod openings;
mod purge;
mod seal;
mod store;

use serde::Serialize;

pub use self::{
    jurisdiction::{Jurisdictions, JurisdictionsError, Rule},
    purge::purge_now,
    store::list,
};
pub(crate) use self::{
    openings::end_names,
    purge::{attempt, end_pages, enqueue_ended},
    seal::{Sealed, Sealing, seal_some},
    store::{of_erasure, rows_of},
};
use crate::time::Timestamp;

/// A record in a listing. Nothing in it says whose it is.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What people quote of the erasure that made it.
    pub reference: String,
    /// The country whose law chose the term.
    pub country: String,
    /// The statute.
    pub basis: String,
    /// How many invoices were sealed.
    pub records: i64,
    /// When it was sealed.
    pub created_at: Timestamp,
    /// When the last of it ends.
    pub keep_until: Timestamp,
}

/// On which legal basis somebody opens a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// A tax authority audits the books.
    TaxAudit,
    /// A court, or an authority with the right to it, orders it.
    CourtOrder,
    /// A claim is brought or answered.
    LegalClaim,
    /// Our own books are closed or corrected.
    Accounting,
    /// The customer asks for invoices of theirs.
    CustomerRequest,
}

impl LegalBasis {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::TaxAudit,
        Self::CourtOrder,
        Self::LegalClaim,
        Self::Accounting,
        Self::CustomerRequest,
    ];

    /// The name that the database and JSON use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TaxAudit => "tax_audit",
            Self::CourtOrder => "court_order",
            Self::LegalClaim => "legal_claim",
            Self::Accounting => "accounting",
            Self::CustomerRequest => "customer_request",
        }
    }

    /// The basis of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == name)
    }
}
