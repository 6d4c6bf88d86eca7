//! Who is there: sign-in, the session behind a cookie, and the password again before something serious.
//!
//! A session is a random token of 256 bits; the database keeps its SHA-256. The token changes at sign-in and each time the
//! password is proved, so that a token seen earlier is worth nothing later.

use std::{fmt, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use zeroize::Zeroizing;

use crate::{
    db::{self, Tx, value::args},
    id::{Capability, ErasureId, SessionId, UserId},
    letter,
    locale::Locale,
    network::Network,
    person::EmailAddress,
    random::Random,
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    time::Timestamp,
};

/// How long a proof of the password counts (OWASP ASVS 7.5.3 asks for a fresh one before what cannot be undone).
pub const PROOF_LIFETIME: Duration = Duration::from_mins(5);
/// A session that nobody uses ends. OWASP: 15 to 30 minutes.
pub const IDLE: Duration = Duration::from_mins(30);
/// Every session ends. OWASP: four to eight hours.
pub const ABSOLUTE: Duration = Duration::from_hours(8);

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

/// What the browser keeps.
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    fn mint(random: &dyn Random) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// The cookie's value.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken([redacted])")
    }
}

/// What somebody typed to sign in.
#[derive(Debug)]
pub struct Credentials {
    /// As typed: it may not even be an address.
    pub email: String,
    /// As typed.
    pub password: SecretString,
}

/// What a person is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// May delete it.
    Owner,
    /// Manages it.
    Admin,
    /// Works in it.
    Member,
}

/// A person's place in an organization.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The organization's name.
    pub organization_name: String,
    /// What the person is there.
    pub role: Role,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: EmailAddress,
    /// Their language.
    pub locale: Locale,
    /// When they last proved their password.
    pub proved_at: Timestamp,
    /// Where they belong.
    pub memberships: Vec<Membership>,
}

impl Session {
    /// Whether the password was proved recently enough for what cannot be undone.
    #[must_use]
    pub fn proof_is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.proved_at) < PROOF_LIFETIME
    }
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong, or the account is being deleted. It is not said which.
    #[error("these credentials do not open an account")]
    Refused,
    /// Too many tries from this network or for this address.
    #[error("too many tries")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

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
    if !password_matches(services, &credentials.password, hash).await {
        return Err(SignInError::Refused);
    }
    let Some(user) = user else {
        return Err(SignInError::Refused);
    };
    Ok(open(services, &UserId::stored(user.id)).await?)
}

async fn open(services: &Services, user: &UserId) -> Result<SessionToken, db::Error> {
    let now = services.now();
    let token = SessionToken::mint(services.random.as_ref());
    let mut tx = services.db.begin().await?;
    tx.execute(
        "-- sweep_sessions
         DELETE FROM sessions WHERE seen_at <= $1 OR created_at <= $2",
        args![now - IDLE, now - ABSOLUTE],
    )
    .await?;
    tx.execute(
        "-- insert_session
         INSERT INTO sessions (id, user_id, token_hash, created_at, proved_at, seen_at) VALUES ($1, $2, $3, $4, $4, $4)",
        args![&SessionId::mint(now, services.random.as_ref()), user, digest(token.expose()), now],
    )
    .await?;
    tx.commit().await?;
    Ok(token)
}

#[derive(FromRow)]
struct SessionRow {
    id: String,
    user_id: String,
    name: String,
    email: String,
    locale: String,
    proved_at: i64,
    seen_at: i64,
}

/// Who holds this token; `None` when it is unknown, idle for too long, too old or ended.
///
/// # Errors
/// When the database fails.
pub async fn resume(services: &Services, token: &str) -> Result<Option<Session>, db::Error> {
    let now = services.now();
    let row: Option<SessionRow> = services
        .db
        .fetch_optional(
            "-- resume_session
             SELECT s.id, s.user_id, u.name, u.email, u.locale, s.proved_at, s.seen_at
             FROM   sessions AS s JOIN users AS u ON u.id = s.user_id
             WHERE  s.token_hash = $1 AND s.seen_at > $2 AND s.created_at > $3",
            args![digest(token), now - IDLE, now - ABSOLUTE],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    // Once a minute is enough to keep it alive, and spares the writer.
    if now.since(Timestamp::from_millis(row.seen_at)) >= Duration::from_mins(1) {
        services
            .db
            .execute(
                "UPDATE sessions SET seen_at = $1 WHERE id = $2",
                args![now, row.id.as_str()],
            )
            .await?;
    }
    Ok(Some(Session {
        memberships: memberships(services, &row.user_id).await?,
        id: SessionId::stored(row.id),
        user: UserId::stored(row.user_id),
        name: row.name,
        email: row
            .email
            .parse()
            .map_err(|_| db::Error::Corrupt("users.email"))?,
        locale: row
            .locale
            .parse()
            .map_err(|_| db::Error::Corrupt("users.locale"))?,
        proved_at: Timestamp::from_millis(row.proved_at),
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
    if !password_matches(services, password, hash.map(|(hash,)| hash)).await {
        return Err(SignInError::Refused);
    }
    let token = SessionToken::mint(services.random.as_ref());
    let rows = services
        .db
        .execute(
            "-- rotate_session
             UPDATE sessions SET token_hash = $1, proved_at = $2, seen_at = $2 WHERE id = $3",
            args![digest(token.expose()), services.now(), &session.id],
        )
        .await?;
    if rows == 1 {
        Ok(token)
    } else {
        Err(SignInError::Refused)
    }
}

/// Ends the session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(services: &Services, session: &Session) -> Result<(), db::Error> {
    services
        .db
        .execute("DELETE FROM sessions WHERE id = $1", args![&session.id])
        .await?;
    Ok(())
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

async fn password_matches(
    services: &Services,
    password: &SecretString,
    hash: Option<String>,
) -> bool {
    let secret = Zeroizing::new(password.expose_secret().as_bytes().to_vec());
    services.hasher.matches(secret, hash).await
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
