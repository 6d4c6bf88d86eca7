//! Postgres's own programs: where they are, how they reach the database, how they are talked to.

use std::{
    io::{self, Read as _, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use sqlx::{
    ConnectOptions as _, PgPool,
    postgres::{PgConnectOptions, PgSslMode},
};

/// How long `pg_dump` waits for a table that is being rewritten, in milliseconds: longer than any rewrite under a lock.
const LOCK_PATIENCE: &str = "600000";

/// A program is not there, or too old for the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{program} {version} or newer is not on this machine: install Postgres's client programs (Debian: postgresql-client-{version})"
)]
pub struct ProgramError {
    program: &'static str,
    version: i64,
}

/// What Postgres's own programs read: <https://www.postgresql.org/docs/15/libpq-envars.html>. The password is in their
/// environment, never among their arguments.
pub(super) fn environment(options: &PgConnectOptions) -> Vec<(&'static str, String)> {
    let host = options.get_socket().map_or_else(
        || options.get_host().to_owned(),
        |socket| socket.display().to_string(),
    );
    let mut environment = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", options.get_username().to_owned()),
        ("PGAPPNAME", "qliento".to_owned()),
        ("PGSSLMODE", ssl_mode(options.get_ssl_mode()).to_owned()),
    ];
    if let Some(database) = options.get_database() {
        environment.push(("PGDATABASE", database.to_owned()));
    }
    let address = options.to_url_lossy();
    if let Some(password) = address.password() {
        environment.push(("PGPASSWORD", password.to_owned()));
    }
    environment
}

const fn ssl_mode(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

/// The schema of the archive's tables.
const ARCHIVE: &str = "qliento_archive";

/// Starts writing out everything of our schemas, in one transaction, as a role that may read all of it. Compressing is for
/// whoever reads.
pub(super) async fn dump(pool: &PgPool) -> Result<Child, super::SnapshotError> {
    let role = reader(pool).await?;
    let (version, schema): (i64, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::bigint / 10000, quote_ident(current_schema())",
    )
    .fetch_one(pool)
    .await?;
    let program = find("pg_dump", version)?;
    let child = Command::new(program)
        .args([
            "--format=custom",
            "--compress=0",
            "--no-owner",
            "--no-privileges",
        ])
        .args(["--lock-wait-timeout", LOCK_PATIENCE])
        .args(["--schema", &schema, "--schema", ARCHIVE])
        .args(["--role", &role])
        .envs(environment(&pool.connect_options()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(sqlx::Error::Io)?;
    Ok(child)
}

/// The role that may read every table of ours, the archive's as well: our own where nothing is kept apart, else one that ours may
/// take. `pg_dump` takes one role, and the archive's own reads nothing else.
async fn reader(pool: &PgPool) -> Result<String, super::SnapshotError> {
    let row: Option<(String,)> = sqlx::query_as(
        "-- role_that_reads_everything
         SELECT r.rolname::text FROM pg_roles AS r
         WHERE  pg_has_role(session_user, r.oid, 'MEMBER')
           AND  NOT EXISTS (SELECT 1 FROM pg_namespace AS n
                            WHERE  n.nspname IN (current_schema(), $1) AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE'))
           AND  NOT EXISTS (SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                            WHERE  n.nspname IN (current_schema(), $1) AND c.relkind IN ('r', 'p', 'S')
                              AND  NOT has_table_privilege(r.oid, c.oid, 'SELECT'))
         ORDER  BY CASE WHEN r.rolname = session_user THEN 0 ELSE 1 END, r.rolname LIMIT 1",
    )
    .bind(ARCHIVE)
    .fetch_optional(pool)
    .await?;
    row.map(|(role,)| role)
        .ok_or(super::SnapshotError::ArchiveApart)
}

/// Hands over what a program writes, and then asks whether it was content. Blocks.
pub(super) fn read(
    program: &mut Child,
    each: &mut dyn FnMut(&mut dyn io::Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut output = program.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    each(&mut output)?;
    ended_well(program)
}

/// Starts reading a dump into a database that is empty. What is written to the answer's standard input is read.
pub(super) fn restore(
    version: i64,
    options: &PgConnectOptions,
) -> Result<io::Result<Child>, ProgramError> {
    let program = find("pg_restore", version)?;
    let child = Command::new(program)
        .args([
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
        ])
        .args(["--dbname", options.get_database().unwrap_or_default()])
        .envs(environment(options))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    Ok(child)
}

/// Writes all of this to a program, and then asks whether it was content. Blocks.
pub(super) fn write(program: &mut Child, content: &mut dyn io::Read) -> io::Result<()> {
    let mut input = program.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let copied = io::copy(content, &mut input).and_then(|_| input.flush());
    drop(input);
    // A program that ended too early closed its ear; its own words say why.
    match copied {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            ended_well(program).and(Err(error))
        }
        Err(error) => Err(error),
        Ok(()) => ended_well(program),
    }
}

fn ended_well(program: &mut Child) -> io::Result<()> {
    let mut words = String::new();
    if let Some(said) = &mut program.stderr {
        said.read_to_string(&mut words)?;
    }
    let status = program.wait()?;
    if status.success() {
        return Ok(());
    }
    tracing::error!(%status, words = words.trim(), "a program of Postgres's did not finish");
    Err(io::Error::other(
        "a program of Postgres's did not finish: the log has its words",
    ))
}

/// The oldest program that is new enough for the server: beside `pg_config`, in Debian's folders, or on the path.
fn find(program: &'static str, version: i64) -> Result<PathBuf, ProgramError> {
    let mut found: Vec<_> = candidates(program)
        .into_iter()
        .filter_map(|path| Some((version_of(&path)?, path)))
        .filter(|(theirs, _)| *theirs >= version)
        .collect();
    found.sort();
    let missing = ProgramError { program, version };
    found
        .into_iter()
        .next()
        .map(|(_, path)| path)
        .ok_or(missing)
}

fn candidates(program: &str) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        let folder = String::from_utf8_lossy(&output.stdout);
        folders.push(PathBuf::from(folder.trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let mut paths: Vec<_> = folders.iter().map(|folder| folder.join(program)).collect();
    paths.push(PathBuf::from(program));
    paths
}

/// `pg_dump (PostgreSQL) 15.14 (Debian …)`: 15.
fn version_of(program: &Path) -> Option<i64> {
    let output = Command::new(program).arg("--version").output().ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

fn major(words: &str) -> Option<i64> {
    let (_, version) = words.split_once("(PostgreSQL) ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    #[test]
    fn an_address_becomes_what_postgres_programs_read() {
        let options = PgConnectOptions::from_str(
            "postgres://ada:secret@db.internal:5433/qliento?sslmode=require",
        );
        let read = environment(&options.unwrap());

        for pair in [
            ("PGHOST", "db.internal"),
            ("PGPORT", "5433"),
            ("PGUSER", "ada"),
            ("PGPASSWORD", "secret"),
            ("PGDATABASE", "qliento"),
            ("PGSSLMODE", "require"),
        ] {
            assert!(read.contains(&(pair.0, pair.1.to_owned())), "{pair:?}");
        }
    }

    #[test]
    fn a_program_tells_its_version() {
        assert_eq!(
            major("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major("pg_dump (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn a_program_that_is_nowhere_is_asked_for_by_name() {
        let error = find("pg_nothing", 15).unwrap_err().to_string();

        assert!(
            error.starts_with("pg_nothing 15 or newer") && error.contains("postgresql-client-15")
        );
    }
}
