//! `pg_repack`: writes a large table anew while everybody works on, and takes its lock only for the moment of the exchange.

use std::{ffi::OsStr, path::PathBuf, process::Stdio, str::FromStr as _};

use sqlx::{ConnectOptions as _, PgPool, postgres::PgConnectOptions};
use tokio::process::Command;

use super::{OpenError, Rewritten, postgres};

/// The program, and how it reaches the database. The password is in its environment, never among its arguments.
#[derive(Clone, Debug)]
pub(super) struct Repack {
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
}

/// How long it may wait for the lock of the exchange; it asks in short moments, and gives up rather than end anybody's work.
const PATIENCE_SECONDS: &str = "60";

impl Repack {
    /// The program at this path, for the database of this address.
    pub(super) async fn new(pool: &PgPool, program: PathBuf, url: &str) -> Result<Self, OpenError> {
        let (installed,): (bool,) = sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_repack')",
        )
        .fetch_one(pool)
        .await
        .map_err(|error| postgres::classify(&error))?;
        if !installed {
            return Err(OpenError::NoRepack);
        }
        Ok(Self {
            program,
            environment: environment(url)?,
        })
    }

    /// Writes one relation anew.
    pub(super) async fn run(&self, relation: &str) -> Rewritten {
        let output = Command::new(&self.program)
            .args([
                "--no-order",
                "--no-superuser-check",
                "--no-kill-backend",
                "--no-analyze",
            ])
            .args(["--wait-timeout", PATIENCE_SECONDS, "--table", relation])
            .envs(
                self.environment
                    .iter()
                    .map(|(name, value)| (name, OsStr::new(value))),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .output()
            .await;
        match output {
            Ok(output) if output.status.success() => Rewritten::Done,
            Ok(output) => {
                let words = String::from_utf8_lossy(&output.stderr);
                tracing::error!(relation, words = words.trim(), "pg_repack did not finish");
                Rewritten::NotNow
            }
            Err(error) => {
                tracing::error!(relation, %error, "pg_repack could not be started");
                Rewritten::TooLarge
            }
        }
    }
}

/// What Postgres's own programs read: <https://www.postgresql.org/docs/15/libpq-envars.html>.
fn environment(url: &str) -> Result<Vec<(&'static str, String)>, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Address)?;
    let host = options.get_socket().map_or_else(
        || options.get_host().to_owned(),
        |socket| socket.display().to_string(),
    );
    let mut environment = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", options.get_username().to_owned()),
        ("PGAPPNAME", "qliento".to_owned()),
    ];
    if let Some(database) = options.get_database() {
        environment.push(("PGDATABASE", database.to_owned()));
    }
    let address = options.to_url_lossy();
    if let Some(password) = address.password() {
        environment.push(("PGPASSWORD", password.to_owned()));
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::environment;

    #[test]
    fn an_address_becomes_what_postgres_programs_read() {
        let read = environment("postgres://ada:secret@db.internal:5433/qliento").unwrap();

        for pair in [
            ("PGHOST", "db.internal"),
            ("PGPORT", "5433"),
            ("PGUSER", "ada"),
            ("PGPASSWORD", "secret"),
            ("PGDATABASE", "qliento"),
        ] {
            assert!(read.contains(&(pair.0, pair.1.to_owned())), "{pair:?}");
        }
    }
}
