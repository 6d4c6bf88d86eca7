//! All cryptography of this product: sealing, opening, keyed digests.
//!
//! One master key per deployment lives in a file, never in the database. It wraps data keys, and data keys seal values:
//! one for the deployment's own secrets, one for each organization's, one for each archive record. Destroying a data
//! key ends everything it sealed, in every copy. One data key, the root, seals nothing: digests and cookies derive from it, so
//! that they outlive the master key (`docs/decisions/0014-digests-outlive-the-master-key.md`).
//!
//! A sealed value is `version (1) · algorithm (1) · key id (16) · nonce (12) · ciphertext and tag`, AES-256-GCM with a
//! random 96-bit nonce (NIST SP 800-38D), and opens only where it was put: see [`Place`]. A wrapped data key is `nonce ·
//! ciphertext and tag`, and opens only as what it was made for: in this deployment, under its id and scope.
//!
//! - [`master`]: master keys and their file; [`rotate`] puts a new one in place of the old, while work goes on.
//! - [`keys`]: data keys; [`place`]: where a value belongs; [`cipher`]: the one cipher.
//! - [`stream`]: files too long for one piece, sealed as they flow by under a key that a master key wraps by itself: they
//!   open where there is no database. [`sign`]: receipts are signed.

mod app_secret;
mod cipher;
mod key_file;
mod keys;
mod master;
mod place;
pub mod rotate;
mod sign;
mod store;
mod stream;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use self::cipher::{KEY_BYTES, NONCE_BYTES, decrypt, encrypt, joined};
pub use self::{
    app_secret::AppSecret,
    key_file::{KeyFile, MasterKeyError},
    keys::{DataKey, Scope},
    master::{MasterKey, MasterKeyId, MasterKeys},
    place::Place,
    sign::{Signature, SigningKey, VerifyingKey},
    stream::{FileKey, OpeningReader, SealingWriter, StreamFault},
};
use crate::{
    db::{Db, Error},
    id::uuid_v7,
    random::Random,
    time::Timestamp,
};

/// Why something could not be sealed or opened. Never says anything about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Written by another version of this program.
    #[error("the sealed value has an unknown format")]
    UnknownFormat,
    /// The key that sealed it does not exist (any more).
    #[error("the key of the sealed value does not exist")]
    KeyMissing,
    /// Its data key is wrapped by a master key that is not at hand.
    #[error("master key {0} is not in the key file: it was retired, or is another deployment's")]
    MasterKeyMissing(MasterKeyId),
    /// The key is wrong, the value was changed, or it was moved to another place.
    #[error("the sealed value does not open here")]
    Refused,
}

/// Seals and opens for one deployment.
pub struct Vault {
    masters: RwLock<MasterKeys>,
    /// A random name, part of everything that is sealed: two deployments with one master key open nothing of each other's.
    deployment: String,
    root: Zeroizing<[u8; KEY_BYTES]>,
    random: Arc<dyn Random>,
}

impl Vault {
    /// The vault of this database, whose nonces come from `random`. The first time it gives the deployment its name, its root
    /// and its master key; afterwards it checks that one of these master keys is the right one.
    ///
    /// # Errors
    /// [`VaultError::MasterKeyMissing`] or [`VaultError::Refused`] when the master keys are another deployment's; and when the
    /// database fails.
    pub async fn of(
        db: &Db,
        masters: MasterKeys,
        random: Arc<dyn Random>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let mut vault = Self {
            masters: RwLock::new(masters),
            deployment: String::new(),
            root: Zeroizing::new([0; KEY_BYTES]),
            random,
        };
        vault.deployment = match store::deployment(db).await? {
            Some(known) => known,
            None => vault.found(db, now).await?,
        };
        vault.root = match store::key_of_scope(db, &Scope::Root).await? {
            Some(row) => vault.unwrap(&row)?.key,
            None => vault.plant_root(db, now).await?,
        };
        Ok(vault)
    }

