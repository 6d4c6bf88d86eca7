//! How the proof stands that a request waits for.

use super::{CodeSent, ReverseChallenge, code_store, reverse_store};
use crate::{db::Error, services::Services};

/// What a page shows.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The code that the person can send now.
    pub reverse: Option<ReverseChallenge>,
    /// The code that the person can type now.
    pub code: Option<CodeSent>,
}

/// How the proof of this request stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(services: &Services, request: &str) -> Result<Standing, Error> {
    Ok(Standing {
        reverse: reverse_store::current(services, request).await?,
        code: code_store::current(services, request).await?,
    })
}
