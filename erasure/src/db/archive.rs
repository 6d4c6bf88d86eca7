//! The way to the archive's tables, which no other statement reaches.
//!
//! On Postgres they stand in a schema of their own, outside every search path. When that schema belongs to a role that ours may
//! take but does not inherit, the role is taken for the one statement and given back: whoever gets a statement of their own into
//! this program is then refused by the server. On SQLite there is one file and nobody to refuse; there the seal alone protects.

use super::{Backend, Db, Error, Row, Statement, Tx, Value};

/// Takes the role that owns the archive; nothing changes when that is our own.
const TAKE_ROLE: &str = "-- take_archive_role
    SELECT set_config('role', CASE WHEN pg_get_userbyid(nspowner) = session_user THEN 'none' ELSE pg_get_userbyid(nspowner)::text END, TRUE)
    FROM   pg_namespace WHERE nspname = 'qliento_archive'";

const GIVE_ROLE_BACK: &str = "-- give_archive_role_back
    SELECT set_config('role', 'none', TRUE)";

impl Db {
    /// Reads rows of the archive. The statement has `{archive}` in front of each of its tables.
    pub(crate) async fn archive_all<R: Row>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<Vec<R>, Error> {
        match self.backend() {
            Backend::Sqlite => self.fetch_all(Backend::Sqlite.archive(sql), args).await,
            Backend::Postgres => {
                let mut tx = self.begin().await?;
                let rows = tx.archive_all(sql, args).await?;
                tx.commit().await?;
                Ok(rows)
            }
        }
    }

    /// Whether the server keeps the archive from every statement that does not take its role; `None` on SQLite, which has no roles.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn archive_is_apart(&self) -> Result<Option<bool>, Error> {
        if self.backend() == Backend::Sqlite {
            return Ok(None);
        }
        let (apart,): (bool,) = self
            .fetch_one(
                "SELECT NOT has_schema_privilege(current_user, 'qliento_archive', 'USAGE')",
                vec![],
            )
            .await?;
        Ok(Some(apart))
    }
}

impl Tx {
    /// Reads rows of the archive, as [`Db::archive_all`].
    pub(crate) async fn archive_all<R: Row>(
        &mut self,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<Vec<R>, Error> {
        let sql = self.backend().archive(sql);
        self.take_role().await?;
        let rows = self.fetch_all(sql, args).await?;
        self.give_role_back().await?;
        Ok(rows)
    }

    /// Writes into the archive; says how many rows it touched.
    pub(crate) async fn archive_execute(
        &mut self,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<u64, Error> {
        let sql = self.backend().archive(sql);
        self.take_role().await?;
        let rows = self.execute(sql, args).await?;
        self.give_role_back().await?;
        Ok(rows)
    }

    async fn take_role(&mut self) -> Result<(), Error> {
        self.on_postgres(TAKE_ROLE).await
    }

    /// After an error nobody comes here: the transaction is undone, and its role with it.
    async fn give_role_back(&mut self) -> Result<(), Error> {
        self.on_postgres(GIVE_ROLE_BACK).await
    }

    async fn on_postgres(&mut self, sql: &'static str) -> Result<(), Error> {
        if self.backend() == Backend::Postgres {
            self.fetch_all::<(String,)>(sql, vec![]).await?;
        }
        Ok(())
    }
}

impl Backend {
    /// The statement with the archive's schema where it says `{archive}`.
    fn archive(self, sql: &str) -> Statement {
        Statement::from_checked_names(sql.replace("{archive}", self.archive_schema()))
    }
}
