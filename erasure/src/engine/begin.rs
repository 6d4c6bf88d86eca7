//! The beginning of every erasure, whoever asks for it: whose data goes, the fence, the whole plan, its job.
//!
//! All of it belongs to the caller's transaction, the one in which the right to ask for it was proved.

use super::{Subject, identifiers, recipient_place, write_plan};
use crate::{
    contact::Contact,
    db::{Error, Tx, value::args},
    hold,
    id::{Capability, ErasureId, OrganizationId},
    job, ledger,
    letter::{self, Facts},
    locale::Locale,
    person::EmailAddress,
    random::Random,
    services::Services,
    suppression,
    time::Timestamp,
    vault::Scope,
};

/// On whose word an erasure begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An owner's or member's, with password and code.
    SelfService,
    /// The operator's, on the command line.
    Operator,
    /// A contact's, whose number or id was proved.
    Request,
    /// Two officers', who agreed on it in the console.
    Staff,
    /// The ledger's: this copy of the database is older than the erasure.
    Restore,
}

impl Origin {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SelfService => "self_service",
            Self::Operator => "operator",
            Self::Request => "request",
            Self::Staff => "staff",
            Self::Restore => "restore",
        }
    }
}

/// An erasure that somebody with the right to it asks for.
pub(crate) struct Confirmation {
    /// Whose data goes.
    pub(crate) subjects: Vec<Subject>,
    /// When it may begin.
    pub(crate) starts_at: Timestamp,
    /// Where the last letter goes.
    pub(crate) recipient: Option<EmailAddress>,
    pub(crate) locale: Locale,
    pub(crate) origin: Origin,
    /// The session that confirmed: a second submit is led to the same page.
    pub(crate) session_hash: Option<Vec<u8>>,
}

/// An erasure whose plan is written.
pub struct Confirmed {
    /// The erasure.
    pub id: ErasureId,
    /// What people quote.
    pub reference: String,
    /// The secret of its link.
    pub capability: Capability,
    /// Whether it waits for a legal hold; whoever asked for it has been written to.
    pub is_held: bool,
}

/// By what an erasure is known: drawn anew, or as the ledger remembers it.
pub(crate) struct Name {
    pub(crate) id: ErasureId,
    pub(crate) reference: String,
    /// The digests of the secrets that open it.
    pub(crate) links: Vec<Vec<u8>>,
    pub(crate) confirmed_at: Timestamp,
}

/// Writes the erasure, its subjects, its plan and its job, and puts up the fence. Every subject must be free: the caller has
/// looked, under the lock of [`Tx::alone`]. The ledger hears of it.
pub(crate) async fn begin(
    tx: &mut Tx,
    services: &Services,
    confirmation: &Confirmation,
) -> Result<Confirmed, Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let capability = Capability::mint(random);
    let name = Name {
        id: ErasureId::mint(now, random),
        reference: reference(random),
        links: vec![capability.digest()],
        confirmed_at: now,
    };
    begin_as(tx, services, confirmation, (&name, &capability)).await?;
    ledger::queue(tx, services, &name.id).await?;
    let is_held = meet_holds(tx, services, confirmation, (&name, &capability)).await?;
    Ok(Confirmed {
        id: name.id,
        reference: name.reference,
        capability,
        is_held,
    })
}

/// The same under a given name. The capability is what letters will carry.
pub(crate) async fn begin_as(
    tx: &mut Tx,
    services: &Services,
    confirmation: &Confirmation,
    (name, capability): (&Name, &Capability),
) -> Result<(), Error> {
    let now = services.now();
    insert(tx, services, confirmation, (name, capability)).await?;
    let id = &name.id;
    for subject in &confirmation.subjects {
        tx.execute(
            "INSERT INTO erasure_subjects (erasure_id, kind, subject_id) VALUES ($1, $2, $3)",
            args![id, subject.kind(), subject.id()],
        )
        .await?;
        match subject {
            Subject::Organization(organization) => freeze(tx, organization, id, now).await?,
            Subject::Contact(contact) => {
                freeze_contact(tx, contact, now).await?;
                suppression::add(tx, services, contact, id).await?;
            }
            Subject::User(_) => {}
        }
    }
    let subjects = &confirmation.subjects;
    let copied = identifiers::keep(tx, services, id, subjects).await?;
    write_plan(tx, id, &services.manifest, (subjects, &copied)).await?;
    let starts_at = confirmation.starts_at;
    job::enqueue(tx, services, job::Kind::Erasure, id.as_str(), starts_at).await
}

