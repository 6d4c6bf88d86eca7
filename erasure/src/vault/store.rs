//! The vault's rows: the deployment's name, its master keys' names, its wrapped data keys.

use sqlx::FromRow;

use super::{MasterKeyId, Scope};
use crate::{
    db::{Db, Error, Statement, Tx, Value, value::args},
    time::Timestamp,
};

/// A wrapped data key.
#[derive(Clone, FromRow)]
pub(super) struct KeyRow {
    pub(super) id: String,
    pub(super) scope: String,
    pub(super) master_key_id: String,
    pub(super) wrapped: Vec<u8>,
}

impl KeyRow {
    pub(super) fn master(&self) -> Result<MasterKeyId, Error> {
        master_id(&self.master_key_id)
    }
}

fn master_id(text: &str) -> Result<MasterKeyId, Error> {
    text.parse().map_err(|()| Error::Corrupt("master_keys.id"))
}

/// The deployment's name.
pub(super) async fn deployment(db: &Db) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = db
        .fetch_optional("SELECT id FROM deployment", args![])
        .await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn deployment_in(tx: &mut Tx) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = tx
        .fetch_optional("SELECT id FROM deployment", args![])
        .await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn insert_deployment(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "-- insert_deployment
         INSERT INTO deployment (only_row, id, created_at) VALUES (1, $1, $2)",
        args![id, now],
    )
    .await?;
    Ok(())
}

/// Under which master key new data keys are wrapped.
pub(super) async fn current(tx: &mut Tx) -> Result<Option<MasterKeyId>, Error> {
    let row: Option<(String,)> = tx
        .fetch_optional(
            "-- current_master_key
             SELECT id FROM master_keys WHERE role = 'current'",
            args![],
        )
        .await?;
    row.map(|(id,)| master_id(&id)).transpose()
}

pub(super) async fn insert_current(
    tx: &mut Tx,
    id: MasterKeyId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- insert_master_key
         INSERT INTO master_keys (id, role, since) VALUES ($1, 'current', $2)",
        args![id.to_string(), now],
    )
    .await?;
    Ok(())
}

pub(super) async fn key_of_scope(db: &Db, scope: &Scope<'_>) -> Result<Option<KeyRow>, Error> {
    db.fetch_optional(KEY_OF_SCOPE, args![scope.name()]).await
}

pub(super) async fn key_of_scope_in(
    tx: &mut Tx,
    scope: &Scope<'_>,
) -> Result<Option<KeyRow>, Error> {
    tx.fetch_optional(KEY_OF_SCOPE, args![scope.name()]).await
}

const KEY_OF_SCOPE: &str = "-- data_key_of_scope
    SELECT id, scope, master_key_id, wrapped FROM data_keys WHERE scope = $1";

pub(super) async fn key_by_id(db: &Db, id: String) -> Result<Option<KeyRow>, Error> {
    db.fetch_optional(
        "-- data_key_by_id
         SELECT id, scope, master_key_id, wrapped FROM data_keys WHERE id = $1",
        args![id],
    )
    .await
}

pub(super) async fn insert_key(
    tx: &mut Tx,
    row: &KeyRow,
    scope: &Scope<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- insert_data_key
         INSERT INTO data_keys (id, scope, organization_id, master_key_id, wrapped, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            row.id.as_str(),
            row.scope.as_str(),
            scope.organization(),
            row.master_key_id.as_str(),
            row.wrapped.clone(),
            now,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn destroy_key(tx: &mut Tx, scope: &str) -> Result<(), Error> {
    tx.execute(
        "-- destroy_data_key
         DELETE FROM data_keys WHERE scope = $1",
        args![scope],
    )
    .await?;
    Ok(())
}

/// The master keys that wrap something, each with its role and how many data keys it wraps.
pub(super) async fn masters(db: &Db) -> Result<Vec<(MasterKeyId, bool, i64)>, Error> {
    let rows: Vec<(String, String, i64)> = db
        .fetch_all(
            "-- master_keys_and_what_they_wrap
             SELECT m.id, m.role, (SELECT count(*) FROM data_keys AS d WHERE d.master_key_id = m.id)
             FROM   master_keys AS m ORDER BY m.role",
            args![],
        )
        .await?;
    rows.into_iter()
        .map(|(id, role, keys)| Ok((master_id(&id)?, role == "current", keys)))
        .collect()
}

/// The present key begins to retire, and this one takes its place.
pub(super) async fn begin_rotation(
    tx: &mut Tx,
    to: MasterKeyId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "-- retire_master_key
         UPDATE master_keys SET role = 'retiring', since = $1 WHERE role = 'current'",
        args![now],
    )
    .await?;
    insert_current(tx, to, now).await
}

/// The key that retires, and until when somebody is at work on it.
pub(super) async fn retiring(tx: &mut Tx) -> Result<Option<(MasterKeyId, Timestamp)>, Error> {
    let row: Option<(String, i64)> = tx
        .fetch_optional(
            "-- retiring_master_key
             SELECT id, lease_until FROM master_keys WHERE role = 'retiring'",
            args![],
        )
        .await?;
    row.map(|(id, until)| Ok((master_id(&id)?, Timestamp::from_millis(until))))
        .transpose()
}

/// Takes the rotation for a while: from nobody, or from somebody who died.
pub(super) async fn lease(
    tx: &mut Tx,
    token: &str,
    until: Timestamp,
    now: Timestamp,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- lease_rotation
             UPDATE master_keys SET lease_token = $1, lease_until = $2
             WHERE  role = 'retiring' AND (lease_token = $1 OR lease_until <= $3)",
            args![token, until, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Data keys that are still wrapped under the old master key.
pub(super) async fn wrapped_under(
    tx: &mut Tx,
    master: MasterKeyId,
    after: &str,
    limit: i64,
) -> Result<Vec<KeyRow>, Error> {
    tx.fetch_all(
        "-- data_keys_under
         SELECT id, scope, master_key_id, wrapped FROM data_keys
         WHERE  master_key_id = $1 AND id > $2
         ORDER  BY id LIMIT $3",
        args![master.to_string(), after, limit],
    )
    .await
}

/// Puts data keys back as they are wrapped now; one that was destroyed meanwhile stays so.
pub(super) async fn rewrap(tx: &mut Tx, to: MasterKeyId, rows: Vec<KeyRow>) -> Result<u64, Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    let places: Vec<_> = (0..rows.len())
        .map(|row| format!("(${}, ${})", 2 * row + 2, 2 * row + 3))
        .collect();
    let statement = Statement::from_checked_names(format!(
        "-- rewrap_data_keys
         WITH fresh (id, wrapped) AS (VALUES {})
         UPDATE data_keys SET master_key_id = $1, wrapped = fresh.wrapped FROM fresh WHERE data_keys.id = fresh.id",
        places.join(", ")
    ));
    let mut values = vec![Value::from(to.to_string())];
    for row in rows {
        values.extend(args![row.id, row.wrapped]);
    }
    tx.execute(statement, values).await
}

/// The old master key is forgotten. Fails while a data key is wrapped under it: the database holds that.
pub(super) async fn forget_retiring(tx: &mut Tx, token: &str) -> Result<u64, Error> {
    tx.execute(
        "-- forget_master_key
         DELETE FROM master_keys WHERE role = 'retiring' AND lease_token = $1",
        args![token],
    )
    .await
}
