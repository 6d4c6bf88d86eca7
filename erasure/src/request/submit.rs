//! Receiving a request: written, acknowledged and answered with a reference, a link and two dates, in one transaction.
//!
//! Nothing is looked up. Whether anybody holds anything about the person is asked only after the proof.

use std::time::Duration;

use super::{
    BusinessName, Channel, Request, Role, Sealed, State, deadline,
    idempotency::{self, IdempotencyKey, Replay},
    letters::{self, RequestFacts},
    proof, store,
};
use crate::{
    db::{self, Source, Tx},
    engine,
    id::{Capability, RequestId},
    letter::{self, Facts},
    locale::Locale,
    network::Network,
    person::{EmailAddress, Identity},
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    time::Timestamp,
    vault::Scope,
};

/// How long an unproven request waits for its proof. Then it expires, and what was typed is destroyed.
pub const PROOF_TERM: Duration = Duration::from_hours(7 * 24);

/// An office shares one network; a script does not get far.
pub(super) const BY_NETWORK: Limit = Limit {
    name: "requests, network",
    burst: 12,
    every: Duration::from_mins(1),
};
/// Letters to an address that nobody has proven. What is refused here is only the letter, never the request.
const BY_CONTACT: Limit = Limit {
    name: "request letters, address",
    burst: 3,
    every: Duration::from_hours(1),
};

/// The statement that the person may ask: their own data, or lawful authority. Without it there is no request.
#[derive(Clone, Copy, Debug)]
pub struct Statement(());

impl Statement {
    /// The statement, if the person made it.
    #[must_use]
    pub const fn made(accepted: bool) -> Option<Self> {
        if accepted { Some(Self(())) } else { None }
    }
}

/// Who asks, and what they will prove: that alone selects data.
#[derive(Clone, Debug)]
pub struct Asker {
    role: Role,
    identity: Identity,
}

/// A number names somebody on WhatsApp, an address an account: these two do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not what they would prove")]
pub struct WrongIdentity;

impl Asker {
    /// Who asks in this role, known by this.
    ///
    /// # Errors
    /// When people in this role are known by something else.
    pub fn new(role: Role, identity: Identity) -> Result<Self, WrongIdentity> {
        let is_address = matches!(identity, Identity::Email(_));
        match role {
            Role::EndUser if is_address => Err(WrongIdentity),
            Role::AccountHolder if !is_address => Err(WrongIdentity),
            Role::EndUser | Role::AccountHolder | Role::Representative => {
                Ok(Self { role, identity })
            }
        }
    }

    /// In which role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// What they will prove.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }
}

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How it reached us.
    pub channel: Channel,
    /// Who asks.
    pub asker: Asker,
    /// The business that wrote to them, as they remember it.
    pub business: Option<BusinessName>,
    /// Where letters may go.
    pub contact: Option<EmailAddress>,
    /// Their language.
    pub locale: Locale,
    /// That they may ask.
    pub statement: Statement,
}

impl Ask {
    /// An address that letters may go to although nobody has proven it. An account's own is proven first.
    const fn unproven_contact(&self) -> Option<&EmailAddress> {
        match self.asker.identity {
            Identity::Email(_) => None,
            Identity::Phone(_) | Identity::BusinessScopedUserId(_) => self.contact.as_ref(),
        }
    }
}

/// What makes a request that is sent twice one request.
#[derive(Clone, Copy, Debug)]
pub enum Once<'a> {
    /// One form: the secret that was drawn when it was begun.
    Form(&'a [u8]),
    /// A key that a program chose.
    Key(&'a IdempotencyKey),
    /// Nothing: each is a request of its own.
    Never,
}

/// A request that was received.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// What people quote.
    pub reference: String,
    /// Opens its page.
    pub capability: Capability,
    /// When the clock started.
    pub received_at: Timestamp,
    /// When it ends.
    pub due_at: Timestamp,
    /// Whether it had been received before.
    pub is_repeated: bool,
}

/// Why a request was not received.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Too many from this network.
    #[error("too many requests from this network")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// The key was used for another request.
    #[error("the idempotency key belongs to another request")]
    KeyReused,
    /// Our fault; nothing was received.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Receives a request, and mails a code at once where an address is to be proven.
///
/// # Errors
/// See [`SubmitError`].
pub async fn submit(
    services: &Services,
    ask: &Ask,
    once: Once<'_>,
    network: &Network,
) -> Result<Submitted, SubmitError> {
    let mut before = Source::Db(&services.db);
    if let Some(known) = find_twice_sent(&mut before, services, ask, once, network).await? {
        return Ok(repeated(services, &known).await?); // costs nothing, and is answered as it was
    }
    if let Allowance::Exhausted { retry_at } =
        charge(services, &[(BY_NETWORK, network.expose())]).await?
    {
        return Err(SubmitError::TooManyTries { retry_at });
    }
    let tells = may_write_to(services, ask).await?;

    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    // Two at once: the second finds what the first has written.
    let meanwhile = find_twice_sent(&mut Source::Tx(&mut tx), services, ask, once, network).await?;
    if let Some(known) = meanwhile {
        drop(tx);
        return Ok(repeated(services, &known).await?);
    }
    let (request, capability) = receive(&mut tx, services, ask, once).await?;
    if let Once::Key(key) = once {
        idempotency::keep(&mut tx, services, (key, network), ask, &request.id).await?;
    }
    if let Some(to) = ask.unproven_contact().filter(|_| tells) {
        acknowledge(&mut tx, services, &request, &capability, to).await?;
    }
    tx.commit().await?;
    tracing::info!(request.id = %request.id, channel = ask.channel.as_str(), "a request was received");
    if let Identity::Email(_) = ask.asker.identity {
        // Whether the code could be mailed is for the next page to say.
        let _ = proof::send_code(services, &capability, network).await;
    }
    Ok(Submitted {
        reference: request.reference,
        capability,
        received_at: request.received_at,
        due_at: request.due_at,
        is_repeated: false,
    })
}

