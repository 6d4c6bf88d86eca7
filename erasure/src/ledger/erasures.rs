//! What the ledger learns about an erasure, and when.
//!
//! A confirmation is noted by a job that its own transaction queued: an entry therefore means that somebody did confirm. The
//! first step of the erasure asks for that entry, so that nothing is deleted that a restored copy would not know of. A
//! cancellation is noted before its commit, because erasing what was cancelled could not be made good; if the ledger is
//! away, the same job brings it later. The end of an erasure is noted before anybody is told of it.

use sqlx::FromRow;

use super::{Case, Fact, LedgerError, Noted, SubjectRef, holds};
use crate::{
    canonical::Digest,
    db::{Db, Error, Tx, value::args},
    engine::{self, Erasure},
    id::ErasureId,
    job::{self, Attempt, Kind, Lease, StepError},
    services::Services,
};

/// What jobs of this kind are called: `ledger/<erasure>`, and `ledger/hold/<hold>` those about a hold.
const PREFIX: &str = "ledger/";

impl LedgerError {
    /// What a job says that cannot go on without the ledger. A broken one needs a person.
    pub(crate) const fn as_attempt(&self) -> Attempt {
        match self {
            Self::Io { .. } | Self::Vanished(_) => Attempt::Later {
                cause: "the ledger cannot be written",
                not_before: None,
            },
            Self::Broken { .. } => Attempt::Parked {
                cause: "the ledger is broken: `qliento ledger check` says where",
            },
        }
    }
}

/// Queues what the ledger has to learn about an erasure, in the transaction that makes it so.
pub(crate) async fn queue(
    tx: &mut Tx,
    services: &Services,
    erasure: &ErasureId,
) -> Result<(), Error> {
    let subject = format!("{PREFIX}{erasure}");
    job::enqueue_again(tx, services, Kind::Ledger, &subject, services.now()).await
}

/// Tells the ledger how an erasure stands that was confirmed or cancelled, or a hold that was placed or has ended.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let told = match lease.subject.strip_prefix(holds::PREFIX) {
        Some(hold) => holds::tell(services, hold).await?,
        None => tell_of(services, lease.subject.trim_start_matches(PREFIX)).await?,
    };
    if let Err(error) = told {
        tracing::error!(job.subject = %lease.subject, cause = %error, "the ledger does not know of something yet");
        return Ok(error.as_attempt());
    }
    let mut tx = services.db.begin().await?;
    lease.finish(&mut tx, services.now()).await?;
    tx.commit().await?;
    Ok(Attempt::Done)
}

async fn tell_of(
    services: &Services,
    id: &str,
) -> Result<Result<Option<Noted>, LedgerError>, Error> {
    match engine::find_erasure(&services.db, id).await? {
        Some(erasure) => Ok(tell(services, &erasure).await?.map(Some)),
        None => Ok(Ok(None)),
    }
}

async fn tell(services: &Services, erasure: &Erasure) -> Result<Result<Noted, LedgerError>, Error> {
    let fact = if erasure.state == "cancelled" {
        Fact::Cancelled {
            erasure: erasure.id.clone(),
        }
    } else {
        Fact::Confirmed(case(&services.db, erasure).await?)
    };
    // The ledger must never be ahead of a confirmation that a power cut takes back.
    services.db.persist().await?;
    Ok(services.ledger.note(&fact, services.now()).await)
}

/// Notes a cancellation that is about to be committed. If that is not possible now, a job brings it later.
pub(crate) async fn cancelled(
    tx: &mut Tx,
    services: &Services,
    erasure: &ErasureId,
) -> Result<(), Error> {
    let fact = Fact::Cancelled {
        erasure: erasure.clone(),
    };
    if let Err(error) = services.ledger.note(&fact, services.now()).await {
        tracing::error!(erasure.id = %erasure, cause = %error, "the ledger does not know of a cancellation yet");
        queue(tx, services, erasure).await?;
    }
    Ok(())
}

/// Notes the confirmation of an erasure before anything of it is deleted.
pub(crate) async fn confirmed(
    services: &Services,
    erasure: &Erasure,
) -> Result<Result<Noted, LedgerError>, Error> {
    tell(services, erasure).await
}

/// Notes the end of an erasure, with the digest of the receipt that is about to be written.
pub(crate) async fn erased(
    services: &Services,
    erasure: &Erasure,
    receipt: Digest,
) -> Result<Result<Noted, LedgerError>, Error> {
    let case = case(&services.db, erasure).await?;
    let fact = Fact::Erased { case, receipt };
    Ok(services.ledger.note(&fact, services.now()).await)
}

#[derive(FromRow)]
struct LinkRow {
    capability_hash: Vec<u8>,
}

impl TryFrom<LinkRow> for Digest {
    type Error = Error;

    fn try_from(row: LinkRow) -> Result<Self, Error> {
        <[u8; 32]>::try_from(row.capability_hash.as_slice())
            .map(Self::from_bytes)
            .map_err(|_| Error::Corrupt("erasure_links.capability_hash"))
    }
}

async fn case(db: &Db, erasure: &Erasure) -> Result<Case, Error> {
    let links: Vec<LinkRow> = db
        .fetch_all(
            "-- links_of_erasure
             SELECT capability_hash FROM erasure_links WHERE erasure_id = $1 ORDER BY capability_hash",
            args![&erasure.id],
        )
        .await?;
    let links = links.into_iter().map(Digest::try_from);
    let subjects = engine::subjects_of(db, &erasure.id).await?;
    Ok(Case {
        erasure: erasure.id.clone(),
        reference: erasure.reference.clone(),
        links: links.collect::<Result<_, _>>()?,
        confirmed_at: erasure.confirmed_at,
        starts_at: erasure.starts_at,
        subjects: subjects
            .iter()
            .map(|subject| SubjectRef {
                kind: subject.kind().to_owned(),
                id: subject.id().into_owned(),
            })
            .collect(),
    })
}
