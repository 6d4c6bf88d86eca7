//! `pg_repack`: writes a large table anew while everybody works on, and takes its lock only for the moment of the exchange.

use std::{ffi::OsStr, path::PathBuf, process::Stdio};

use sqlx::PgPool;
use tokio::process::Command;

use super::{OpenError, Rewritten, libpq, postgres};

/// The program, and how it reaches the database. The password is in its environment, never among its arguments.
#[derive(Clone, Debug)]
pub(super) struct Repack {
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
}

/// How long it may wait for the lock of the exchange; it asks in short moments, and gives up rather than end anybody's work.
const PATIENCE_SECONDS: &str = "60";

impl Repack {
    /// The program at this path, for the database of this pool.
    pub(super) async fn new(pool: &PgPool, program: PathBuf) -> Result<Self, OpenError> {
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
            environment: libpq::environment(&pool.connect_options()),
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