async fn find_twice_sent(
    source: &mut Source<'_>,
    services: &Services,
    ask: &Ask,
    once: Once<'_>,
    network: &Network,
) -> Result<Option<Request>, SubmitError> {
    match once {
        Once::Never => Ok(None),
        Once::Form(secret) => Ok(store::of_submission(source, submission(services, secret)).await?),
        Once::Key(key) => match idempotency::find(source, services, key, network, ask).await? {
            Replay::Unknown => Ok(None),
            Replay::Same(id) => Ok(store::find(source, id.as_str()).await?),
            Replay::Other => Err(SubmitError::KeyReused),
        },
    }
}

async fn repeated(services: &Services, request: &Request) -> Result<Submitted, db::Error> {
    Ok(Submitted {
        capability: request.capability(services).await?,
        reference: request.reference.clone(),
        received_at: request.received_at,
        due_at: request.due_at,
        is_repeated: true,
    })
}

/// Whether a letter may go to an address that somebody only typed.
async fn may_write_to(services: &Services, ask: &Ask) -> Result<bool, db::Error> {
    let Some(contact) = ask.unproven_contact() else {
        return Ok(false);
    };
    let allowance = charge(services, &[(BY_CONTACT, contact.expose())]).await?;
    Ok(allowance == Allowance::Granted)
}

async fn receive(
    tx: &mut Tx,
    services: &Services,
    ask: &Ask,
    once: Once<'_>,
) -> Result<(Request, Capability), db::Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let (id, capability) = (RequestId::mint(now, random), Capability::mint(random));
    let sealed = seal(tx, services, ask, &id, &capability).await?;
    let mut request = Request {
        id,
        reference: engine::reference(random),
        channel: ask.channel,
        role: Some(ask.asker.role),
        locale: ask.locale,
        state: State::Received,
        received_at: now,
        due_at: deadline::due(now, &services.settings.time_zone),
        extended_to: None,
        acknowledged_at: None,
        proven_at: None,
        approved_at: None,
        sealed: sealed.clone(),
    };
    let draft = store::Draft {
        id: &request.id,
        reference: &request.reference,
        channel: ask.channel,
        role: Some(ask.asker.role),
        locale: ask.locale,
        sealed,
        capability: &capability,
        submission: match once {
            Once::Form(secret) => Some(submission(services, secret)),
            Once::Key(_) | Once::Never => None,
        },
        received_at: now,
        due_at: request.due_at,
    };
    store::insert(tx, draft).await?;
    let told = State::Received.acknowledge(now + PROOF_TERM);
    let told = told.map_err(|_| db::Error::Corrupt("a request that is not new"))?;
    store::advance(tx, services, &mut request, told).await?;
    Ok((request, capability))
}

pub(super) async fn seal(
    tx: &mut Tx,
    services: &Services,
    ask: &Ask,
    id: &RequestId,
    capability: &Capability,
) -> Result<Sealed, db::Error> {
    let random = services.random.as_ref();
    let key = services
        .vault
        .data_key(tx, Scope::Deployment, services.now())
        .await?;
    let seal =
        |column, text: &str| key.seal(store::place(column, id.as_str()), text.as_bytes(), random);
    // Letters about an account go to the account's own address and nowhere else.
    let contact = match &ask.asker.identity {
        Identity::Email(address) => Some(address),
        Identity::Phone(_) | Identity::BusinessScopedUserId(_) => ask.contact.as_ref(),
    };
    Ok(Sealed {
        business: ask
            .business
            .as_ref()
            .map(|name| seal("business_sealed", name.expose())),
        contact: contact.map(|address| seal("contact_sealed", address.expose())),
        capability: seal("capability_sealed", capability.expose()),
        ..seal_identity(tx, services, id, &ask.asker.identity).await?
    })
}

/// What has to be proven, or was, as the rows have it.
pub(super) async fn seal_identity(
    tx: &mut Tx,
    services: &Services,
    id: &RequestId,
    identity: &Identity,
) -> Result<Sealed, db::Error> {
    let key = services
        .vault
        .data_key(tx, Scope::Deployment, services.now())
        .await?;
    let place = store::place("identity_sealed", id.as_str());
    Ok(Sealed {
        identity_kind: Some(identity.kind().to_owned()),
        identity: Some(key.seal(
            place,
            identity.expose().as_bytes(),
            services.random.as_ref(),
        )),
        digest: Some(digest(services, identity)),
        ..Sealed::default()
    })
}

/// Finds another request of the same person, and tells nothing to whoever has no master key.
fn digest(services: &Services, identity: &Identity) -> Vec<u8> {
    let parts = [identity.kind().as_bytes(), identity.expose().as_bytes()];
    services.vault.keyed_digest("request identity", &parts)
}

fn submission(services: &Services, secret: &[u8]) -> Vec<u8> {
    services.vault.keyed_digest("request form", &[secret])
}

/// The acknowledgement, in the transaction that receives. It repeats nothing that was typed: nobody has proven the address.
async fn acknowledge(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
    capability: &Capability,
    to: &EmailAddress,
) -> Result<(), db::Error> {
    let facts = Facts::Request(RequestFacts::Received(letters::Received::of(
        services, request, capability,
    )));
    let draft = letter::Draft {
        request: Some(&request.id),
        ..letter::Draft::new(to, request.locale, &facts)
    };
    letter::queue(tx, services, &draft).await?;
    Ok(())
}
