//! How the proof stands that a request waits for.

use super::{CodeSent, Proof, ReverseChallenge, code_store, reverse_store, store};
use crate::{db::Error, services::Services};

/// What a page shows.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The code that the person can send now.
    pub reverse: Option<ReverseChallenge>,
    /// The code that the person can type now.
    pub code: Option<CodeSent>,
    /// What was proved.
    pub proofs: Vec<Proof>,
}

/// How the proof of this request stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(services: &Services, request: &str) -> Result<Standing, Error> {
    Ok(Standing {
        reverse: reverse_store::current(services, request).await?,
        code: code_store::current(services, request).await?,
        proofs: store::proofs(services, request)
            .await?
            .into_iter()
            .map(|(_, proof)| proof)
            .collect(),
    })
}
