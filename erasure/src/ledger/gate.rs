//! Whether a database may be opened: asked before a process works with one, and again now and then.

use super::{
    Fact, LedgerError,
    bookmark::{self, Bookmark},
    compare::{self, CompareError, Difference},
};
use crate::{account, db::Error, hold, receipt, services::Services};

/// Why the database must stay closed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// A copy was put in place and has not caught up.
    #[error(
        "a backup was put in the place of this database and is closed until everybody who was erased since is erased again: go on with `qliento backup restore --latest --yes`"
    )]
    Restoring,
    /// Another copy took its place.
    #[error(
        "this database was replaced by a restore (it knows of {known} of {begun}): start with the one that took its place"
    )]
    Replaced {
        /// Restores that this database knows of.
        known: i64,
        /// Restores that have begun.
        begun: i64,
    },
    /// It is an older copy.
    #[error(
        "this database is older than the ledger: {erasures} erasure(s) that people were promised and {holds} legal hold(s) are missing in it. If it was put back on purpose, do them again with `qliento backup replay --yes`"
    )]
    Behind {
        /// Erasures that it never heard of.
        erasures: usize,
        /// Legal holds that it never heard of.
        holds: usize,
    },
    /// The ledger is gone.
    #[error(
        "the ledger of this database is missing: put the file back that QLIENTO_LEDGER_FILE names. If it is lost for good, `qliento ledger begin --yes` begins another; backups made until then can no longer be restored"
    )]
    LedgerMissing,
    /// The ledger belongs to another database.
    #[error("QLIENTO_LEDGER_FILE names the ledger of another deployment")]
    ForeignLedger,
    /// The ledger lost lines.
    #[error(
        "the ledger is older than the database, or begins too late for it: put the newest copy of the file back that QLIENTO_LEDGER_FILE names"
    )]
    LedgerShortened,
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The database fails.
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<CompareError> for Closed {
    fn from(error: CompareError) -> Self {
        match error {
            CompareError::Ledger(error) => Self::Ledger(error),
            CompareError::LineMissing => Self::LedgerShortened,
            CompareError::Database(error) => Self::Database(error),
        }
    }
}

/// Holds the database against the ledger, finishes what a crash left between the two, and moves the bookmark on.
///
/// # Errors
/// See [`Closed`]; then nobody may work with the database.
pub async fn follow(services: &Services) -> Result<(), Closed> {
    let mark = bookmark::find(&services.db).await?;
    if services.ledger.tip().await?.ledger.is_none() && mark.is_some() {
        return Err(Closed::LedgerMissing);
    }
    let tip = services.ledger.begin(services.now()).await?;
    let line = match &mark {
        Some(mark) => followed_up_to(mark, &tip)?,
        None => services.ledger.first_line().await?,
    };
    let difference = compare::difference(services, line).await?;
    if difference.is_behind() {
        return Err(Closed::Behind {
            erasures: difference.erased.len() + difference.confirmed.len(),
            holds: difference.holds_unknown,
        });
    }
    if mark.is_some() && line == tip.last() {
        return Ok(());
    }
    make_up(services, &difference).await?;
    let mut tx = services.db.begin().await?;
    bookmark::put(&mut tx, &tip).await?;
    Ok(tx.commit().await?)
}

/// Begins a ledger for a database whose own is lost for good. One that is not missing is followed instead.
///
/// # Errors
/// See [`Closed`]; then nothing began.
pub async fn begin_another(services: &Services) -> Result<(), Closed> {
    let mark = bookmark::find(&services.db).await?;
    if services.ledger.tip().await?.ledger.is_some() {
        return follow(services).await;
    }
    if mark.is_some_and(|mark| mark.is_copy()) {
        return Err(Closed::Restoring);
    }
    services.ledger.begin(services.now()).await?;
    for published in receipt::key_set(&services.db).await?.keys {
        let fact = Fact::ReceiptKey { key: published.key };
        services.ledger.note(&fact, services.now()).await?;
    }
    let tip = services.ledger.tip().await?;
    let mut tx = services.db.begin().await?;
    bookmark::put(&mut tx, &tip).await?;
    Ok(tx.commit().await?)
}

fn followed_up_to(mark: &Bookmark, tip: &super::Tip) -> Result<super::Noted, Closed> {
    if tip.ledger.as_ref() != Some(&mark.ledger) {
        return Err(Closed::ForeignLedger);
    }
    if mark.is_copy() {
        return Err(Closed::Restoring);
    }
    if mark.generation < tip.generation || mark.restore.is_some() {
        return Err(Closed::Replaced {
            known: mark.generation,
            begun: tip.generation,
        });
    }
    if mark.generation > tip.generation || mark.line.sequence > tip.sequence {
        return Err(Closed::LedgerShortened);
    }
    Ok(mark.line)
}

/// What needs no erasure: cancellations, holds that have ended, keys that are gone, keys that signed.
pub(crate) async fn make_up(services: &Services, difference: &Difference) -> Result<(), Error> {
    for erasure in &difference.cancelled {
        account::cancel_again(services, erasure).await?;
    }
    hold::end_again(services, &difference.holds_ended).await?;
    let now = services.now();
    let mut tx = services.db.begin().await?;
    for scope in &difference.destroyed {
        services.vault.destroy_named(&mut tx, scope).await?;
    }
    for (key, known_since) in &difference.receipt_keys {
        receipt::learn_key(&mut tx, *key, *known_since, now).await?;
    }
    tx.commit().await
}
