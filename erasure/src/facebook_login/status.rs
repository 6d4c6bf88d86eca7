//! How a request that Meta forwarded stands, for whoever has its code.

use super::{ConfirmationCode, store};
use crate::{db::Error, services::Services, time::Timestamp};

/// A forwarded request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// When Meta forwarded it.
    pub received_at: Timestamp,
    /// How many numbers were disconnected by it.
    pub disconnected: i64,
    /// What there is besides the Facebook Login; `None`: nobody here ever used that login.
    pub account: Option<Account>,
}

/// The account that the login belonged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// It stays until its holder confirms that it shall go.
    WaitsForItsHolder,
    /// It is being erased.
    BeingErased,
    /// It is gone.
    Erased,
}

/// The request that this code opens.
///
/// # Errors
/// When the database fails.
pub async fn status(services: &Services, code: &ConfirmationCode) -> Result<Option<Status>, Error> {
    let row = store::status(&services.db, code).await?;
    Ok(row.map(|row| {
        let account = match (row.exists, row.under_way) {
            (_, true) => Account::BeingErased,
            (true, false) => Account::WaitsForItsHolder,
            (false, false) => Account::Erased,
        };
        Status {
            received_at: Timestamp::from_millis(row.received_at),
            disconnected: row.disconnected,
            account: row.found.then_some(account),
        }
    }))
}
