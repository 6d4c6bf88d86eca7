//! The legal holds as staff sees them, and what becomes of them: looked at again, or lifted by two people.

use super::DeskError;
use crate::{
    hold::{self, Lifted, Listed},
    id::RowId,
    ledger,
    reason::Reason,
    services::Services,
    staff::{Act, Staff, audit::About},
    time::Timestamp,
};

/// A hold, and whether somebody wishes to lift it.
#[derive(Clone, Debug)]
pub struct HoldShown {
    /// The hold.
    pub hold: Listed,
    /// The wish of a first person.
    pub wish: Option<Wish>,
}

/// The wish of a first person to lift a hold.
#[derive(Clone)]
pub struct Wish {
    /// Their address.
    pub by: String,
    /// Whether that was the member who looks.
    pub is_own: bool,
    /// Why.
    pub reason: Reason,
    /// Until when a second person can agree.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Wish([redacted])")
    }
}

/// Every hold, those that stand first.
///
/// # Errors
/// See [`DeskError`].
pub async fn holds(services: &Services, staff: &Staff) -> Result<Vec<HoldShown>, DeskError> {
    let acting = staff.begin(services, Act::ReadHolds).await?;
    acting.commit(None, None).await?;
    let mut shown = Vec::new();
    for hold in hold::list(services).await? {
        let wish = match (hold.ended_at, hold.id.parse::<RowId>()) {
            (None, Ok(id)) => hold::proposed(services, &id).await?,
            (Some(_), _) | (None, Err(_)) => None,
        };
        let wish = match wish {
            None => None,
            Some(wish) => Some(Wish {
                is_own: wish.proposed_by == *staff.email(),
                by: wish.proposed_by.expose().to_owned(),
                reason: wish.reason()?,
                expires_at: wish.expires_at,
            }),
        };
        shown.push(HoldShown { hold, wish });
    }
    Ok(shown)
}

/// Wishes to lift a hold: the first person proposes it, the second ends it.
///
/// # Errors
/// See [`DeskError`].
pub async fn lift_hold(
    services: &Services,
    staff: &Staff,
    id: &RowId,
    reason: &Reason,
) -> Result<Lifted, DeskError> {
    staff.check(services, Act::LiftHold).await?;
    let proposed = hold::proposed(services, id).await?;
    let mut acting = staff.begin(services, Act::LiftHold).await?;
    let wish = (staff.email(), reason);
    let lifted = hold::lift_in(acting.tx(), services, id, wish, proposed).await?;
    let detail = match lifted {
        Lifted::Proposed { .. } => "proposed",
        Lifted::Ended { .. } => "lifted",
    };
    acting.commit(Some(About::Hold(id)), Some(detail)).await?;
    if matches!(lifted, Lifted::Ended { .. }) {
        ledger::note_hold_now(services, id.as_str()).await;
    }
    Ok(lifted)
}

/// Says that a hold is still needed, and when it is looked at again.
///
/// # Errors
/// See [`DeskError`].
pub async fn review_hold(
    services: &Services,
    staff: &Staff,
    id: &RowId,
    next: Timestamp,
) -> Result<(), DeskError> {
    let mut acting = staff.begin(services, Act::ReviewHold).await?;
    hold::review_in(acting.tx(), services, id, next, None).await?;
    acting.commit(Some(About::Hold(id)), None).await?;
    ledger::note_hold_now(services, id.as_str()).await;
    Ok(())
}
