//! Confirmation: the code comes back, and in one transaction everything is decided.
//!
//! Code used, organizations fenced, every session ended, the whole plan written, letters and job queued: all of it or
//! nothing. From the commit on nothing can be written for these organizations, and the engine needs nobody any more.

use super::{
    code,
    scope::{self, Scope},
};
use crate::{
    db::{self, Source, Tx, value::args},
    engine::{self, Confirmation, Confirmed, Origin, Subject},
    id::{Capability, OrganizationId, UserId},
    letter::{self, CancelFacts, Facts},
    locale::Locale,
    network::Network,
    one_time_code::{CodeError, OneTimeCode},
    person::EmailAddress,
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    session::{self, Session},
    time::Timestamp,
};

use std::time::Duration;

const BY_SESSION: Limit = Limit {
    name: "code tries, session",
    burst: 10,
    every: Duration::from_mins(1),
};
const BY_NETWORK: Limit = Limit {
    name: "code tries, network",
    burst: 60,
    every: Duration::from_secs(10),
};

/// Why a deletion was not confirmed.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// The code did nothing.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The account changed since the code was sent; what would go is not what the person was told.
    #[error("the account changed since the code was sent")]
    PlanOutdated,
    /// Another owner was quicker.
    #[error("the organization is being erased already")]
    OrganizationBeingErased,
}

impl From<db::Error> for ConfirmError {
    fn from(error: db::Error) -> Self {
        Self::Code(error.into())
    }
}

/// Confirms the deletion of the signed-in person's account. The answer opens the page that shows it.
///
/// # Errors
/// See [`ConfirmError`].
pub async fn confirm(
    services: &Services,
    session: &Session,
    typed: &str,
    network: &Network,
) -> Result<Capability, ConfirmError> {
    let typed = OneTimeCode::read(typed).ok_or(CodeError::Malformed)?;
    let limits = [
        (BY_SESSION, session.id.as_str()),
        (BY_NETWORK, network.expose()),
    ];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(CodeError::TooManyTries { retry_at }.into());
    }
    if let Some(retry_at) = code::locked_until(services, &session.user).await? {
        return Err(CodeError::TooManyTries { retry_at }.into());
    }
    let tried = code::spend_try(services, session)
        .await?
        .ok_or(CodeError::Expired)?;
    if !code::is_right(services, session, &tried, &typed).await {
        code::count_failure(services, &session.user).await?;
        let tries_left = tried.tries_left;
        return Err(CodeError::Wrong { tries_left }.into());
    }

    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if !code::use_up(&mut tx, &tried, now).await? {
        return Err(CodeError::Expired.into());
    }
    let scope = scope::of_user(Source::Tx(&mut tx), &session.user).await?;
    if scope.erased().any(|reach| reach.frozen) {
        return Err(ConfirmError::OrganizationBeingErased);
    }
    if scope.hash() != tried.plan {
        return Err(ConfirmError::PlanOutdated);
    }
    let confirmation = Confirmation {
        subjects: scope.subjects(),
        starts_at: scope.window(services).map_or(now, |window| now + window),
        recipient: Some(session.email.clone()),
        locale: session.locale,
        origin: Origin::SelfService,
        session_hash: session::token_digest(&mut tx, &session.id).await?,
    };
    let confirmed = engine::begin(&mut tx, services, &confirmation).await?;
    let news = News {
        teller: Teller {
            user: &session.user,
            email: &session.email,
            locale: session.locale,
        },
        scope: &scope,
        starts_at: confirmation.starts_at,
        confirmed: &confirmed,
    };
    tell(&mut tx, services, &news).await?;
    end_sessions(&mut tx, &confirmation.subjects).await?;
    tx.commit().await?;
    tracing::info!(erasure.id = %confirmed.id, "a deletion was confirmed");
    Ok(confirmed.capability)
}