    /// A vault of no deployment, which knows no database: for what never gets into one.
    #[must_use]
    pub fn detached(random: Arc<dyn Random>) -> Self {
        Self {
            masters: RwLock::new(MasterKeys::only(MasterKey::mint(random.as_ref()))),
            deployment: String::new(),
            root: Zeroizing::new(random.bytes()),
            random,
        }
    }

    /// A digest that nobody can compute or check without this deployment's root; different for each purpose. It stays the
    /// same when the master key changes.
    #[must_use]
    pub fn keyed_digest(&self, purpose: &'static str, parts: &[&[u8]]) -> Vec<u8> {
        let key = self.derive(purpose);
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_slice()) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(&joined(parts));
        mac.finalize().into_bytes().to_vec()
    }

    /// Stands for a token of Meta's: two rows with the same one hold the same token.
    #[must_use]
    pub fn token_digest(&self, token: &str) -> Vec<u8> {
        self.keyed_digest("token at meta", &[token.as_bytes()])
    }

    /// Seals something that lives outside the database for a moment, for example in a cookie.
    #[must_use]
    pub fn seal_ephemeral(&self, purpose: &'static str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = self.random.bytes();
        let mut sealed = nonce.to_vec();
        let key = self.derive(purpose);
        sealed.extend(encrypt(&key, &nonce, purpose.as_bytes(), plain));
        sealed
    }

    /// Opens what [`Vault::seal_ephemeral`] sealed for the same purpose; `None` for anything else.
    #[must_use]
    pub fn open_ephemeral(&self, purpose: &'static str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        decrypt(&self.derive(purpose), nonce, purpose.as_bytes(), ciphertext)
    }

    /// Gives the deployment its name and its first master key, unless somebody else just did.
    async fn found(&self, db: &Db, now: Timestamp) -> Result<String, Error> {
        let mut tx = db.begin().await?;
        tx.alone().await?;
        if let Some(known) = store::deployment_in(&mut tx).await? {
            return Ok(known);
        }
        let name = uuid_v7(now, self.random.as_ref());
        store::insert_deployment(&mut tx, &name, now).await?;
        store::insert_current(&mut tx, self.first_master(), now).await?;
        tx.commit().await?;
        Ok(name)
    }

    /// Makes the root, unless somebody else just did.
    async fn plant_root(
        &self,
        db: &Db,
        now: Timestamp,
    ) -> Result<Zeroizing<[u8; KEY_BYTES]>, Error> {
        let mut tx = db.begin().await?;
        tx.alone().await?;
        let root = self.data_key(&mut tx, Scope::Root, now).await?;
        tx.commit().await?;
        Ok(root.key)
    }

    /// The master keys at hand.
    #[must_use]
    pub fn master_keys(&self) -> MasterKeys {
        let masters = self.masters.read().unwrap_or_else(PoisonError::into_inner);
        masters.clone()
    }

    fn first_master(&self) -> MasterKeyId {
        let masters = self.masters.read().unwrap_or_else(PoisonError::into_inner);
        masters.first()
    }

    /// Uses a master key. One that is not known yet may have come into the file since it was read.
    fn with_master<T>(
        &self,
        id: MasterKeyId,
        act: impl FnOnce(&MasterKey) -> T,
    ) -> Result<T, VaultError> {
        let missing = VaultError::MasterKeyMissing(id);
        let known = self.masters.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(master) = known.find(id) {
            return Ok(act(master));
        }
        let again = known.read_again().ok_or(missing)?;
        drop(known);
        let done = again.find(id).map(act).ok_or(missing)?;
        *self.masters.write().unwrap_or_else(PoisonError::into_inner) = again;
        Ok(done)
    }

    /// A key for one purpose.
    fn derive(&self, purpose: &'static str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        master::derive(self.root.as_slice(), purpose, key.as_mut_slice());
        key
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Vault([redacted])")
    }
}
