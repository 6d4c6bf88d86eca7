//! The route of somebody who cannot sign in: they have shown that the account's mailbox is theirs, and nothing else.
//!
//! A mailbox alone is less than a password and a code, so this erasure always waits, also where there is one owner only.
//! Everybody whom it concerns is told by mail and can stop it by the link in that letter.

use std::time::Duration;

use super::{
    confirm::{self, News, Teller},
    scope,
};
use crate::{
    db::{Error, Source, Tx, value::args},
    engine::{self, Confirmation, Origin},
    id::{ErasureId, UserId},
    person::EmailAddress,
    services::Services,
};

/// Long enough to be seen by somebody who sleeps.
const WINDOW: Duration = Duration::from_hours(24);

/// What became of the wish.
pub(crate) enum ByMailbox {
    /// There is no account at this address.
    NoAccount,
    /// The account, or an organization that would go with it, is being erased already.
    UnderWay,
    /// It waits for its window to end.
    Begun {
        /// Whose account.
        user: UserId,
        /// The erasure.
        erasure: ErasureId,
    },
}

/// Confirms the deletion of the account at this address, in the transaction of whoever has seen it proven.
pub(crate) async fn erase_by_mailbox(
    tx: &mut Tx,
    services: &Services,
    address: &EmailAddress,
) -> Result<ByMailbox, Error> {
    let row: Option<(String, String, bool)> = tx
        .fetch_optional(
            "-- account_at_address
             SELECT u.id, u.locale,
                    EXISTS (SELECT 1 FROM erasure_subjects AS s JOIN erasures AS e ON e.id = s.erasure_id
                            WHERE  s.subject_id = u.id AND e.state IN ('waiting', 'erasing')) AS under_way
             FROM   users AS u WHERE u.email = $1",
            args![address.expose()],
        )
        .await?;
    let Some((user, locale, under_way)) = row else {
        return Ok(ByMailbox::NoAccount);
    };
    let user = UserId::stored(user);
    let scope = scope::of_user(Source::Tx(tx), &user).await?;
    if under_way || scope.erased().any(|reach| reach.frozen) {
        return Ok(ByMailbox::UnderWay);
    }
    let locale = locale.parse().map_err(|_| Error::Corrupt("users.locale"))?;
    let window = WINDOW.max(services.settings.cancel_window);
    let confirmation = Confirmation {
        subjects: scope.subjects(),
        starts_at: services.now() + window,
        recipient: Some(address.clone()),
        locale,
        origin: Origin::Request,
        session_hash: None,
    };
    let confirmed = engine::begin(tx, services, &confirmation).await?;
    let news = News {
        teller: Teller {
            user: &user,
            email: address,
            locale,
        },
        scope: &scope,
        starts_at: confirmation.starts_at,
        confirmed: &confirmed,
    };
    confirm::tell(tx, services, &news).await?;
    confirm::end_sessions(tx, &confirmation.subjects).await?;
    Ok(ByMailbox::Begun {
        user,
        erasure: confirmed.id,
    })
}
