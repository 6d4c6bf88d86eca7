//! Signing in and out, and what the token in a cookie stands for.

use std::time::Duration;

use secrecy::SecretString;
use sqlx::FromRow;

use super::{
    ABSOLUTE, Credentials, IDLE, Membership, Role, Session, SessionToken, SignInError,
    store::Sessions, token::digest,
};
use crate::{
    db::{self, Tx, value::args},
    id::{Capability, ErasureId, SessionId, UserId},
    letter,
    network::Network,
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    time::Timestamp,
};

const SESSIONS: Sessions = Sessions {
    table: "sessions",
    person: "user_id",
    idle: IDLE,
    absolute: ABSOLUTE,
};

const BY_NETWORK: Limit = Limit {
    name: "sign-in, network",
    burst: 20,
    every: Duration::from_secs(20),
};
const BY_ADDRESS: Limit = Limit {
    name: "sign-in, address",
    burst: 8,
    every: Duration::from_mins(1),
};

#[derive(FromRow)]
struct UserRow {
    id: String,
    password_hash: String,
}

/// Signs somebody in. An unknown address costs as much work, and says as little, as a wrong password.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(
    services: &Services,
    credentials: &Credentials,
    network: &Network,
) -> Result<SessionToken, SignInError> {
    let address = credentials.email.trim().to_lowercase();
    within_limits(services, &address, network).await?;
    let user: Option<UserRow> = services
        .db
        .fetch_optional(
            "-- user_who_may_sign_in
             SELECT id, password_hash FROM users AS u
             WHERE  email = $1
               AND  NOT EXISTS (SELECT 1 FROM erasure_subjects AS s JOIN erasures AS e ON e.id = s.erasure_id
                                WHERE  s.subject_id = u.id AND e.state IN ('waiting', 'held', 'erasing'))",
            args![address],
        )
        .await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    if !services
        .hasher
        .is_password(&credentials.password, hash)
        .await
    {
        return Err(SignInError::Refused);
    }
    let Some(user) = user else {
        return Err(SignInError::Refused);
    };
    Ok(open(services, &UserId::stored(user.id)).await?)
}

async fn open(services: &Services, user: &UserId) -> Result<SessionToken, db::Error> {
    let mut tx = services.db.begin().await?;
    let token = SESSIONS.open(&mut tx, services, user.as_str()).await?;
    tx.commit().await?;
    Ok(token)
}

#[derive(FromRow)]
struct PersonRow {
    name: String,
    email: String,
    locale: String,
}

/// Who holds this token; `None` when it is unknown, idle for too long, too old or ended.
///
/// # Errors
/// When the database fails.
pub async fn resume(services: &Services, token: &str) -> Result<Option<Session>, db::Error> {
    let Some(living) = SESSIONS.resume(services, token).await? else {
        return Ok(None);
    };
    let person: Option<PersonRow> = services
        .db
        .fetch_optional(
            "-- person_of_session
             SELECT name, email, locale FROM users WHERE id = $1",
            args![living.person.as_str()],
        )
        .await?;
    // An erasure may have ended both between the two looks.
    let Some(person) = person else {
        return Ok(None);
    };
    Ok(Some(Session {
        memberships: memberships(services, &living.person).await?,
        id: SessionId::stored(living.id),
        user: UserId::stored(living.person),
        name: person.name,
        email: person
            .email
            .parse()
            .map_err(|_| db::Error::Corrupt("users.email"))?,
        locale: person
            .locale
            .parse()
            .map_err(|_| db::Error::Corrupt("users.locale"))?,
        proved_at: Timestamp::from_millis(living.proved_at),
    }))
}

/// What is being erased, or held, is nobody's to read any more, not even its name.
async fn memberships(services: &Services, user: &str) -> Result<Vec<Membership>, db::Error> {
    let rows: Vec<(String, String)> = services
        .db
        .fetch_all(
            "-- memberships_of_user
             SELECT o.name, m.role FROM memberships AS m JOIN organizations AS o ON o.id = m.organization_id
             WHERE  m.user_id = $1 AND o.frozen_at IS NULL ORDER BY o.name, o.id",
            args![user],
        )
        .await?;
    rows.into_iter()
        .map(|(organization_name, role)| {
            let role = match role.as_str() {
                "owner" => Role::Owner,
                "admin" => Role::Admin,
                "member" => Role::Member,
                _ => return Err(db::Error::Corrupt("memberships.role")),
            };
            Ok(Membership {
                organization_name,
                role,
            })
        })
        .collect()
}

/// Takes the password again, and changes the token.
///
/// # Errors
/// See [`SignInError`].
pub async fn prove(
    services: &Services,
    session: &Session,
    password: &SecretString,
    network: &Network,
) -> Result<SessionToken, SignInError> {
    within_limits(services, session.email.expose(), network).await?;
    let hash: Option<(String,)> = services
        .db
        .fetch_optional(
            "SELECT password_hash FROM users WHERE id = $1",
            args![&session.user],
        )
        .await?;
    if !services
        .hasher
        .is_password(password, hash.map(|(hash,)| hash))
        .await
    {
        return Err(SignInError::Refused);
    }
    let mut tx = services.db.begin().await?;
    let token = SESSIONS.rotate(&mut tx, services, &session.id).await?;
    tx.commit().await?;
    token.ok_or(SignInError::Refused)
}

/// Ends the session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(services: &Services, session: &Session) -> Result<(), db::Error> {
    let mut tx = services.db.begin().await?;
    SESSIONS.end(&mut tx, &session.id).await?;
    tx.commit().await
}

/// The erasure that this token's session confirmed: who submits twice is led to the same page.
///
/// # Errors
/// When the database fails.
pub async fn ended_by_erasure(
    services: &Services,
    token: &str,
) -> Result<Option<Capability>, db::Error> {
    let row: Option<(String, Vec<u8>)> = services
        .db
        .fetch_optional(
            "-- erasure_confirmed_by_session
             SELECT id, capability_sealed FROM erasures WHERE session_hash = $1",
            args![digest(token)],
        )
        .await?;
    let Some((id, sealed)) = row else {
        return Ok(None);
    };
    let id = ErasureId::stored(id);
    let secret = services
        .vault
        .open_text(&services.db, letter::capability_place(id.as_str()), &sealed)
        .await?;
    Ok(secret.parse().ok())
}

/// The digest under which the database knows this session's token.
pub(crate) async fn token_digest(
    tx: &mut Tx,
    session: &SessionId,
) -> Result<Option<Vec<u8>>, db::Error> {
    let row: Option<(Vec<u8>,)> = tx
        .fetch_optional(
            "SELECT token_hash FROM sessions WHERE id = $1",
            args![session],
        )
        .await?;
    Ok(row.map(|(digest,)| digest))
}

async fn within_limits(
    services: &Services,
    address: &str,
    network: &Network,
) -> Result<(), SignInError> {
    match charge(
        services,
        &[(BY_NETWORK, network.expose()), (BY_ADDRESS, address)],
    )
    .await?
    {
        Allowance::Granted => Ok(()),
        Allowance::Exhausted { retry_at } => Err(SignInError::TooManyTries { retry_at }),
    }
}
