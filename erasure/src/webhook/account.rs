//! What happened to a WhatsApp Business Account as a whole.
//!
//! Two things end a connection for good: our own app was taken off the account, or the account was deleted. Everything else
//! may pass by itself, and nothing here ever deletes a customer's data (`docs/decisions/0019`).

use super::{
    payload::{AccountUpdate, Change},
    tally::{Outcome, Tally},
};
use crate::{
    connection::{self, Reason, Which},
    db::Error,
    services::Services,
};

/// Applies the content of `account_update`.
pub(super) async fn apply(
    services: &Services,
    change: &Change<'_>,
    tally: &mut Tally,
) -> Result<(), Error> {
    let Ok(update) = serde_json::from_str::<AccountUpdate>(change.value.get()) else {
        tally.count(Outcome::Malformed);
        return Ok(());
    };
    let info = update.waba_info.as_ref();
    let account = info.and_then(|info| info.waba_id.as_ref());
    let reason = match update.event.as_str() {
        "PARTNER_APP_UNINSTALLED" if is_our_app(services, &update) => Reason::AppUninstalled,
        "ACCOUNT_DELETED" => Reason::AccountDeleted,
        _ => {
            tally.count(Outcome::NotKnown);
            return Ok(());
        }
    };
    // Only of events that are not a partner's is the entry the account itself.
    let account = match (account, reason) {
        (Some(account), _) => account.0.as_str(),
        (None, Reason::AccountDeleted) => change.entry_id.as_str(),
        (None, Reason::AppUninstalled | Reason::LoginWithdrawn) => {
            tally.count(Outcome::Malformed);
            return Ok(());
        }
    };
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let ended = connection::end(&mut tx, services, Which::Account(account), reason).await?;
    tx.commit().await?;
    tally.count(if ended > 0 {
        Outcome::Disconnected
    } else {
        Outcome::NotKnown
    });
    Ok(())
}

/// Another provider's app is nothing to us; without a configured id nobody can tell.
fn is_our_app(services: &Services, update: &AccountUpdate) -> bool {
    let named = update.waba_info.as_ref();
    let named = named.and_then(|info| info.partner_app_id.as_ref());
    match (&services.settings.meta.id, named) {
        (Some(ours), Some(named)) => *ours == named.0,
        (None, Some(_)) => {
            tracing::warn!(
                "Meta says that an app was taken off an account: set QLIENTO_META_APP_ID, so that ours is recognized"
            );
            false
        }
        (_, None) => false,
    }
}
