//! On Postgres: a database beside the other, and names that are exchanged. The server itself refuses while anybody is
//! connected.

use std::{
    io::{self, Read},
    str::FromStr as _,
};

use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, postgres::PgConnectOptions};

use super::{Purpose, StagingError};
use crate::db::{
    OpenError, libpq,
    maintenance::{close, drop_database, identifier, is_there, run},
    postgres::classify,
};

/// Databases that every server has. One is connected to while others are made and renamed.
const MAINTENANCE: [&str; 2] = ["postgres", "template1"];
/// Postgres cuts names at 63 bytes; ours need 15 of them.
const LONGEST_NAME: usize = 48;
/// Error code: somebody is connected to it.
const OBJECT_IN_USE: &str = "55006";

/// A copy in a database beside the other.
pub(crate) struct ServerStaging {
    staged: PgConnectOptions,
    names: Names,
    version: i64,
}

struct Names {
    database: String,
    staged: String,
    replaced: String,
}

impl Names {
    fn of(options: &PgConnectOptions, purpose: Purpose) -> Result<Self, StagingError> {
        let database = options
            .get_database()
            .unwrap_or_else(|| options.get_username());
        if database.len() > LONGEST_NAME {
            return Err(StagingError::NameTooLong);
        }
        Ok(Self {
            staged: format!("{database}_{}", purpose.name()),
            replaced: format!("{database}_before_restore"),
            database: database.to_owned(),
        })
    }
}

impl ServerStaging {
    pub(super) async fn beside(
        url: &str,
        purpose: Purpose,
        [encoding, collation, classes]: &[String; 3],
    ) -> Result<Self, StagingError> {
        let options = parse(url)?;
        let names = Names::of(&options, purpose)?;
        let mut server = connect(&options).await?;
        let (version,): (i64,) =
            sqlx::query_as("SELECT current_setting('server_version_num')::bigint / 10000")
                .fetch_one(&mut server)
                .await
                .map_err(|error| classify(&error))?;
        drop_database(&mut server, &names.staged).await?;
        run(
            &mut server,
            format!(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
                identifier(&names.staged),
                literal(encoding),
                literal(collation),
                literal(classes)
            ),
        )
        .await?;
        close(server).await?;
        let staged = options.database(&names.staged);
        empty(&staged).await?;
        Ok(Self {
            staged,
            names,
            version,
        })
    }

    pub(super) fn receive(&self, content: &mut dyn Read) -> io::Result<()> {
        fail::fail_point!("restore::receive", |_| Err(
            io::ErrorKind::StorageFull.into()
        ));
        let started = libpq::restore(self.version, &self.staged);
        let mut program = started.map_err(io::Error::other)??;
        libpq::write(&mut program, content)
    }

    pub(super) fn url(&self) -> String {
        self.staged.to_url_lossy().to_string()
    }

    pub(super) async fn place(self) -> Result<(), StagingError> {
        let mut server = connect(&self.staged).await?;
        let Names {
            database,
            staged,
            replaced,
        } = &self.names;
        // Between the two renames a try may have broken off.
        if is_there(&mut server, database).await? {
            drop_database(&mut server, replaced).await?; // of a restore that was completed
            rename(&mut server, database, replaced).await?;
        }
        fail::fail_point!("restore::kept_beside");
        rename(&mut server, staged, database).await?;
        Ok(close(server).await?)
    }

    pub(super) async fn discard(self) -> Result<(), StagingError> {
        let mut server = connect(&self.staged).await?;
        drop_database(&mut server, &self.names.staged).await?;
        Ok(close(server).await?)
    }
}

pub(super) async fn exists(url: &str) -> Result<bool, StagingError> {
    let options = parse(url)?;
    let names = Names::of(&options, Purpose::Restore)?;
    let mut server = connect(&options).await?;
    let there = is_there(&mut server, &names.database).await?;
    close(server).await?;
    Ok(there)
}

pub(super) async fn forget_replaced(url: &str) -> Result<(), StagingError> {
    let options = parse(url)?;
    let names = Names::of(&options, Purpose::Restore)?;
    let mut server = connect(&options).await?;
    drop_database(&mut server, &names.replaced).await?;
    Ok(close(server).await?)
}

fn parse(url: &str) -> Result<PgConnectOptions, StagingError> {
    Ok(PgConnectOptions::from_str(url).map_err(|_| OpenError::Address)?)
}

/// A connection to the server, not to the database that is to be renamed.
async fn connect(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    let mut refusal = OpenError::Address;
    for name in MAINTENANCE {
        match options.clone().database(name).connect().await {
            Ok(connection) => return Ok(connection),
            Err(error) => refusal = classify(&error),
        }
    }
    Err(refusal)
}

/// A dump of a schema brings the schema along.
async fn empty(options: &PgConnectOptions) -> Result<(), OpenError> {
    let mut connection = options.connect().await.map_err(|error| classify(&error))?;
    let drop = || "DROP SCHEMA IF EXISTS public".to_owned();
    if run(&mut connection, drop()).await.is_err() {
        // A role that inherits nothing owns it by way of this one only.
        run(&mut connection, "SET ROLE pg_database_owner".to_owned()).await?;
        run(&mut connection, drop()).await?;
    }
    close(connection).await
}

/// The server waits for some seconds for connections that are just ending.
async fn rename(server: &mut PgConnection, from: &str, to: &str) -> Result<(), StagingError> {
    let statement = format!(
        "ALTER DATABASE {} RENAME TO {}",
        identifier(from),
        identifier(to)
    );
    match sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(server)
        .await
    {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(OBJECT_IN_USE) => {
            Err(StagingError::InUse)
        }
        Err(error) => Err(classify(&error).into()),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
