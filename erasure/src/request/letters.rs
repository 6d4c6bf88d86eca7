//! What the letters about requests tell: facts, before any words. Their words are in [`crate::letter`].
//!
//! Letters to an address that nobody has proven repeat nothing that was typed: else this site could be made to write anything
//! to anybody. Each letter is queued in the transaction of the decision it tells.
//!
//! **To add a letter**: a variant here and its name, that name in the migration's CHECK, an arm in each language, a snapshot.

use serde::{Deserialize, Serialize};

use super::{ExtensionReason, Ground, Request, Role, State, link, store};
use crate::{
    db::{self, Source, Tx},
    id::Capability,
    letter::{self, Facts},
    manifest::Category,
    person::{EmailAddress, Identity},
    services::Services,
    time::Timestamp,
};

/// What a letter about a request is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum RequestFacts {
    /// The request is here: the acknowledgement.
    Received(Received),
    /// The same person has one under way, which this one has joined.
    Joined(Received),
    /// The code that proves an address.
    Code {
        /// What people quote.
        reference: String,
        /// Eight digits.
        code: String,
        /// Until when it works.
        expires_at: Timestamp,
    },
    /// Nobody proved anything: nothing was done.
    Expired {
        /// What people quote.
        reference: String,
        /// When it was received.
        received_at: Timestamp,
    },
    /// It takes longer.
    Extended(Extended),
    /// Something is not erased.
    Refused(Refused),
    /// It is done, whether something was found or not.
    Completed(Completed),
    /// The private link again, as asked.
    Link {
        /// What people quote.
        reference: String,
        /// The private link.
        link: String,
    },
    /// A letter to the privacy address is here; what it asks for has still to be said.
    Mailed(Mailed),
    /// To a business: what it held is being erased.
    Controller(ControllerFacts),
    /// To a business: it may object.
    Objection {
        /// About whom, for whom.
        facts: ControllerFacts,
        /// Until when.
        until: Timestamp,
        /// The page's address behind the language.
        path: String,
    },
}

/// A request that is here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Received {
    /// What people quote.
    pub reference: String,
    /// Who asks.
    pub role: Option<Role>,
    /// Whether an account is meant, not a number.
    pub of_account: bool,
    /// When the clock started.
    pub received_at: Timestamp,
    /// When it ends.
    pub due_at: Timestamp,
    /// Until when it has to be proven, while it has to be.
    pub prove_until: Option<Timestamp>,
    /// The private link.
    pub link: String,
}

impl Received {
    pub(super) fn of(services: &Services, request: &Request, capability: &Capability) -> Self {
        Self {
            reference: request.reference.clone(),
            role: request.role,
            of_account: request.sealed.identity_kind.as_deref() == Some("email"),
            received_at: request.received_at,
            due_at: request.ends_at(),
            prove_until: match request.state {
                State::Acknowledged { prove_until } => Some(prove_until),
                State::Received
                | State::Proven
                | State::InReview
                | State::Erasing { .. }
                | State::Closed { .. } => None,
            },
            link: link(services, request.locale, capability),
        }
    }
}

/// A letter to the privacy address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mailed {
    /// What people quote.
    pub reference: String,
    /// When the clock started.
    pub received_at: Timestamp,
    /// When it ends.
    pub due_at: Timestamp,
    /// Until when it waits for the questions to be answered.
    pub until: Timestamp,
    /// The private link, which leads to them.
    pub link: String,
}

/// A term that is longer than the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Extended {
    /// What people quote.
    pub reference: String,
    /// The private link.
    pub link: String,
    /// The end of the first term.
    pub due_at: Timestamp,
    /// The new end.
    pub extended_to: Timestamp,
    /// Why, in fixed words.
    pub reasons: Vec<ExtensionReason>,
    /// Why, in the words of whoever decided.
    pub explanation: String,
    /// What is done already.
    pub erased: Vec<(Category, i64)>,
}

/// Something that is not erased.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// What people quote.
    pub reference: String,
    /// The private link.
    pub link: String,
    /// On which ground.
    pub ground: Ground,
    /// The law beside the GDPR, where there is one.
    pub statute: Option<String>,
    /// Why, in the words of whoever decided.
    pub explanation: String,
    /// When what is kept ends, where that is known.
    pub keep_until: Option<Timestamp>,
    /// The business, as the person named it; `None`: they did not, or all of it is refused.
    pub business: Option<String>,
    /// Whether only one business's part is refused.
    pub is_partial: bool,
    /// What was erased elsewhere.
    pub erased: Vec<(Category, i64)>,
}

/// A request that is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Completed {
    /// What people quote.
    pub reference: String,
    /// The private link, where the receipt is.
    pub link: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the last read-back had found nothing.
    pub completed_at: Timestamp,
    /// What was found and erased, all seven categories.
    pub erased: Vec<(Category, i64)>,
    /// Whether a part was refused.
    pub is_partial: bool,
}

/// What a business has to know as controller.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ControllerFacts {
    /// What people quote.
    pub reference: String,
    /// Its name.
    pub organization: String,
    /// Who asked, as the business knows them: it has to find its own copies.
    pub identity: String,
    /// When the person asked.
    pub received_at: Timestamp,
    /// When the law's term ends.
    pub due_at: Timestamp,
}

impl RequestFacts {
    /// The name that the database uses.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Received(_) => "request_received",
            Self::Joined(_) => "request_joined",
            Self::Code { .. } => "request_code",
            Self::Expired { .. } => "request_expired",
            Self::Extended(_) => "request_extended",
            Self::Refused(_) => "request_refused",
            Self::Completed(_) => "request_completed",
            Self::Link { .. } => "request_link",
            Self::Mailed(_) => "request_mailed",
            Self::Controller(_) => "request_controller",
            Self::Objection { .. } => "request_objection",
        }
    }
}

impl From<RequestFacts> for Facts {
    fn from(facts: RequestFacts) -> Self {
        Self::Request(facts)
    }
}

/// How a business reads who asked.
pub(super) fn shown(identity: &Identity) -> String {
    match identity {
        Identity::Phone(number) => format!("+{}", number.expose()),
        Identity::BusinessScopedUserId(id) => id.expose().to_owned(),
        Identity::Email(address) => address.expose().to_owned(),
    }
}

/// Queues a letter to whoever made the request, if there is an address to write to.
pub(super) async fn queue(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
    to: Option<&EmailAddress>,
    facts: impl Into<Facts>,
) -> Result<(), db::Error> {
    let Some(to) = to else {
        return Ok(());
    };
    let facts = facts.into();
    let draft = letter::Draft {
        request: Some(&request.id),
        ..letter::Draft::new(to, request.locale, &facts)
    };
    letter::queue(tx, services, &draft).await?;
    Ok(())
}

/// Queues a letter to whoever made the request, and to whoever made one that has joined it: each with their own reference and
/// link.
pub(super) async fn queue_to_all<F: Into<Facts>>(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
    facts: impl Fn(String, String) -> F,
) -> Result<(), db::Error> {
    let joined = store::joined_to(&mut Source::Tx(tx), &request.id).await?;
    for one in std::iter::once(request).chain(&joined) {
        let contact = one.contact(services).await?;
        let link = link(services, one.locale, &one.capability(services).await?);
        let facts = facts(one.reference.clone(), link);
        queue(tx, services, one, contact.as_ref(), facts).await?;
    }
    Ok(())
}
