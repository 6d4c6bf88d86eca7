//! Databases for a moment on a Postgres server: for tests and benchmarks, which must not touch anybody's data.

use std::str::FromStr as _;

use sqlx::{ConnectOptions as _, PgConnection, postgres::PgConnectOptions};

use super::{
    Db, OpenError,
    maintenance::{close, drop_database, identifier, is_there, run},
    postgres::classify,
};

/// The lock under which a template is made by the first who needs it.
const TEMPLATE: i64 = 0x0073_6372_6174_6368;

/// Makes an empty database beside the one of this address, or a copy of another that nobody is connected to. The answer is
/// its address.
///
/// # Errors
/// When the server refuses.
pub async fn create(server: &str, name: &str, copy_of: Option<&str>) -> Result<String, OpenError> {
    let mut connection = connect(server).await?;
    let (new, template) = (identifier(name), identifier(copy_of.unwrap_or("template0")));
    run(
        &mut connection,
        format!("CREATE DATABASE {new} TEMPLATE {template} STRATEGY = FILE_COPY"),
    )
    .await?;
    close(connection).await?;
    address(server, name)
}

/// Makes a database with this program's schema. The first call makes a template; the others copy its files.
///
/// # Errors
/// When the server refuses, or a migration fails.
pub async fn migrated(server: &str, name: &str) -> Result<String, OpenError> {
    const NAME: &str = "qliento_template";
    let mut connection = connect(server).await?;
    run(
        &mut connection,
        format!("SELECT pg_advisory_lock({TEMPLATE})"),
    )
    .await?;
    if !is_there(&mut connection, NAME).await? {
        let db = Db::open(&create(server, NAME, None).await?).await?;
        db.migrate().await?;
        db.close().await;
    }
    let url = create(server, name, Some(NAME)).await?;
    close(connection).await?; // lets the lock go: a template cannot be copied twice at once
    Ok(url)
}

/// Gives a database its half of `pg_repack`.
///
/// # Errors
/// When the server does not have it, or the user is no superuser.
pub async fn install_repack(url: &str) -> Result<(), OpenError> {
    let mut connection = connect(url).await?;
    run(&mut connection, "CREATE EXTENSION pg_repack".to_owned()).await?;
    close(connection).await
}

/// Counts what is in a database that was filled a moment ago, as the server itself does within a minute or so.
///
/// # Errors
/// When the server refuses.
pub async fn take_stock(url: &str) -> Result<(), OpenError> {
    let mut connection = connect(url).await?;
    run(&mut connection, "VACUUM (ANALYZE)".to_owned()).await?;
    close(connection).await
}

/// Drops a database, whoever is still connected.
///
/// # Errors
/// When the server refuses.
pub async fn drop(server: &str, name: &str) -> Result<(), OpenError> {
    let mut connection = connect(server).await?;
    drop_database(&mut connection, name).await?;
    close(connection).await
}

/// The address of another database on the same server.
fn address(server: &str, name: &str) -> Result<String, OpenError> {
    let options = PgConnectOptions::from_str(server).map_err(|_| OpenError::Address)?;
    Ok(options.database(name).to_url_lossy().to_string())
}

async fn connect(server: &str) -> Result<PgConnection, OpenError> {
    PgConnectOptions::from_str(server)
        .map_err(|_| OpenError::Address)?
        .connect()
        .await
        .map_err(|error| classify(&error))
}
