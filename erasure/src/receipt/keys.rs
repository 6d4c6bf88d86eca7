//! The keys that sign receipts: one signs, the others stay known.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::seal::ALGORITHM;
use crate::{
    db::{Db, Error, Tx, value::args},
    ledger::{Fact, LedgerError},
    services::Services,
    time::Timestamp,
    vault::{Place, Scope, SigningKey, VerifyingKey},
};

/// The keys that we publish, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySet {
    /// Each of them.
    pub keys: Vec<PublishedKey>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// Its id; receipts name it.
    pub id: String,
    /// `Ed25519`.
    pub algorithm: String,
    /// The key: 32 bytes in base64.
    pub key: VerifyingKey,
    /// Since when it signs.
    pub created_at: Timestamp,
    /// Since when it signs no more.
    pub retired_at: Option<Timestamp>,
}

impl KeySet {
    /// The key of this id. A set that calls a key by another's id does not have it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&PublishedKey> {
        self.keys
            .iter()
            .find(|published| published.id == id && published.key.id() == id)
    }
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum NewKeyError {
    /// The ledger has to know of it first.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] Error),
}

#[derive(FromRow)]
struct KeyRow {
    public_key: String,
    created_at: i64,
    retired_at: Option<i64>,
}

impl TryFrom<KeyRow> for PublishedKey {
    type Error = Error;

    fn try_from(row: KeyRow) -> Result<Self, Error> {
        let key: VerifyingKey = row
            .public_key
            .parse()
            .map_err(|_| Error::Corrupt("receipt_keys.public_key"))?;
        Ok(Self {
            id: key.id(),
            algorithm: ALGORITHM.to_owned(),
            key,
            created_at: Timestamp::from_millis(row.created_at),
            retired_at: row.retired_at.map(Timestamp::from_millis),
        })
    }
}

/// Every key that ever signed a receipt here.
///
/// # Errors
/// When the database fails.
pub async fn key_set(db: &Db) -> Result<KeySet, Error> {
    let rows: Vec<KeyRow> = db
        .fetch_all(
            "-- receipt_keys
             SELECT public_key, created_at, retired_at FROM receipt_keys ORDER BY created_at DESC, id DESC",
            args![],
        )
        .await?;
    let keys = rows
        .into_iter()
        .map(PublishedKey::try_from)
        .collect::<Result<_, _>>()?;
    Ok(KeySet { keys })
}

/// Makes a new key, which signs from now on; those before it stay published and sign no more.
///
/// # Errors
/// See [`NewKeyError`].
pub async fn new_key(services: &Services) -> Result<PublishedKey, NewKeyError> {
    let now = services.now();
    let key = SigningKey::mint(services.random.as_ref());
    let fact = Fact::ReceiptKey {
        key: key.verifying_key(),
    };
    // A database that is restored from before this moment learns the public half from there.
    services.ledger.note(&fact, now).await?;
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    retire(&mut tx, now).await?;
    insert(&mut tx, services, &key, now).await?;
    tx.commit().await?;
    Ok(PublishedKey {
        id: key.verifying_key().id(),
        algorithm: ALGORITHM.to_owned(),
        key: key.verifying_key(),
        created_at: now,
        retired_at: None,
    })
}

/// Publishes a key that signed receipts which this database, an older copy, does not know of. Its secret half is gone.
pub(crate) async fn learn_key(
    tx: &mut Tx,
    key: VerifyingKey,
    known_since: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- learn_receipt_key
         INSERT INTO receipt_keys (id, public_key, created_at, retired_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO NOTHING",
        args![key.id(), key.to_string(), known_since, now],
    )
    .await?;
    Ok(())
}

/// Makes the first key, where there is none that signs.
///
/// # Errors
/// See [`NewKeyError`].
pub(crate) async fn ensure_key(services: &Services) -> Result<(), NewKeyError> {
    let signing = services
        .db
        .number(
            "-- signing_keys
             SELECT count(*) FROM receipt_keys WHERE retired_at IS NULL AND sealed IS NOT NULL",
            args![],
        )
        .await?;
    if signing == 0 {
        new_key(services).await?;
    }
    Ok(())
}

/// The key that signs now.
pub(super) async fn signing_key(tx: &mut Tx, services: &Services) -> Result<SigningKey, Error> {
    let row: Option<(String, Vec<u8>)> = tx
        .fetch_optional(
            "-- signing_key
             SELECT id, sealed FROM receipt_keys WHERE retired_at IS NULL AND sealed IS NOT NULL
             ORDER  BY created_at DESC, id DESC LIMIT 1",
            args![],
        )
        .await?;
    let (id, sealed) = row.ok_or(Error::Corrupt("there is no key to sign receipts with"))?;
    let secret = services
        .vault
        .data_key(tx, Scope::Deployment, services.now())
        .await?
        .open(place(&id), &sealed)?;
    Ok(SigningKey::from_secret(&secret)?)
}

async fn retire(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "-- retire_receipt_keys
         UPDATE receipt_keys SET retired_at = $1, sealed = NULL WHERE retired_at IS NULL",
        args![now],
    )
    .await?;
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    services: &Services,
    key: &SigningKey,
    now: Timestamp,
) -> Result<(), Error> {
    let (id, public) = (key.verifying_key().id(), key.verifying_key().to_string());
    let random = services.random.as_ref();
    let sealed = services
        .vault
        .data_key(tx, Scope::Deployment, now)
        .await?
        .seal(place(&id), key.secret().as_slice(), random);
    tx.execute(
        "-- insert_receipt_key
         INSERT INTO receipt_keys (id, public_key, sealed, created_at) VALUES ($1, $2, $3, $4)",
        args![id, public, sealed, now],
    )
    .await?;
    Ok(())
}

const fn place(id: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "receipt_keys",
        column: "sealed",
        row: id,
    }
}
