//! A business objects: it says on which legal ground it has to keep something, and staff decides.
//!
//! Whoever holds the link that was mailed to the business's owners may do so, until the time is over. The ground is one of the
//! law's; the explanation is for staff.

use super::{
    Ground,
    case::{CaseStage, CaseState, Holder, store as cases},
    decide::{Decided, Explanation},
    events::{Note, note},
    resolve, store,
};
use crate::{
    db::{self, Source},
    id::Capability,
    job,
    services::Services,
    time::Timestamp,
};

/// What a business sees of a case.
#[derive(Clone, Debug)]
pub struct Window {
    /// Its name.
    pub organization: String,
    /// What people quote.
    pub reference: String,
    /// Who asked, as far as it can be shown over a shoulder; `None` once that is forgotten.
    pub identity: Option<String>,
    /// When the person asked.
    pub received_at: Timestamp,
    /// Until when it may object, while it may.
    pub until: Option<Timestamp>,
    /// How the case stands.
    pub stage: CaseStage,
}

/// Why an objection was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The link opens nothing.
    #[error("there is no such case")]
    NotFound,
    /// The time is over, or it has been decided.
    #[error("it is too late to object")]
    TooLate,
    /// This ground is not a business's to judge.
    #[error("a business cannot object on this ground")]
    WrongGround,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// What the business's link opens; `None` also when the business is gone.
///
/// # Errors
/// When the database fails.
pub async fn window(
    services: &Services,
    capability: &Capability,
) -> Result<Option<Window>, db::Error> {
    let mut db = Source::Db(&services.db);
    let Some(case) = cases::open(&mut db, capability).await? else {
        return Ok(None);
    };
    let (Holder::Contact(contact), Some(request)) = (
        &case.holder,
        store::find(&mut db, case.request.as_str()).await?,
    ) else {
        return Ok(None);
    };
    let Some(organization) = resolve::name(&mut db, contact).await? else {
        return Ok(None);
    };
    let identity = request.identity(services).await?;
    let now = services.now();
    Ok(Some(Window {
        organization,
        reference: request.reference,
        identity: identity.and_then(|identity| identity.masked()),
        received_at: request.received_at,
        until: match case.state {
            CaseState::Objecting { until } if now < until => Some(until),
            CaseState::Objecting { .. }
            | CaseState::Held(_)
            | CaseState::InReview
            | CaseState::Erasing(_)
            | CaseState::Closed { .. } => None,
        },
        stage: case.state.stage(),
    }))
}

/// Takes an objection. A second one by the same link finds the first.
///
/// # Errors
/// See [`ObjectError`].
pub async fn object(
    services: &Services,
    capability: &Capability,
    ground: Ground,
    explanation: &Explanation,
) -> Result<(), ObjectError> {
    if !ground.is_open_to_objection() {
        return Err(ObjectError::WrongGround);
    }
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let mut case = cases::open(&mut Source::Tx(&mut tx), capability)
        .await?
        .ok_or(ObjectError::NotFound)?;
    if case.state == CaseState::InReview {
        return Ok(());
    }
    let next = case.state.clone().object(now);
    let next = next.map_err(|_| ObjectError::TooLate)?;
    cases::advance(&mut tx, services, &mut case, next).await?;
    let decided = Decided {
        reasons: vec![],
        ground: Some(ground),
        statute: None,
        until: None,
    };
    let event = Note {
        case: Some(case.id.as_str()),
        detail: Some(
            serde_json::to_string(&decided).map_err(|_| db::Error::Corrupt("an objection"))?,
        ),
        words: Some(explanation.as_str()),
        ..Note::about(&case.request, "objection")
    };
    note(&mut tx, services, &event).await?;
    job::wake(&mut tx, case.request.as_str(), now).await?;
    tx.commit().await?;
    tracing::info!(case.id = %case.id, ground = ground.as_str(), "a business objects");
    Ok(())
}
