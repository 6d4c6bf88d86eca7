//! Opening a record: with a name, a legal basis and a reason, all of which are on record before the first page is read.
//!
//! Whoever wants more than one record at once, or goes through them one by one, needs a second person who agrees.

use std::time::Duration;

use zeroize::Zeroizing;

use super::{
    LegalBasis,
    openings::{self, Act, Claim},
    store,
};
use crate::{
    approval::{self, Proposal},
    db::{self, Tx},
    id::RowId,
    person::EmailAddress,
    services::Services,
    time::Timestamp,
    vault::VaultError,
};

/// So many records may one person open within a day without a second one; more is a search.
pub const ALONE_A_DAY: usize = 5;
const DAY: Duration = Duration::from_hours(24);

/// Why a record was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none of that id: there never was, or its term has come.
    #[error("there is no archive record {0}: there never was, or its term has come")]
    NotFound(String),
    /// The erasure that writes it is still under way.
    #[error("archive record {0} is still being written: it opens when the erasure has gone on")]
    Unfinished(String),
    /// Two people are needed.
    #[error(
        "this opens many records: a second person has to agree first (at most {ALONE_A_DAY} a day may be opened by one person alone)"
    )]
    NeedsApproval,
    /// Nobody proposed this, or it was used, or it is too old.
    #[error("there is no such proposal, or it was used already, or it is more than a week old")]
    NoProposal,
    /// A proposal that nobody agreed to yet.
    #[error("nobody else has agreed to this yet")]
    NotApproved,
    /// The second person is the first.
    #[error("whoever proposed this cannot agree to it: a second person has to")]
    SamePerson,
    /// Whoever opens is not the one who was allowed to.
    #[error("this was proposed by somebody else: only that person may open it")]
    NotTheProposer,
    /// A page is missing or was changed.
    #[error("archive record {0} is damaged: a page of it is missing or was changed")]
    Damaged(String),
    /// Our fault; nothing was opened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Opens one record.
///
/// # Errors
/// See [`OpenError`].
pub async fn open(services: &Services, id: &RowId, claim: &Claim) -> Result<Opened, OpenError> {
    let opened = find(services, id).await?;
    let mut tx = services.db.begin().await?;
    note_opening(&mut tx, services, id, claim).await?;
    tx.commit().await?;
    Ok(opened)
}

/// The record, for whoever puts on record that it is opened.
pub(crate) async fn find(services: &Services, id: &RowId) -> Result<Opened, OpenError> {
    Opened::find(services, id.as_str()).await
}

/// Puts on record that somebody opens it, in their transaction.
pub(crate) async fn note_opening(
    tx: &mut Tx,
    services: &Services,
    id: &RowId,
    claim: &Claim,
) -> Result<(), OpenError> {
    let since = services.now() - DAY;
    tx.alone().await?; // many at once are counted one after the other
    if openings::opened_by(tx, services, &claim.by, since).await? >= ALONE_A_DAY {
        return Err(OpenError::NeedsApproval);
    }
    openings::note(tx, services, Act::Opened, id.as_str(), Some(claim)).await?;
    tracing::warn!(
        archive.id = id.as_str(),
        basis = claim.basis.as_str(),
        "an archive record was opened"
    );
    Ok(())
}

/// Asks for several records; a second person has to agree. Says which proposal it is, and until when it can be agreed to.
///
/// # Errors
/// [`OpenError::NotFound`] for the first id that opens nothing.
pub async fn propose(
    services: &Services,
    ids: &[RowId],
    claim: &Claim,
) -> Result<(RowId, Timestamp), OpenError> {
    let mut subjects = Vec::new();
    for id in ids {
        Opened::find(services, id.as_str()).await?;
        subjects.push(id.to_string());
    }
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let proposal = Proposal {
        act: approval::Act::OpenArchives,
        subjects: &subjects,
        basis: Some(claim.basis.as_str()),
        detail: None,
        by: &claim.by,
        reason: claim.reason.expose(),
    };
    let proposed = approval::propose(&mut tx, services, &proposal).await?;
    for id in &subjects {
        openings::note(&mut tx, services, Act::Proposed, id, Some(claim)).await?;
    }
    tx.commit().await?;
    Ok(proposed)
}

