//! Showing over WhatsApp that a number is one's own: a code that the person sends, or one that is sent to them.
//!
//! [`crate::proof`] knows how; here a request's link leads to the request, and only one that waits for a number gets that far. What
//! comes of it arrives by [`super::accept`].

use super::{
    Request,
    accept::shown,
    proof::{SendCodeError, VerifyError, is_waiting},
    store,
};
use crate::{
    account::CodeSent,
    db::{self, Source},
    id::Capability,
    network::Network,
    one_time_code::CodeError,
    person::{Identity, PhoneNumber},
    proof::{self, BeginError, Offered, ReverseChallenge},
    services::Services,
};

/// How the proof of a number stands.
#[derive(Clone, Debug)]
pub struct WhatsappProof {
    /// Which ways there are.
    pub offered: Offered,
    /// The code that the person can send now.
    pub reverse: Option<ReverseChallenge>,
    /// Whether one that was sent to them can be typed now.
    pub code: Option<CodeSent>,
}

/// How the proof of a request's number stands.
pub(super) async fn standing(
    services: &Services,
    request: &Request,
    number: &PhoneNumber,
) -> Result<WhatsappProof, db::Error> {
    let standing = proof::standing(services, request.id.as_str()).await?;
    Ok(WhatsappProof {
        offered: proof::offered(services),
        reverse: standing.reverse,
        code: standing.code.map(|code| sent_to(number, &code)),
    })
}

fn sent_to(number: &PhoneNumber, code: &proof::CodeSent) -> CodeSent {
    CodeSent {
        to: number.masked(),
        expires_at: code.expires_at,
        resend_at: code.resend_at,
        delivered: code.delivery != proof::Delivery::Failed,
    }
}

/// Makes the code that the person sends from their WhatsApp, or finds the one that is fresh. Nothing, where nothing has to be
/// proven.
///
/// # Errors
/// See [`BeginError`].
pub async fn begin(
    services: &Services,
    capability: &Capability,
    network: &Network,
) -> Result<(), BeginError> {
    let request = store::open(&mut Source::Db(&services.db), capability).await?;
    let Some(request) = request.filter(|request| is_waiting(request, services.now())) else {
        return Ok(());
    };
    proof::begin_reverse(services, request.id.as_str(), network).await?;
    Ok(())
}

/// Sends a code to the number.
pub(super) async fn send_code(
    services: &Services,
    request: &Request,
    number: &PhoneNumber,
    network: &Network,
) -> Result<CodeSent, SendCodeError> {
    let to = (number, request.locale);
    let sent = proof::send_code(services, request.id.as_str(), to, network).await;
    match sent {
        Ok(code) => Ok(sent_to(number, &code)),
        Err(proof::SendCodeError::NotOffered) => Err(SendCodeError::NotNeeded),
        Err(proof::SendCodeError::TooSoon { retry_at }) => Err(SendCodeError::TooSoon { retry_at }),
        Err(proof::SendCodeError::TooManyTries { retry_at }) => {
            Err(SendCodeError::TooManyTries { retry_at })
        }
        Err(proof::SendCodeError::Undeliverable | proof::SendCodeError::Unavailable) => {
            Err(SendCodeError::Unavailable)
        }
        Err(proof::SendCodeError::Internal(error)) => Err(error.into()),
    }
}

/// Takes the code that was sent to the number.
pub(super) async fn verify(
    services: &Services,
    request: &Request,
    typed: &str,
    network: &Network,
) -> Result<(), VerifyError> {
    let proofs = proof::redeem_code(services, request.id.as_str(), typed, network).await?;
    let identity: Option<Identity> = proofs.into_iter().map(|proof| proof.identity).next();
    let identity = identity.ok_or(CodeError::Expired)?;
    // The worker would do it as well; whoever waits for the next page sees it at once.
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    match shown(&mut tx, services, &request.id, &identity).await {
        Ok(true) => tx.commit().await?,
        Ok(false) => return Err(CodeError::Expired.into()),
        Err(super::AcceptError::Internal(error)) => return Err(error.into()),
        Err(_) => return Err(VerifyError::NotFound),
    }
    Ok(())
}
