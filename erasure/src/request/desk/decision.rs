//! The decisions that one person takes: that somebody may ask, that an objection does not hold, that a term is longer, that
//! something is held.

use super::DeskError;
use crate::{
    db::{Source, value::args},
    hold::{self, Basis, Kind, Order},
    id::{CaseId, RequestId},
    ledger,
    reason::Reason,
    request::{
        case::{Holder, store as cases},
        decide::{self, About as Subject, Extension, Matter},
        resolve,
    },
    services::Services,
    staff::{Act, Staff, audit::About},
    time::Timestamp,
};

/// Finds that a representative may ask for somebody.
///
/// # Errors
/// See [`DeskError`].
pub async fn approve(services: &Services, staff: &Staff, id: &RequestId) -> Result<(), DeskError> {
    let mut acting = staff.begin(services, Act::ApproveRequest).await?;
    decide::approve_in(acting.tx(), services, id, staff.id().as_str()).await?;
    acting.commit(Some(About::Request(id)), None).await?;
    Ok(())
}

/// Finds that a business's objection does not hold: erasing begins at once.
///
/// # Errors
/// See [`DeskError`].
pub async fn overrule(services: &Services, staff: &Staff, id: &CaseId) -> Result<(), DeskError> {
    staff.check(services, Act::OverruleObjection).await?;
    let request = decide::request_of(services, id).await?;
    if request.state.is_closed() {
        return Err(decide::DecideError::WrongState(request.state.stage().as_str()).into());
    }
    let subject = resolve::Subject::of(services, &request).await?;
    let mut acting = staff.begin(services, Act::OverruleObjection).await?;
    decide::erase_in(acting.tx(), services, &subject, id, staff.id().as_str()).await?;
    acting
        .commit(Some(About::Request(&request.id)), None)
        .await?;
    Ok(())
}

/// Extends a term, once; the person is told why before the first one ends.
///
/// # Errors
/// See [`DeskError`].
pub async fn extend(
    services: &Services,
    staff: &Staff,
    subject: &Subject,
    extension: &Extension,
) -> Result<(), DeskError> {
    staff.check(services, Act::ExtendTerm).await?;
    let matter = Matter::open(services, subject, staff.id().as_str()).await?;
    let mut acting = staff.begin(services, Act::ExtendTerm).await?;
    decide::extend_in(acting.tx(), services, &matter, extension).await?;
    acting
        .commit(Some(About::Request(&matter.request.id)), None)
        .await?;
    Ok(())
}

/// Why, and for how long, a part of a request is held.
#[derive(Clone, Debug)]
pub struct Holding {
    /// On which basis.
    pub basis: Basis,
    /// A file number or the like.
    pub note: Option<Reason>,
    /// When it is looked at again.
    pub review_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Places a legal hold on one holder's part. Whoever places it answers for it.
///
/// # Errors
/// See [`DeskError`].
pub async fn hold(
    services: &Services,
    staff: &Staff,
    id: &CaseId,
    holding: &Holding,
) -> Result<(), DeskError> {
    let mut acting = staff.begin(services, Act::PlaceHold).await?;
    let case = cases::find(&mut Source::Tx(acting.tx()), id.as_str())
        .await?
        .ok_or(DeskError::NotFound)?;
    let (kind, subject) = match &case.holder {
        Holder::Contact(contact) => (Kind::Contact, contact.id.to_string()),
        Holder::Account(_) => {
            let reference: Option<(String,)> = acting
                .tx()
                .fetch_optional(
                    "SELECT reference FROM erasures WHERE id = $1",
                    args![case.erasure.as_ref()],
                )
                .await?;
            (Kind::Case, reference.ok_or(DeskError::NotFound)?.0)
        }
    };
    let order = Order {
        kind,
        subject,
        basis: holding.basis,
        owner: staff.email().clone(),
        note: holding.note.clone(),
        review_at: holding.review_at,
        expires_at: holding.expires_at,
    };
    let id = hold::place_in(acting.tx(), services, &order).await?;
    acting
        .commit(
            Some(About::Request(&case.request)),
            Some(holding.basis.as_str()),
        )
        .await?;
    ledger::note_hold_now(services, id.as_str()).await;
    Ok(())
}
