//! Who the members are: adding, changing, taking away. By the operator at the command line, or by an administrator.

use std::time::Duration;

use serde::Serialize;
use sqlx::FromRow;

use super::{Act, ActError, Role, Staff, Who, act::Acting, audit::About, store};
use crate::{
    db::{self, Db, Error, Tx, value::args},
    id::{Capability, StaffId},
    letter::{self, Draft, Facts},
    locale::Locale,
    person::EmailAddress,
    services::Services,
    time::Timestamp,
};

/// How long a set-up link works. NIST SP 800-63B-4 lets a recovery code by mail live for as long.
pub const INVITATION: Duration = Duration::from_hours(24);

/// How a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Their set-up link works.
    Invited,
    /// Their set-up link does not work any more, and they have not used it.
    InvitationExpired,
    /// They can sign in.
    Active,
    /// Their access was taken away.
    Disabled,
}

impl MemberState {
    /// The word that listings use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::InvitationExpired => "invitation_expired",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A new set-up link for a member who is there already.
#[derive(Debug)]
pub struct Reset {
    /// Its secret.
    pub capability: Capability,
    /// The language of the page.
    pub locale: Locale,
}

/// A member, as a list shows them.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// Their address.
    pub email: EmailAddress,
    /// What they are.
    pub role: Role,
    /// How they stand.
    pub state: MemberState,
    /// Since when they are known.
    pub created_at: Timestamp,
    /// When they last came in.
    pub signed_in_at: Option<Timestamp>,
}

/// Why a member was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// Somebody has that address already.
    #[error("somebody with this address is a member already")]
    Taken,
    /// There is nobody of that id.
    #[error("there is no such member")]
    NotFound,
    /// Nobody changes what they themselves may do, nor shuts themselves out.
    #[error("nobody does that to themselves")]
    Yourself,
    /// They may not.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<db::Error> for MemberError {
    fn from(error: db::Error) -> Self {
        Self::Act(error.into())
    }
}

/// Adds a member, and gives the secret of their set-up link. An administrator does not see it: it is mailed.
///
/// # Errors
/// See [`MemberError`].
pub async fn add(
    services: &Services,
    who: Who<'_>,
    email: &EmailAddress,
    role: Role,
    locale: Locale,
) -> Result<Capability, MemberError> {
    let now = services.now();
    let id = StaffId::mint(now, services.random.as_ref());
    let mut acting = who.begin(services, Act::AddStaff).await?;
    let rows = acting
        .tx()
        .execute(
            "-- insert_member
             INSERT INTO staff (id, email, role, locale, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (email) DO NOTHING",
            args![&id, email.expose(), role.as_str(), locale.as_str(), now],
        )
        .await?;
    if rows == 0 {
        return Err(MemberError::Taken);
    }
    let invited = Invitation {
        id: &id,
        email,
        role,
        locale,
    };
    let capability = invited.write(services, who, &mut acting).await?;
    acting
        .commit(Some(About::Staff(&id)), Some(role.as_str()))
        .await?;
    Ok(capability)
}

/// Takes away everything a member signs in with, and gives the secret of a new set-up link. Also for one who was disabled.
///
/// # Errors
/// See [`MemberError`].
pub async fn reset(services: &Services, who: Who<'_>, id: &StaffId) -> Result<Reset, MemberError> {
    let mut acting = begin_on_other(services, who, Act::ResetStaff, id).await?;
    let found = found(acting.tx(), id).await?;
    store::take_everything(acting.tx(), id).await?;
    acting
        .tx()
        .execute(
            "UPDATE staff SET disabled_at = NULL WHERE id = $1",
            args![id],
        )
        .await?;
    let invited = Invitation {
        id,
        email: &found.email,
        role: found.role,
        locale: found.locale,
    };
    let capability = invited.write(services, who, &mut acting).await?;
    acting.commit(Some(About::Staff(id)), None).await?;
    Ok(Reset {
        capability,
        locale: found.locale,
    })
}

/// Takes a member's access away, at once and everywhere. Their address stays, to name them on the record.
///
/// # Errors
/// See [`MemberError`].
pub async fn disable(services: &Services, who: Who<'_>, id: &StaffId) -> Result<(), MemberError> {
    let mut acting = begin_on_other(services, who, Act::DisableStaff, id).await?;
    found(acting.tx(), id).await?;
    store::take_everything(acting.tx(), id).await?;
    acting
        .tx()
        .execute(
            "UPDATE staff SET disabled_at = COALESCE(disabled_at, $1) WHERE id = $2",
            args![services.now(), id],
        )
        .await?;
    store::give_up_requests(acting.tx(), id).await?;
    acting.commit(Some(About::Staff(id)), None).await?;
    Ok(())
}

/// Changes what a member may do. Their sessions end: nobody goes on with what they may not any more.
///
/// # Errors
/// See [`MemberError`].
pub async fn change_role(
    services: &Services,
    who: Who<'_>,
    id: &StaffId,
    role: Role,
) -> Result<(), MemberError> {
    let mut acting = begin_on_other(services, who, Act::ChangeRole, id).await?;
    found(acting.tx(), id).await?;
    acting
        .tx()
        .execute(
            "UPDATE staff SET role = $1 WHERE id = $2",
            args![role.as_str(), id],
        )
        .await?;
    store::end_sessions(acting.tx(), id, None).await?;
    if !role.may(Act::AssignRequest) {
        store::give_up_requests(acting.tx(), id).await?;
    }
    acting
        .commit(Some(About::Staff(id)), Some(role.as_str()))
        .await?;
    Ok(())
}

async fn begin_on_other<'a>(
    services: &'a Services,
    who: Who<'a>,
    act: Act,
    id: &StaffId,
) -> Result<Acting<'a>, MemberError> {
    if who.staff().is_some_and(|staff| staff.id() == id) {
        return Err(MemberError::Yourself);
    }
    Ok(who.begin(services, act).await?)
}

