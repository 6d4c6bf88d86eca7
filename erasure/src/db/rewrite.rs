//! Leaving no erased byte in the files.
//!
//! SQLite overwrites what it deletes; only its log still remembers, and is cut. Postgres leaves every byte where it was, also
//! after a plain VACUUM: there the storage that held the rows is written anew and the old file unlinked.

use sqlx::PgPool;

use super::{Db, Error, Pools, value::args};

/// What a rewrite came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewritten {
    /// No erased byte is left in it.
    Done,
    /// Somebody uses it, or rewrites it, right now.
    NotNow,
    /// It would keep everybody waiting for too long.
    TooLarge,
}

/// What may be rewritten under a lock: measured at some 100 MB/s, this takes less than 200 ms, which is what any tenant's
/// statement may have to wait.
const LARGEST_BYTES: i64 = 12 * 1024 * 1024;
/// How long to ask for the lock: whoever comes meanwhile waits behind us.
const LOCK_PATIENCE: &str = "200ms";
/// Error code of a lock that could not be had in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

impl Db {
    /// Writes SQLite's log back into the database file and cuts it to nothing, so that no erased byte stays in either. Says
    /// whether it could: a reader that still looks at an old state prevents it. Postgres recycles its log by itself.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn truncate_log(&self) -> Result<bool, Error> {
        match &self.0 {
            Pools::Sqlite { writer, log, .. } => log.truncate(writer).await,
            Pools::Postgres(_) => Ok(true),
        }
    }

    /// After a batch of deletes: lets SQLite write its log back beside the next one.
    pub(crate) async fn relieve_log(&self) {
        if let Pools::Sqlite { readers, log, .. } = &self.0 {
            log.relieve(readers).await;
        }
    }

    /// The storage in which an organization's rows of a table lie: the table's own, or one partition of it; without an
    /// organization, all of it. Empty on SQLite, where rows share one file.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) async fn storage_of(
        &self,
        table: &str,
        organization: Option<&str>,
    ) -> Result<Vec<String>, Error> {
        if matches!(self.0, Pools::Sqlite { .. }) {
            return Ok(vec![]);
        }
        let rows: Vec<(String,)> = self
            .fetch_all(
                "-- storage_of
                 WITH leaves AS (
                     SELECT t.relid::oid AS leaf, t.parentrelid::oid AS parent,
                            regexp_match(pg_get_expr(c.relpartbound, c.oid), 'modulus (\\d+), remainder (\\d+)') AS place
                     FROM   pg_partition_tree($1::regclass) AS t JOIN pg_class AS c ON c.oid = t.relid
                     WHERE  t.isleaf)
                 SELECT leaf::regclass::text FROM leaves
                 WHERE  place IS NULL OR $2::text IS NULL OR satisfies_hash_partition(parent, place[1]::int, place[2]::int, $2::text)
                 UNION
                 SELECT $1::regclass::text WHERE NOT EXISTS (SELECT 1 FROM leaves)
                 ORDER  BY 1",
                args![table, organization],
            )
            .await?;
        Ok(rows.into_iter().map(|(relation,)| relation).collect())
    }

    /// Writes one relation anew, with its indexes.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn rewrite(&self, relation: &str) -> Result<Rewritten, Error> {
        match &self.0 {
            Pools::Sqlite { .. } => Ok(Rewritten::Done),
            Pools::Postgres(pool) => rewrite(pool, relation).await,
        }
    }
}

async fn rewrite(pool: &PgPool, relation: &str) -> Result<Rewritten, Error> {
    let (bytes, quoted): (i64, String) =
        sqlx::query_as("SELECT pg_total_relation_size($1::regclass), $1::regclass::text")
            .bind(relation)
            .fetch_one(pool)
            .await?;
    if bytes > LARGEST_BYTES {
        return Ok(Rewritten::TooLarge);
    }
    let mut connection = pool.acquire().await?;
    let set = format!("SET lock_timeout = '{LOCK_PATIENCE}'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(set))
        .execute(&mut *connection)
        .await?;
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("VACUUM (FULL) {quoted}")))
        .execute(&mut *connection)
        .await;
    sqlx::raw_sql("RESET lock_timeout")
        .execute(&mut *connection)
        .await?;
    match done {
        Ok(_) => Ok(Rewritten::Done),
        Err(sqlx::Error::Database(error))
            if error.code().as_deref() == Some(LOCK_NOT_AVAILABLE) =>
        {
            Ok(Rewritten::NotNow)
        }
        Err(error) => Err(error.into()),
    }
}
