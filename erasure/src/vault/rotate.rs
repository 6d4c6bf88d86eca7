//! A new master key in place of the old: every data key is wrapped anew, and nothing that they sealed is touched.
//!
//! The new key stands in the key file before it stands in the database, so that whoever meets it finds it. From then on new
//! data keys are wrapped under it, and the older ones follow in batches, each a transaction of its own. A crash at any point
//! leaves keys under both, which both open; the next call goes on. The old key is forgotten only when the database confirms by
//! its foreign key that nothing is wrapped under it, also nothing that was on its way meanwhile.

use std::time::Duration;

use super::{MasterKeyId, Vault, VaultError, store};
use crate::{
    db::{Db, Error},
    id::uuid_v7,
    services::Services,
    time::Timestamp,
};

/// Data keys of one transaction: some ten milliseconds on SQLite, so that no other writer waits.
const BATCH: i64 = 500;
/// How long a rotation that died keeps another from going on. A batch takes a fraction of a second.
const LEASE: Duration = Duration::from_secs(15);

/// Why data keys were not all wrapped anew. What was stays so; nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// Another process is at it.
    #[error(
        "master key {0} is being retired by another process: wait for it (if it died, try again after {1})"
    )]
    UnderWay(MasterKeyId, Timestamp),
    /// One to another key is not finished.
    #[error("a rotation to master key {0} is unfinished: finish it first")]
    Unfinished(MasterKeyId),
    /// Data keys that no master key at hand opens.
    #[error(
        "{count} data keys do not open, the first is {first}: what they sealed is lost unless a backup has them; the old master key stays in the file until they are deleted or put back"
    )]
    Unopenable {
        /// How many.
        count: u64,
        /// The id of the first.
        first: String,
    },
    /// Our fault, or the database's.
    #[error(transparent)]
    Internal(#[from] Error),
}

/// A master key, as the database knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub id: MasterKeyId,
    /// Whether new data keys are wrapped under it; otherwise it retires.
    pub is_current: bool,
    /// How many data keys it wraps.
    pub data_keys: i64,
}

/// The master keys that this database needs: one, or two while a rotation is unfinished.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db) -> Result<Vec<Standing>, Error> {
    let masters = store::masters(db).await?;
    Ok(masters
        .into_iter()
        .map(|(id, is_current, data_keys)| Standing {
            id,
            is_current,
            data_keys,
        })
        .collect())
}

/// Wraps every data key under the master key `to`, which must stand in the key file; goes on with an unfinished rotation.
/// `progress` hears after each batch how many are done. Says how many there were.
///
/// # Errors
/// See [`RotateError`].
pub async fn rotate(
    services: &Services,
    to: MasterKeyId,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<u64, RotateError> {
    let vault = &services.vault;
    vault.with_master(to, |_| ()).map_err(Error::from)?;
    let token = uuid_v7(services.now(), services.random.as_ref());
    let Some(from) = begin(services, to, &token).await? else {
        return Ok(0); // it is the present key already
    };
    let mut done = 0;
    loop {
        let mut pass = Pass::default();
        while pass.next(services, (from, to), &token).await? {
            done += pass.wrapped;
            progress(done);
        }
        if let Some(first) = pass.first_unopenable {
            let count = pass.unopenable;
            return Err(RotateError::Unopenable { count, first });
        }
        if forget(services, from, &token).await? {
            return Ok(done);
        }
    }
}

/// Takes the rotation, beginning it when there is none; the answer is the key that retires.
async fn begin(
    services: &Services,
    to: MasterKeyId,
    token: &str,
) -> Result<Option<MasterKeyId>, RotateError> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let current = store::current(&mut tx).await?;
    let current = current.ok_or(Error::Corrupt("master_keys"))?;
    match store::retiring(&mut tx).await? {
        None if current == to => return Ok(None),
        None => store::begin_rotation(&mut tx, to, now).await?,
        Some(_) if current != to => return Err(RotateError::Unfinished(current)),
        Some(_) => {}
    }
    let Some((from, until)) = store::retiring(&mut tx).await? else {
        return Err(Error::Corrupt("master_keys").into());
    };
    if !store::lease(&mut tx, token, now + LEASE, now).await? {
        return Err(RotateError::UnderWay(from, until));
    }
    tx.commit().await?;
    Ok(Some(from))
}

/// Once over all data keys of the old master key.
#[derive(Default)]
struct Pass {
    after: String,
    /// Of the last batch.
    wrapped: u64,
    unopenable: u64,
    first_unopenable: Option<String>,
}

impl Pass {
    /// One batch; `false`: there was none left.
    async fn next(
        &mut self,
        services: &Services,
        (from, to): (MasterKeyId, MasterKeyId),
        token: &str,
    ) -> Result<bool, RotateError> {
        let now = services.now();
        let mut tx = services.db.begin().await?;
        if !store::lease(&mut tx, token, now + LEASE, now).await? {
            return Err(RotateError::UnderWay(from, now + LEASE));
        }
        let rows = store::wrapped_under(&mut tx, from, &self.after, BATCH).await?;
        let Some(last) = rows.last() else {
            return Ok(false);
        };
        self.after.clone_from(&last.id);
        let fresh = self.wrap_anew(&services.vault, rows, to)?;
        self.wrapped = store::rewrap(&mut tx, to, fresh).await?;
        tx.commit().await?;
        fail::fail_point!("rotate::committed");
        Ok(true)
    }

    fn wrap_anew(
        &mut self,
        vault: &Vault,
        rows: Vec<store::KeyRow>,
        to: MasterKeyId,
    ) -> Result<Vec<store::KeyRow>, Error> {
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            match vault.unwrap(&row) {
                Ok(key) => fresh.push(store::KeyRow {
                    wrapped: vault.wrap(to, &row.id, &row.scope, &key.key)?,
                    ..row
                }),
                Err(Error::Vault(VaultError::Refused | VaultError::UnknownFormat)) => {
                    self.unopenable += 1;
                    self.first_unopenable.get_or_insert(row.id);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(fresh)
    }
}

/// `false`: something was wrapped under the old key after all, by whoever had begun before the rotation.
async fn forget(services: &Services, from: MasterKeyId, token: &str) -> Result<bool, RotateError> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    if !store::lease(&mut tx, token, now + LEASE, now).await? {
        return Err(RotateError::UnderWay(from, now + LEASE));
    }
    match store::forget_retiring(&mut tx, token).await {
        Ok(_) => {
            tx.commit().await?;
            tracing::info!("the old master key is retired");
            Ok(true)
        }
        Err(error) if error.is_still_referred_to() => Ok(false),
        Err(error) => Err(error.into()),
    }
}
