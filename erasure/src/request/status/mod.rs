//! What the person sees of a request: by the private link, before and after they have proven who they are.
//!
//! Before the proof it says only what the person typed and what the clock says. After it, a business is named only if the person
//! named it, and cases are listed only while there is something to say of them: an ordinary request reads the same whether
//! anything was found or not.

mod mail_link;
mod told;
mod withdraw;

use std::collections::BTreeMap;

use serde::Serialize;

use self::told::{Told, decisions};
pub use self::{
    mail_link::mail_link,
    withdraw::{WithdrawError, withdraw},
};
use super::{
    ExtensionReason, Ground, Request, Role, Stage, State,
    case::{Case, CaseStage, CaseState, Holder, store as cases},
    state::Outcome,
    store,
    whatsapp::{self, WhatsappProof},
};
use crate::{
    account::CodeSent,
    db::{Error, Source, value::args},
    engine::find_erasure,
    id::Capability,
    letter,
    locale::Locale,
    manifest::Category,
    person::Identity,
    receipt::Receipt,
    retention,
    services::Services,
    time::Timestamp,
};

/// Everything that the page shows.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// What people quote.
    pub reference: String,
    /// How it stands.
    pub state: Stage,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The language in which it was asked.
    pub language: Locale,
    /// When the clock started.
    pub received_at: Timestamp,
    /// By when it is done at the latest.
    pub due_at: Timestamp,
    /// What has to be proven, while something has to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofNeeded>,
    /// When the person proved who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven_at: Option<Timestamp>,
    /// Why it takes longer than a month, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extended>,
    /// What waits, was refused or can still be stopped. An ordinary erasure is no entry here.
    pub cases: Vec<CaseStatus>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// What was found and erased, once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Erased>,
    /// Whether it can be taken back.
    pub may_withdraw: bool,
}

/// What has to be proven.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProofNeeded {
    /// `phone` or `email`.
    pub kind: String,
    /// The number or address, as far as it can be shown over a shoulder.
    pub identity: String,
    /// Until when.
    pub until: Timestamp,
    /// The code that was sent, if one works.
    #[serde(skip)]
    pub code: Option<CodeSent>,
    /// How the proof over WhatsApp stands, if a number has to be proven.
    #[serde(skip)]
    pub whatsapp: Option<WhatsappProof>,
}

/// A term that is longer than the first.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extended {
    /// Why, in fixed words.
    pub reasons: Vec<ExtensionReason>,
    /// Why, in the words of whoever decided.
    pub explanation: String,
}

/// A part of the request that is out of the ordinary.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseStatus {
    /// How it stands.
    pub state: CaseStage,
    /// `business` or `account`.
    pub holder: &'static str,
    /// The business, if the person named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// By when it is done at the latest.
    pub due_at: Timestamp,
    /// Until when the business may object, or another owner may cancel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
    /// The secret of the account's own erasure: its page shows the progress, and cancels while that is possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erasure: Option<String>,
    /// Why nothing was erased, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalTold>,
}

/// Why something is kept.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusalTold {
    /// On which ground.
    pub ground: Ground,
    /// The article of the GDPR.
    pub article: &'static str,
    /// The law beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statute: Option<String>,
    /// Why, in the words of whoever decided.
    pub explanation: String,
    /// When what is kept ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_until: Option<Timestamp>,
}

/// What was found and erased.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erased {
    /// All seven categories.
    pub categories: Vec<CategoryErased>,
    /// When the last backup that may contain any of it is gone.
    pub backups_gone_by: Timestamp,
}

/// A category's number.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryErased {
    /// The category.
    pub category: Category,
    /// Records erased.
    pub erased: i64,
}

/// What this link opens; `None` for a link that opens nothing.
///
/// # Errors
/// When the database fails.
pub async fn find(services: &Services, capability: &Capability) -> Result<Option<Status>, Error> {
    match store::open(&mut Source::Db(&services.db), capability).await? {
        None => Ok(None),
        Some(request) => of(services, &request).await.map(Some),
    }
}

async fn of(services: &Services, own: &Request) -> Result<Status, Error> {
    let mut db = Source::Db(&services.db);
    // Whoever has joined another request of theirs sees that one, under their own reference.
    let joined = match &own.state {
        State::Closed {
            outcome: Outcome::Joined(to),
            ..
        } => store::find(&mut db, to.as_str()).await?,
        State::Received
        | State::Acknowledged { .. }
        | State::Proven
        | State::InReview
        | State::Erasing { .. }
        | State::Closed { .. } => None,
    };
    let request = joined.as_ref().unwrap_or(own);
    let all = cases::of_request(&mut db, &request.id).await?;
    let told = decisions(services, request).await?;
    let named = request.business(services).await?;
    let name = named.as_ref().map(|name| name.expose().to_owned());
    let mut open = Vec::new();
    for case in &all {
        open.extend(case_status(services, case, name.as_ref(), &told).await?);
    }
    if request.state.stage() == Stage::Refused && all.is_empty() {
        open.extend(whole(request, &told));
    }
    let ends = all.iter().map(Case::ends_at).max();
    let closed_at = match request.state {
        State::Closed { at, .. } => Some(at),
        State::Received
        | State::Acknowledged { .. }
        | State::Proven
        | State::InReview
        | State::Erasing { .. } => None,
    };
    Ok(Status {
        reference: own.reference.clone(),
        state: request.state.stage(),
        role: request.role,
        language: own.locale,
        received_at: own.received_at,
        due_at: ends.map_or(request.ends_at(), |ends| ends.max(request.ends_at())),
        proof: proof(services, request).await?,
        proven_at: request.proven_at,
        extension: told.iter().find_map(Told::extension),
        cases: open,
        closed_at,
        outcome: if request.state.stage() == Stage::Completed {
            Some(outcome(&mut db, &all, closed_at).await?)
        } else {
            None
        },
        may_withdraw: may_withdraw(own),
    })
}

