//! What happens together or not at all.

use sqlx::{Postgres, Sqlite, pool::PoolConnection};

use super::{
    Backend, Error, Row, Statement,
    faults::{self, Call, Faults, meet},
    postgres,
    value::{self, Value},
};

/// A transaction. What is not committed did not happen.
pub struct Tx {
    pub(super) open: Open,
    /// Keeps others who write waiting, where the transaction is not on the writer's own connection.
    pub(super) _turn: Option<Box<PoolConnection<Sqlite>>>,
    pub(super) faults: Option<Faults>,
}

pub(super) enum Open {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// The same on the connection of a transaction.
macro_rules! ask_within {
    ($tx:expr, $sql:expr, $args:expr, $fetch:ident) => {
        match $tx {
            Open::Sqlite(tx) => {
                sqlx::query_as_with($sql.into().safe(), value::for_sqlite($args))
                    .$fetch(&mut **tx)
                    .await
            }
            Open::Postgres(tx) => {
                sqlx::query_as_with($sql.into().safe(), value::for_postgres($args))
                    .$fetch(&mut **tx)
                    .await
            }
        }
    };
}

impl Tx {
    /// Which database it is.
    pub(super) const fn backend(&self) -> Backend {
        match self.open {
            Open::Sqlite(_) => Backend::Sqlite,
            Open::Postgres(_) => Backend::Postgres,
        }
    }

    /// Makes it so.
    ///
    /// # Errors
    /// When the database refuses; then nothing of it happened.
    pub async fn commit(self) -> Result<(), Error> {
        let answer_is_lost = meet(self.faults.as_ref(), Call::Commit).await?;
        match self.open {
            Open::Sqlite(tx) => tx.commit().await?,
            Open::Postgres(tx) => tx.commit().await?,
        }
        if answer_is_lost {
            return Err(faults::gone());
        }
        Ok(())
    }

    /// Has its commit wait for no disk: after a power cut it happened with everything before it, or not at all. SQLite commits
    /// like that always. The next commit that waits has this one on the disk too.
    ///
    /// # Errors
    /// When the statement fails.
    pub(crate) async fn without_waiting_for_the_disk(&mut self) -> Result<(), Error> {
        if let Open::Postgres(tx) = &mut self.open {
            sqlx::query("SET LOCAL synchronous_commit = off")
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// Waits until no other transaction that said this is under way: what is read from here on cannot change before the
    /// commit by another decision of this kind. On SQLite that is so anyway.
    ///
    /// # Errors
    /// When the wait takes too long.
    pub async fn alone(&mut self) -> Result<(), Error> {
        if let Open::Postgres(tx) = &mut self.open {
            sqlx::query("SELECT pg_advisory_xact_lock($1)")
                .bind(postgres::DECISIONS)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// Writes; says how many rows it touched.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn execute(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<u64, Error> {
        meet(self.faults.as_ref(), Call::Statement).await?;
        let sql = sql.into().safe();
        Ok(match &mut self.open {
            Open::Sqlite(tx) => sqlx::query_with(sql, value::for_sqlite(args))
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Open::Postgres(tx) => sqlx::query_with(sql, value::for_postgres(args))
                .execute(&mut **tx)
                .await?
                .rows_affected(),
        })
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn fetch_optional<R: Row>(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Option<R>, Error> {
        meet(self.faults.as_ref(), Call::Statement).await?;
        Ok(ask_within!(&mut self.open, sql, args, fetch_optional)?)
    }

    /// Reads all rows.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn fetch_all<R: Row>(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Vec<R>, Error> {
        meet(self.faults.as_ref(), Call::Statement).await?;
        Ok(ask_within!(&mut self.open, sql, args, fetch_all)?)
    }
}
