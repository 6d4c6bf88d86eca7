//! What can go wrong between us and the database, and what of it somebody acts on.

/// What went wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The statement could not be run, now.
    #[error("the database did not answer as it should")]
    Sqlx(#[from] sqlx::Error),
    /// A row says what no program of ours can have written.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(&'static str),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
}

impl Error {
    /// Whether a fence refused it: the organization, or the contact, is being erased.
    pub(crate) fn is_fenced(&self) -> bool {
        matches!(self, Self::Sqlx(sqlx::Error::Database(error)) if error.message().contains("is frozen"))
    }

    /// Whether Postgres has no way to do that to this table.
    pub(crate) fn is_unsupported(&self) -> bool {
        matches!(self, Self::Sqlx(sqlx::Error::Database(error)) if error.code().as_deref() == Some("0A000"))
    }

    /// Whether two transactions waited for each other and this one had to give way.
    pub(crate) fn is_deadlock(&self) -> bool {
        matches!(self, Self::Sqlx(sqlx::Error::Database(error)) if error.code().as_deref() == Some("40P01"))
    }

    /// Whether a row cannot go because another still refers to it.
    pub(crate) fn is_still_referred_to(&self) -> bool {
        matches!(self, Self::Sqlx(sqlx::Error::Database(error)) if error.is_foreign_key_violation())
    }
}
