//! A refusal takes two people: one proposes it with its reasons, an officer who is not the same confirms it within a week.

use super::{CaseShown, DeskError};
use crate::{
    approval::{self, Approval, Proposal},
    db::Error,
    id::{CaseId, RequestId},
    request::{
        Ground,
        decide::{self, About as Subject, DecideError, Decided, Explanation, Matter, Refusal},
        events::{self, Note},
    },
    services::Services,
    staff::{Act, Staff, audit::About},
    time::Timestamp,
};

/// A refusal that waits for a second person.
#[derive(Clone)]
pub struct Proposed {
    /// The part of the request; `None`: the whole.
    pub case: Option<CaseId>,
    /// What is proposed.
    pub refusal: Refusal,
    /// Who proposed it.
    pub by: String,
    /// Whether that was the member who looks.
    pub is_own: bool,
    /// After this nobody means it any more.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Proposed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Proposed([redacted])")
    }
}

/// Proposes to refuse a request, or one holder's part of it.
///
/// # Errors
/// See [`DeskError`].
pub async fn propose(
    services: &Services,
    staff: &Staff,
    subject: &Subject,
    refusal: &Refusal,
) -> Result<(), DeskError> {
    staff.check(services, Act::ProposeRefusal).await?;
    let matter = Matter::open(services, subject, staff.id().as_str()).await?;
    let mut acting = staff.begin(services, Act::ProposeRefusal).await?;
    acting.tx().alone().await?;
    decide::may_refuse(acting.tx(), &matter).await?;
    // Alone: nobody else can propose the same between this look and the commit.
    if find(services, subject).await?.is_some() {
        return Err(DeskError::Proposed);
    }
    let decided = Decided {
        reasons: vec![],
        ground: Some(refusal.ground),
        statute: refusal.statute.clone(),
        until: refusal.keep_until,
    };
    let proposal = Proposal {
        act: approval::Act::Refuse,
        subjects: &[subject_id(subject).to_owned()],
        basis: Some(refusal.ground.as_str()),
        detail: Some(serde_json::to_string(&decided).map_err(|_| Error::Corrupt("a refusal"))?),
        by: staff.email(),
        reason: refusal.explanation.as_str(),
    };
    approval::propose(acting.tx(), services, &proposal).await?;
    tell(acting.tx(), services, &matter, "refusal_proposed").await?;
    let about = About::Request(&matter.request.id);
    acting
        .commit(Some(about), Some(refusal.ground.as_str()))
        .await?;
    Ok(())
}

/// Confirms what somebody else proposed: the person is told why, and where to complain.
///
/// # Errors
/// See [`DeskError`].
pub async fn confirm(
    services: &Services,
    staff: &Staff,
    subject: &Subject,
) -> Result<(), DeskError> {
    staff.check(services, Act::ConfirmRefusal).await?;
    let matter = Matter::open(services, subject, staff.id().as_str()).await?;
    let found = find(services, subject)
        .await?
        .ok_or(DeskError::NoProposal)?;
    if found.proposed_by == *staff.email() {
        return Err(DeskError::SamePerson);
    }
    let refusal = refusal_of(&found)?;
    let mut acting = staff.begin(services, Act::ConfirmRefusal).await?;
    acting.tx().alone().await?;
    let tx = acting.tx();
    let agreed = approval::approve(tx, services, &found, staff.email()).await?
        && approval::use_up(tx, &found, services.now()).await?;
    if !agreed {
        return Err(DeskError::NoProposal); // somebody else was quicker
    }
    decide::refuse_in(tx, services, &matter, &refusal).await?;
    let about = About::Request(&matter.request.id);
    acting
        .commit(Some(about), Some(refusal.ground.as_str()))
        .await?;
    Ok(())
}

/// Takes a proposal back, or says no to somebody else's.
///
/// # Errors
/// See [`DeskError`].
pub async fn decline(
    services: &Services,
    staff: &Staff,
    subject: &Subject,
) -> Result<(), DeskError> {
    staff.check(services, Act::DeclineRefusal).await?;
    let matter = Matter::open(services, subject, staff.id().as_str()).await?;
    let found = find(services, subject)
        .await?
        .ok_or(DeskError::NoProposal)?;
    let mut acting = staff.begin(services, Act::DeclineRefusal).await?;
    if !approval::decline(acting.tx(), &found, services.now()).await? {
        return Err(DeskError::NoProposal);
    }
    tell(acting.tx(), services, &matter, "refusal_declined").await?;
    let about = About::Request(&matter.request.id);
    acting.commit(Some(about), None).await?;
    Ok(())
}

/// What waits for a second person of this request.
pub(super) async fn proposed(
    services: &Services,
    staff: &Staff,
    request: &RequestId,
    cases: &[CaseShown],
) -> Result<Vec<Proposed>, Error> {
    let mut subjects = vec![Subject::Request(request.clone())];
    subjects.extend(cases.iter().map(|case| Subject::Case(case.id.clone())));
    let mut all = Vec::new();
    for subject in subjects {
        let Some(found) = find(services, &subject).await? else {
            continue;
        };
        all.push(Proposed {
            case: match subject {
                Subject::Request(_) => None,
                Subject::Case(id) => Some(id),
            },
            refusal: refusal_of(&found)?,
            is_own: found.proposed_by == *staff.email(),
            by: found.proposed_by.expose().to_owned(),
            expires_at: found.expires_at,
        });
    }
    Ok(all)
}

async fn find(services: &Services, subject: &Subject) -> Result<Option<Approval>, Error> {
    approval::find_of(services, approval::Act::Refuse, subject_id(subject)).await
}

fn subject_id(subject: &Subject) -> &str {
    match subject {
        Subject::Request(id) => id.as_str(),
        Subject::Case(id) => id.as_str(),
    }
}

fn refusal_of(found: &Approval) -> Result<Refusal, Error> {
    let detail = found.detail.as_deref().unwrap_or_default();
    let decided: Decided =
        serde_json::from_str(detail).map_err(|_| Error::Corrupt("approvals.detail"))?;
    let ground: Option<Ground> = decided.ground;
    Ok(Refusal {
        ground: ground.ok_or(Error::Corrupt("approvals.detail"))?,
        statute: decided.statute,
        explanation: found.reason::<Explanation>()?,
        keep_until: decided.until,
    })
}

/// Into the history: who proposed or declined, and of what.
async fn tell(
    tx: &mut crate::db::Tx,
    services: &Services,
    matter: &Matter<'_>,
    what: &'static str,
) -> Result<(), DecideError> {
    let event = Note {
        case: match matter.about {
            Subject::Request(_) => None,
            Subject::Case(id) => Some(id.as_str()),
        },
        by_staff: Some(matter.by),
        ..Note::about(&matter.request.id, what)
    };
    events::note(tx, services, &event).await?;
    Ok(())
}
