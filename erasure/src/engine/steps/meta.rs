//! Unsubscribing a WhatsApp Business Account from the webhooks, before the token that can do it dies.
//!
//! Meta stops sending when it is told to, and also when our token or permission is gone: both are an end. What is neither
//! is tried again until it would hold live data past the promise.

use std::time::Duration;

use secrecy::SecretString;
use sqlx::FromRow;

use super::Work;
use crate::{
    db::{Error, value::args},
    engine::Subject,
    graph::{Evidence, GraphError, Waba},
    job::{Attempt, StepError},
    vault::Place,
};

/// Two calls of at most 15 s each, and room.
const AT_MOST: Duration = Duration::from_mins(1);
/// After this the live data goes without Meta's confirmation: one hour is left to keep the 24.
const PATIENCE: Duration = Duration::from_hours(23);

#[derive(FromRow)]
struct ProfileRow {
    waba_id: String,
    token_sealed: Option<Vec<u8>>,
    shared: bool,
}

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let Some(profile) = profile(work).await? else {
        return done(work, "not_connected").await;
    };
    if profile.shared {
        return done(work, "still_used_by_another_organization").await;
    }
    let Some(token) = token(work, &profile).await? else {
        return done(work, "not_connected").await;
    };
    let Ok(id) = profile.waba_id.parse() else {
        return done(work, "not_connected").await; // no account of Meta's has such an id
    };
    let waba = Waba { id, token };
    work.lease
        .extend(&services.db, services.now() + AT_MOST)
        .await?;
    match unsubscribe(work, &waba).await {
        Ok(outcome) => done(work, outcome).await,
        Err(GraphError::Gone { .. }) => done(work, "already_gone").await,
        Err(GraphError::NoAccess { .. }) => done(work, "no_access").await,
        Err(GraphError::NotConfigured) => done(work, "not_configured").await,
        Err(GraphError::Later { wait, .. }) => later(work, wait).await,
        // A person has to look, but the clock goes on: ask again now and then until it runs out.
        Err(GraphError::NeedsPerson { .. }) => later(work, Some(Duration::from_mins(15))).await,
    }
}

async fn unsubscribe(work: &Work<'_>, waba: &Waba) -> Result<&'static str, GraphError> {
    let graph = &work.services.graph;
    let first = match graph.unsubscribe(waba).await {
        Ok(()) => "unsubscribed",
        Err(GraphError::Gone { .. }) => "already_gone",
        Err(other) => return Err(other),
    };
    match graph.is_subscribed(waba).await {
        Ok(false) | Err(GraphError::Gone { .. } | GraphError::NoAccess { .. }) => Ok(first),
        Ok(true) => Err(GraphError::Later {
            evidence: Evidence::default(),
            wait: None,
        }),
        Err(other) => Err(other),
    }
}

async fn later(work: &Work<'_>, wait: Option<Duration>) -> Result<Attempt, StepError> {
    let now = work.services.now();
    if now >= work.erasure.starts_at + PATIENCE {
        tracing::error!(erasure.id = %work.erasure.id, "Meta has not confirmed; the data goes all the same");
        return done(work, "unconfirmed").await;
    }
    let not_before = wait.map(|wait| (now + wait).min(work.erasure.starts_at + PATIENCE));
    Ok(Attempt::Later {
        cause: "Meta has not confirmed yet",
        not_before,
    })
}

async fn done(work: &Work<'_>, outcome: &str) -> Result<Attempt, StepError> {
    let tx = work.begin().await?;
    work.complete(tx, 0, Some(outcome)).await
}

async fn profile(work: &Work<'_>) -> Result<Option<ProfileRow>, Error> {
    let (Some(Subject::Organization(organization)), Some(profile)) =
        (&work.step.subject, &work.step.target)
    else {
        return Ok(None);
    };
    work.services
        .db
        .fetch_optional(
            "-- profile_to_disconnect
             SELECT p.waba_id, p.token_sealed,
                    EXISTS (SELECT 1 FROM whatsapp_profiles AS other
                            JOIN   organizations AS o ON o.id = other.organization_id
                            WHERE  other.waba_id = p.waba_id AND other.organization_id <> p.organization_id
                              AND  o.frozen_at IS NULL) AS shared
             FROM   whatsapp_profiles AS p
             WHERE  p.organization_id = $1 AND p.id = $2",
            args![organization, profile.as_str()],
        )
        .await
}

async fn token(work: &Work<'_>, profile: &ProfileRow) -> Result<Option<SecretString>, Error> {
    let (Some(Subject::Organization(organization)), Some(row), Some(sealed)) =
        (&work.step.subject, &work.step.target, &profile.token_sealed)
    else {
        return Ok(None);
    };
    let place = Place {
        organization: organization.as_str(),
        table: "whatsapp_profiles",
        column: "token_sealed",
        row,
    };
    let services = work.services;
    Ok(Some(SecretString::from(
        services
            .vault
            .open_text(&services.db, place, sealed)
            .await?
            .as_str(),
    )))
}
