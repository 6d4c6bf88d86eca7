//! Leaving no erased byte in the files.
//!
//! SQLite overwrites what it deletes; the empty pages go back to the file system, and its log, which still remembers, is cut. Postgres leaves every byte where it was, also
//! after a plain VACUUM: there the storage that held the rows is written anew and the old file unlinked.

use sqlx::PgPool;

use super::{Db, Error, Pools, derived::SAMPLES_RELATION, value::args};
use crate::receipt::Journal;

/// What a rewrite came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewritten {
    /// No erased byte is left in it.
    Done,
    /// Somebody uses it, or rewrites it, right now.
    NotNow,
    /// It would keep everybody waiting for too long, and there is no `pg_repack`.
    TooLarge,
}

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
        match &self.pools {
            Pools::Sqlite {
                writer,
                readers,
                log,
                ..
            } => log.truncate(writer, readers).await,
            Pools::Postgres { .. } => Ok(true),
        }
    }

    /// Has everything that was committed on the disk, so that no power cut takes it back. Postgres sees to that at each commit;
    /// SQLite leaves its log to the operating system until it is written back.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) async fn persist(&self) -> Result<(), Error> {
        match &self.pools {
            Pools::Sqlite { log, .. } => log.persist().await,
            Pools::Postgres { .. } => Ok(()),
        }
    }

    /// Forgets the samples of values that SQLite takes for its planner (`ANALYZE`). Postgres takes none of personal columns:
    /// the manifest sees to that.
    ///
    /// # Errors
    /// When the statement fails.
    pub(crate) async fn forget_samples(&self) -> Result<(), Error> {
        let sampled = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat4'";
        if matches!(self.pools, Pools::Sqlite { .. }) && self.number(sampled, vec![]).await? > 0 {
            self.execute("DELETE FROM sqlite_stat4", vec![]).await?;
        }
        Ok(())
    }

    /// After a batch of deletes: lets SQLite write its log back beside the next one.
    pub(crate) async fn relieve_log(&self) {
        if let Pools::Sqlite { readers, log, .. } = &self.pools {
            log.relieve(readers).await;
        }
    }

    /// What the database's own journal may still hold when everything else is gone, and until when, as it is set now. On
    /// SQLite that is nothing: [`Db::truncate_log`].
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub async fn journal(&self) -> Result<Option<Journal>, Error> {
        if matches!(self.pools, Pools::Sqlite { .. }) {
            return Ok(None);
        }
        let (overwritten_after_bytes, held_for_replicas, is_archived) = self
            .fetch_one(
                "-- journal
                 SELECT pg_size_bytes(current_setting('max_wal_size')) + pg_size_bytes(current_setting('wal_keep_size')),
                        EXISTS (SELECT 1 FROM pg_replication_slots) OR EXISTS (SELECT 1 FROM pg_stat_replication),
                        current_setting('archive_mode') <> 'off'",
                args![],
            )
            .await?;
        Ok(Some(Journal {
            overwritten_after_bytes,
            held_for_replicas,
            is_archived,
        }))
    }

    /// The storage in which an organization's rows of a table lie: the table's own, or one partition of it; without an
    /// organization, all of it. Empty on SQLite, where rows share one file.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub async fn storage_of(
        &self,
        table: &str,
        organization: Option<&str>,
    ) -> Result<Vec<String>, Error> {
        if matches!(self.pools, Pools::Sqlite { .. }) {
            return Ok(vec![]);
        }
        let rows: Vec<(String,)> = self
            .fetch_all(
                "-- storage_of
                 WITH leaves AS (
                     SELECT t.relid::oid AS leaf, t.parentrelid::oid AS parent,
                            regexp_match(pg_get_expr(c.relpartbound, c.oid), 'modulus (\\d+), remainder (\\d+)') AS place
                     FROM   pg_partition_tree(quote_ident($1)::regclass) AS t JOIN pg_class AS c ON c.oid = t.relid
                     WHERE  t.isleaf)
                 SELECT leaf::regclass::text FROM leaves
                 WHERE  place IS NULL OR $2::text IS NULL OR satisfies_hash_partition(parent, place[1]::int, place[2]::int, $2::text)
                 UNION
                 SELECT quote_ident($1)::regclass::text WHERE NOT EXISTS (SELECT 1 FROM leaves)
                 ORDER  BY 1",
                args![table, organization],
            )
            .await?;
        Ok(rows.into_iter().map(|(relation,)| relation).collect())
    }

    /// Writes one relation anew, with its indexes; under a lock if no more than `under_lock_bytes` are left of it. It is one that [`Db::storage_of`] named, quoted as Postgres quotes it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rewrite(&self, relation: &str, under_lock_bytes: i64) -> Result<Rewritten, Error> {
        match &self.pools {
            Pools::Sqlite { .. } => Ok(Rewritten::Done),
            Pools::Postgres { pool, .. } if relation == SAMPLES_RELATION => {
                // Small, however much there is of everything else, and nothing but this writes a catalog anew.
                rewrite(pool, relation, i64::MAX).await
            }
            Pools::Postgres { pool, repack } => {
                match (rewrite(pool, relation, under_lock_bytes).await?, repack) {
                    (Rewritten::TooLarge, Some(repack)) => Ok(repack.run(relation).await),
                    (done, _) => Ok(done),
                }
            }
        }
    }
}

async fn rewrite(pool: &PgPool, relation: &str, under_lock_bytes: i64) -> Result<Rewritten, Error> {
    let mut connection = pool.acquire().await?;
    // Nobody waits for this one, and it gives back the end of a file in which nothing lives any more.
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("VACUUM (ANALYZE) {relation}")))
        .execute(&mut *connection)
        .await?;
    let (bytes,): (i64,) = sqlx::query_as("SELECT pg_total_relation_size($1::regclass)")
        .bind(relation)
        .fetch_one(&mut *connection)
        .await?;
    if bytes > under_lock_bytes {
        return Ok(Rewritten::TooLarge);
    }
    let set = format!("SET lock_timeout = '{LOCK_PATIENCE}'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(set))
        .execute(&mut *connection)
        .await?;
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("VACUUM (FULL) {relation}")))
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
