//! Letters: what people get by mail, and how it leaves.
//!
//! A letter is queued in the transaction of the fact it announces, so that it can neither be lost nor sent for something
//! that did not happen. Until the mail server has taken it, its address and content lie sealed in one row; then the row
//! is deleted. The Message-ID stays the same over every try.
//!
//! **To add a letter**: a variant of [`Facts`], its name in the migration's CHECK, an arm in each language's `write`, and
//! a snapshot test.

mod facts;
mod layout;
mod notices;
mod store;
mod texts;

use std::time::Duration;

pub use self::facts::{CancelFacts, Disconnection, Facts, StaffEvent};
pub(crate) use self::{
    notices::{tell_held, tell_resumed},
    store::{Draft, queue},
};
use crate::{
    db::{self, Error},
    engine::Erasure,
    id::LetterId,
    job::{self, Attempt, Lease, StepError},
    mail::{Letter, MailError},
    services::Services,
    vault::Place,
};

/// The mail server's time-out, twice, and room.
const AT_MOST: Duration = Duration::from_secs(30);
/// RFC 5321 §4.5.4.1 lets a sender give up after four to five days.
const PATIENCE: Duration = Duration::from_hours(5 * 24);

/// Tries to send a queued letter now, because somebody is waiting for it; says whether the mail server took it. If it
/// did not, the queue goes on trying.
pub(crate) async fn send_now(services: &Services, letter: &LetterId) -> Result<bool, Error> {
    job::run_now(services, job::Kind::Letter, letter.as_str()).await
}

/// Where a letter's sealed columns belong.
pub(super) const fn place<'a>(column: &'static str, letter: &'a str) -> Place<'a> {
    Place {
        organization: "",
        table: "letters",
        column,
        row: letter,
    }
}

/// The private link to an erasure's page, in its language.
pub(crate) async fn link(services: &Services, erasure: &Erasure) -> Result<String, Error> {
    let place = capability_place(erasure.id.as_str());
    let capability = services
        .vault
        .open_text(&services.db, place, &erasure.capability_sealed)
        .await?;
    Ok(link_to(services, erasure.locale, &capability))
}

/// The private link that opens with this capability.
pub(crate) fn link_to(
    services: &Services,
    locale: crate::locale::Locale,
    capability: &str,
) -> String {
    format!(
        "{}/{}/erasure/{capability}",
        services.settings.public_url,
        locale.as_str()
    )
}

/// Where an erasure keeps its link's secret.
pub(crate) const fn capability_place(erasure: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "erasures",
        column: "capability_sealed",
        row: erasure,
    }
}

/// One try at one letter.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let now = services.now();
    let Some(stored) = store::find(&services.db, &lease.subject).await? else {
        // It went with the person it belonged to.
        return end(services, lease).await;
    };
    if stored
        .expires_at
        .is_some_and(|expires_at| expires_at <= now)
    {
        tracing::warn!(
            letter.id = lease.subject,
            "the letter expired before the mail server took it"
        );
        return end(services, lease).await;
    }
    lease.extend(&services.db, now + AT_MOST).await?;
    let letter = compose(services, &lease.subject, &stored).await?;
    match services.mail.send(&letter).await {
        Ok(()) => end(services, lease).await,
        Err(MailError::Refused(cause)) => {
            tracing::error!(
                letter.id = lease.subject,
                cause,
                "the mail server refuses the letter for good"
            );
            end(services, lease).await
        }
        Err(MailError::Later(cause)) if now.since(stored.queued_at) > PATIENCE => {
            tracing::error!(
                letter.id = lease.subject,
                cause,
                "no mail server took the letter for days"
            );
            end(services, lease).await
        }
        Err(MailError::Later(cause)) => Ok(Attempt::Later {
            cause,
            not_before: None,
        }),
    }
}

/// Deletes the letter, address and all, and ends its job.
async fn end(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let mut tx = services.db.begin().await?;
    tx.execute(
        "DELETE FROM letters WHERE id = $1",
        db::value::args![lease.subject.as_str()],
    )
    .await?;
    lease.finish(&mut tx, services.now()).await?;
    tx.commit().await?;
    Ok(Attempt::Done)
}

/// The name of a letter: the same over all tries.
fn message_id(services: &Services, id: &str) -> String {
    let domain = services
        .settings
        .privacy_address
        .rsplit_once('@')
        .map_or("localhost", |(_, domain)| domain);
    format!("{id}@{domain}")
}

async fn compose(services: &Services, id: &str, stored: &store::Stored) -> Result<Letter, Error> {
    let vault = &services.vault;
    let address = vault
        .open_text(
            &services.db,
            place("recipient_sealed", id),
            &stored.recipient_sealed,
        )
        .await?;
    let facts = vault
        .open(
            &services.db,
            place("facts_sealed", id),
            &stored.facts_sealed,
        )
        .await?;
    let facts: Facts =
        serde_json::from_slice(&facts).map_err(|_| Error::Corrupt("letters.facts_sealed"))?;
    let written = texts::write(stored.locale, &facts, &services.settings);
    Ok(Letter {
        message_id: message_id(services, id),
        from: services.settings.mail_from.clone(),
        to: address
            .parse()
            .map_err(|_| Error::Corrupt("letters.recipient_sealed"))?,
        subject: written.subject.clone(),
        text: layout::text(&written),
        html: layout::html(&written, stored.locale),
    })
}
