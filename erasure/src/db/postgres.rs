//! What only Postgres needs: a server that may be away, and transactions that run beside each other.

use std::str::FromStr as _;

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Db, Pools,
    open::{LOCK_PATIENCE, OpenError, POOL_PATIENCE},
};

/// Connections of one process: pages are short, and a worker needs few.
const CONNECTIONS: u32 = 10;

/// The oldest version that can hash-partition tables which others refer to, and that this program is tested with.
const OLDEST: i64 = 150_000;

/// The lock behind [`super::Tx::alone`]: "qliento" in bytes.
pub(super) const DECISIONS: i64 = 0x0071_6c69_656e_746f;

pub(super) async fn open(url: &str) -> Result<Db, OpenError> {
    let patience = LOCK_PATIENCE.as_millis().to_string();
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| OpenError::Address)?
        .application_name("qliento")
        .options([("lock_timeout", patience.as_str())]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(POOL_PATIENCE)
        .connect_with(options)
        .await
        .map_err(|error| classify(&error))?;
    assert_usable(&pool).await?;
    Ok(Db {
        pools: Pools::Postgres { pool, repack: None },
        faults: None,
    })
}

async fn assert_usable(pool: &PgPool) -> Result<(), OpenError> {
    let (version, read_only): (i64, bool) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::bigint,
                pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean",
    )
    .fetch_one(pool)
    .await
    .map_err(|error| classify(&error))?;
    if version < OLDEST {
        return Err(OpenError::TooOld(version / 10_000));
    }
    if read_only {
        return Err(OpenError::ReadOnly);
    }
    Ok(())
}

/// What time it is there.
pub(super) async fn time(pool: &PgPool) -> Result<i64, sqlx::Error> {
    let (now,): (i64,) =
        sqlx::query_as("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
            .fetch_one(pool)
            .await?;
    Ok(now)
}

/// How the database was made: encoding, collation, character classes.
pub(super) async fn locale(pool: &PgPool) -> Result<[String; 3], sqlx::Error> {
    let (encoding, collation, classes): (String, String, String) = sqlx::query_as(
        "SELECT pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text
         FROM pg_database WHERE datname = current_database()",
    )
    .fetch_one(pool)
    .await?;
    Ok([encoding, collation, classes])
}

/// Error codes: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
pub(super) fn classify(error: &sqlx::Error) -> OpenError {
    let sqlx::Error::Database(database) = error else {
        return OpenError::NoServer(error.to_string());
    };
    match database.code().as_deref() {
        Some("28P01" | "28000" | "3D000" | "42501" | "53300" | "57P03") => {
            OpenError::NoServer(database.message().to_owned())
        }
        Some("25006") => OpenError::ReadOnly,
        Some("55P03") => OpenError::Locked,
        _ => OpenError::Other(database.message().to_owned()),
    }
}
