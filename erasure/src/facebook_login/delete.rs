//! A person asks Facebook to have their data deleted at our app, and Meta forwards it.

use super::{CallbackError, ConfirmationCode, open, store};
use crate::{
    connection::{self, Reason, Which},
    letter::{self, Facts},
    services::Services,
};

/// What Meta is answered, and shows the person.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The page that says how the request stands. It asks the browser for its language.
    pub url: String,
    /// The code in it.
    pub code: ConfirmationCode,
}

/// Takes a deletion request: what Facebook Login gave us goes now, and the account holder is told how to delete the rest.
/// A stranger's request is answered just the same; its page says that there is nothing.
///
/// # Errors
/// See [`CallbackError`].
pub async fn delete(
    services: &Services,
    signed_request: &str,
) -> Result<Confirmation, CallbackError> {
    let request = open(services, signed_request)?;
    let code = ConfirmationCode::of(services, &request);
    let url = format!(
        "{}/meta-deletion/{}",
        services.settings.public_url,
        code.expose()
    );
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if store::insert(&mut tx, &code, now).await?
        && let Some(customer) = store::customer(&mut tx, &request.user).await?
    {
        let which = Which::ConnectedBy(&customer.id);
        let disconnected =
            connection::end(&mut tx, services, which, Reason::LoginWithdrawn).await?;
        store::forget(&mut tx, &customer.id).await?;
        store::settle(&mut tx, &code, &customer.id, disconnected).await?;
        let facts = Facts::FacebookLoginErased {
            wizard: format!(
                "{}/{}/settings/danger-zone/delete-account",
                services.settings.public_url,
                customer.locale.as_str()
            ),
            disconnected,
        };
        let draft = letter::Draft {
            user: Some(&customer.id),
            ..letter::Draft::new(&customer.email, customer.locale, &facts)
        };
        letter::queue(&mut tx, services, &draft).await?;
    }
    tx.commit().await?;
    Ok(Confirmation { url, code })
}
