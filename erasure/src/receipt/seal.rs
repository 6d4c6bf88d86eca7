//! Signing a receipt, once the ledger holds its digest.

use serde_json::Value;

use super::{LedgerPlace, Receipt, SignedBy, keys};
use crate::{
    canonical::{self, Digest, NotCanonical},
    db::{Error, Tx},
    ledger::Noted,
    services::Services,
};

/// The only algorithm there is.
pub(super) const ALGORITHM: &str = "Ed25519";
/// For what these signatures are made; the first line of what is signed.
pub(super) const PURPOSE: &str = "qliento receipt 1";

/// What the ledger notes of a receipt: the digest of what it says, without where it was noted and who signed it.
pub(crate) fn digest(receipt: &Receipt) -> Result<Digest, Error> {
    let bare = Receipt {
        ledger: None,
        signature: None,
        ..receipt.clone()
    };
    let value = serde_json::to_value(&bare).map_err(|_| Error::Corrupt("receipt"))?;
    canonical::digest(&value).map_err(|_| Error::Corrupt("receipt"))
}

/// The receipt with its place in the ledger and our signature.
///
/// # Errors
/// When the database fails.
pub(crate) async fn seal(
    tx: &mut Tx,
    services: &Services,
    receipt: Receipt,
    noted: Noted,
) -> Result<Receipt, Error> {
    let key = keys::signing_key(tx, services).await?;
    let placed = Receipt {
        ledger: Some(LedgerPlace {
            entry: noted.sequence,
            head: noted.head,
        }),
        signature: None,
        ..receipt
    };
    let value = serde_json::to_value(&placed).map_err(|_| Error::Corrupt("receipt"))?;
    let text = canonical::text(&value).map_err(|_| Error::Corrupt("receipt"))?;
    Ok(Receipt {
        signature: Some(SignedBy {
            algorithm: ALGORITHM.to_owned(),
            key: key.verifying_key().id(),
            value: key.sign(PURPOSE, text.as_bytes()),
        }),
        ..placed
    })
}

/// What was signed of a receipt's JSON: everything but the signature.
pub(super) fn signed_text(value: &Value) -> Result<String, NotCanonical> {
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut() {
        members.remove("signature");
    }
    canonical::text(&value)
}
