//! A request that came as a letter to the privacy address: written down at once, before anybody has said who asks and for what.
//!
//! A sender's address can be forged, so that the letter selects nothing and nothing is looked up for it. Its answer has the private
//! link, and behind that are the questions of the public form. What is answered there is [`state`]d; from then on it is a request
//! like any other, but its clock started when the letter came. One that nobody states expires without another letter.

mod store;

use std::time::Duration;

use super::{
    Channel, Request, Sealed, State, deadline,
    events::{Note, note},
    letters::{self, Mailed, RequestFacts},
    link, proof, store as requests,
    submit::{self, Ask},
};
use crate::{
    db::{self, Source, Tx},
    engine,
    id::{Capability, RequestId},
    locale::Locale,
    network::Network,
    person::{EmailAddress, Identity},
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    time::Timestamp,
    vault::Scope,
};

/// Answers to one mailbox, which nobody has proven to be anybody's: whoever forges its address has one letter a day sent there.
const BY_MAILBOX: Limit = Limit {
    name: "mail answers, mailbox",
    burst: 1,
    every: Duration::from_hours(24),
};
/// Answers in all: a flood of forged senders makes us write to strangers no faster than this. Who waits is answered by the clock.
const IN_ALL: Limit = Limit {
    name: "mail answers",
    burst: 60,
    every: Duration::from_secs(10),
};

/// Why a request was not stated.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The link opens nothing.
    #[error("there is no such request")]
    NotFound,
    /// It is stated already, or over.
    #[error("the request does not wait for its questions any more")]
    TooLate,
    /// Too many from this network.
    #[error("too many requests from this network")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault; nothing was stated.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Whether an answer may go to this address now.
pub(crate) async fn may_answer(services: &Services, to: &EmailAddress) -> Result<bool, db::Error> {
    let mailbox = mailbox(to);
    let limits = [(BY_MAILBOX, mailbox.as_str()), (IN_ALL, "")];
    Ok(charge(services, &limits).await? == Allowance::Granted)
}

/// `ada+shop@example.fr` and `ada@example.fr` are one mailbox.
fn mailbox(address: &EmailAddress) -> String {
    let (local, domain) = address.expose().split_once('@').unwrap_or_default();
    let name = local.split('+').next().unwrap_or_default();
    format!("{name}@{domain}")
}

/// Writes a request down that has come from this address.
pub(crate) async fn open(
    tx: &mut Tx,
    services: &Services,
    from: &EmailAddress,
    locale: Locale,
    arrived_at: Timestamp,
) -> Result<(Request, Capability), db::Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let (id, capability) = (RequestId::mint(now, random), Capability::mint(random));
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let seal = |column, text: &str| {
        key.seal(
            requests::place(column, id.as_str()),
            text.as_bytes(),
            random,
        )
    };
    let sealed = Sealed {
        contact: Some(seal("contact_sealed", from.expose())),
        capability: seal("capability_sealed", capability.expose()),
        ..Sealed::default()
    };
    let request = Request {
        id,
        reference: engine::reference(random),
        channel: Channel::Email,
        role: None,
        locale,
        state: State::Received,
        received_at: arrived_at,
        due_at: deadline::due(arrived_at, &services.settings.time_zone),
        extended_to: None,
        acknowledged_at: None,
        proven_at: None,
        approved_at: None,
        sealed: sealed.clone(),
    };
    let draft = requests::Draft {
        id: &request.id,
        reference: &request.reference,
        channel: request.channel,
        role: None,
        locale,
        sealed,
        capability: &capability,
        submission: None,
        received_at: request.received_at,
        due_at: request.due_at,
    };
    requests::insert(tx, draft).await?;
    Ok((request, capability))
}

/// The request of this id, while it is open.
pub(crate) async fn find_open(
    source: &mut Source<'_>,
    id: &str,
) -> Result<Option<Request>, db::Error> {
    let request = requests::find(source, id).await?;
    Ok(request.filter(|request| !request.state.is_closed()))
}

/// The request of this reference.
pub(crate) async fn of_reference(
    source: &mut Source<'_>,
    reference: &str,
) -> Result<Option<Request>, db::Error> {
    requests::of_reference(source, reference).await
}

/// Writes into the record that the operator has read a letter.
pub(crate) async fn note_reading(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
) -> Result<(), db::Error> {
    let read = Note {
        by_staff: Some("operator"),
        ..Note::about(&request.id, "mail_read")
    };
    note(tx, services, &read).await
}

