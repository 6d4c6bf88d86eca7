//! The worker's loop: claim, attempt until it is done or the world says not now, let go.

use std::time::Duration;

use tokio::sync::watch;

use super::{
    Attempt, Kind, backoff,
    lease::{Lease, StepError},
    store,
};
use crate::{
    archive,
    db::{self, Error},
    disconnection, engine, ledger, letter, proof, request, retention,
    services::Services,
    suppression,
};

/// How often an idle worker looks for work.
const IDLE: Duration = Duration::from_millis(100);
/// How often a worker looks at the database's clock.
const AGREE_AGAIN: Duration = Duration::from_mins(1);
/// How often a worker looks for what has reached its term: terms are days and years.
const SWEEP_AGAIN: Duration = Duration::from_mins(10);
/// How often a worker looks at the clocks of requests: nobody waits for them, but an alarm should not be late.
const CLOCKS_AGAIN: Duration = Duration::from_secs(30);
/// How long one job may keep a worker before the others get their turn.
const SLICE: Duration = Duration::from_secs(2);

/// Works until `stop` becomes true; a batch that has begun is finished first.
pub async fn run(services: Services, stop: watch::Receiver<bool>) {
    tokio::spawn(keep_time(services.clone(), stop.clone()));
    tokio::spawn(keep_terms(services.clone(), stop.clone()));
    tokio::spawn(keep_clocks(services.clone(), stop.clone()));
    let loops = Kind::ALL.map(|kind| tokio::spawn(supervise(services.clone(), kind, stop.clone())));
    for ended in loops {
        let _ = ended.await;
    }
}

/// Goes by the database's clock, which all workers share. A server that does not answer leaves it as it was.
async fn keep_time(services: Services, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Ok(Some(there)) = services.db.time().await {
            services.clock.agree_with(there);
        }
        let _ = tokio::time::timeout(AGREE_AGAIN, stop.wait_for(|stop| *stop)).await;
    }
}

/// Ends what has reached its term. Several workers may do so at once; the second finds nothing.
async fn keep_terms(services: Services, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = retention::sweep(&services).await {
            tracing::error!(
                cause = db::cause(&error),
                "what has reached its term could not be destroyed"
            );
        }
        if let Err(error) = suppression::sweep(&services).await {
            tracing::error!(
                cause = db::cause(&error),
                "contacts could not be searched for people who were erased"
            );
        }
        let _ = tokio::time::timeout(SWEEP_AGAIN, stop.wait_for(|stop| *stop)).await;
    }
}

/// Looks at the clocks of everybody who asked for something. Several workers may do so at once; the second finds nothing.
async fn keep_clocks(services: Services, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = request::clock::tick(&services).await {
            tracing::error!(
                cause = db::cause(&error),
                "the clocks of requests could not be looked at"
            );
        }
        let _ = tokio::time::timeout(CLOCKS_AGAIN, stop.wait_for(|stop| *stop)).await;
    }
}

/// Starts the loop again when a step panics: its lease runs out, and the job is taken up where it stood.
async fn supervise(services: Services, kind: Kind, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if tokio::spawn(serve(services.clone(), kind, stop.clone()))
            .await
            .is_err()
        {
            tracing::error!(kind = kind.as_str(), "a step panicked; the worker goes on");
        }
    }
}

/// Works until nothing is due any more: what tests and the command line do instead of waiting.
///
/// # Errors
/// When the database fails.
pub async fn run_due(services: &Services) -> Result<(), Error> {
    loop {
        let mut worked = false;
        for kind in Kind::ALL {
            worked |= work_on_one(services, kind, None).await?;
        }
        if !worked {
            return Ok(());
        }
    }
}

/// The same for one kind of work alone.
pub(crate) async fn run_due_of(services: &Services, kind: Kind) -> Result<(), Error> {
    while work_on_one(services, kind, None).await? {}
    Ok(())
}

