//! Slow hashes, off the async threads.
//!
//! Argon2id with the crate's defaults (19 MiB, two passes, one lane: RFC 9106's advice for small memory, OWASP's minimum).
//! At most two are computed at once, so that a burst of sign-ins cannot take all memory or all threads.

use std::sync::Arc;

use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::random::Random;

/// Hashes computed at the same time: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// A well-formed hash of nothing anybody knows: checked when there is no account, so that an answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbCEhIQ$1sPSv/JYq6RmTpjOfpP2w6bSqLCQrvpQCKj2xiaSNWg";

/// Computes and checks slow hashes.
#[derive(Clone, Debug)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Hasher {
    /// The hash of a secret, as a PHC string with a fresh salt.
    pub async fn hash(&self, secret: Zeroizing<Vec<u8>>, random: &dyn Random) -> String {
        let salt: [u8; 16] = random.bytes();
        self.off_thread(move || hash(&secret, &salt))
            .await
            .unwrap_or_default()
    }

    /// Whether the secret is the one that was hashed. Without a hash it takes as long and says no.
    pub async fn matches(&self, secret: Zeroizing<Vec<u8>>, hash: Option<String>) -> bool {
        self.off_thread(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let matches = PasswordHash::new(&hash)
                .is_ok_and(|parsed| Argon2::default().verify_password(&secret, &parsed).is_ok());
            known && matches
        })
        .await
        .unwrap_or(false)
    }

    /// Whether this is the password behind the hash.
    pub async fn is_password(&self, password: &SecretString, hash: Option<String>) -> bool {
        self.matches(bytes(password), hash).await
    }

    /// The hash of a password.
    pub async fn hash_password(&self, password: &SecretString, random: &dyn Random) -> String {
        self.hash(bytes(password), random).await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let _permit = self.0.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }
}

fn bytes(password: &SecretString) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(password.expose_secret().as_bytes().to_vec())
}

/// The hash of a secret, computed here and now: for seeds and tools; requests go through [`Hasher`].
#[must_use]
pub fn hash(secret: &[u8], salt: &[u8; 16]) -> String {
    Argon2::default()
        .hash_password_with_salt(secret, salt)
        .map(|hash| hash.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    #[tokio::test]
    async fn only_the_secret_that_was_hashed_matches() {
        let hasher = Hasher::default();
        let secret = || Zeroizing::new(b"correct horse".to_vec());
        let hash = hasher.hash(secret(), &ChaChaRandom::from_number(1)).await;

        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(hasher.matches(secret(), Some(hash.clone())).await);
        assert!(
            !hasher
                .matches(Zeroizing::new(b"wrong".to_vec()), Some(hash))
                .await
        );
        assert!(!hasher.matches(secret(), None).await);
        assert!(!hasher.matches(secret(), Some(String::new())).await);
    }

    #[test]
    fn the_hash_of_nobody_is_a_real_one() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
