//! Which numbers leave the Cloud API together with the account: the owner's choice, part of the plan that the code confirms.
//!
//! A deregistered number can be used elsewhere at once, for example in the WhatsApp Business app; one that stays registered keeps
//! working at Meta with whoever has access to its account. Nobody but the owner can know which of the two is wanted.

use super::scope;
use crate::{
    db::{Error, Source, value::args},
    services::Services,
    session::Session,
};

/// Takes down which of the person's numbers are to be deregistered, by the ids that [`super::preview()`] gave, and no others.
///
/// # Errors
/// When the database fails.
pub async fn choose_deregistrations(
    services: &Services,
    session: &Session,
    chosen: &[String],
) -> Result<(), Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    let scope = scope::of_user(Source::Tx(&mut tx), &session.user).await?;
    for reach in scope.erased().filter(|reach| !reach.frozen) {
        for profile in &reach.profiles {
            let is_chosen = chosen.contains(&profile.id);
            if is_chosen != profile.deregistered {
                tx.execute(
                    "-- choose_deregistration
                     UPDATE whatsapp_profiles SET deregistration_chosen_at = $1 WHERE organization_id = $2 AND id = $3",
                    args![
                        is_chosen.then_some(now),
                        &reach.organization,
                        profile.id.as_str()
                    ],
                )
                .await?;
            }
        }
    }
    tx.commit().await
}
