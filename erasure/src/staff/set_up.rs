//! Setting up an account through a link that works once: a password, an authenticator app, recovery codes; and one is in.

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Act, Enrolment, Role, Weakness,
    audit::{Entry, append},
    password, recovery,
    session::{BY_NETWORK, SESSIONS},
    store,
};
use crate::{
    db::{self, Tx, value::args},
    id::{Capability, StaffId},
    locale::Locale,
    network::Network,
    person::EmailAddress,
    rate_limit::{Allowance, charge},
    services::Services,
    session::SessionToken,
    time::Timestamp,
};

/// Somebody who holds a link that still works.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Who.
    pub id: StaffId,
    /// Their address.
    pub email: EmailAddress,
    /// What they will be.
    pub role: Role,
}

/// Why an account was not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The link was used, has expired, or never was one.
    #[error("the link opens nothing")]
    Gone,
    /// The password is refused.
    #[error(transparent)]
    Weak(#[from] Weakness),
    /// The code is not the one that the authenticator app shows now.
    #[error("the code is wrong")]
    WrongCode,
    /// Too many tries from this network.
    #[error("too many tries")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Whom this link invites; `None` when it was used, has expired, or never was one.
///
/// # Errors
/// When the database fails.
pub async fn invited(
    services: &Services,
    capability: &Capability,
) -> Result<Option<Invited>, db::Error> {
    let row: Option<(String, String, String)> = services
        .db
        .fetch_optional(
            "-- member_invited_by_link
             SELECT p.id, p.email, p.role FROM staff AS p JOIN staff_invitations AS i ON i.staff_id = p.id
             WHERE  i.capability_hash = $1 AND i.expires_at > $2 AND p.disabled_at IS NULL",
            args![capability.digest(), services.now()],
        )
        .await?;
    row.map(|(id, email, role)| {
        Ok(Invited {
            id: StaffId::stored(id),
            email: store::email(&email)?,
            role: store::role(&role)?,
        })
    })
    .transpose()
}

/// What somebody typed on the page behind the link.
#[derive(Debug)]
pub struct SetUp {
    /// As typed.
    pub password: SecretString,
    /// The code that the authenticator app shows, as typed.
    pub code: SecretString,
    /// The language of the page: of letters from now on.
    pub locale: Locale,
}

/// Sets the account up and signs its member in. The link is used up, in the same transaction.
///
/// # Errors
/// See [`SetUpError`].
pub async fn set_up(
    services: &Services,
    capability: &Capability,
    enrolment: &Enrolment,
    typed: &SetUp,
    network: &Network,
) -> Result<SessionToken, SetUpError> {
    match charge(services, &[(BY_NETWORK, network.expose())]).await? {
        Allowance::Granted => {}
        Allowance::Exhausted { retry_at } => return Err(SetUpError::TooManyTries { retry_at }),
    }
    let member = invited(services, capability)
        .await?
        .filter(|member| member.id == *enrolment.staff())
        .ok_or(SetUpError::Gone)?;
    let password = password::accepted(&typed.password, &member.email, &services.settings)?;
    let step = enrolment
        .step_of(&typed.code, services.now())
        .ok_or(SetUpError::WrongCode)?;
    let hash = services
        .hasher
        .hash_password(&password, services.random.as_ref())
        .await;

    let mut tx = services.db.begin().await?;
    if !use_link(&mut tx, services, capability).await? {
        return Err(SetUpError::Gone);
    }
    tx.execute(
        "-- set_up_member
         UPDATE staff SET password_hash = $1, locale = $2 WHERE id = $3",
        args![hash, typed.locale.as_str(), &member.id],
    )
    .await?;
    store::set_secret(&mut tx, services, &member.id, &enrolment.secret, step).await?;
    recovery::replace(&mut tx, services, &member.id, &enrolment.codes).await?;
    let token = SESSIONS.open(&mut tx, services, member.id.as_str()).await?;
    let entry = Entry::done(&member.id, member.role.as_str(), Act::SetUp);
    append(&mut tx, services, &entry).await?;
    tx.commit().await?;
    Ok(token)
}

/// Uses the link up; says whether it still worked.
async fn use_link(
    tx: &mut Tx,
    services: &Services,
    capability: &Capability,
) -> Result<bool, db::Error> {
    let rows = tx
        .execute(
            "-- use_set_up_link
             DELETE FROM staff_invitations WHERE capability_hash = $1 AND expires_at > $2",
            args![capability.digest(), services.now()],
        )
        .await?;
    Ok(rows == 1)
}

impl Enrolment {
    /// The step whose code was typed, if the app shows it now.
    pub(super) fn step_of(&self, typed: &SecretString, now: Timestamp) -> Option<i64> {
        self.secret
            .step_of(&super::factor::digits(typed.expose_secret()), now)
    }
}
