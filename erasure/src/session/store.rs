//! Sessions as rows, whoever they belong to: opened, kept alive by use, given another token, ended.
//!
//! Customers and staff have tables and terms of their own and everything else in common, so the statements stand here once.

use std::time::Duration;

use sqlx::FromRow;

use super::token::{SessionToken, digest};
use crate::{
    db::{Error, Statement, Tx, value::args},
    id::SessionId,
    services::Services,
    time::Timestamp,
};

/// Once a minute is enough to keep a session alive, and spares the writer.
const KEEP_ALIVE: Duration = Duration::from_mins(1);

/// The sessions of one kind of people.
pub(crate) struct Sessions {
    /// The table.
    pub(crate) table: &'static str,
    /// Its column that says whose.
    pub(crate) person: &'static str,
    /// How long one lives that nobody uses.
    pub(crate) idle: Duration,
    /// How long one lives at all.
    pub(crate) absolute: Duration,
}

/// A living session.
#[derive(FromRow)]
pub(crate) struct Living {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) proved_at: i64,
    seen_at: i64,
}

impl Sessions {
    fn statement(&self, text: &'static str) -> Statement {
        let text = text.replace("{sessions}", self.table);
        Statement::from_checked_names(text.replace("{person}", self.person))
    }

    /// Opens a session that was just proved, and sweeps those that have ended.
    pub(crate) async fn open(
        &self,
        tx: &mut Tx,
        services: &Services,
        person: &str,
    ) -> Result<SessionToken, Error> {
        let now = services.now();
        let token = SessionToken::mint(services.random.as_ref());
        tx.execute(
            self.statement(
                "-- sweep_sessions
                 DELETE FROM {sessions} WHERE seen_at <= $1 OR created_at <= $2",
            ),
            args![now - self.idle, now - self.absolute],
        )
        .await?;
        tx.execute(
            self.statement(
                "-- insert_session
                 INSERT INTO {sessions} (id, {person}, token_hash, created_at, proved_at, seen_at)
                 VALUES ($1, $2, $3, $4, $4, $4)",
            ),
            args![
                &SessionId::mint(now, services.random.as_ref()),
                person,
                digest(token.expose()),
                now
            ],
        )
        .await?;
        Ok(token)
    }

    /// The session of this token; `None` when it is unknown, idle for too long, too old or ended.
    pub(crate) async fn resume(
        &self,
        services: &Services,
        token: &str,
    ) -> Result<Option<Living>, Error> {
        let now = services.now();
        let found: Option<Living> = services
            .db
            .fetch_optional(
                self.statement(
                    "-- resume_session
                     SELECT id, {person} AS person, proved_at, seen_at FROM {sessions}
                     WHERE  token_hash = $1 AND seen_at > $2 AND created_at > $3",
                ),
                args![digest(token), now - self.idle, now - self.absolute],
            )
            .await?;
        let Some(session) = found else {
            return Ok(None);
        };
        if now.since(Timestamp::from_millis(session.seen_at)) >= KEEP_ALIVE {
            services
                .db
                .execute(
                    self.statement("UPDATE {sessions} SET seen_at = $1 WHERE id = $2"),
                    args![now, session.id.as_str()],
                )
                .await?;
        }
        Ok(Some(session))
    }

    /// Gives a session that was proved again another token; `None` when it has ended meanwhile.
    pub(crate) async fn rotate(
        &self,
        tx: &mut Tx,
        services: &Services,
        session: &SessionId,
    ) -> Result<Option<SessionToken>, Error> {
        let token = SessionToken::mint(services.random.as_ref());
        let rows = tx
            .execute(
                self.statement(
                    "-- rotate_session
                     UPDATE {sessions} SET token_hash = $1, proved_at = $2, seen_at = $2 WHERE id = $3",
                ),
                args![digest(token.expose()), services.now(), session],
            )
            .await?;
        Ok((rows == 1).then_some(token))
    }

    /// Ends a session.
    pub(crate) async fn end(&self, tx: &mut Tx, session: &SessionId) -> Result<(), Error> {
        tx.execute(
            self.statement("DELETE FROM {sessions} WHERE id = $1"),
            args![session],
        )
        .await?;
        Ok(())
    }
}
