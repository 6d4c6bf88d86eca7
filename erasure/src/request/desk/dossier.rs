//! One request as staff sees it. What is about somebody is masked until it is asked for, and every look is on record.

use super::{
    DeskError,
    history::{self, Event},
    refusal::{self, Proposed},
};
use crate::{
    db::{Error, Source, Tx, value::args},
    id::{CaseId, RequestId, StaffId},
    request::{
        BusinessName, CaseStage, Request, Stage,
        case::{Case, Holder, store as cases},
        decide, resolve, store,
    },
    services::Services,
    staff::{Act, Staff, audit::About},
    time::Timestamp,
};

/// Everything that the page of a request shows.
#[derive(Debug)]
pub struct Dossier {
    /// The request itself.
    pub request: Request,
    /// Who it is about.
    pub shown: Shown,
    /// Who works on it: a member's id and address.
    pub assignee: Option<(StaffId, String)>,
    /// One part for each holder.
    pub cases: Vec<CaseShown>,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
    /// Refusals that wait for a second person.
    pub proposed: Vec<Proposed>,
}

/// Who a request is about, masked or in full.
#[derive(Clone, Default)]
pub struct Shown {
    /// `phone`, `business_scoped_user_id` or `email`; `None` once the request is closed.
    pub kind: Option<String>,
    /// The number, id or address; masked unless it was asked for.
    pub identity: Option<String>,
    /// The business, as the person named it; only when asked for.
    pub business: Option<String>,
    /// Where letters go; only when asked for.
    pub contact: Option<String>,
    /// Whether this is everything.
    pub is_whole: bool,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Shown([redacted])")
    }
}

/// One holder's part of a request.
#[derive(Clone, Debug)]
pub struct CaseShown {
    /// Its id.
    pub id: CaseId,
    /// The business; `None` for an account of the person's own, and for a business that is gone.
    pub business: Option<String>,
    /// Whether it is the person's own account.
    pub is_account: bool,
    /// Whether the person named this business.
    pub is_named: bool,
    /// How it stands.
    pub stage: CaseStage,
    /// When the first term ends.
    pub due_at: Timestamp,
    /// A later end, if there is one.
    pub extended_to: Option<Timestamp>,
}

/// What is read in the transaction that puts the look on record.
struct Read {
    request: Request,
    assignee: Option<(StaffId, String)>,
    cases: Vec<CaseShown>,
    events: Vec<history::EventRow>,
}

/// Opens a request; with `whole`, its number or address in full.
///
/// # Errors
/// See [`DeskError`].
pub async fn open(
    services: &Services,
    staff: &Staff,
    id: &RequestId,
    whole: bool,
) -> Result<Dossier, DeskError> {
    let act = if whole {
        Act::RevealIdentity
    } else {
        Act::ReadRequest
    };
    let mut acting = staff.begin(services, act).await?;
    let read = read(acting.tx(), id).await?.ok_or(DeskError::NotFound)?;
    acting.commit(Some(About::Request(id)), None).await?;
    let mut events = Vec::new();
    for row in read.events {
        events.push(row.open(services).await?);
    }
    Ok(Dossier {
        shown: shown(services, &read.request, whole).await?,
        proposed: refusal::proposed(services, staff, &read.request.id, &read.cases).await?,
        request: read.request,
        assignee: read.assignee,
        cases: read.cases,
        events,
    })
}

async fn read(tx: &mut Tx, id: &RequestId) -> Result<Option<Read>, Error> {
    let Some(request) = store::find(&mut Source::Tx(tx), id.as_str()).await? else {
        return Ok(None);
    };
    let assignee: Option<(String, String)> = tx
        .fetch_optional(
            "-- assignee_of_request
             SELECT p.id, p.email FROM request_assignments AS a JOIN staff AS p ON p.id = a.staff_id WHERE a.request_id = $1",
            args![id],
        )
        .await?;
    let mut shown = Vec::new();
    for case in cases::of_request(&mut Source::Tx(tx), id).await? {
        shown.push(case_shown(tx, &case).await?);
    }
    Ok(Some(Read {
        request,
        assignee: assignee.map(|(id, email)| (StaffId::stored(id), email)),
        cases: shown,
        events: history::rows(&mut Source::Tx(tx), id).await?,
    }))
}

async fn case_shown(tx: &mut Tx, case: &Case) -> Result<CaseShown, Error> {
    let business = match &case.holder {
        Holder::Account(_) => None,
        Holder::Contact(contact) => resolve::name(&mut Source::Tx(tx), contact).await?,
    };
    Ok(CaseShown {
        id: case.id.clone(),
        business,
        is_account: matches!(case.holder, Holder::Account(_)),
        is_named: case.is_named,
        stage: case.state.stage(),
        due_at: case.due_at,
        extended_to: case.extended_to,
    })
}

async fn shown(services: &Services, request: &Request, whole: bool) -> Result<Shown, Error> {
    let Some(identity) = request.identity(services).await? else {
        return Ok(Shown::default());
    };
    let kind = Some(identity.kind().to_owned());
    if !whole {
        return Ok(Shown {
            kind,
            identity: identity.masked(),
            ..Shown::default()
        });
    }
    let business = request.business(services).await?;
    let contact = request.contact(services).await?;
    Ok(Shown {
        kind,
        identity: Some(identity.expose().to_owned()),
        business: business
            .as_ref()
            .map(BusinessName::expose)
            .map(str::to_owned),
        contact: contact.map(|address| address.expose().to_owned()),
        is_whole: true,
    })
}

impl Dossier {
    /// Whether staff may find that the person may ask for another.
    #[must_use]
    pub fn may_be_approved(&self) -> bool {
        self.request.state.stage() == Stage::InReview
    }

    /// Whether a longer term can be told in time.
    #[must_use]
    pub fn may_be_extended(&self, now: Timestamp) -> bool {
        let request = &self.request;
        let is_open = request.proven_at.is_some() && !request.state.is_closed();
        is_open && request.extended_to.is_none() && now < request.due_at
    }

    /// The last day to which its term can be extended.
    #[must_use]
    pub fn latest_extension(&self, services: &Services) -> Timestamp {
        decide::latest(services, &self.request)
    }
}