/// Writes into the record that a letter has come.
pub(crate) async fn note_letter(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
) -> Result<(), db::Error> {
    note(tx, services, &Note::about(&request.id, "mail")).await
}

/// Queues the answer with the private link, if there is something to answer behind it: the acknowledgement, or the same once more.
pub(crate) async fn answer(
    tx: &mut Tx,
    services: &Services,
    request: &mut Request,
    (to, capability): (&EmailAddress, &Capability),
) -> Result<(), db::Error> {
    if let Ok(told) = request
        .state
        .clone()
        .acknowledge(services.now() + submit::PROOF_TERM)
    {
        requests::advance(tx, services, request, told).await?;
    }
    let (None, State::Acknowledged { prove_until }) = (request.role, &request.state) else {
        return Ok(());
    };
    let facts = RequestFacts::Mailed(Mailed {
        reference: request.reference.clone(),
        received_at: request.received_at,
        due_at: request.due_at,
        until: *prove_until,
        link: link(services, request.locale, capability),
    });
    letters::queue(tx, services, request, Some(to), facts).await
}

/// What is needed to answer a request that was written down before: where to, and the secret of its link.
pub(crate) async fn addressee(
    services: &Services,
    request: &Request,
) -> Result<Option<(EmailAddress, Capability)>, db::Error> {
    let Some(contact) = request.contact(services).await? else {
        return Ok(None);
    };
    Ok(Some((contact, request.capability(services).await?)))
}

/// Answers those that came when no letter could be sent.
pub(super) async fn acknowledge_waiting(services: &Services) -> Result<(), db::Error> {
    for id in store::waiting(&services.db).await? {
        let request = requests::find(&mut Source::Db(&services.db), &id).await?;
        let Some(request) = request else { continue };
        let Some((to, capability)) = addressee(services, &request).await? else {
            continue;
        };
        if !may_answer(services, &to).await? {
            continue;
        }
        let mut tx = services.db.begin().await?;
        tx.alone().await?;
        if let Some(mut request) = find_open(&mut Source::Tx(&mut tx), &id).await?
            && request.state == State::Received
        {
            answer(&mut tx, services, &mut request, (&to, &capability)).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Where the answer's letters go now, for the form that is filled in behind the link; `None`: it waits for no answers.
///
/// # Errors
/// When the database fails.
pub async fn waits_for_statement(
    services: &Services,
    capability: &Capability,
) -> Result<Option<EmailAddress>, db::Error> {
    let request = requests::open(&mut Source::Db(&services.db), capability).await?;
    match request.filter(|request| is_waiting(request, services.now())) {
        None => Ok(None),
        Some(request) => request.contact(services).await,
    }
}

/// Takes what the person says behind the link of their letter's answer, and mails a code at once where an address is to be proven.
///
/// # Errors
/// See [`StateError`].
pub async fn state(
    services: &Services,
    capability: &Capability,
    ask: &Ask,
    network: &Network,
) -> Result<(), StateError> {
    let limits = [(submit::BY_NETWORK, network.expose())];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(StateError::TooManyTries { retry_at });
    }
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let request = requests::open(&mut Source::Tx(&mut tx), capability)
        .await?
        .ok_or(StateError::NotFound)?;
    if !is_waiting(&request, now) {
        return Err(StateError::TooLate);
    }
    let sealed = submit::seal(&mut tx, services, ask, &request.id, capability).await?;
    let until = now + submit::PROOF_TERM;
    store::state(&mut tx, &request.id, ask, sealed, (now, until)).await?;
    note(&mut tx, services, &Note::about(&request.id, "stated")).await?;
    tx.commit().await?;
    tracing::info!(request.id = %request.id, "a request that came by mail says what it asks for");
    if let Identity::Email(_) = ask.asker.identity() {
        // Whether the code could be mailed is for the next page to say.
        let _ = proof::send_code(services, capability, network).await;
    }
    Ok(())
}

fn is_waiting(request: &Request, now: Timestamp) -> bool {
    let is_early =
        matches!(request.state, State::Acknowledged { prove_until } if now < prove_until);
    request.role.is_none() && is_early
}

#[cfg(test)]
mod tests {
    use super::mailbox;

    #[test]
    fn an_address_with_a_tag_is_the_same_mailbox() {
        for address in ["ada@example.fr", "ada+1@example.fr", "ada+a+b@example.fr"] {
            assert_eq!(mailbox(&address.parse().unwrap()), "ada@example.fr");
        }
    }
}
