//! Proof that a WhatsApp number, or a business-scoped user id, is the person's who asks.
//!
//! There are two ways, and neither looks into anybody's data: a page that offers them says the same to everybody.
//!
//! - [`begin_reverse`]: the page shows a short code, the person sends it from their WhatsApp to the business that they talked
//!   with (or to our own number), and it comes back through Meta's signed webhook. It costs nothing, cannot be used to bother
//!   anybody, and works for people whose number is hidden. The link that opens WhatsApp can be shown as a [`Picture`].
//! - [`send_code`] and [`redeem_code`]: a code is sent from the deployment's own number to the number that was typed.
//!
//! What was proved is a row, written together with a job that tells whoever asked ([`proofs()`] says it too). A number is
//! proved towards everybody; a business-scoped id means somebody only to the organization that it came through.
//!
//! The message that carries a code is a message to us, whichever business received it: it is not stored among that one's.

mod code;
mod code_store;
mod picture;
mod reverse;
mod reverse_store;
mod standing;
mod store;

pub(crate) use self::{code::delivered, reverse::receive};
pub use self::{
    code::{CodeSent, Delivery, SendCodeError, redeem_code, send_code},
    picture::Picture,
    reverse::{BeginError, ReverseChallenge, begin_reverse},
    standing::{Standing, standing},
};
use crate::{
    db::{Error, Tx},
    id::{OrganizationId, RequestId, RowId},
    job::{self, Attempt, Lease, StepError},
    person::Identity,
    request::{self, AcceptError},
    services::Services,
    time::Timestamp,
};

/// Somebody has shown that this is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What is theirs.
    pub identity: Identity,
    /// The organization whose number they wrote to; `None`: they typed a code, or wrote to our own number.
    pub via: Option<OrganizationId>,
    /// When.
    pub proved_at: Timestamp,
}

/// Which ways this deployment offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Writing to the business.
    pub reverse: bool,
    /// A code to the number.
    pub code: bool,
}

/// Which ways this deployment offers.
#[must_use]
pub fn offered(services: &Services) -> Offered {
    let meta = &services.settings.meta;
    Offered {
        reverse: meta.secret.is_some(),
        code: meta.sender.is_some(),
    }
}

/// A challenge that was passed.
struct Passed {
    id: RowId,
    request: String,
}

/// Writes down what was proved, with the job that tells whoever asked for it, in the transaction that uses the challenge up.
async fn prove(
    tx: &mut Tx,
    services: &Services,
    passed: &Passed,
    identities: &[Identity],
    via: Option<&OrganizationId>,
) -> Result<(), Error> {
    for identity in identities {
        store::insert_proof(tx, services, passed, identity, via).await?;
    }
    let now = services.now();
    job::enqueue(tx, services, job::Kind::Proof, passed.id.as_str(), now).await
}

/// Tells the request that asked for the proof.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let request = store::request_of(services, &lease.subject).await?;
    let mut shown = None;
    if let Some(request) = request {
        let proofs = store::proofs(services, request.as_str()).await?;
        let passed = proofs
            .into_iter()
            .find(|(challenge, _)| challenge.as_str() == lease.subject);
        shown = passed.map(|(_, proof)| (request, proof.identity));
    }
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if let Some((request, identity)) = shown
        && let Err(AcceptError::Internal(error)) =
            request::shown(&mut tx, services, &request, &identity).await
    {
        return Err(error.into());
    } // otherwise it goes on, or is over and the proof ends with its row
    lease.finish(&mut tx, services.now()).await?;
    tx.commit().await?;
    Ok(Attempt::Done)
}

/// What was proved for a request, the first proof first.
///
/// # Errors
/// When the database fails or what was proved cannot be opened.
pub async fn proofs(services: &Services, request: &str) -> Result<Vec<Proof>, Error> {
    let proofs = store::proofs(services, request).await?;
    Ok(proofs.into_iter().map(|(_, proof)| proof).collect())
}

/// Everything that was proved together with this: a line's two forms, or a number and the id under which one business knows it.
pub(crate) async fn proved_with(
    services: &Services,
    request: &RequestId,
    identity: &Identity,
) -> Result<Vec<Proof>, Error> {
    let proofs = store::proofs(services, request.as_str()).await?;
    let is_of = |challenge: &RowId| {
        proofs
            .iter()
            .any(|(other, proof)| other == challenge && proof.identity == *identity)
    };
    Ok(proofs
        .iter()
        .filter(|(challenge, _)| is_of(challenge))
        .map(|(_, proof)| proof.clone())
        .collect())
}