/// Lets the erasure wait for the legal holds on it, if there are any, and says so to whoever asked for it.
pub(crate) async fn meet_holds(
    tx: &mut Tx,
    services: &Services,
    confirmation: &Confirmation,
    (name, capability): (&Name, &Capability),
) -> Result<bool, Error> {
    let holds = hold::standing(tx, &confirmation.subjects, services.now()).await?;
    let Some(last) = holds.first() else {
        return Ok(false);
    };
    hold::hold_erasure(tx, services, &name.id, &holds).await?;
    if let Some(to) = &confirmation.recipient {
        let facts = Facts::DeletionHeld {
            reference: name.reference.clone(),
            link: letter::link_to(services, confirmation.locale, capability.expose()),
            basis: last.basis,
            review_at: last.review_at,
        };
        let draft = letter::Draft {
            erasure: Some(&name.id),
            ..letter::Draft::new(to, confirmation.locale, &facts)
        };
        letter::queue(tx, services, &draft).await?;
    }
    Ok(true)
}

async fn insert(
    tx: &mut Tx,
    services: &Services,
    confirmation: &Confirmation,
    (name, capability): (&Name, &Capability),
) -> Result<(), Error> {
    let now = services.now();
    let random = services.random.as_ref();
    let id = &name.id;
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let recipient = confirmation.recipient.as_ref();
    tx.execute(
        "-- insert_erasure
         INSERT INTO erasures (id, reference, locale, origin, state, confirmed_at, starts_at, session_hash, capability_sealed, recipient_sealed)
         VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8, $9)",
        args![
            id,
            name.reference.as_str(),
            confirmation.locale.as_str(),
            confirmation.origin.as_str(),
            name.confirmed_at,
            confirmation.starts_at,
            confirmation.session_hash.clone(),
            key.seal(letter::capability_place(id.as_str()), capability.expose().as_bytes(), random),
            recipient.map(|to| key.seal(recipient_place(id.as_str()), to.expose().as_bytes(), random)),
        ],
    )
    .await?;
    for link in &name.links {
        tx.execute(
            "INSERT INTO erasure_links (capability_hash, erasure_id) VALUES ($1, $2)",
            args![link.clone(), id],
        )
        .await?;
    }
    Ok(())
}

/// From here on nothing can be written for this organization.
async fn freeze(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &ErasureId,
    now: Timestamp,
) -> Result<(), Error> {
    let rows = tx
        .execute(
            "-- freeze_organization
             UPDATE organizations SET frozen_at = $1, frozen_by = $2 WHERE id = $3 AND frozen_at IS NULL",
            args![now, id, organization],
        )
        .await?;
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Corrupt(
            "an organization that was free a moment ago is frozen",
        ))
    }
}

/// From here on nothing can be written about this contact.
async fn freeze_contact(tx: &mut Tx, contact: &Contact, now: Timestamp) -> Result<(), Error> {
    let rows = tx
        .execute(
            "-- freeze_contact
             UPDATE contacts SET frozen_at = $1 WHERE organization_id = $2 AND id = $3 AND frozen_at IS NULL",
            args![now, &contact.organization, &contact.id],
        )
        .await?;
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Corrupt(
            "a contact that was free a moment ago is frozen or gone",
        ))
    }
}

/// What people quote: eight characters that cannot be mistaken for each other (Crockford's alphabet).
pub(crate) fn reference(random: &dyn Random) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut text = String::from("QD");
    for (index, byte) in random.bytes::<8>().into_iter().enumerate() {
        if index % 4 == 0 {
            text.push('-');
        }
        let symbol = ALPHABET
            .get(usize::from(byte % 32))
            .copied()
            .unwrap_or(b'0');
        text.push(char::from(symbol));
    }
    text
}
