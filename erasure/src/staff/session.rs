//! Signing in to the console and out of it, and proving again who one is before a decision.
//!
//! Address, password and code are asked for together and refused together: no answer says which of them was wrong, so none
//! of them can be guessed on its own. A session is idle for fifteen minutes at most and lives for eight hours (NIST SP
//! 800-63B-4 §2.3.3 for the highest assurance asks for no less).

use std::time::Duration;

use secrecy::SecretString;
use sqlx::FromRow;

use super::{
    Act, Staff,
    audit::{About, Entry, append},
    factor::{self, Taken},
    password,
    store::{self, Credentials},
};
use crate::{
    db::{self, Error, Tx, value::args},
    id::{SessionId, StaffId},
    network::Network,
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    session::{SessionToken, Sessions, SignInError},
    time::Timestamp,
};

/// How long a proof counts for what cannot be undone.
pub use crate::session::PROOF_LIFETIME;
/// A session that nobody uses ends.
pub const IDLE: Duration = Duration::from_mins(15);
/// Every session ends.
pub const ABSOLUTE: Duration = Duration::from_hours(8);

pub(super) const SESSIONS: Sessions = Sessions {
    table: "staff_sessions",
    person: "staff_id",
    idle: IDLE,
    absolute: ABSOLUTE,
};

pub(super) const BY_NETWORK: Limit = Limit {
    name: "console, network",
    burst: 20,
    every: Duration::from_secs(20),
};
pub(super) const BY_ADDRESS: Limit = Limit {
    name: "console, address",
    burst: 6,
    every: Duration::from_mins(2),
};

/// What somebody typed to get in.
#[derive(Debug)]
pub struct StaffCredentials {
    /// As typed: it may not even be an address.
    pub email: String,
    /// As typed.
    pub password: SecretString,
    /// The authenticator app's code, or a recovery code, as typed.
    pub code: SecretString,
}

/// Signs a member in. Whatever is wrong, the work and the answer are the same.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(
    services: &Services,
    credentials: &StaffCredentials,
    network: &Network,
) -> Result<SessionToken, SignInError> {
    let address = credentials.email.trim().to_lowercase();
    within_limits(services, &address, network).await?;
    let member = store::by_email(&services.db, &address).await?;
    let hash = member.as_ref().map(|member| member.password_hash.clone());
    let password = password::normalized(&credentials.password);
    let is_password = services.hasher.is_password(&password, hash).await;
    let proved = member.as_ref().filter(|_| is_password);
    let opened = match proved {
        Some(member) => open(services, member, &credentials.code).await?,
        None => None,
    };
    match opened {
        Some(token) => Ok(token),
        None => Err(refused(services, member.as_ref(), Act::SignIn).await?),
    }
}

/// Takes the code and opens a session; `None` when it was wrong, which is counted.
async fn open(
    services: &Services,
    member: &Credentials,
    code: &SecretString,
) -> Result<Option<SessionToken>, Error> {
    let secret = member.secret(services).await?;
    let mut tx = services.db.begin().await?;
    let spent = factor::take(&mut tx, services, member, &secret, code).await?;
    let token = if spent == Taken::Nothing {
        None
    } else {
        let token = SESSIONS.open(&mut tx, services, member.id.as_str()).await?;
        let entry = Entry {
            detail: spent.as_str(),
            ..Entry::done(&member.id, member.role.as_str(), Act::SignIn)
        };
        append(&mut tx, services, &entry).await?;
        Some(token)
    };
    tx.commit().await?;
    Ok(token)
}

/// Puts on record that somebody did not get in, whether or not they are anybody.
async fn refused(
    services: &Services,
    member: Option<&Credentials>,
    act: Act,
) -> Result<SignInError, Error> {
    let mut tx = services.db.begin().await?;
    let entry = Entry {
        about: member.map(|member| About::Staff(&member.id)),
        ..Entry::refused(None, act)
    };
    append(&mut tx, services, &entry).await?;
    tx.commit().await?;
    Ok(SignInError::Refused)
}

#[derive(FromRow)]
struct MemberRow {
    email: String,
    role: String,
}

/// Who holds this token; `None` when it is unknown, idle for too long, too old or ended.
///
/// # Errors
/// When the database fails.
pub async fn resume(services: &Services, token: &str) -> Result<Option<Staff>, db::Error> {
    let Some(living) = SESSIONS.resume(services, token).await? else {
        return Ok(None);
    };
    let member: Option<MemberRow> = services
        .db
        .fetch_optional(
            "-- member_of_session
             SELECT email, role FROM staff WHERE id = $1 AND disabled_at IS NULL",
            args![living.person.as_str()],
        )
        .await?;
    let Some(member) = member else {
        return Ok(None);
    };
    Ok(Some(Staff {
        id: StaffId::stored(living.person),
        email: store::email(&member.email)?,
        role: store::role(&member.role)?,
        session: SessionId::stored(living.id),
        proved_at: Timestamp::from_millis(living.proved_at),
    }))
}

/// Takes a code again, and changes the token.
///
/// # Errors
/// See [`SignInError`].
pub async fn prove(
    services: &Services,
    staff: &Staff,
    code: &SecretString,
    network: &Network,
) -> Result<SessionToken, SignInError> {
    within_limits(services, staff.email.expose(), network).await?;
    let member = store::by_id(&services.db, &staff.id)
        .await?
        .ok_or(SignInError::Refused)?;
    let secret = member.secret(services).await?;
    let mut tx = services.db.begin().await?;
    let spent = factor::take(&mut tx, services, &member, &secret, code).await?;
    if spent == Taken::Nothing {
        tx.commit().await?;
        return Err(refused(services, Some(&member), Act::Prove).await?);
    }
    let token = proved(&mut tx, services, staff, spent.as_str()).await?;
    tx.commit().await?;
    token.ok_or(SignInError::Refused)
}

/// The session's new token, and the proof on record; `None` when it has ended meanwhile.
pub(super) async fn proved(
    tx: &mut Tx,
    services: &Services,
    staff: &Staff,
    by: Option<&'static str>,
) -> Result<Option<SessionToken>, Error> {
    let token = SESSIONS.rotate(tx, services, &staff.session).await?;
    if token.is_some() {
        let entry = Entry {
            detail: by,
            ..Entry::done(&staff.id, staff.role.as_str(), Act::Prove)
        };
        append(tx, services, &entry).await?;
    }
    Ok(token)
}

/// Ends the session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(services: &Services, staff: &Staff) -> Result<(), Error> {
    let mut tx = services.db.begin().await?;
    SESSIONS.end(&mut tx, &staff.session).await?;
    let entry = Entry::done(&staff.id, staff.role.as_str(), Act::SignOut);
    append(&mut tx, services, &entry).await?;
    tx.commit().await
}

async fn within_limits(
    services: &Services,
    address: &str,
    network: &Network,
) -> Result<(), SignInError> {
    let buckets = [(BY_NETWORK, network.expose()), (BY_ADDRESS, address)];
    match charge(services, &buckets).await? {
        Allowance::Granted => Ok(()),
        Allowance::Exhausted { retry_at } => Err(SignInError::TooManyTries { retry_at }),
    }
}
