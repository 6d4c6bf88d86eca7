//! Leaving no erased byte in the files.
//!
//! SQLite overwrites what it deletes; the empty pages go back to the file system, and its log, which still remembers, is cut. Postgres leaves every byte where it was, also
//! after a plain VACUUM: there the storage that held the rows is written anew and the old file unlinked.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use sqlx::{PgConnection, PgPool};

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

    /// Takes what was deleted from a relation that [`Db::storage_of`] named out of its indexes, so that nobody who looks for what is
    /// left comes across it. Nobody waits for that. SQLite needs no such thing.
    ///
    /// # Errors
    /// When the statement fails.
    pub(crate) async fn clear_away(&self, relation: &str) -> Result<(), Error> {
        if let Pools::Postgres { pool, .. } = &self.pools {
            // Whoever else cleans there does the same, and what is empty at the end is given back by the rewrite.
            let vacuum = format!("VACUUM (SKIP_LOCKED, TRUNCATE FALSE) {relation}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(vacuum))
                .execute(pool)
                .await?;
        }
        Ok(())
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

    /// The storage in which rows of tables lie, each of an organization: the table's own, or one partition of it; without an
    /// organization, all of it. Empty on SQLite, where rows share one file.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub async fn storage_of(
        &self,
        tables: &[(&str, Option<&str>)],
    ) -> Result<BTreeSet<String>, Error> {
        if matches!(self.pools, Pools::Sqlite { .. }) {
            return Ok(BTreeSet::new());
        }
        let asked = tables
            .iter()
            .map(|(table, organization)| json!({ "name": table, "organization": organization }));
        let rows: Vec<(String,)> = self
            .fetch_all(
                "-- storage_of
                 WITH asked AS (
                     SELECT quote_ident(name)::regclass AS relation, organization
                     FROM   json_to_recordset($1::json) AS tables (name text, organization text)),
                 leaves AS (
                     SELECT a.relation, a.organization, t.relid::oid AS leaf, t.parentrelid::oid AS parent,
                            regexp_match(pg_get_expr(c.relpartbound, c.oid), 'modulus (\\d+), remainder (\\d+)') AS place
                     FROM   asked AS a CROSS JOIN LATERAL pg_partition_tree(a.relation) AS t JOIN pg_class AS c ON c.oid = t.relid
                     WHERE  t.isleaf)
                 SELECT leaf::regclass::text FROM leaves
                 WHERE  place IS NULL OR organization IS NULL
                        OR satisfies_hash_partition(parent, place[1]::int, place[2]::int, organization)
                 UNION
                 SELECT relation::text FROM asked AS a WHERE NOT EXISTS (SELECT 1 FROM leaves AS l WHERE l.relation = a.relation)",
                args![asked.collect::<Json>().to_string()],
            )
            .await?;
        Ok(rows.into_iter().map(|(relation,)| relation).collect())
    }

    /// Writes one relation anew, with its indexes; under a lock if no more than `under_lock_bytes` are left of it, or however
    /// much that is.
    /// It is one that [`Db::storage_of`] named, quoted as Postgres quotes it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rewrite(
        &self,
        relation: &str,
        under_lock_bytes: Option<i64>,
    ) -> Result<Rewritten, Error> {
        match &self.pools {
            Pools::Sqlite { .. } => Ok(Rewritten::Done),
            Pools::Postgres { pool, .. } if relation == SAMPLES_RELATION => {
                // Small, however much there is of everything else, and nothing but this writes a catalog anew.
                rewrite(pool, relation, None).await
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

async fn rewrite(
    pool: &PgPool,
    relation: &str,
    under_lock_bytes: Option<i64>,
) -> Result<Rewritten, Error> {
    let mut connection = pool.acquire().await?;
    let connection = &mut *connection;
    // Nobody waits for this one. It gives back the end of a file in which nothing lives any more, counts what does, and takes
    // away what the next would copy: to VACUUM FULL, a transaction in any other database is one that may still look.
    if !had_the_lock(connection, format!("VACUUM (ANALYZE) {relation}")).await? {
        return Ok(Rewritten::NotNow);
    }
    // Without a limit nothing is measured: a catalog's rows may be read by nobody but a superuser.
    if let Some(at_most) = under_lock_bytes
        && bytes_left(connection, relation).await? > at_most
    {
        return Ok(Rewritten::TooLarge);
    }
    let set = format!("SET lock_timeout = '{LOCK_PATIENCE}'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(set))
        .execute(&mut *connection)
        .await?;
    let done = had_the_lock(connection, format!("VACUUM (FULL) {relation}")).await;
    sqlx::raw_sql("RESET lock_timeout")
        .execute(&mut *connection)
        .await?;
    Ok(if done? {
        Rewritten::Done
    } else {
        Rewritten::NotNow
    })
}

/// Whether a statement could be done, or waited in vain for others to let go of the table.
async fn had_the_lock(connection: &mut PgConnection, statement: String) -> Result<bool, Error> {
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(connection)
        .await;
    match done {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error))
            if error.code().as_deref() == Some(LOCK_NOT_AVAILABLE) =>
        {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// About how many bytes a rewrite has to write, just after a VACUUM: the rows that are left, and as much again for their indexes,
/// which are made anew. What it only reads, pages in which nothing lives any more, is some eight times as quick.
async fn bytes_left(connection: &mut PgConnection, relation: &str) -> Result<i64, Error> {
    let (bytes,) = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT (2 * GREATEST(c.reltuples, 0) * (SELECT COALESCE(AVG(pg_column_size(t.*)), 0) FROM (SELECT * FROM {relation} LIMIT 1000) AS t)
                 + pg_table_size(c.oid) / 8)::bigint
         FROM   pg_class AS c WHERE c.oid = $1::regclass"
    )))
    .bind(relation)
    .fetch_one(connection)
    .await?;
    Ok(bytes)
}
