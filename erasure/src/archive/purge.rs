//! The end of a record: each page goes on its day, and when the last of them has come, the key is destroyed.
//!
//! That is a job of its own, because it does not end with the transaction: on Postgres the bytes of the key stay in its file
//! until that is written anew.

use super::{
    openings::{self, Act},
    store,
};
use crate::{
    db::{Error, Rewritten},
    job::{self, Attempt, Kind, Lease, StepError},
    ledger::Fact,
    services::Services,
};

/// Pages of one transaction.
const BATCH: i64 = 200;
/// Records that are put in line at once; the next sweep takes the next ones.
const JOBS: i64 = 100;

/// Takes the pages whose day has come; says how many.
pub(crate) async fn end_pages(services: &Services) -> Result<u64, Error> {
    let mut all = 0;
    loop {
        let mut tx = services.db.begin().await?;
        let pages = store::delete_ended_pages(&mut tx, services.now(), BATCH).await?;
        tx.commit().await?;
        all += pages;
        if pages < BATCH.unsigned_abs() {
            return Ok(all);
        }
    }
}

/// Puts the records that have reached their term in line; says which.
pub(crate) async fn enqueue_ended(services: &Services) -> Result<Vec<String>, Error> {
    let now = services.now();
    let ended = store::ended(&services.db, now, JOBS).await?;
    if ended.is_empty() {
        return Ok(ended);
    }
    let mut tx = services.db.begin().await?;
    for id in &ended {
        job::enqueue_once(&mut tx, services, Kind::Archive, id, now).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// Ends, here and now, every record whose term has come; says how many are gone. Those that another worker holds, or that have
/// to wait, are left to it.
///
/// # Errors
/// When the database fails.
pub async fn purge_now(services: &Services) -> Result<usize, Error> {
    end_pages(services).await?;
    let mut gone = 0;
    for id in enqueue_ended(services).await? {
        gone += usize::from(job::run_now(services, Kind::Archive, &id).await?);
    }
    Ok(gone)
}

/// Does a little of ending one record.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let id = lease.subject.as_str();
    if store::find(&services.db, id).await?.is_some() {
        return destroy(services, lease, id).await;
    }
    match leave_no_byte(services).await? {
        Rewritten::Done => {
            let mut tx = services.db.begin().await?;
            lease.finish(&mut tx, services.now()).await?;
            tx.commit().await?;
            Ok(Attempt::Done)
        }
        Rewritten::NotNow => Ok(Attempt::Later {
            cause: "the storage of a destroyed key is in use and cannot be written anew this moment",
            not_before: None,
        }),
        Rewritten::TooLarge => Ok(Attempt::Parked {
            cause: "the storage of a destroyed key is too large to be rewritten under a lock: name pg_repack in QLIENTO_PG_REPACK",
        }),
    }
}

async fn destroy(services: &Services, lease: &Lease, id: &str) -> Result<Attempt, StepError> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    lease.hold(&mut tx, now).await?;
    if !store::destroy(&mut tx, id, now).await? {
        return Ok(Attempt::Parked {
            cause: "an archive record was to end before its term",
        });
    }
    // A backup that still has the key must not bring the record back.
    let fact = Fact::KeyDestroyed {
        scope: format!("archive/{id}"),
    };
    if let Err(error) = services.ledger.note(&fact, now).await {
        return Ok(error.as_attempt());
    }
    openings::note(&mut tx, services, Act::Ended, id, None).await?;
    tx.commit().await?;
    tracing::info!(
        archive.id = id,
        "an archive record reached its term: its key is destroyed"
    );
    Ok(Attempt::Progressed)
}

/// The key's bytes leave the files: SQLite's log is cut, Postgres's storage is written anew.
async fn leave_no_byte(services: &Services) -> Result<Rewritten, Error> {
    if !services.db.truncate_log().await? {
        return Ok(Rewritten::NotNow);
    }
    let under_lock = Some(services.settings.rewrite_under_lock_bytes);
    for relation in services.db.storage_of(&[("data_keys", None)]).await? {
        let done = services.db.rewrite(&relation, under_lock).await?;
        if done != Rewritten::Done {
            return Ok(done);
        }
    }
    Ok(Rewritten::Done)
}
