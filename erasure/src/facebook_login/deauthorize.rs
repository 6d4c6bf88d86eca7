//! A person takes our app away from their Facebook account: access ends, nothing is deleted yet.

use super::{CallbackError, open, store};
use crate::{
    connection::{self, Reason, Which},
    services::Services,
};

/// Ends the connections that this person's Facebook Login made. Who they are on Facebook stays known, so that a deletion
/// request that follows still finds them.
///
/// # Errors
/// See [`CallbackError`].
pub async fn deauthorize(services: &Services, signed_request: &str) -> Result<(), CallbackError> {
    let request = open(services, signed_request)?;
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if let Some(customer) = store::customer(&mut tx, &request.user).await? {
        let which = Which::ConnectedBy(&customer.id);
        connection::end(&mut tx, services, which, Reason::LoginWithdrawn).await?;
    }
    tx.commit().await?;
    Ok(())
}
