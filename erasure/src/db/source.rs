//! Reading either outside or inside of a transaction: a preview looks, a decision must look under the lock.

use super::{Db, Error, Row, Statement, Tx, Value};

/// Where to read.
pub(crate) enum Source<'a> {
    Db(&'a Db),
    Tx(&'a mut Tx),
}

impl Source<'_> {
    /// Reads all rows.
    pub(crate) async fn all<R: Row>(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Vec<R>, Error> {
        match self {
            Self::Db(db) => db.fetch_all(sql, args).await,
            Self::Tx(tx) => tx.fetch_all(sql, args).await,
        }
    }

    /// Reads the first row, if there is one.
    pub(crate) async fn optional<R: Row>(
        &mut self,
        sql: impl Into<Statement>,
        args: Vec<Value>,
    ) -> Result<Option<R>, Error> {
        match self {
            Self::Db(db) => db.fetch_optional(sql, args).await,
            Self::Tx(tx) => tx.fetch_optional(sql, args).await,
        }
    }
}
