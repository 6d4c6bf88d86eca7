//! Data keys: what they open, where they are kept, how they seal.

use zeroize::Zeroizing;

use super::{
    MasterKeyId, Place, Vault, VaultError,
    cipher::{KEY_BYTES, NONCE_BYTES, decrypt, encrypt, joined},
    store::{self, KeyRow},
};
use crate::{
    db::{Db, Error, Tx},
    id::{OrganizationId, RowId, uuid_v7},
    random::Random,
    time::Timestamp,
};

/// The version byte of sealed values.
const VERSION: u8 = 1;
/// The algorithm byte: AES-256-GCM.
const AES_256_GCM: u8 = 1;
/// What each sealed value begins with.
const HEADER: [u8; 2] = [VERSION, AES_256_GCM];
const KEY_ID_BYTES: usize = 16;

/// What a data key opens.
#[derive(Clone, Debug)]
pub enum Scope<'a> {
    /// This product's own secrets: addresses in jobs and letters.
    Deployment,
    /// Nothing: digests and cookies derive from it.
    Root,
    /// One organization's secrets: its tokens. The key dies with it.
    Organization(&'a OrganizationId),
    /// One archive record. Destroying the key ends the record.
    Archive(&'a RowId),
    /// What is left to do at Meta for an erased organization. Destroying the key ends it.
    Remainder(&'a RowId),
    /// The names of those who opened archive records in one year. Destroying the key ends the names.
    Openings(i16),
}

impl Scope<'_> {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Deployment => "deployment".to_owned(),
            Self::Root => "root".to_owned(),
            Self::Organization(id) => format!("organization/{id}"),
            Self::Archive(id) => format!("archive/{id}"),
            Self::Remainder(id) => format!("remainder/{id}"),
            Self::Openings(year) => format!("openings/{year:04}"),
        }
    }

    pub(super) const fn organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Organization(id) => Some(id),
            Self::Deployment
            | Self::Root
            | Self::Archive(_)
            | Self::Remainder(_)
            | Self::Openings(_) => None,
        }
    }
}

/// A key that is ready to seal and open.
pub struct DataKey {
    pub(super) id: [u8; KEY_ID_BYTES],
    pub(super) key: Zeroizing<[u8; KEY_BYTES]>,
    pub(super) deployment: String,
}

impl DataKey {
    /// Seals a value for its place.
    #[must_use]
    pub fn seal(&self, place: Place<'_>, plain: &[u8], random: &dyn Random) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random.bytes();
        let mut sealed = HEADER.to_vec();
        sealed.extend(self.id);
        sealed.extend(nonce);
        let associated = place.associated_data(HEADER, &self.id, &self.deployment);
        sealed.extend(encrypt(&self.key, &nonce, &associated, plain));
        sealed
    }

    /// Opens what this very key sealed for its place.
    pub(crate) fn open(
        &self,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (id, rest) = split(sealed)?;
        if *id != self.id {
            return Err(VaultError::Refused);
        }
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(VaultError::UnknownFormat)?;
        let associated = place.associated_data(HEADER, &self.id, &self.deployment);
        decrypt(&self.key, nonce, &associated, ciphertext)
            .map(Zeroizing::new)
            .ok_or(VaultError::Refused)
    }
}

impl Vault {
    /// The data key of a scope, made now when there is none yet.
    ///
    /// # Errors
    /// When the database fails or the key was wrapped by another master key.
    pub async fn data_key(
        &self,
        tx: &mut Tx,
        scope: Scope<'_>,
        now: Timestamp,
    ) -> Result<DataKey, Error> {
        if let Some(row) = store::key_of_scope_in(tx, &scope).await? {
            return self.unwrap(&row);
        }
        let master = store::current(tx).await?;
        let master = master.ok_or(Error::Corrupt("master_keys"))?;
        let id = uuid_v7(now, self.random.as_ref());
        let key = DataKey {
            id: key_id(&id)?,
            key: Zeroizing::new(self.random.bytes::<KEY_BYTES>()),
            deployment: self.deployment.clone(),
        };
        let row = KeyRow {
            wrapped: self.wrap(master, &id, &scope.name(), &key.key)?,
            scope: scope.name(),
            master_key_id: master.to_string(),
            id,
        };
        store::insert_key(tx, &row, &scope, now).await?;
        Ok(key)
    }

