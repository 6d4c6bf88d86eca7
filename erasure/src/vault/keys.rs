//! Data keys: what they open, where they are kept, how they seal.

use sqlx::FromRow;
use zeroize::Zeroizing;

use super::{KEY_BYTES, NONCE_BYTES, Place, Vault, VaultError, decrypt, encrypt};
use crate::{
    db::{Db, Error, Tx, value::args},
    id::{OrganizationId, RowId, uuid_v7},
    random::Random,
    time::Timestamp,
};

/// The version byte of sealed values.
const VERSION: u8 = 1;
/// The algorithm byte: AES-256-GCM.
const AES_256_GCM: u8 = 1;
const KEY_ID_BYTES: usize = 16;

/// What a data key opens.
#[derive(Clone, Debug)]
pub enum Scope<'a> {
    /// This product's own secrets: addresses in jobs and letters.
    Deployment,
    /// One organization's secrets: its tokens. The key dies with it.
    Organization(&'a OrganizationId),
    /// One archive record. Destroying the key ends the record.
    Archive(&'a RowId),
}

impl Scope<'_> {
    fn name(&self) -> String {
        match self {
            Self::Deployment => "deployment".to_owned(),
            Self::Organization(id) => format!("organization/{id}"),
            Self::Archive(id) => format!("archive/{id}"),
        }
    }

    const fn organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Organization(id) => Some(id),
            Self::Deployment | Self::Archive(_) => None,
        }
    }
}

/// A key that is ready to seal and open.
pub struct DataKey {
    id: [u8; KEY_ID_BYTES],
    key: Zeroizing<[u8; KEY_BYTES]>,
}

impl DataKey {
    /// Seals a value for its place.
    #[must_use]
    pub fn seal(&self, place: Place<'_>, plain: &[u8], random: &dyn Random) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random.bytes();
        let mut sealed = vec![VERSION, AES_256_GCM];
        sealed.extend(self.id);
        sealed.extend(nonce);
        sealed.extend(encrypt(
            &self.key,
            &nonce,
            &place.associated_data(VERSION, &self.id),
            plain,
        ));
        sealed
    }

    fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (nonce, ciphertext) = split(sealed)
            .and_then(|(_, rest)| rest.split_first_chunk().ok_or(VaultError::UnknownFormat))?;
        decrypt(
            &self.key,
            nonce,
            &place.associated_data(VERSION, &self.id),
            ciphertext,
        )
        .map(Zeroizing::new)
        .ok_or(VaultError::Refused)
    }
}

#[derive(FromRow)]
struct KeyRow {
    id: String,
    wrapped: Vec<u8>,
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
        let known = tx
            .fetch_optional::<KeyRow>(
                "-- data_key_of_scope
                 SELECT id, wrapped FROM data_keys WHERE scope = $1",
                args![scope.name()],
            )
            .await?;
        if let Some(row) = known {
            return Ok(self.unwrap(&row)?);
        }
        let id = uuid_v7(now, self.random.as_ref());
        let key = Zeroizing::new(self.random.bytes::<KEY_BYTES>());
        tx.execute(
            "-- insert_data_key
             INSERT INTO data_keys (id, scope, organization_id, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)",
            args![id.as_str(), scope.name(), scope.organization(), self.wrap(&id, &key), now],
        )
        .await?;
        Ok(DataKey {
            id: key_id(&id)?,
            key,
        })
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
        let row = db
            .fetch_optional::<KeyRow>(
                "-- data_key_by_id
                 SELECT id, wrapped FROM data_keys WHERE id = $1",
                args![uuid::Uuid::from_bytes(*id).hyphenated().to_string()],
            )
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

    /// Checks that the master key opens what this database holds: the wrong key is noticed at start, not at midnight.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when it is another deployment's.
    pub async fn check(&self, db: &Db) -> Result<(), Error> {
        let any = db
            .fetch_optional::<KeyRow>(
                "SELECT id, wrapped FROM data_keys ORDER BY id LIMIT 1",
                args![],
            )
            .await?;
        any.map_or(Ok(()), |row| {
            self.unwrap(&row).map(drop).map_err(Error::from)
        })
    }

    fn wrap(&self, id: &str, key: &[u8; KEY_BYTES]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = self.random.bytes();
        let mut wrapped = nonce.to_vec();
        wrapped.extend(encrypt(
            &self.derive("wrap data keys"),
            &nonce,
            id.as_bytes(),
            key,
        ));
        wrapped
    }

    fn unwrap(&self, row: &KeyRow) -> Result<DataKey, VaultError> {
        let (nonce, ciphertext) = row
            .wrapped
            .split_first_chunk()
            .ok_or(VaultError::UnknownFormat)?;
        let key = decrypt(
            &self.derive("wrap data keys"),
            nonce,
            row.id.as_bytes(),
            ciphertext,
        )
        .map(Zeroizing::new)
        .ok_or(VaultError::Refused)?;
        let key =
            <[u8; KEY_BYTES]>::try_from(key.as_slice()).map_err(|_| VaultError::UnknownFormat)?;
        Ok(DataKey {
            id: key_id(&row.id)?,
            key: Zeroizing::new(key),
        })
    }
}

fn key_id(text: &str) -> Result<[u8; KEY_ID_BYTES], VaultError> {
    uuid::Uuid::parse_str(text)
        .map(uuid::Uuid::into_bytes)
        .map_err(|_| VaultError::UnknownFormat)
}

/// The key's id, and what follows it.
fn split(sealed: &[u8]) -> Result<(&[u8; KEY_ID_BYTES], &[u8]), VaultError> {
    match sealed {
        [VERSION, AES_256_GCM, rest @ ..] => {
            rest.split_first_chunk().ok_or(VaultError::UnknownFormat)
        }
        _ => Err(VaultError::UnknownFormat),
    }
}