/// Works on this one job now, or waits while another worker does; says whether it is done. `false`: it will be tried
/// again later.
#[expect(
    clippy::disallowed_methods,
    reason = "somebody waits for this very job, which another worker holds"
)]
pub(crate) async fn run_now(services: &Services, kind: Kind, subject: &str) -> Result<bool, Error> {
    loop {
        work_on_one(services, kind, Some(subject)).await?;
        match store::standing(services, subject).await? {
            store::Standing::Done => return Ok(true),
            store::Standing::Waiting => return Ok(false),
            store::Standing::Held => tokio::time::sleep(IDLE / 4).await,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that waits: between two looks for work"
)]
async fn serve(services: Services, kind: Kind, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match work_on_one(&services, kind, None).await {
            Ok(true) => {}
            Ok(false) => {
                let _ = tokio::time::timeout(IDLE, stop.wait_for(|stop| *stop)).await;
            }
            Err(error) => {
                tracing::error!(
                    cause = db::cause(&error),
                    "the worker cannot reach its database"
                );
                tokio::time::sleep(IDLE * 10).await;
            }
        }
    }
}

/// Claims one job and works on it; `false`: nothing was due.
async fn work_on_one(
    services: &Services,
    kind: Kind,
    subject: Option<&str>,
) -> Result<bool, Error> {
    let Some(lease) = store::claim(services, kind, subject).await? else {
        return Ok(false);
    };
    let until = services.now() + SLICE;
    let mut pace = engine::Pace::on(services.db.backend());
    let outcome = loop {
        match attempt(services, kind, &lease, &mut pace).await {
            Ok(Attempt::Progressed) if services.now() >= until => {
                break store::postpone(&services.db, &lease, services.now(), None).await;
            }
            Ok(Attempt::Progressed) => {}
            Ok(Attempt::Rest { until }) => {
                break store::postpone(&services.db, &lease, until, None).await;
            }
            Ok(Attempt::Done) => break Ok(()),
            Ok(Attempt::Later { cause, not_before }) => {
                let backoff =
                    services.now() + backoff::wait(lease.attempts, services.random.as_ref());
                let due_at = not_before.map_or(backoff, |moment| moment.max(services.now()));
                tracing::warn!(subject = lease.subject, cause, due_at = %due_at, "the job is tried again later");
                break store::postpone(&services.db, &lease, due_at, Some(cause)).await;
            }
            Ok(Attempt::Parked { cause }) => {
                tracing::error!(
                    subject = lease.subject,
                    cause,
                    "the job is parked: a person has to look"
                );
                break store::park(&services.db, &lease, services.now(), cause).await;
            }
            Err(error) => break Err(error),
        }
    };
    match outcome {
        Ok(()) => Ok(true),
        Err(StepError::LeaseLost) => {
            tracing::warn!(subject = lease.subject, "another worker has taken the job");
            Ok(true)
        }
        Err(StepError::Database(error)) => retry_after_fault(services, &lease, error).await,
    }
}

/// The database failed under a job. If it answers again, the job waits its turn; otherwise its lease runs out.
async fn retry_after_fault(
    services: &Services,
    lease: &Lease,
    error: Error,
) -> Result<bool, Error> {
    tracing::error!(
        subject = lease.subject,
        cause = db::cause(&error),
        "a step failed and nothing of it was kept"
    );
    let due_at = services.now() + backoff::wait(lease.attempts, services.random.as_ref());
    match store::postpone(&services.db, lease, due_at, Some(db::reason(&error))).await {
        Ok(()) | Err(StepError::LeaseLost) => Ok(true),
        Err(StepError::Database(_)) => Err(error),
    }
}

async fn attempt(
    services: &Services,
    kind: Kind,
    lease: &Lease,
    pace: &mut engine::Pace,
) -> Result<Attempt, StepError> {
    match kind {
        Kind::Erasure => Box::pin(engine::attempt(services, lease, pace)).await, // by far the largest
        Kind::Letter => letter::attempt(services, lease).await,
        Kind::Archive => archive::attempt(services, lease).await,
        Kind::Remainder => disconnection::attempt(services, lease).await,
        Kind::Request => request::attempt(services, lease).await,
        Kind::Proof => proof::attempt(services, lease).await,
        Kind::Ledger => ledger::attempt(services, lease).await,
    }
}