/// Ends every session of everybody who loses something.
pub(super) async fn end_sessions(tx: &mut Tx, subjects: &[Subject]) -> Result<(), db::Error> {
    for subject in subjects {
        let statement = match subject {
            Subject::Organization(_) => {
                "-- end_sessions_of_organization
                 DELETE FROM sessions WHERE user_id IN (SELECT user_id FROM memberships WHERE organization_id = $1)"
            }
            Subject::User(_) => "DELETE FROM sessions WHERE user_id = $1",
            Subject::Contact(_) => continue, // has no sign-in
        };
        tx.execute(statement, args![subject.id()]).await?;
    }
    Ok(())
}

/// Who confirmed.
pub(super) struct Teller<'a> {
    pub(super) user: &'a UserId,
    pub(super) email: &'a EmailAddress,
    pub(super) locale: Locale,
}

/// What there is to tell.
pub(super) struct News<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) scope: &'a Scope,
    pub(super) starts_at: Timestamp,
    pub(super) confirmed: &'a Confirmed,
}

/// Queues a letter to whoever confirmed, and one to everybody else who loses something.
pub(super) async fn tell(
    tx: &mut Tx,
    services: &Services,
    news: &News<'_>,
) -> Result<(), db::Error> {
    let News {
        teller,
        scope,
        starts_at,
        confirmed,
    } = news;
    let waits = *starts_at > services.now();
    if !confirmed.is_held {
        tell_started(tx, services, news, waits).await?;
    }
    for reach in scope.erased() {
        for person in people(tx, &reach.organization, Some(teller.user)).await? {
            let link = letter::link_to(services, person.locale, confirmed.capability.expose());
            let cancel = (waits && person.is_owner).then_some(CancelFacts {
                link,
                until: *starts_at,
            });
            let facts = Facts::DeletionAnnounced {
                reference: confirmed.reference.clone(),
                organization: reach.name.clone(),
                cancel,
            };
            let draft = letter::Draft::new(&person.email, person.locale, &facts);
            letter::queue(
                tx,
                services,
                &letter::Draft {
                    erasure: Some(&confirmed.id),
                    ..draft
                },
            )
            .await?;
        }
    }
    Ok(())
}

/// To whoever confirmed, unless they were told that it has to wait.
async fn tell_started(
    tx: &mut Tx,
    services: &Services,
    news: &News<'_>,
    waits: bool,
) -> Result<(), db::Error> {
    let News {
        teller,
        scope,
        starts_at,
        confirmed,
    } = news;
    let started = Facts::DeletionStarted {
        reference: confirmed.reference.clone(),
        organizations: scope.erased_names(),
        link: letter::link_to(services, teller.locale, confirmed.capability.expose()),
        starts_at: waits.then_some(*starts_at),
    };
    let draft = letter::Draft::new(teller.email, teller.locale, &started);
    letter::queue(
        tx,
        services,
        &letter::Draft {
            erasure: Some(&confirmed.id),
            ..draft
        },
    )
    .await?;
    Ok(())
}

/// Somebody of an organization who is to be told.
pub(crate) struct Person {
    pub(crate) email: EmailAddress,
    pub(crate) locale: Locale,
    pub(crate) is_owner: bool,
}

/// The people of an organization, but for one.
pub(crate) async fn people(
    tx: &mut Tx,
    organization: &OrganizationId,
    except: Option<&UserId>,
) -> Result<Vec<Person>, db::Error> {
    let rows: Vec<(String, String, String)> = tx
        .fetch_all(
            "-- people_of_organization
             SELECT u.email, u.locale, m.role FROM memberships AS m JOIN users AS u ON u.id = m.user_id
             WHERE  m.organization_id = $1 AND (CAST($2 AS TEXT) IS NULL OR m.user_id <> $2) ORDER BY u.id",
            args![organization, except],
        )
        .await?;
    rows.into_iter()
        .map(|(email, locale, role)| {
            Ok(Person {
                email: email
                    .parse()
                    .map_err(|_| db::Error::Corrupt("users.email"))?,
                locale: locale
                    .parse()
                    .map_err(|_| db::Error::Corrupt("users.locale"))?,
                is_owner: role == "owner",
            })
        })
        .collect()
}
