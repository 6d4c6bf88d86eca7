//! A copy of the database that is put together beside it and, once it is whole, takes its place.
//!
//! Nobody is ever without a database: the one that is replaced is kept beside until [`forget_replaced`]. None is replaced
//! while anybody is connected to it.

mod file;
mod server;

use std::io::{self, Read};

use self::{file::FileStaging, server::ServerStaging};
use super::{OpenError, ProgramError};

/// What a copy is put together for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It shall take the database's place.
    Restore,
    /// It is looked at and thrown away.
    Drill,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Restore => "restoring",
            Self::Drill => "drill",
        }
    }
}

/// Why a copy cannot be put together, or cannot take the database's place. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// Somebody works with the database.
    #[error(
        "the database is in use: stop `qliento serve`, every `qliento worker` and whatever else is connected, and say it again; nothing was changed"
    )]
    InUse,
    /// It is another kind of database than the copy's.
    #[error("the backup is of {0}, and QLIENTO_DATABASE_URL names another kind of database")]
    OtherBackend(&'static str),
    /// A database's name leaves no room for what stands behind the copy's.
    #[error("the database's name is too long to put a copy beside it: 48 characters at most")]
    NameTooLong,
    /// The database, the server, or a right there.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A program of Postgres's.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The disk.
    #[error("the copy cannot be written beside the database ({}): look after the disk; nothing was changed", .0.kind())]
    Io(#[from] io::Error),
}

/// A copy beside the database.
pub(crate) enum Staging {
    File(FileStaging),
    Server(Box<ServerStaging>),
}

impl Staging {
    /// An empty copy beside the database of this address. What an earlier one left is removed.
    ///
    /// # Errors
    /// When there is no room or no right.
    pub(crate) async fn beside(
        url: &str,
        purpose: Purpose,
        locale: Option<&[String; 3]>,
    ) -> Result<Self, StagingError> {
        match (url.starts_with("sqlite:"), locale) {
            (true, None) => Ok(Self::File(FileStaging::beside(url, purpose)?)),
            (false, Some(locale)) => {
                let staging = ServerStaging::beside(url, purpose, locale).await?;
                Ok(Self::Server(Box::new(staging)))
            }
            (true, Some(_)) => Err(StagingError::OtherBackend("Postgres")),
            (false, None) => Err(StagingError::OtherBackend("SQLite")),
        }
    }

    /// Takes a part of a snapshot. Blocks.
    pub(crate) fn receive(&self, name: &str, content: &mut dyn Read) -> io::Result<()> {
        match self {
            Self::File(staging) => staging.receive(name, content),
            Self::Server(staging) => staging.receive(content),
        }
    }

    /// The copy's address.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(staging) => staging.url(),
            Self::Server(staging) => staging.url(),
        }
    }

    /// Puts the copy, to which nobody is connected any more, in the place of the database, and that one beside.
    ///
    /// # Errors
    /// [`StagingError::InUse`] when somebody is connected to the database; then everything is as it was.
    pub(crate) async fn place(self) -> Result<(), StagingError> {
        match self {
            Self::File(staging) => staging.place().await,
            Self::Server(staging) => staging.place().await,
        }
    }

    /// Throws the copy away.
    ///
    /// # Errors
    /// When it cannot be removed; the next one removes it.
    pub(crate) async fn discard(self) -> Result<(), StagingError> {
        match self {
            Self::File(staging) => Ok(staging.discard()?),
            Self::Server(staging) => staging.discard().await,
        }
    }
}

/// Whether there is a database at this address.
///
/// # Errors
/// When a server does not say.
pub(crate) async fn exists(url: &str) -> Result<bool, StagingError> {
    if url.starts_with("sqlite:") {
        file::exists(url)
    } else {
        server::exists(url).await
    }
}

/// Removes what a copy has replaced: nothing else would ever delete what is in it.
///
/// # Errors
/// When it cannot be removed.
pub(crate) async fn forget_replaced(url: &str) -> Result<(), StagingError> {
    if url.starts_with("sqlite:") {
        file::forget_replaced(url)
    } else {
        server::forget_replaced(url).await
    }
}
