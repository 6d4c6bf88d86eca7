//! A person asks: somebody on WhatsApp, a customer who cannot sign in, somebody who may act for another.
//!
//! The tour, in the order in which it happens:
//!
//! 1. [`submit`]: the request is written, acknowledged at once, and gets a reference, a link and two dates ([`deadline`]). One that
//!    came as a letter to the privacy address ([`crate::intake`]) does not say yet what it asks for: [`by_mail`].
//! 2. [`proof`], and [`whatsapp`] for a number: the person proves that it is theirs ([`accept_as_operator`] where no code can). **What
//!    is proven is the only thing that selects data**: a name, a second address or the business that was named select nothing.
//!    Until then nothing of anybody's is looked up, so that every answer is the same whether somebody is known or not.
//! 3. [`resolve`] and [`case`]: one case for each business that holds something, each with its own decision, clock and
//!    erasure; a business may [`object`] where its [`policy`] gives it the time. Finding nothing is a normal answer, told at the same moment in the same words.
//! 4. [`follow`]: when every case is closed, the outcome is told, and what was typed is destroyed.
//! 5. [`decide`]: what staff decides, at the [`desk`]; [`clock`]: what happens when nobody does anything; [`status`]: what the
//!    person sees.
//!
//! **To add a letter**: see [`letters`]. **To add a state**: [`state`], its word in the migration, and the compiler leads on.

mod accept;
mod business;
pub mod by_mail;
mod case;
pub mod clock;
pub mod deadline;
pub mod decide;
pub mod desk;
mod events;
mod follow;
pub mod idempotency;
pub mod letters;
pub mod object;
pub mod policy;
pub mod proof;
mod resolve;
mod state;
pub mod status;
mod store;
pub mod submit;
pub mod whatsapp;
mod words;

pub(crate) use self::{accept::shown, clock::sweep, follow::attempt};
pub use self::{
    accept::{AcceptError, accept_as_operator},
    business::{BusinessName, BusinessNameError},
    case::{CaseOutcome, CaseStage, CaseState, WrongCaseState},
    state::{Outcome, Stage, State, WrongState},
    words::{Channel, ExtensionReason, Ground, Role},
};
use crate::{
    db::Error,
    id::{Capability, RequestId},
    locale::Locale,
    person::{EmailAddress, Identity},
    services::Services,
    time::Timestamp,
};

/// One person asks once.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// What people quote.
    pub reference: String,
    /// How it reached us.
    pub channel: Channel,
    /// Who asks; `None`: it came by mail, and nobody has said yet.
    pub role: Option<Role>,
    /// The person's language.
    pub locale: Locale,
    /// How it stands.
    pub state: State,
    /// When the clock started.
    pub received_at: Timestamp,
    /// The end of the first term.
    pub due_at: Timestamp,
    /// A later end, if there is one.
    pub extended_to: Option<Timestamp>,
    /// When the person was told that it is here.
    pub acknowledged_at: Option<Timestamp>,
    /// When the person proved who they are.
    pub proven_at: Option<Timestamp>,
    /// When staff found that the person may ask for another.
    pub approved_at: Option<Timestamp>,
    sealed: Sealed,
}

/// What was typed, sealed; gone once the request is closed.
#[derive(Clone, Debug, Default)]
struct Sealed {
    identity_kind: Option<String>,
    identity: Option<Vec<u8>>,
    digest: Option<Vec<u8>>,
    business: Option<Vec<u8>>,
    contact: Option<Vec<u8>>,
    capability: Vec<u8>,
}

impl Request {
    /// When the term ends that counts.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.extended_to.unwrap_or(self.due_at)
    }

    /// What has to be proven, or was; `None` once the request is closed.
    ///
    /// # Errors
    /// When the database fails or the value cannot be opened.
    pub async fn identity(&self, services: &Services) -> Result<Option<Identity>, Error> {
        let Some(text) = self
            .opened(services, "identity_sealed", self.sealed.identity.as_ref())
            .await?
        else {
            return Ok(None);
        };
        let kind = self.sealed.identity_kind.as_deref().unwrap_or_default();
        let identity = Identity::stored(kind, &text);
        Ok(Some(
            identity.ok_or(Error::Corrupt("requests.identity_sealed"))?,
        ))
    }

    /// Where letters go, if anywhere: the address that was given for that, or the one that was proven.
    ///
    /// # Errors
    /// When the database fails or the value cannot be opened.
    pub async fn contact(&self, services: &Services) -> Result<Option<EmailAddress>, Error> {
        let contact = self
            .opened(services, "contact_sealed", self.sealed.contact.as_ref())
            .await?;
        let address = contact.map(|text| text.parse());
        address
            .transpose()
            .map_err(|_| Error::Corrupt("requests.contact_sealed"))
    }

    /// The business that the person named.
    ///
    /// # Errors
    /// When the database fails or the value cannot be opened.
    pub async fn business(&self, services: &Services) -> Result<Option<BusinessName>, Error> {
        let name = self
            .opened(services, "business_sealed", self.sealed.business.as_ref())
            .await?;
        name.map(|text| text.parse())
            .transpose()
            .map_err(|_| Error::Corrupt("requests.business_sealed"))
    }

    /// The secret of the private link.
    async fn capability(&self, services: &Services) -> Result<Capability, Error> {
        let sealed = Some(&self.sealed.capability);
        let text = self.opened(services, "capability_sealed", sealed).await?;
        text.and_then(|text| text.parse().ok())
            .ok_or(Error::Corrupt("requests.capability_sealed"))
    }

    async fn opened(
        &self,
        services: &Services,
        column: &'static str,
        sealed: Option<&Vec<u8>>,
    ) -> Result<Option<zeroize::Zeroizing<String>>, Error> {
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let place = store::place(column, self.id.as_str());
        Ok(Some(
            services
                .vault
                .open_text(&services.db, place, sealed)
                .await?,
        ))
    }
}

/// The page that the private link opens.
#[must_use]
pub fn link(services: &Services, locale: Locale, capability: &Capability) -> String {
    format!(
        "{}/{}/status/{}",
        services.settings.public_url,
        locale.as_str(),
        capability.expose()
    )
}
