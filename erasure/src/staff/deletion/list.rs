//! What waits for a second officer, and what has become of the others.

use sqlx::FromRow;

use super::{Basis, Order, is_own};
use crate::{
    approval::{self, Approval},
    contact::Contact,
    db::{Error, Source, value::args},
    engine::Subject,
    id::{OrganizationId, RowId},
    person::Identity,
    progress::State,
    reason::Reason,
    services::Services,
    staff::{Act, ActError, Staff},
    time::Timestamp,
};

/// A proposal that waits for a second officer.
#[derive(Clone)]
pub struct Waiting {
    /// Which.
    pub id: RowId,
    /// What is to go; `None`: it is gone already.
    pub shown: Option<Shown>,
    /// On which ground.
    pub basis: Basis,
    /// Why.
    pub reason: Reason,
    /// Who proposed it.
    pub by: String,
    /// Whether that was the member who looks.
    pub is_own: bool,
    /// Whether they are an officer still; otherwise there is nobody to agree with.
    pub is_by_officer: bool,
    /// After this nobody means it any more.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Waiting({}, [redacted])", self.id)
    }
}

/// What is to go, as staff sees it.
#[derive(Clone)]
pub struct Shown {
    /// The organization's short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What of it.
    pub what: What,
    /// Whether it is being erased already.
    pub is_frozen: bool,
}

/// What of an organization is to go.
#[derive(Clone)]
pub enum What {
    /// Everything.
    Whole,
    /// One contact: their number, masked. Of somebody known by Meta's id alone nothing is shown.
    Contact(Option<String>),
}

/// A deletion that two officers agreed on.
#[derive(Clone, Debug)]
pub struct Begun {
    /// What people quote.
    pub reference: String,
    /// Whether an organization went, or one contact.
    pub is_whole: bool,
    /// On which ground.
    pub basis: Basis,
    /// Who proposed it, while they are known.
    pub proposed_by: Option<String>,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Timestamp,
    /// How it stands.
    pub state: State,
}

/// What waits, and the last fifty that have begun. That somebody looked is on record.
///
/// # Errors
/// See [`ActError`].
pub async fn open(
    services: &Services,
    staff: &Staff,
) -> Result<(Vec<Waiting>, Vec<Begun>), ActError> {
    let acting = staff.begin(services, Act::ReadDeletions).await?;
    acting.commit(None, None).await?;
    let mut waiting = Vec::new();
    for found in approval::waiting(services, approval::Act::Erase).await? {
        waiting.push(shown_to(services, staff, found).await?);
    }
    Ok((waiting, begun(services).await?))
}

async fn shown_to(services: &Services, staff: &Staff, found: Approval) -> Result<Waiting, Error> {
    let order = Order::of(&found)?;
    Ok(Waiting {
        shown: shown(services, &order.subject).await?,
        basis: order.basis,
        reason: found.reason()?,
        by: found.proposed_by.expose().to_owned(),
        is_own: is_own(&found, staff.email()),
        is_by_officer: order.is_by_officer(&mut Source::Db(&services.db)).await?,
        expires_at: found.expires_at,
        id: RowId::stored(found.id),
    })
}

async fn shown(services: &Services, subject: &Subject) -> Result<Option<Shown>, Error> {
    match subject {
        Subject::Organization(id) => organization(services, id, What::Whole).await,
        Subject::Contact(known) => contact(services, known).await,
        Subject::User(_) => Ok(None), // nobody proposes that
    }
}

async fn organization(
    services: &Services,
    id: &OrganizationId,
    what: What,
) -> Result<Option<Shown>, Error> {
    let row: Option<(String, String, bool)> = services
        .db
        .fetch_optional(
            "SELECT slug, name, frozen_at IS NOT NULL FROM organizations WHERE id = $1",
            args![id],
        )
        .await?;
    Ok(row.map(|(slug, name, is_frozen)| Shown {
        slug,
        name,
        what,
        is_frozen,
    }))
}

async fn contact(services: &Services, contact: &Contact) -> Result<Option<Shown>, Error> {
    let ids = args![&contact.organization, &contact.id];
    let row: Option<(bool,)> = services
        .db
        .fetch_optional(
            "SELECT frozen_at IS NOT NULL FROM contacts WHERE organization_id = $1 AND id = $2",
            ids.clone(),
        )
        .await?;
    let Some((is_frozen,)) = row else {
        return Ok(None);
    };
    let known_by: Vec<(String, String)> = services
        .db
        .fetch_all(
            "-- identities_of_contact
             SELECT kind, value FROM contact_identities WHERE organization_id = $1 AND contact_id = $2 ORDER BY kind, value",
            ids,
        )
        .await?;
    let masked = known_by
        .iter()
        .find_map(|(kind, value)| Identity::stored(kind, value)?.masked());
    let shown = organization(services, &contact.organization, What::Contact(masked)).await?;
    Ok(shown.map(|shown| Shown {
        is_frozen: shown.is_frozen || is_frozen,
        ..shown
    }))
}

#[derive(FromRow)]
struct BegunRow {
    reference: String,
    is_whole: bool,
    basis: String,
    proposed_by: Option<String>,
    confirmed_by: Option<String>,
    confirmed_at: i64,
    state: String,
}

async fn begun(services: &Services) -> Result<Vec<Begun>, Error> {
    let rows: Vec<BegunRow> = services
        .db
        .fetch_all(
            "-- erasures_of_staff
             SELECT e.reference, x.basis, p.email AS proposed_by, c.email AS confirmed_by, e.confirmed_at, e.state,
                    EXISTS (SELECT 1 FROM erasure_subjects AS s WHERE s.erasure_id = e.id AND s.kind = 'organization') AS is_whole
             FROM   staff_erasures AS x JOIN erasures AS e ON e.id = x.erasure_id
                    LEFT JOIN staff AS p ON p.id = x.proposed_by
                    LEFT JOIN staff AS c ON c.id = x.confirmed_by
             ORDER  BY x.erasure_id DESC LIMIT 50",
            args![],
        )
        .await?;
    rows.into_iter().map(Begun::try_from).collect()
}

impl TryFrom<BegunRow> for Begun {
    type Error = Error;

    fn try_from(row: BegunRow) -> Result<Self, Error> {
        Ok(Self {
            reference: row.reference,
            is_whole: row.is_whole,
            basis: row
                .basis
                .parse()
                .map_err(|_| Error::Corrupt("staff_erasures.basis"))?,
            proposed_by: row.proposed_by,
            confirmed_by: row.confirmed_by,
            confirmed_at: Timestamp::from_millis(row.confirmed_at),
            state: State::stored(&row.state, true)?,
        })
    }
}