    /// Ends everything that the key of this scope sealed, in every copy of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destroy_key(&self, tx: &mut Tx, scope: Scope<'_>) -> Result<(), Error> {
        store::destroy_key(tx, &scope.name()).await
    }

    /// Destroys the key of a scope by its name: nothing opens any more that it sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn destroy_named(&self, tx: &mut Tx, scope: &str) -> Result<(), Error> {
        store::destroy_key(tx, scope).await
    }

    /// Opens a value at its place.
    ///
    /// # Errors
    /// When its key is gone, or the value does not belong there, or the database fails.
    pub async fn open(
        &self,
        db: &Db,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (id, _) = split(sealed)?;
        let id = uuid::Uuid::from_bytes(*id).hyphenated().to_string();
        let row = store::key_by_id(db, id)
            .await?
            .ok_or(VaultError::KeyMissing)?;
        Ok(self.unwrap(&row)?.open(place, sealed)?)
    }

    /// Opens a value that is text.
    ///
    /// # Errors
    /// As [`Vault::open`], and when it is not text.
    pub async fn open_text(
        &self,
        db: &Db,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, Error> {
        let bytes = self.open(db, place, sealed).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::Corrupt("sealed text"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    pub(super) fn wrap(
        &self,
        master: MasterKeyId,
        id: &str,
        scope: &str,
        key: &[u8; KEY_BYTES],
    ) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_BYTES] = self.random.bytes();
        let associated = self.wrapped_as(master, id, scope);
        self.with_master(master, |master| {
            let mut wrapped = nonce.to_vec();
            wrapped.extend(encrypt(&master.wrapping(), &nonce, &associated, key));
            wrapped
        })
    }

    pub(super) fn unwrap(&self, row: &KeyRow) -> Result<DataKey, Error> {
        let master = row.master()?;
        let (nonce, ciphertext) = row
            .wrapped
            .split_first_chunk()
            .ok_or(VaultError::UnknownFormat)?;
        let associated = self.wrapped_as(master, &row.id, &row.scope);
        let opened = self.with_master(master, |master| {
            decrypt(&master.wrapping(), nonce, &associated, ciphertext).map(Zeroizing::new)
        })?;
        let opened = opened.ok_or(VaultError::Refused)?;
        let key = <[u8; KEY_BYTES]>::try_from(opened.as_slice())
            .map_err(|_| VaultError::UnknownFormat)?;
        Ok(DataKey {
            id: key_id(&row.id)?,
            key: Zeroizing::new(key),
            deployment: self.deployment.clone(),
        })
    }

    /// The associated data of a wrapped key.
    fn wrapped_as(&self, master: MasterKeyId, id: &str, scope: &str) -> Vec<u8> {
        let master = master.to_string();
        let parts = ["data key", &master, &self.deployment, id, scope];
        joined(&parts.map(str::as_bytes))
    }
}

fn key_id(text: &str) -> Result<[u8; KEY_ID_BYTES], VaultError> {
    uuid::Uuid::parse_str(text)
        .map(uuid::Uuid::into_bytes)
        .map_err(|_| VaultError::UnknownFormat)
}

/// The key's id, and what follows it.
pub(super) fn split(sealed: &[u8]) -> Result<(&[u8; KEY_ID_BYTES], &[u8]), VaultError> {
    match sealed {
        [VERSION, AES_256_GCM, rest @ ..] => {
            rest.split_first_chunk().ok_or(VaultError::UnknownFormat)
        }
        _ => Err(VaultError::UnknownFormat),
    }
}
