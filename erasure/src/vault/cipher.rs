//! AES-256-GCM (NIST SP 800-38D): the only cipher here, with 96-bit nonces and whole tags.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};

/// Bytes of a key: AES-256.
pub(super) const KEY_BYTES: usize = 32;
/// Bytes of a nonce: the 96 bits that GCM is made for.
pub(super) const NONCE_BYTES: usize = 12;

pub(super) fn encrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    associated: &[u8],
    plain: &[u8],
) -> Vec<u8> {
    let payload = Payload {
        msg: plain,
        aad: associated,
    };
    let Ok(ciphertext) = Aes256Gcm::new(&(*key).into()).encrypt(&(*nonce).into(), payload) else {
        unreachable!("GCM takes messages of up to 64 GiB")
    };
    ciphertext
}

pub(super) fn decrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let payload = Payload {
        msg: sealed,
        aad: associated,
    };
    Aes256Gcm::new(&(*key).into())
        .decrypt(&(*nonce).into(), payload)
        .ok()
}

/// Parts one behind the other, each with its length: ("ab", "c") and ("a", "bc") must not meet.
pub(super) fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut data = Vec::new();
    for part in parts {
        data.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        data.extend(*part);
    }
    data
}
