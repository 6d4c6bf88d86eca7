//! Whole databases of a Postgres server, by a connection to another one: what a restore and scratch databases both need.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{OpenError, postgres::classify};

/// Runs a statement that takes no arguments.
pub(super) async fn run(connection: &mut PgConnection, statement: String) -> Result<(), OpenError> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map_err(|error| classify(&error))?;
    Ok(())
}

/// Says goodbye, so that the server does not count it as connected any more.
pub(super) async fn close(connection: PgConnection) -> Result<(), OpenError> {
    connection.close().await.map_err(|error| classify(&error))
}

/// Whether the server has a database of this name.
pub(super) async fn is_there(server: &mut PgConnection, name: &str) -> Result<bool, OpenError> {
    let (there,): (bool,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(name)
            .fetch_one(server)
            .await
            .map_err(|error| classify(&error))?;
    Ok(there)
}

/// Drops a database, whoever is still connected; one that is not there is no fault.
pub(super) async fn drop_database(server: &mut PgConnection, name: &str) -> Result<(), OpenError> {
    let name = identifier(name);
    run(
        server,
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await
}

/// A name as a statement holds it.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
