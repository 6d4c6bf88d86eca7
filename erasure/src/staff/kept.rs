//! What is kept, as staff sees it, and the archive that an officer opens: with a basis and a reason, on two records at once.

use super::{Act, ActError, Staff, audit::About};
use crate::{
    archive::{
        LegalBasis,
        open::{self, OpenError, Opened},
        openings::Claim,
    },
    db,
    id::RowId,
    reason::Reason,
    retention::{self, Overview},
    services::Services,
};

/// Why a record was not opened.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// They may not, or not now.
    #[error(transparent)]
    Act(#[from] ActError),
    /// It cannot be opened, or not by one person alone.
    #[error(transparent)]
    Open(OpenError),
}

impl From<db::Error> for KeptError {
    fn from(error: db::Error) -> Self {
        Self::Act(error.into())
    }
}

impl From<OpenError> for KeptError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Internal(error) => error.into(),
            OpenError::NotFound(_)
            | OpenError::Unfinished(_)
            | OpenError::NeedsApproval
            | OpenError::NoProposal
            | OpenError::NotApproved
            | OpenError::SamePerson
            | OpenError::NotTheProposer
            | OpenError::Damaged(_) => Self::Open(error),
        }
    }
}

/// What is kept at this moment, in numbers.
///
/// # Errors
/// See [`ActError`].
pub async fn overview(services: &Services, staff: &Staff) -> Result<Overview, ActError> {
    staff.check(services, Act::ReadRetention).await?;
    Ok(retention::overview(services).await?)
}

/// Opens a record of the archive.
///
/// # Errors
/// See [`KeptError`].
pub async fn open_archive(
    services: &Services,
    staff: &Staff,
    id: &RowId,
    (basis, reason): (LegalBasis, Reason),
) -> Result<Opened, KeptError> {
    staff.check(services, Act::OpenArchive).await?;
    let opened = open::find(services, id).await?;
    let claim = Claim {
        by: staff.email().clone(),
        basis,
        reason,
    };
    let mut acting = staff.begin(services, Act::OpenArchive).await?;
    open::note_opening(acting.tx(), services, id, &claim).await?;
    acting
        .commit(Some(About::Archive(id)), Some(basis.as_str()))
        .await?;
    Ok(opened)
}
