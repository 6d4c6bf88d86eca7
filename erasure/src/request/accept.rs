//! A proof is here, whichever way it came: by a code to an address, from WhatsApp, or shown to the operator.
//!
//! **What was proven takes the place of what was typed**: whoever typed one number and showed another has shown the other.

use super::{
    Request, Stage,
    events::{Note, note},
    letters::{self, RequestFacts},
    state::Outcome,
    store,
    submit::{self, Asker},
};
use crate::{
    db::{self, Source, Tx, value::args},
    id::RequestId,
    job,
    person::Identity,
    services::Services,
};

/// Why nothing was proven.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// There is nothing of this reference.
    #[error("there is no request of that reference")]
    NotFound,
    /// People in this role are known by something else, or it is another account than the request is about.
    #[error("this is not what the request has to prove")]
    WrongIdentity,
    /// It came by mail, and nobody has answered yet who asks and for what.
    #[error("the request does not say yet what it asks for: its link leads to the questions")]
    NotStated,
    /// Nothing has to be proven any more.
    #[error("the request waits for no proof: it is {}", .0.as_str())]
    TooLate(Stage),
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Somebody who cannot use a code has shown the operator that a number or an address is theirs. The record says so.
///
/// # Errors
/// See [`AcceptError`].
pub async fn accept_as_operator(
    services: &Services,
    reference: &str,
    identity: &Identity,
) -> Result<(), AcceptError> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let request = store::of_reference(&mut Source::Tx(&mut tx), reference)
        .await?
        .ok_or(AcceptError::NotFound)?;
    if !shown(&mut tx, services, &request.id, identity).await? {
        return Err(AcceptError::TooLate(request.state.stage()));
    }
    let shown = Note {
        by_staff: Some("operator"),
        ..Note::about(&request.id, "shown_to_operator")
    };
    note(&mut tx, services, &shown).await?;
    tx.commit().await?;
    Ok(())
}

/// Goes on with a request whose person has shown that this is theirs; `false` when it is too late.
///
/// # Errors
/// See [`AcceptError`].
pub(crate) async fn shown(
    tx: &mut Tx,
    services: &Services,
    request: &RequestId,
    identity: &Identity,
) -> Result<bool, AcceptError> {
    let Some(request) = store::find(&mut Source::Tx(tx), request.as_str()).await? else {
        return Err(AcceptError::NotFound);
    };
    let role = request.role.ok_or(AcceptError::NotStated)?;
    Asker::new(role, identity.clone()).map_err(|_| AcceptError::WrongIdentity)?;
    if request.state.clone().prove(services.now()).is_err() {
        return Ok(request.state.stage() == Stage::Proven);
    }
    if request.identity(services).await?.as_ref() != Some(identity) {
        // Letters about an account go to its own address: another address would be another request.
        let is_address = request.sealed.identity_kind.as_deref() == Some("email");
        if is_address || matches!(identity, Identity::Email(_)) {
            return Err(AcceptError::WrongIdentity);
        }
        let sealed = submit::seal_identity(tx, services, &request.id, identity).await?;
        store::identify(tx, &request.id, sealed).await?;
    }
    Ok(accept(tx, services, &request.id).await?)
}

/// The person is who they say: the request is proven, or joins another one of theirs; `false` when it is too late.
pub(super) async fn accept(
    tx: &mut Tx,
    services: &Services,
    id: &RequestId,
) -> Result<bool, db::Error> {
    let now = services.now();
    let Some(mut request) = store::find(&mut Source::Tx(tx), id.as_str()).await? else {
        return Ok(false);
    };
    if request.state.stage() == Stage::Proven {
        return Ok(true); // two at once
    }
    let Ok(proven) = request.state.clone().prove(now) else {
        return Ok(false);
    };
    store::advance(tx, services, &mut request, proven).await?;
    tx.execute(
        "DELETE FROM request_codes WHERE request_id = $1",
        args![&request.id],
    )
    .await?;
    match store::proven_twin(tx, &request).await? {
        Some(twin) => join(tx, services, request, twin).await?,
        None => begin(tx, services, &request).await?,
    }
    tracing::info!(request.id = %id, "a request was proven");
    Ok(true)
}

/// From here on the worker has it.
async fn begin(tx: &mut Tx, services: &Services, request: &Request) -> Result<(), db::Error> {
    job::enqueue(
        tx,
        services,
        job::Kind::Request,
        request.id.as_str(),
        services.now(),
    )
    .await?;
    // An address that was only typed has had its letter when the request arrived.
    if request.sealed.identity_kind.as_deref() == Some("email") {
        let contact = request.contact(services).await?;
        let facts = RequestFacts::Received(received(services, request).await?);
        letters::queue(tx, services, request, contact.as_ref(), facts).await?;
    }
    Ok(())
}

/// The other one goes on for both; this one forgets who it was about.
async fn join(
    tx: &mut Tx,
    services: &Services,
    mut request: Request,
    twin: RequestId,
) -> Result<(), db::Error> {
    let contact = request.contact(services).await?;
    let joined = request
        .state
        .clone()
        .close(Outcome::Joined(twin), services.now())
        .map_err(|_| db::Error::Corrupt("a request that was just proven"))?;
    store::advance(tx, services, &mut request, joined).await?;
    let facts = RequestFacts::Joined(received(services, &request).await?);
    letters::queue(tx, services, &request, contact.as_ref(), facts).await
}

async fn received(services: &Services, request: &Request) -> Result<letters::Received, db::Error> {
    let capability = request.capability(services).await?;
    Ok(letters::Received::of(services, request, &capability))
}