/// Whether nothing has been begun that could not be stopped.
pub(super) const fn may_withdraw(request: &Request) -> bool {
    matches!(request.state, State::Acknowledged { .. } | State::InReview)
}

async fn proof(services: &Services, request: &Request) -> Result<Option<ProofNeeded>, Error> {
    let State::Acknowledged { prove_until } = request.state else {
        return Ok(None);
    };
    if request.role.is_none() {
        return Ok(None); // what has to be proven, nobody has said yet
    }
    let identity = request.identity(services).await?;
    let identity = identity.ok_or(Error::Corrupt("an open request without its identity"))?;
    let whatsapp = match &identity {
        Identity::Phone(number) => Some(whatsapp::standing(services, request, number).await?),
        Identity::Email(_) | Identity::BusinessScopedUserId(_) => None,
    };
    let code = match &whatsapp {
        Some(proof) => proof.code.clone(),
        None => super::proof::current_code(services, request).await?,
    };
    Ok(Some(ProofNeeded {
        kind: identity.kind().to_owned(),
        identity: identity.masked().unwrap_or_default(),
        until: prove_until,
        code,
        whatsapp,
    }))
}

/// An ordinary erasure of a contact says nothing here: where nothing is held, nothing would be said either.
async fn case_status(
    services: &Services,
    case: &Case,
    name: Option<&String>,
    told: &[Told],
) -> Result<Option<CaseStatus>, Error> {
    let (holder, erasure) = match &case.holder {
        Holder::Account(_) => ("account", erasure_link(services, case).await?),
        Holder::Contact(_) => ("business", None),
    };
    let is_ordinary = matches!(case.state.stage(), CaseStage::Erasing | CaseStage::Erased);
    if is_ordinary && holder == "business" {
        return Ok(None);
    }
    let refusal = told
        .iter()
        .find(|told| told.case.as_deref() == Some(case.id.as_str()))
        .and_then(Told::refusal);
    let (waits_until, erasure) = match (&case.state, erasure) {
        (CaseState::Objecting { until }, _) => (Some(*until), None),
        (_, Some((starts_at, capability))) => (starts_at, Some(capability)),
        (_, None) => (None, None),
    };
    Ok(Some(CaseStatus {
        state: case.state.stage(),
        holder,
        name: name.filter(|_| case.is_named).cloned(),
        due_at: case.ends_at(),
        waits_until,
        erasure,
        refusal,
    }))
}

/// The account's own erasure: until when it can be cancelled, and the secret of its page.
async fn erasure_link(
    services: &Services,
    case: &Case,
) -> Result<Option<(Option<Timestamp>, String)>, Error> {
    let Some(id) = &case.erasure else {
        return Ok(None);
    };
    let Some(erasure) = find_erasure(&services.db, id.as_str()).await? else {
        return Ok(None);
    };
    let place = letter::capability_place(id.as_str());
    let secret = services
        .vault
        .open_text(&services.db, place, &erasure.capability_sealed)
        .await?;
    let waits = erasure.state == "waiting" && erasure.starts_at > services.now();
    Ok(Some((
        waits.then_some(erasure.starts_at),
        secret.as_str().to_owned(),
    )))
}

/// A request that was refused as a whole, before anybody looked for data.
fn whole(request: &Request, told: &[Told]) -> Option<CaseStatus> {
    let refusal = told.iter().find_map(Told::refusal)?;
    Some(CaseStatus {
        state: CaseStage::Refused,
        holder: "business",
        name: None,
        due_at: request.ends_at(),
        waits_until: None,
        erasure: None,
        refusal: Some(refusal),
    })
}

async fn outcome(
    source: &mut Source<'_>,
    all: &[Case],
    closed_at: Option<Timestamp>,
) -> Result<Erased, Error> {
    let erased = erased(source, all).await?;
    Ok(Erased {
        categories: erased
            .into_iter()
            .map(|(category, erased)| CategoryErased { category, erased })
            .collect(),
        backups_gone_by: retention::backups_end(closed_at.unwrap_or(Timestamp::from_millis(0))),
    })
}

/// What the cases' erasures have taken, by category: all seven, also where nothing was found.
pub(super) async fn erased(
    source: &mut Source<'_>,
    all: &[Case],
) -> Result<Vec<(Category, i64)>, Error> {
    let mut totals: BTreeMap<Category, i64> = Category::ALL
        .into_iter()
        .map(|category| (category, 0))
        .collect();
    for erasure in all.iter().filter_map(|case| case.erasure.as_ref()) {
        let row: Option<(Option<String>,)> = source
            .optional("SELECT receipt FROM erasures WHERE id = $1", args![erasure])
            .await?;
        let Some((Some(text),)) = row else { continue };
        let receipt: Receipt =
            serde_json::from_str(&text).map_err(|_| Error::Corrupt("erasures.receipt"))?;
        for row in receipt.categories {
            *totals.entry(row.category).or_default() += row.erased;
        }
    }
    Ok(totals.into_iter().collect())
}
