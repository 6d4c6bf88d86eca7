//! Checking a receipt that somebody brings: on the command line, on the page, without the database.

use serde_json::Value;

use super::{
    KeySet, PublishedKey, Receipt, SignedBy,
    seal::{ALGORITHM, PURPOSE, signed_text},
};
use crate::canonical;

/// A receipt has some 3,000 bytes; what is longer than this is none, and is not looked at.
pub const LONGEST: usize = 64 * 1024;

/// A receipt that we signed, and that nobody changed since.
#[derive(Clone, Debug)]
pub struct Genuine {
    /// What it says.
    pub receipt: Receipt,
    /// The key that signed it.
    pub key: PublishedKey,
}

/// Why a receipt is not genuine, as far as anybody can say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Nothing was brought.
    #[error("there is nothing to check: the file is empty")]
    Empty,
    /// It is too long.
    #[error("this is too long for a receipt: it has more than 64 KiB")]
    TooLong,
    /// It is not JSON, or JSON that names something twice.
    #[error("this is not a receipt's file: it is not JSON that can be read in one way only")]
    NotJson,
    /// It is something else.
    #[error("this is JSON, but not a receipt")]
    NotAReceipt,
    /// It carries no signature.
    #[error("this receipt carries no signature: nothing proves whose it is")]
    Unsigned,
    /// Its signature is of a kind that we do not make.
    #[error("the signature is of a kind that this program does not know")]
    UnknownAlgorithm,
    /// Its key is none of those that were given.
    #[error(
        "the key {0} that signed it is not among the keys it was checked with: it is another deployment's receipt, or the keys are older than it"
    )]
    UnknownKey(String),
    /// The signature does not fit.
    #[error(
        "the signature does not fit: the receipt was changed after it was signed, or was never ours"
    )]
    Refused,
}

/// Checks the text of a receipt against these keys.
///
/// # Errors
/// What is wrong with it, in the order in which it was looked at.
pub fn verify(text: &[u8], keys: &KeySet) -> Result<Genuine, VerifyError> {
    if text.len() > LONGEST {
        return Err(VerifyError::TooLong);
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(VerifyError::Empty);
    }
    let value = canonical::parse(text).map_err(|_| VerifyError::NotJson)?;
    let receipt: Receipt = serde_json::from_value(value.clone()).map_err(|_| what_else(&value))?;
    let signature = receipt.signature.as_ref().ok_or(VerifyError::Unsigned)?;
    if signature.algorithm != ALGORITHM {
        return Err(VerifyError::UnknownAlgorithm);
    }
    let key = keys
        .find(&signature.key)
        .ok_or_else(|| VerifyError::UnknownKey(shown(signature)))?
        .clone();
    let signed = signed_text(&value).map_err(|_| VerifyError::Refused)?;
    if !key
        .key
        .verifies(PURPOSE, signed.as_bytes(), &signature.value)
    {
        return Err(VerifyError::Refused);
    }
    Ok(Genuine { receipt, key })
}

/// A receipt whose form is broken is told apart from what never was one.
fn what_else(value: &Value) -> VerifyError {
    let names = ["reference", "completed_at", "categories", "verification"];
    if names.iter().any(|name| value.get(name).is_some()) {
        VerifyError::Refused
    } else {
        VerifyError::NotAReceipt
    }
}

/// A key's id as a stranger wrote it: only what can be one is repeated.
fn shown(signature: &SignedBy) -> String {
    let is_id = signature.key.len() <= 64
        && signature
            .key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric());
    if is_id {
        signature.key.clone()
    } else {
        "(unreadable)".to_owned()
    }
}

#[cfg(test)]
mod tests;
