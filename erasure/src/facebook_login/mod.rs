//! What Meta tells us about a customer who connected a number by Facebook Login: that they took our app away
//! ([`deauthorize()`]), or that they ask for their data to be deleted ([`delete()`]).
//!
//! Both come as a [`SignedRequest`] about an app-scoped user id. That id is a customer's: no WhatsApp contact ever has one,
//! and the page behind the answer ([`status()`]) tells those what to do instead.
//!
//! Meta's word is authority for what Facebook Login gave us, and for nothing else: the id goes at once, tokens that came
//! with it are destroyed, and the account holder is invited to delete the rest with their own confirmation
//! (`docs/decisions/0019`).

mod confirmation_code;
mod deauthorize;
mod delete;
mod signed_request;
mod status;
mod store;

pub use self::{
    confirmation_code::{ConfirmationCode, MalformedConfirmationCode},
    deauthorize::deauthorize,
    delete::{Confirmation, delete},
    signed_request::SignedRequest,
    status::{Account, Status, status},
};
use crate::{db, services::Services};

/// Why something that claims to come from Meta is not acted on.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// It is not signed with the app's secret.
    #[error("the signature does not match")]
    BadSignature,
    /// It is signed, but it says nothing that we understand, or names nobody.
    #[error("the signed request is not understood")]
    Malformed,
    /// It is too old, or from the future.
    #[error("the signed request is out of its time")]
    OutOfTime,
    /// This deployment was not told the app's secret.
    #[error("the app's secret is not configured")]
    NotConfigured,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Opens what Meta sent.
fn open(services: &Services, text: &str) -> Result<SignedRequest, CallbackError> {
    let secret = services.settings.meta.secret.as_ref();
    SignedRequest::open(
        text,
        secret.ok_or(CallbackError::NotConfigured)?,
        services.now(),
    )
}
