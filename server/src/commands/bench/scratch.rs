//! The seeded database, and copies of it to be erased.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, bail, ensure};
use erasure::{
    db::{Value, scratch},
    seed::{self, SeedOptions},
    services::Services,
};
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    bystander,
    measure::{ADDRESS, MARK, Measured, REPACK, VICTIM, Way, address_of, open},
};
use crate::commands::key;

/// A living tenant, the same whatever the victim's size.
const BYSTANDER_MESSAGES: u64 = 5_000;

/// Where to measure.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Place {
    /// Beside which database to measure: of a file only its folder is used, on a server databases of its own are made.
    /// Without it, on SQLite among the temporary files of the system.
    #[arg(long)]
    database_url: Option<String>,
    /// The `pg_repack` of that server, for tables too large to be written anew under a lock; the user has to be a superuser.
    #[arg(long, requires = "database_url")]
    pg_repack: Option<PathBuf>,
}

/// A folder, and databases on a server, that are gone afterwards.
pub(super) struct Scratch {
    folder: TempDir,
    server: Option<Server>,
}

/// A server on which databases are made.
struct Server {
    address: String,
    /// Of the seeded database.
    name: String,
    repack: Option<PathBuf>,
}

impl Scratch {
    /// A folder beside the named database, or among the system's temporary ones; on a server, databases of its own beside
    /// the named one, which is left alone.
    pub(super) fn beside(place: Place) -> anyhow::Result<Self> {
        let (parent, on_server) = match place.database_url {
            Some(url) if url.starts_with("sqlite:") => (folder_of(&url)?, None),
            on_server => (std::env::temp_dir(), on_server),
        };
        let folder = tempfile::Builder::new()
            .prefix("qliento-bench-")
            .tempdir_in(&parent)
            .with_context(|| format!("{} cannot be written", parent.display()))?;
        let server = on_server.map(|address| Server {
            address,
            name: format!("qliento_bench_{}", std::process::id()),
            repack: place.pg_repack,
        });
        Ok(Self { folder, server })
    }

    /// The folder of what was seeded.
    pub(super) fn seeded(&self) -> PathBuf {
        self.folder.path().join("seeded")
    }

    /// A deployment in which nobody lives yet.
    async fn begin(&self) -> anyhow::Result<Services> {
        key::write_new(&self.seeded().join("master.key"))?;
        if let Some(server) = &self.server {
            let address = scratch::create(&server.address, &server.name, None).await?;
            if let Some(program) = &server.repack {
                scratch::install_repack(&address).await?;
                fs::write(
                    self.seeded().join(REPACK),
                    program.as_os_str().as_encoded_bytes(),
                )?;
            }
            fs::write(self.seeded().join(ADDRESS), address)?;
        }
        fs::write(self.seeded().join(MARK), "")?;
        open(&self.seeded()).await
    }

    /// Makes as many organizations as there are to be, each with so many messages.
    pub(super) async fn seed_many(&self, organizations: u32, messages: u64) -> anyhow::Result<()> {
        let services = self.begin().await?;
        let options = SeedOptions {
            organizations,
            messages,
            seed: 1,
            marker: None,
        };
        seed::run(&services, &options, &mut |_| {}).await?;
        self.end(services).await
    }

    /// Makes the bystander and the victim.
    pub(super) async fn seed(&self, messages: u64) -> anyhow::Result<()> {
        let services = self.begin().await?;
        let organization = |messages, seed| SeedOptions {
            organizations: 1,
            messages,
            seed,
            marker: None,
        };
        seed::run(&services, &organization(BYSTANDER_MESSAGES, 2), &mut |_| {}).await?;
        services
            .db
            .execute(
                "UPDATE organizations SET slug = $1",
                vec![Value::from(bystander::SLUG)],
            )
            .await?;
        services
            .db
            .execute("UPDATE users SET email = 'bystander-' || email", vec![])
            .await?;
        let seeded = seed::run(&services, &organization(messages, 1), &mut |_| {}).await?;
        ensure!(seeded.organizations == 1, "{VICTIM} was not seeded");
        self.end(services).await
    }

    /// Everything is where it stays: what follows is measured on a database that has come to rest.
    async fn end(&self, services: Services) -> anyhow::Result<()> {
        ensure!(
            services.db.truncate_log().await?,
            "the log could not be truncated"
        );
        services.db.close().await;
        if self.server.is_some() {
            scratch::take_stock(&address_of(&self.seeded())).await?;
        }
        Ok(())
    }

    /// A copy of everything that was seeded, written to the disk before anybody measures.
    pub(super) async fn copy(&self) -> anyhow::Result<TempDir> {
        let copy = tempfile::tempdir_in(self.folder.path())?;
        copy_folder(&self.seeded(), copy.path()).context("the database cannot be copied")?;
        if let Some(Server { address, name, .. }) = &self.server {
            let to = format!("{name}_copy");
            scratch::drop(address, &to).await?;
            let address = scratch::create(address, &to, Some(name)).await?;
            fs::write(copy.path().join(ADDRESS), address)?;
        }
        Ok(copy)
    }

    /// Leaves nothing on the server; the folder goes by itself.
    pub(super) async fn remove(self) -> anyhow::Result<()> {
        if let Some(Server { address, name, .. }) = &self.server {
            scratch::drop(address, &format!("{name}_copy")).await?;
            scratch::drop(address, name).await?;
        }
        Ok(())
    }

    /// Measures one way in a process of its own.
    pub(super) async fn measure(&self, way: Way, peers: Option<&Path>) -> anyhow::Result<Measured> {
        let copy = self.copy().await?;
        let mut command = vec![OsStr::new("measure"), OsStr::new(way.argument())];
        if let Some(peers) = peers {
            command.extend([OsStr::new("--peers"), peers.as_os_str()]);
        }
        in_a_process_of_its_own(&command, copy.path()).await
    }
}

/// Runs one of the benchmark's own commands on a copy; its answer is the JSON that it prints.
pub(super) async fn in_a_process_of_its_own<T: DeserializeOwned>(
    command: &[impl AsRef<OsStr>],
    copy: &Path,
) -> anyhow::Result<T> {
    answer_of(this_program()?.arg("bench").args(command).arg(copy)).await
}

/// This program, once more.
pub(super) fn this_program() -> anyhow::Result<Command> {
    let program = std::env::current_exe().context("this program's own file is not known")?;
    Ok(Command::new(program))
}

/// Runs a program to its end; its answer is the JSON that it prints.
pub(super) async fn answer_of<T: DeserializeOwned>(program: &mut Command) -> anyhow::Result<T> {
    let output = program
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output()
        .await
        .context("it cannot be started")?;
    ensure!(output.status.success(), "it ended with {}", output.status);
    serde_json::from_slice(&output.stdout).context("its answer is not understood")
}

fn folder_of(url: &str) -> anyhow::Result<PathBuf> {
    let path = url
        .strip_prefix("sqlite:")
        .context("write for example sqlite:/data/any.db or postgres://localhost/any")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    match Path::new(path).parent() {
        Some(folder) if folder.as_os_str().is_empty() => Ok(PathBuf::from(".")),
        Some(folder) => Ok(folder.to_owned()),
        None => bail!("the database address names no file"),
    }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            fs::File::open(&target)?.sync_all()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folder_of_the_named_database_is_used() {
        assert_eq!(
            folder_of("sqlite:/data/any.db").unwrap(),
            Path::new("/data")
        );
        assert_eq!(
            folder_of("sqlite:///data/any.db").unwrap(),
            Path::new("/data")
        );
        assert_eq!(folder_of("sqlite:any.db").unwrap(), Path::new("."));
    }
}
