//! What only Postgres needs: a server that may be away, and transactions that run beside each other.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Db, Error, Pools,
    open::{LOCK_PATIENCE, OpenError, POOL_PATIENCE},
};

/// Connections of one process: pages are short, and a worker needs few.
const CONNECTIONS: u32 = 10;

/// A connection that was given back so lately was heard of then; a question more for each statement would be half of what a
/// small one takes.
const FRESH: Duration = Duration::from_secs(1);

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
        .test_before_acquire(false)
        .before_acquire(|connection, last| {
            Box::pin(async move {
                if last.idle_for > FRESH {
                    connection.ping().await?; // else another is opened in its place
                }
                Ok(true)
            })
        })
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

impl Db {
    /// How many bytes the replica that is furthest behind has still to replay; zero where there is none, or where this user
    /// may not see them (`pg_monitor`).
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn replicas_behind(&self) -> Result<i64, Error> {
        if matches!(self.pools, Pools::Sqlite { .. }) {
            return Ok(0);
        }
        self.number(
            "-- replicas_behind
             SELECT COALESCE(MAX(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)::bigint
             FROM   pg_stat_replication WHERE state = 'streaming'",
            vec![],
        )
        .await
    }
}

/// Of whom is asked, and how often, whether they still look at an old state; whoever renders a page is done by then.
const LOOKS: usize = 4;

impl Db {
    /// The number behind that of every transaction that has ended: what was committed until now is below it.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn next_transaction(&self) -> Result<i64, Error> {
        self.number(
            "-- next_transaction
             SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
            vec![],
        )
        .await
    }

    /// The number up to which nobody looks at an old state any more: rows that were deleted below it may be left out when their
    /// storage is written anew. `None`: it is not yet `wanted`, and was not a moment later either. A `VACUUM` beside ours looks at
    /// nothing; a replica's reader counts when its server says so (`hot_standby_feedback`).
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn horizon(&self, wanted: i64) -> Result<Option<i64>, Error> {
        for _ in 0..LOOKS {
            let horizon = self.number(HORIZON, vec![]).await?;
            if horizon >= wanted {
                return Ok(Some(horizon));
            }
            self.number("SELECT count(pg_sleep(0.05)::text)", vec![])
                .await?;
        }
        Ok(None)
    }
}

const HORIZON: &str = "-- horizon
    WITH next AS (SELECT pg_snapshot_xmax(pg_current_snapshot()) AS number),
         others AS (SELECT backend_xmin, backend_xid FROM pg_stat_activity
                    WHERE  pid <> pg_backend_pid() AND (datname IS NULL OR datname = current_database())
                      AND  pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)),
         held AS (SELECT backend_xmin AS number FROM others UNION ALL SELECT backend_xid FROM others
                  UNION ALL SELECT xmin FROM pg_replication_slots
                  UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database())
    SELECT next.number::text::bigint + age(next.number::xid)
               - GREATEST(age(next.number::xid), (SELECT MAX(age(held.number)) FROM held WHERE held.number IS NOT NULL))
    FROM   next";

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
