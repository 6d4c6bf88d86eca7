//! Who holds something about the person, now that it is proven who they are: one case for each.
//!
//! This is a worker's work, never the web's: what a page answers, and how long that takes, is the same whether there is
//! anything to erase or not.

use std::{collections::BTreeSet, time::Duration};

use super::{
    BusinessName, Request, Role, State,
    case::{Case, CaseState, Holder, store as cases},
    letters::{self, ControllerFacts, RequestFacts},
    store,
};
use crate::{
    account::{self, ByMailbox},
    contact::{self, Contact, ContactErasure, ContactError},
    db::{self, Source, Tx, value::args},
    id::{Capability, ErasureId, OrganizationId},
    job::{Attempt, Lease, StepError},
    letter,
    person::Identity,
    proof,
    services::Services,
};

/// When the outcome is told at the earliest: longer than an ordinary erasure takes, so that the moment says nothing about
/// whether there was one.
const TELL_AFTER: Duration = Duration::from_mins(10);
/// How long to wait for an erasure that is under way already.
const LOOK_AGAIN: Duration = Duration::from_mins(5);

/// What is known of the person whose request is worked on.
pub(super) struct Subject<'a> {
    pub(super) request: &'a Request,
    pub(super) identity: Identity,
    pub(super) business: Option<BusinessName>,
    proven: Vec<Proven>,
}

/// What selects data: the request's own identity, and what was proved in the same breath.
struct Proven {
    identity: Identity,
    /// A business-scoped id means somebody only to the business that it came through.
    only_in: Option<OrganizationId>,
}

impl Proven {
    async fn of(
        services: &Services,
        request: &Request,
        identity: &Identity,
    ) -> Result<Vec<Self>, db::Error> {
        let proofs = proof::proved_with(services, &request.id, identity).await?;
        let mut proven: Vec<_> = proofs
            .into_iter()
            .map(|proof| Self {
                only_in: match proof.identity {
                    Identity::BusinessScopedUserId(_) => proof.via,
                    Identity::Phone(_) | Identity::Email(_) => None,
                },
                identity: proof.identity,
            })
            .collect();
        if proven.is_empty() {
            // By mail, or shown to the operator.
            proven.push(Self {
                identity: identity.clone(),
                only_in: None,
            });
        }
        Ok(proven)
    }

    fn counts_in(&self, contact: &Contact) -> bool {
        self.only_in
            .as_ref()
            .is_none_or(|organization| *organization == contact.organization)
    }
}

impl<'a> Subject<'a> {
    /// Opened before the transaction: it reads what was committed long ago.
    pub(super) async fn of(services: &Services, request: &'a Request) -> Result<Self, db::Error> {
        let identity = request.identity(services).await?;
        let identity =
            identity.ok_or(db::Error::Corrupt("an open request without its identity"))?;
        Ok(Self {
            request,
            proven: Proven::of(services, request, &identity).await?,
            identity,
            business: request.business(services).await?,
        })
    }
}

/// Opens every case, or puts the request before staff.
pub(super) async fn attempt(
    services: &Services,
    lease: &Lease,
    request: &Request,
) -> Result<Attempt, StepError> {
    let now = services.now();
    let subject = Subject::of(services, request).await?;
    let mut tx = services.db.begin().await?;
    lease.hold(&mut tx, now).await?;
    tx.alone().await?;
    let Some(mut current) = store::find(&mut Source::Tx(&mut tx), request.id.as_str()).await?
    else {
        return Err(db::Error::Corrupt("a request that is gone").into());
    };
    if current.state != State::Proven {
        return Ok(Attempt::Progressed); // taken back meanwhile
    }
    let wrong = |_| db::Error::Corrupt("a request that changed while it was held");
    if current.role == Some(Role::Representative) && current.approved_at.is_none() {
        let next = current.state.clone().review().map_err(wrong)?;
        store::advance(&mut tx, services, &mut current, next).await?;
        tx.commit().await?;
        return Ok(Attempt::Progressed);
    }
    if let Found::UnderWay = open_cases(&mut tx, services, &subject, &BTreeSet::new()).await? {
        return Ok(Attempt::Rest {
            until: now + LOOK_AGAIN,
        });
    }
    let tell_at = now + TELL_AFTER;
    let next = current.state.clone().erase(tell_at).map_err(wrong)?;
    store::advance(&mut tx, services, &mut current, next).await?;
    tx.commit().await?;
    Ok(Attempt::Rest { until: tell_at })
}

/// What a look for holders came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// So many cases were opened.
    Cases(usize),
    /// The account is part of an erasure that is under way: what is left of it shows afterwards.
    UnderWay,
}

