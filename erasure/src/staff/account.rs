//! What somebody changes about their own account: the password, the authenticator app, the recovery codes.

use secrecy::SecretString;

use super::{
    Act, ActError, Enrolment, Staff, Weakness,
    passkey::{self, Passkey},
    password, recovery,
    session::BY_ADDRESS,
    store,
};
use crate::{
    db::{self, value::args},
    letter::StaffEvent,
    rate_limit::{Allowance, charge},
    services::Services,
    time::Timestamp,
};

/// How an account stands.
#[derive(Debug)]
pub struct Standing {
    /// Recovery codes that are left.
    pub recovery_codes: i64,
    /// Its passkeys.
    pub passkeys: Vec<Passkey>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The new password is refused.
    #[error(transparent)]
    Weak(#[from] Weakness),
    /// The present password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// Too many tries.
    #[error("too many tries")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// The code is not the one that the new authenticator app shows now.
    #[error("the code is wrong")]
    WrongCode,
    /// They may not, or not now.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<db::Error> for AccountError {
    fn from(error: db::Error) -> Self {
        Self::Act(error.into())
    }
}

/// How somebody's own account stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(services: &Services, staff: &Staff) -> Result<Standing, db::Error> {
    Ok(Standing {
        recovery_codes: services
            .db
            .number(
                "SELECT count(*) FROM staff_recovery_codes WHERE staff_id = $1",
                args![staff.id()],
            )
            .await?,
        passkeys: passkey::list(services, staff).await?,
    })
}

/// Changes the own password. Every other session of the account ends.
///
/// # Errors
/// See [`AccountError`].
pub async fn change_password(
    services: &Services,
    staff: &Staff,
    present: &SecretString,
    new: &SecretString,
) -> Result<(), AccountError> {
    staff.check(services, Act::ChangePassword).await?;
    // A session that was left open must not become a place to guess the password.
    match charge(services, &[(BY_ADDRESS, staff.email().expose())]).await? {
        Allowance::Granted => {}
        Allowance::Exhausted { retry_at } => return Err(AccountError::TooManyTries { retry_at }),
    }
    let member = store::by_id(&services.db, staff.id())
        .await?
        .ok_or(ActError::Ended)?;
    let present = password::normalized(present);
    let hash = Some(member.password_hash.clone());
    if !services.hasher.is_password(&present, hash).await {
        return Err(AccountError::WrongPassword);
    }
    let new = password::accepted(new, &member.email, &services.settings)?;
    let hash = services
        .hasher
        .hash_password(&new, services.random.as_ref())
        .await;
    let mut acting = staff.begin(services, Act::ChangePassword).await?;
    acting
        .tx()
        .execute(
            "UPDATE staff SET password_hash = $1 WHERE id = $2",
            args![hash, staff.id()],
        )
        .await?;
    store::end_sessions(acting.tx(), staff.id(), Some(&staff.session)).await?;
    member
        .notify(acting.tx(), services, StaffEvent::PasswordChanged)
        .await?;
    Ok(acting.commit(None, None).await?)
}

/// Puts another authenticator app in the place of the present one, once its code was shown.
///
/// # Errors
/// See [`AccountError`].
pub async fn change_authenticator(
    services: &Services,
    staff: &Staff,
    enrolment: &Enrolment,
    code: &SecretString,
) -> Result<(), AccountError> {
    staff.check(services, Act::ChangeAuthenticator).await?;
    let step = enrolment
        .step_of(code, services.now())
        .filter(|_| enrolment.staff() == staff.id())
        .ok_or(AccountError::WrongCode)?;
    let member = store::by_id(&services.db, staff.id())
        .await?
        .ok_or(ActError::Ended)?;
    let mut acting = staff.begin(services, Act::ChangeAuthenticator).await?;
    store::set_secret(acting.tx(), services, staff.id(), &enrolment.secret, step).await?;
    store::end_sessions(acting.tx(), staff.id(), Some(&staff.session)).await?;
    member
        .notify(acting.tx(), services, StaffEvent::AuthenticatorChanged)
        .await?;
    Ok(acting.commit(None, None).await?)
}

/// Puts the recovery codes that were shown in the place of all earlier ones.
///
/// # Errors
/// See [`AccountError`].
pub async fn renew_recovery_codes(
    services: &Services,
    staff: &Staff,
    enrolment: &Enrolment,
) -> Result<(), AccountError> {
    if enrolment.staff() != staff.id() {
        return Err(AccountError::WrongCode);
    }
    let mut acting = staff.begin(services, Act::RenewRecoveryCodes).await?;
    recovery::replace(acting.tx(), services, staff.id(), &enrolment.codes).await?;
    Ok(acting.commit(None, None).await?)
}
