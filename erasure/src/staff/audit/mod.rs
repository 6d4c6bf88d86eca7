//! The record of what staff looked at and did: one row each, in a chain, written in the transaction of the act.
//!
//! A row holds ids and fixed words, never a name, an address or a reason in somebody's own words. Its `link` is a keyed digest
//! over the row and the link before it. The key is not in the database, so whoever changes, adds or takes away a row there
//! cannot make the chain fit again; where it begins and ends stands in a row of its own, so that cutting it short shows as
//! well. Against somebody who puts back an old copy of everything helps what was noted elsewhere: see [`check()`].
//!
//! Rows are refused any change by a trigger, and deletion until their term: five years, the time in which one may be sued
//! over what was done (Code civil, art. 2224).

mod check;
mod read;

use sqlx::FromRow;

pub use self::{
    check::{Checked, Noted, Verdict, check},
    read::{Copying, Filter, Page, Recorded, copy, page},
};
use super::{Act, Staff};
use crate::{
    db::{Error, Tx, value::args},
    id::{OrganizationId, RequestId, RowId, StaffId},
    services::Services,
};

/// How long an entry is kept.
pub const YEARS: i16 = 5;

/// What an entry is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// A member.
    Staff(&'a StaffId),
    /// A request.
    Request(&'a RequestId),
    /// A legal hold.
    Hold(&'a RowId),
    /// A record of the archive.
    Archive(&'a RowId),
    /// A customer.
    Organization(&'a OrganizationId),
    /// A deletion that one officer proposed.
    Proposal(&'a RowId),
}

impl About<'_> {
    const fn kind(self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Request(_) => "request",
            Self::Hold(_) => "hold",
            Self::Archive(_) => "archive",
            Self::Organization(_) => "organization",
            Self::Proposal(_) => "proposal",
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Staff(id) => id.as_str(),
            Self::Request(id) => id.as_str(),
            Self::Organization(id) => id.as_str(),
            Self::Hold(id) | Self::Archive(id) | Self::Proposal(id) => id.as_str(),
        }
    }
}

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Done,
    /// Somebody tried, and may not or did not get in.
    Refused,
}

impl Outcome {
    /// The word that stands on the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// An entry that is to be written.
pub(crate) struct Entry<'a> {
    pub(crate) staff: Option<&'a StaffId>,
    /// Their role, or `operator`, or `stranger`.
    pub(crate) role: &'static str,
    pub(crate) act: Act,
    pub(crate) outcome: Outcome,
    pub(crate) about: Option<About<'a>>,
    pub(crate) detail: Option<&'static str>,
}

impl<'a> Entry<'a> {
    /// Somebody did this, and it concerns nobody else.
    pub(crate) const fn done(staff: &'a StaffId, role: &'static str, act: Act) -> Self {
        Self {
            staff: Some(staff),
            role,
            act,
            outcome: Outcome::Done,
            about: None,
            detail: None,
        }
    }

    /// Somebody was refused this; without a member, a stranger.
    pub(crate) fn refused(staff: Option<&'a Staff>, act: Act) -> Self {
        Self {
            staff: staff.map(Staff::id),
            role: staff.map_or("stranger", |staff| staff.role().as_str()),
            act,
            outcome: Outcome::Refused,
            about: None,
            detail: None,
        }
    }
}

/// A row of the chain, as it is linked.
struct Linked<'a> {
    position: i64,
    occurred_at: i64,
    staff: Option<&'a str>,
    role: &'a str,
    act: &'a str,
    outcome: &'a str,
    subject_kind: Option<&'a str>,
    subject: Option<&'a str>,
    detail: Option<&'a str>,
}

impl Linked<'_> {
    fn link(&self, services: &Services, before: &[u8]) -> Vec<u8> {
        let text = |text: Option<&str>| text.unwrap_or_default().as_bytes().to_vec();
        let parts = [
            before.to_vec(),
            self.position.to_be_bytes().to_vec(),
            self.occurred_at.to_be_bytes().to_vec(),
            text(self.staff),
            text(Some(self.role)),
            text(Some(self.act)),
            text(Some(self.outcome)),
            text(self.subject_kind),
            text(self.subject),
            text(self.detail),
        ];
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        services.vault.keyed_digest("staff audit", &parts)
    }
}