struct Found {
    email: EmailAddress,
    role: Role,
    locale: Locale,
}

async fn found(tx: &mut Tx, id: &StaffId) -> Result<Found, MemberError> {
    let row: Option<(String, String, String)> = tx
        .fetch_optional(
            "-- member_to_change
             SELECT email, role, locale FROM staff WHERE id = $1",
            args![id],
        )
        .await?;
    let (email, role, locale) = row.ok_or(MemberError::NotFound)?;
    Ok(Found {
        email: store::email(&email)?,
        role: store::role(&role)?,
        locale: store::locale(&locale)?,
    })
}

/// A set-up link that is to be written.
struct Invitation<'a> {
    id: &'a StaffId,
    email: &'a EmailAddress,
    role: Role,
    locale: Locale,
}

impl Invitation<'_> {
    async fn write(
        &self,
        services: &Services,
        who: Who<'_>,
        acting: &mut Acting<'_>,
    ) -> Result<Capability, Error> {
        let capability = Capability::mint(services.random.as_ref());
        let expires_at = services.now() + INVITATION;
        acting
            .tx()
            .execute(
                "-- insert_invitation
                 INSERT INTO staff_invitations (staff_id, capability_hash, expires_at) VALUES ($1, $2, $3)",
                args![self.id, capability.digest(), expires_at],
            )
            .await?;
        if who.staff().is_some() {
            let facts = Facts::StaffInvited {
                role: self.role,
                link: set_up_link(services, self.locale, &capability),
                expires_at,
            };
            let draft = Draft {
                expires_at: Some(expires_at),
                ..Draft::new(self.email, self.locale, &facts)
            };
            letter::queue(acting.tx(), services, &draft).await?;
        }
        Ok(capability)
    }
}

/// The address at which a member sets up their account.
#[must_use]
pub fn set_up_link(services: &Services, locale: Locale, capability: &Capability) -> String {
    format!(
        "{}/{}/console/set-up/{}",
        services.settings.public_url,
        locale.as_str(),
        capability.expose()
    )
}

/// The member of this address.
///
/// # Errors
/// When the database fails.
pub async fn find(services: &Services, email: &EmailAddress) -> Result<Option<StaffId>, Error> {
    let row: Option<(String,)> = services
        .db
        .fetch_optional(
            "SELECT id FROM staff WHERE email = $1",
            args![email.expose()],
        )
        .await?;
    Ok(row.map(|(id,)| StaffId::stored(id)))
}

/// Every member, for those who watch. That they looked is on record.
///
/// # Errors
/// See [`ActError`].
pub async fn list(services: &Services, staff: &Staff) -> Result<Vec<Member>, ActError> {
    let acting = staff.begin(services, Act::ReadStaff).await?;
    acting.commit(None, None).await?;
    Ok(everybody(&services.db, services.now()).await?)
}

/// Every member, for the operator.
///
/// # Errors
/// When the database fails.
pub async fn list_as_operator(services: &Services) -> Result<Vec<Member>, Error> {
    everybody(&services.db, services.now()).await
}

#[derive(FromRow)]
struct MemberRow {
    id: String,
    email: String,
    role: String,
    is_set_up: bool,
    created_at: i64,
    disabled_at: Option<i64>,
    invited_until: Option<i64>,
    signed_in_at: Option<i64>,
}

async fn everybody(db: &Db, now: Timestamp) -> Result<Vec<Member>, Error> {
    let rows: Vec<MemberRow> = db
        .fetch_all(
            "-- members
             SELECT p.id, p.email, p.role, p.password_hash IS NOT NULL AS is_set_up, p.created_at, p.disabled_at,
                    i.expires_at AS invited_until,
                    (SELECT max(a.occurred_at) FROM staff_audit AS a
                     WHERE  a.staff_id = p.id AND a.act = 'sign_in' AND a.outcome = 'done') AS signed_in_at
             FROM   staff AS p LEFT JOIN staff_invitations AS i ON i.staff_id = p.id
             ORDER  BY p.email",
            args![],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Member {
                email: store::email(&row.email)?,
                role: store::role(&row.role)?,
                state: state(&row, now),
                created_at: Timestamp::from_millis(row.created_at),
                signed_in_at: row.signed_in_at.map(Timestamp::from_millis),
                id: StaffId::stored(row.id),
            })
        })
        .collect()
}

fn state(row: &MemberRow, now: Timestamp) -> MemberState {
    match row.invited_until.map(Timestamp::from_millis) {
        _ if row.disabled_at.is_some() => MemberState::Disabled,
        Some(until) if until > now => MemberState::Invited,
        _ if row.is_set_up => MemberState::Active,
        Some(_) | None => MemberState::InvitationExpired,
    }
}
