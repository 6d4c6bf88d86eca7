//! Taking a request back, while nothing has been erased.

use super::may_withdraw;
use crate::{
    db::{Error, Source},
    id::Capability,
    job,
    request::{Stage, state::Outcome, store},
    services::Services,
};

/// Why a request was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// The link opens nothing.
    #[error("there is no such request")]
    NotFound,
    /// Erasing has begun, or it is over.
    #[error("the request can no longer be taken back")]
    TooLate,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] Error),
}

/// Takes a request back. One that is taken back already stays so.
///
/// # Errors
/// See [`WithdrawError`].
pub async fn withdraw(services: &Services, capability: &Capability) -> Result<(), WithdrawError> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let mut request = store::open(&mut Source::Tx(&mut tx), capability)
        .await?
        .ok_or(WithdrawError::NotFound)?;
    if request.state.stage() == Stage::Withdrawn {
        return Ok(());
    }
    if !may_withdraw(&request) {
        return Err(WithdrawError::TooLate);
    }
    let next = request
        .state
        .clone()
        .close(Outcome::Withdrawn, services.now());
    let next = next.map_err(|_| WithdrawError::TooLate)?;
    store::advance(&mut tx, services, &mut request, next).await?;
    job::wake(&mut tx, request.id.as_str(), services.now()).await?;
    tx.commit().await?;
    Ok(())
}