/// Where the chain begins and ends.
#[derive(FromRow)]
struct Ends {
    swept_to: i64,
    swept_link: Vec<u8>,
    last_position: i64,
    last_link: Vec<u8>,
    seal: Vec<u8>,
}

impl Ends {
    /// Takes the ends for this transaction alone: whoever comes next waits until it commits.
    async fn take(tx: &mut Tx) -> Result<Self, Error> {
        tx.fetch_optional(
            "-- take_ends_of_audit
             UPDATE staff_audit_ends SET id = 1 WHERE id = 1
             RETURNING swept_to, swept_link, last_position, last_link, seal",
            args![],
        )
        .await?
        .ok_or(Error::Corrupt("staff_audit_ends"))
    }

    async fn put_back(&self, tx: &mut Tx, services: &Services) -> Result<(), Error> {
        tx.execute(
            "-- put_back_ends_of_audit
             UPDATE staff_audit_ends SET swept_to = $1, swept_link = $2, last_position = $3, last_link = $4, seal = $5
             WHERE  id = 1",
            args![
                self.swept_to,
                self.swept_link.clone(),
                self.last_position,
                self.last_link.clone(),
                self.computed_seal(services),
            ],
        )
        .await?;
        Ok(())
    }

    fn computed_seal(&self, services: &Services) -> Vec<u8> {
        let (swept_to, last_position) = (
            self.swept_to.to_be_bytes(),
            self.last_position.to_be_bytes(),
        );
        let parts = [
            &swept_to[..],
            &self.swept_link,
            &last_position,
            &self.last_link,
        ];
        services.vault.keyed_digest("ends of staff audit", &parts)
    }
}

/// Writes an entry at the end of the chain. Writers queue here until they commit, so it comes last in a transaction.
pub(crate) async fn append(
    tx: &mut Tx,
    services: &Services,
    entry: &Entry<'_>,
) -> Result<(), Error> {
    let mut ends = Ends::take(tx).await?;
    let row = Linked {
        position: ends.last_position + 1,
        occurred_at: services.now().as_millis(),
        staff: entry.staff.map(StaffId::as_str),
        role: entry.role,
        act: entry.act.as_str(),
        outcome: entry.outcome.as_str(),
        subject_kind: entry.about.map(About::kind),
        subject: entry.about.as_ref().map(About::id),
        detail: entry.detail,
    };
    let link = row.link(services, &ends.last_link);
    tx.execute(
        "-- insert_audit_entry
         INSERT INTO staff_audit (position, occurred_at, staff_id, role, act, outcome, subject_kind, subject, detail, link)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            row.position,
            row.occurred_at,
            row.staff,
            row.role,
            row.act,
            row.outcome,
            row.subject_kind,
            row.subject,
            row.detail,
            link.clone(),
        ],
    )
    .await?;
    ends.last_position = row.position;
    ends.last_link = link;
    ends.put_back(tx, services).await
}

/// Lets go of entries that have reached their term, from the beginning of the chain up to the first that has not.
pub(super) async fn sweep(tx: &mut Tx, services: &Services) -> Result<u64, Error> {
    let term = services.now().plus_years(-YEARS);
    let last: Option<(i64, Vec<u8>)> = tx
        .fetch_optional(
            "-- last_entry_that_reached_its_term
             SELECT position, link FROM staff_audit
             WHERE  occurred_at <= $1
               AND  position < COALESCE((SELECT position FROM staff_audit WHERE occurred_at > $1 ORDER BY position LIMIT 1),
                                        position + 1)
             ORDER  BY position DESC LIMIT 1",
            args![term],
        )
        .await?;
    let Some((position, link)) = last else {
        return Ok(0);
    };
    let mut ends = Ends::take(tx).await?;
    ends.swept_to = position;
    ends.swept_link = link;
    ends.put_back(tx, services).await?;
    tx.execute(
        "DELETE FROM staff_audit WHERE position <= $1",
        args![position],
    )
    .await
}