/// Opens a case for each holder that has none in this request yet.
pub(super) async fn open_cases(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    known: &BTreeSet<String>,
) -> Result<Found, db::Error> {
    let mut opened = 0;
    match &subject.identity {
        Identity::Email(address) => match account::erase_by_mailbox(tx, services, address).await? {
            ByMailbox::NoAccount => {}
            ByMailbox::UnderWay => return Ok(Found::UnderWay),
            ByMailbox::Begun { user, erasure } => {
                let holder = (Holder::Account(user), false);
                let state = CaseState::Erasing(erasure);
                let case = Case::new(services, subject.request, holder, state);
                cases::insert(tx, services, &case).await?;
                opened += 1;
            }
        },
        Identity::Phone(_) | Identity::BusinessScopedUserId(_) => {
            let mut known = known.clone();
            for proven in &subject.proven {
                for contact in contact::holders_in(tx, &proven.identity).await? {
                    if proven.counts_in(&contact)
                        && known.insert(Holder::Contact(contact.clone()).text())
                    {
                        open_contact(tx, services, subject, contact).await?;
                        opened += 1;
                    }
                }
            }
        }
    }
    Ok(Found::Cases(opened))
}

/// What a business is called; `None` when it is gone.
pub(super) async fn name(
    source: &mut Source<'_>,
    contact: &Contact,
) -> Result<Option<String>, db::Error> {
    Ok(policy(source, contact).await?.map(|(name, _)| name))
}

/// What a business is called, and how many days it wants to object in; none: it does not want to.
async fn policy(
    source: &mut Source<'_>,
    contact: &Contact,
) -> Result<Option<(String, i64)>, db::Error> {
    source
        .optional(
            "-- policy_of_organization
             SELECT name, objection_days FROM organizations WHERE id = $1",
            args![&contact.organization],
        )
        .await
}

async fn open_contact(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    contact: Contact,
) -> Result<(), db::Error> {
    let policy = policy(&mut Source::Tx(tx), &contact).await?;
    let (business, days) = policy.ok_or(db::Error::Corrupt("a contact without organization"))?;
    let named = subject.business.as_ref();
    let is_named = named.is_some_and(|name| name.is_that_of(&business));
    let holder = (Holder::Contact(contact.clone()), is_named);
    if days == 0 {
        let Some(erasure) = begin(tx, services, subject, &contact).await? else {
            return Ok(()); // looked at again before the request is closed
        };
        let state = CaseState::Erasing(erasure);
        let case = Case::new(services, subject.request, holder, state);
        return cases::insert(tx, services, &case).await;
    }
    let until = services.settings.time_zone.plus_days(services.now(), days);
    let state = CaseState::Objecting { until };
    let case = Case::new(services, subject.request, holder, state);
    cases::insert(tx, services, &case).await?;
    let capability = Capability::mint(services.random.as_ref());
    cases::link(tx, &case, &capability).await?;
    let facts = |facts| RequestFacts::Objection {
        facts,
        until,
        path: format!("objection/{}", capability.expose()),
    };
    tell_business(tx, services, subject, &contact, facts).await
}

/// Begins the erasure of one contact and tells the business; `None` when it is gone, or under way already.
pub(super) async fn begin(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    contact: &Contact,
) -> Result<Option<ErasureId>, db::Error> {
    let erasure = ContactErasure {
        contact,
        recipient: None,
        locale: subject.request.locale,
    };
    let confirmed = match contact::erase(tx, services, &erasure).await {
        Ok(confirmed) => confirmed,
        Err(ContactError::NotHeld) => return Ok(None),
        Err(ContactError::Internal(error)) => return Err(error),
    };
    tell_business(tx, services, subject, contact, RequestFacts::Controller).await?;
    Ok(Some(confirmed.id))
}

/// A letter to each owner of a business, which as controller has to know and to act on its own copies.
async fn tell_business(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    contact: &Contact,
    facts: impl Fn(ControllerFacts) -> RequestFacts,
) -> Result<(), db::Error> {
    let name = name(&mut Source::Tx(tx), contact)
        .await?
        .unwrap_or_default();
    for person in account::people(tx, &contact.organization, None).await? {
        if !person.is_owner {
            continue;
        }
        let facts = facts(ControllerFacts {
            reference: subject.request.reference.clone(),
            organization: name.clone(),
            identity: letters::shown(&subject.identity),
            received_at: subject.request.received_at,
            due_at: subject.request.ends_at(),
        });
        let facts = letter::Facts::Request(facts);
        let draft = letter::Draft {
            request: Some(&subject.request.id),
            ..letter::Draft::new(&person.email, person.locale, &facts)
        };
        letter::queue(tx, services, &draft).await?;
    }
    Ok(())
}

/// Whether a contact of the person is there that no case can be opened for now, because they or their business are being erased.
pub(super) async fn under_way(tx: &mut Tx, subject: &Subject<'_>) -> Result<bool, db::Error> {
    for proven in &subject.proven {
        if is_under_way(tx, &proven.identity).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn is_under_way(tx: &mut Tx, identity: &Identity) -> Result<bool, db::Error> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            "-- holders_under_way
             SELECT CAST(1 AS BIGINT)
             FROM   contact_identities AS i
                    JOIN contacts AS c ON c.organization_id = i.organization_id AND c.id = i.contact_id
                    JOIN organizations AS o ON o.id = i.organization_id
             WHERE  i.kind = $1 AND i.value = $2 AND (c.frozen_at IS NOT NULL OR o.frozen_at IS NOT NULL)
             LIMIT  1",
            args![identity.kind(), identity.expose()],
        )
        .await?;
    Ok(row.is_some())
}