/// Agrees to what somebody else proposed; says to how many records.
///
/// # Errors
/// See [`OpenError`].
pub async fn approve(
    services: &Services,
    proposal: &RowId,
    by: &EmailAddress,
) -> Result<usize, OpenError> {
    let found = approval::find(services, approval::Act::OpenArchives, proposal.as_str())
        .await?
        .filter(|found| !found.is_approved)
        .ok_or(OpenError::NoProposal)?;
    if found.proposed_by == *by {
        return Err(OpenError::SamePerson);
    }
    let claim = Claim {
        by: by.clone(),
        ..claim_of(&found)?
    };
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if !approval::approve(&mut tx, services, &found, by).await? {
        return Err(OpenError::NoProposal);
    }
    for id in &found.subjects {
        openings::note(&mut tx, services, Act::Approved, id, Some(&claim)).await?;
    }
    tx.commit().await?;
    Ok(found.subjects.len())
}

/// Opens what a second person has agreed to. It serves once.
///
/// # Errors
/// See [`OpenError`].
pub async fn open_approved(
    services: &Services,
    proposal: &RowId,
    by: &EmailAddress,
) -> Result<Vec<Opened>, OpenError> {
    let found = approval::find(services, approval::Act::OpenArchives, proposal.as_str())
        .await?
        .ok_or(OpenError::NoProposal)?;
    if found.proposed_by != *by {
        return Err(OpenError::NotTheProposer);
    }
    let mut opened = Vec::new();
    for id in &found.subjects {
        opened.push(Opened::find(services, id).await?);
    }
    let claim = claim_of(&found)?;
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if !approval::use_up(&mut tx, &found, services.now()).await? {
        return Err(OpenError::NotApproved);
    }
    for id in &found.subjects {
        openings::note(&mut tx, services, Act::Opened, id, Some(&claim)).await?;
    }
    tx.commit().await?;
    tracing::warn!(
        records = opened.len(),
        basis = claim.basis.as_str(),
        "archive records were opened"
    );
    Ok(opened)
}

fn claim_of(found: &approval::Approval) -> Result<Claim, db::Error> {
    Ok(Claim {
        by: found.proposed_by.clone(),
        basis: found
            .basis
            .as_deref()
            .and_then(LegalBasis::named)
            .ok_or(db::Error::Corrupt("approvals.basis"))?,
        reason: found.reason()?,
    })
}

/// A record that somebody has opened, read page by page.
pub struct Opened {
    id: String,
    /// The pages that must be there, the last first.
    pages: Vec<i64>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Opened({})", self.id)
    }
}

impl Opened {
    async fn find(services: &Services, id: &str) -> Result<Self, OpenError> {
        let now = services.now().as_millis();
        let row = store::find(&services.db, id)
            .await?
            .filter(|row| row.keep_until > now)
            .ok_or_else(|| OpenError::NotFound(id.to_owned()))?;
        let sealed = row
            .contents_sealed
            .ok_or_else(|| OpenError::Unfinished(id.to_owned()))?;
        let place = store::contents_place(id);
        let contents = unseal(services, id, place, &sealed).await?;
        let contents: Vec<(i64, i64)> = serde_json::from_slice(&contents)
            .map_err(|_| db::Error::Corrupt("archives.contents_sealed"))?;
        let mut pages: Vec<i64> = contents
            .into_iter()
            .filter(|(_, keep_until)| *keep_until > now)
            .map(|(position, _)| position)
            .collect();
        pages.reverse();
        Ok(Self {
            id: id.to_owned(),
            pages,
        })
    }

    /// Which record it is.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The next page: a JSON list of invoices. `None` behind the last.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] when a page that must be there is not, or is not what was sealed.
    pub async fn next_page(
        &mut self,
        services: &Services,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
        let Some(position) = self.pages.pop() else {
            return Ok(None);
        };
        let sealed = store::page(&services.db, &self.id, position)
            .await?
            .ok_or_else(|| OpenError::Damaged(self.id.clone()))?;
        let row = format!("{}/{position}", self.id);
        let page = unseal(services, &self.id, store::page_place(&row), &sealed).await?;
        Ok(Some(page))
    }
}

async fn unseal(
    services: &Services,
    id: &str,
    place: crate::vault::Place<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    match services.vault.open(&services.db, place, sealed).await {
        Ok(plain) => Ok(plain),
        Err(db::Error::Vault(VaultError::Refused | VaultError::UnknownFormat)) => {
            Err(OpenError::Damaged(id.to_owned()))
        }
        Err(other) => Err(other.into()),
    }
}
