//! Taking leave of Meta, one thing at a time, before the token that can do it dies.
//!
//! Meta does as it is told, or it refuses us, and then it sends us nothing either: both are an end. What is neither is tried
//! again until it would hold live data past the promise, and then goes on without the data: see [`crate::disconnection`].

use sqlx::FromRow;

use super::Work;
use crate::{
    db::{Error, value::args},
    disconnection::{self, Act, Connection, Delay, Outcome, Task},
    engine::{Subject, store},
    graph::Evidence,
    id::OrganizationId,
    job::{Attempt, StepError},
    vault::Place,
};

/// What a step is about: `act.profile`.
pub(crate) fn target(act: Act, profile: &str) -> String {
    format!("{}.{profile}", act.as_str())
}

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let Some(task) = task(work).await? else {
        return done(work, &Outcome::of("not_connected")).await;
    };
    match task.attempt(work.services, work.lease).await? {
        Ok(outcome) => done(work, &outcome).await,
        Err(delay) => later(work, &task, delay).await,
    }
}

async fn later(work: &Work<'_>, task: &Task, delay: Delay) -> Result<Attempt, StepError> {
    let services = work.services;
    let deadline = work.erasure.starts_at + services.settings.meta_patience;
    let now = services.now();
    if now < deadline && task.act().is_waited_for() {
        return Ok(Attempt::Later {
            cause: "Meta has not confirmed yet",
            not_before: delay.wait.map(|wait| (now + wait).min(deadline)),
        });
    }
    tracing::error!(erasure.id = %work.erasure.id, act = task.act().as_str(), "Meta has not confirmed; the data goes all the same");
    let mut tx = work.begin().await?;
    let step = (&work.erasure.id, work.step.position);
    disconnection::keep(&mut tx, services, step, task).await?;
    let evidence = Some(&delay.evidence);
    store::keep_evidence(&mut tx, &work.erasure.id, work.step, evidence).await?;
    work.complete(tx, 0, Some("unconfirmed")).await
}

async fn done(work: &Work<'_>, outcome: &Outcome) -> Result<Attempt, StepError> {
    let mut tx = work.begin().await?;
    let evidence: Option<&Evidence> = outcome.evidence.as_ref();
    store::keep_evidence(&mut tx, &work.erasure.id, work.step, evidence).await?;
    work.complete(tx, 0, Some(outcome.result)).await
}

#[derive(FromRow)]
struct ProfileRow {
    phone_number_id: String,
    waba_id: String,
    token_sealed: Option<Vec<u8>>,
}

/// `None`: there is nothing to do it with or to.
async fn task(work: &Work<'_>) -> Result<Option<Task>, Error> {
    let (Some(Subject::Organization(organization)), Some((act, profile))) = (
        &work.step.subject,
        work.step
            .target
            .as_deref()
            .and_then(|target| target.split_once('.')),
    ) else {
        return Ok(None);
    };
    let act = act
        .parse()
        .map_err(|()| Error::Corrupt("erasure_steps.target"))?;
    let connection = connection(work, organization, profile).await?;
    Ok(connection.and_then(|connection| Task::new(act, connection)))
}

async fn connection(
    work: &Work<'_>,
    organization: &OrganizationId,
    profile: &str,
) -> Result<Option<Connection>, Error> {
    let services = work.services;
    let row: Option<ProfileRow> = services
        .db
        .fetch_optional(
            "-- profile_to_disconnect
             SELECT phone_number_id, waba_id, token_sealed FROM whatsapp_profiles WHERE organization_id = $1 AND id = $2",
            args![organization, profile],
        )
        .await?;
    let Some((row, sealed)) = row.and_then(|mut row| {
        let sealed = row.token_sealed.take()?;
        Some((row, sealed))
    }) else {
        return Ok(None);
    };
    let place = Place {
        organization: organization.as_str(),
        table: "whatsapp_profiles",
        column: "token_sealed",
        row: profile,
    };
    let token = services
        .vault
        .open_text(&services.db, place, &sealed)
        .await?;
    Ok(Some(Connection {
        phone_number_id: row.phone_number_id,
        waba_id: row.waba_id,
        token: token.as_str().into(),
    }))
}
