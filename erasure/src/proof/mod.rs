//! Proof that a WhatsApp number, or a business-scoped user id, is the person's who asks.
//!
//! There are two ways, and neither looks into anybody's data: a page that offers them says the same to everybody.
//!
//! - [`begin_reverse`]: the page shows a short code, the person sends it from their WhatsApp to the business that they talked
//!   with (or to our own number), and it comes back through Meta's signed webhook. It costs nothing, cannot be used to bother
//!   anybody, and works for people whose number is hidden. The link that opens WhatsApp can be shown as a [`Picture`].
//! - [`send_code`] and [`redeem_code`]: a code is sent from the deployment's own number to the number that was typed.
//!
//! What was proved is a row, written together with a job that tells whoever asked ([`standing()`] says it too). A number is
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
    code::{CodeSent, Delivery, RedeemError, SendCodeError, redeem_code, send_code},
    picture::Picture,
    reverse::{BeginError, ReverseChallenge, begin_reverse},
    standing::{Standing, standing},
};
use crate::{
    db::{Error, Tx},
    id::{OrganizationId, RowId},
    job::{self, Attempt, Lease, StepError},
    person::Identity,
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

/// Tells whoever asked for the proof. Requests take it up from here; until they do, the proof waits in its row.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let mut tx = services.db.begin().await?;
    lease.finish(&mut tx, services.now()).await?;
    tx.commit().await?;
    Ok(Attempt::Done)
}
