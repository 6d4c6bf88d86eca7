//! The one-time code that confirms a deletion.
//!
//! It works for one person, in one session, for one plan. It is a second confirmation on top of a fresh password, never the
//! only proof. What a code is, and how it is kept, is in [`one_time_code`](crate::one_time_code).

use std::time::Duration;

use sqlx::FromRow;

use super::scope::{self, PlanHash};
use crate::{
    db::{self, Source, Tx, value::args},
    engine::count_categories,
    id::{LetterId, RowId, UserId},
    letter::{self, Facts},
    network::Network,
    one_time_code::{LIFETIME, OneTimeCode, Purpose, RESEND, TRIES},
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    session::Session,
    time::Timestamp,
};

/// Wrong codes of one account within [`FAILURE_SPAN`], over all its codes. NIST allows a hundred.
const FAILURES: i64 = 10;
/// After this the account's failures are forgotten.
const FAILURE_SPAN: Duration = Duration::from_hours(24);

const BY_SESSION: Limit = Limit {
    name: "code mails, session",
    burst: 5,
    every: Duration::from_mins(5),
};
const BY_ACCOUNT: Limit = Limit {
    name: "code mails, account",
    burst: 8,
    every: Duration::from_mins(15),
};
const BY_NETWORK: Limit = Limit {
    name: "code mails, network",
    burst: 20,
    every: Duration::from_mins(1),
};

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    /// Where to, masked.
    pub to: String,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When another one can be sent.
    pub resend_at: Timestamp,
    /// Whether the mail server has taken it. If not, it is tried again by itself.
    pub delivered: bool,
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendCodeError {
    /// The password has to be proved again first.
    #[error("the password has to be proved again")]
    ProofNeeded,
    /// One was sent a moment ago.
    #[error("a code was sent a moment ago")]
    TooSoon {
        /// When another one can be sent.
        retry_at: Timestamp,
    },
    /// Too many codes were sent, or too many wrong ones typed.
    #[error("too many codes")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Makes a code for the person's present plan, kills the ones before it, and mails it.
///
/// # Errors
/// See [`SendCodeError`].
pub async fn send_code(
    services: &Services,
    session: &Session,
    network: &Network,
) -> Result<CodeSent, SendCodeError> {
    let now = services.now();
    if !session.proof_is_fresh(now) {
        return Err(SendCodeError::ProofNeeded);
    }
    if let Some(last) = latest(services, session).await?
        && last.created_at + RESEND > now
    {
        return Err(SendCodeError::TooSoon {
            retry_at: last.created_at + RESEND,
        });
    }
    if let Some(retry_at) = locked_until(services, &session.user).await? {
        return Err(SendCodeError::TooManyTries { retry_at });
    }
    let limits = [
        (BY_SESSION, session.id.as_str()),
        (BY_ACCOUNT, session.user.as_str()),
        (BY_NETWORK, network.expose()),
    ];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(SendCodeError::TooManyTries { retry_at });
    }
    let letter = make(services, session, now).await?;
    Ok(CodeSent {
        to: session.email.masked(),
        expires_at: now + LIFETIME,
        resend_at: now + RESEND,
        delivered: letter::send_now(services, &letter).await?,
    })
}

async fn make(
    services: &Services,
    session: &Session,
    now: Timestamp,
) -> Result<LetterId, db::Error> {
    let scope = scope::of_user(Source::Db(&services.db), &session.user).await?;
    let readable = scope.readable();
    let counts = count_categories(&services.db, &services.manifest, &readable.subjects()).await?;
    let code = OneTimeCode::mint(services.random.as_ref());
    let plan = scope.hash();
    let hash = code
        .hash(services, &purpose(&bound_to(session, &plan)))
        .await;
    let facts = Facts::DeletionCode {
        code: code.expose().to_owned(),
        organizations: readable.erased_names(),
        counts: counts.into_iter().collect(),
        expires_at: now + LIFETIME,
    };
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    tx.execute(
        "DELETE FROM deletion_codes WHERE user_id = $1 AND used_at IS NULL",
        args![&session.user],
    )
    .await?;
    // A replaced code that still waits for the mail server would arrive after the new one and be typed.
    tx.execute(
        "DELETE FROM letters WHERE user_id = $1 AND kind = 'deletion_code'",
        args![&session.user],
    )
    .await?;
    tx.execute(
        "-- insert_code
         INSERT INTO deletion_codes (id, user_id, session_id, plan_hash, code_hash, created_at, expires_at, tries_left)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            &RowId::mint(now, services.random.as_ref()),
            &session.user,
            &session.id,
            plan.0,
            hash,
            now,
            now + LIFETIME,
            TRIES,
        ],
    )
    .await?;
    let draft = letter::Draft {
        user: Some(&session.user),
        expires_at: Some(now + LIFETIME),
        ..letter::Draft::new(&session.email, session.locale, &facts)
    };
    let letter = letter::queue(&mut tx, services, &draft).await?;
    tx.commit().await?;
    Ok(letter)
}

/// The code that the person can type now, for a page that is shown again.
///
/// # Errors
/// When the database fails.
pub async fn current_code(
    services: &Services,
    session: &Session,
) -> Result<Option<CodeSent>, db::Error> {
    let now = services.now();
    let Some(last) = latest(services, session).await? else {
        return Ok(None);
    };
    if last.expires_at <= now || last.tries_left == 0 {
        return Ok(None);
    }
    let waiting = services
        .db
        .number(
            "-- code_letters_waiting
             SELECT count(*) FROM letters WHERE user_id = $1 AND kind = 'deletion_code' AND queued_at >= $2",
            args![&session.user, last.created_at],
        )
        .await?;
    Ok(Some(CodeSent {
        to: session.email.masked(),
        expires_at: last.expires_at,
        resend_at: last.created_at + RESEND,
        delivered: waiting == 0,
    }))
}

struct Latest {
    created_at: Timestamp,
    expires_at: Timestamp,
    tries_left: i64,
}

async fn latest(services: &Services, session: &Session) -> Result<Option<Latest>, db::Error> {
    let row: Option<(i64, i64, i64)> = services
        .db
        .fetch_optional(
            "-- latest_code
             SELECT created_at, expires_at, tries_left FROM deletion_codes
             WHERE  user_id = $1 AND session_id = $2 AND used_at IS NULL
             ORDER  BY created_at DESC LIMIT 1",
            args![&session.user, &session.id],
        )
        .await?;
    Ok(row.map(|(created_at, expires_at, tries_left)| Latest {
        created_at: Timestamp::from_millis(created_at),
        expires_at: Timestamp::from_millis(expires_at),
        tries_left,
    }))
}

/// A code that somebody tries: one try of it is already spent.
pub(super) struct Tried {
    pub(super) id: String,
    pub(super) plan: PlanHash,
    pub(super) tries_left: i64,
    hash: String,
}

#[derive(FromRow)]
struct TriedRow {
    id: String,
    plan_hash: Vec<u8>,
    code_hash: String,
    tries_left: i64,
}

/// Spends one try of the session's code, before anything is compared; `None` when no code works any more.
pub(super) async fn spend_try(
    services: &Services,
    session: &Session,
) -> Result<Option<Tried>, db::Error> {
    let mut tx = services.db.begin().await?;
    let row: Option<TriedRow> = tx
        .fetch_optional(
            "-- spend_try
             UPDATE deletion_codes SET tries_left = tries_left - 1
             WHERE  user_id = $1 AND session_id = $2 AND used_at IS NULL AND expires_at > $3 AND tries_left > 0
             RETURNING id, plan_hash, code_hash, tries_left",
            args![&session.user, &session.id, services.now()],
        )
        .await?;
    tx.commit().await?;
    Ok(row.map(|row| Tried {
        id: row.id,
        plan: PlanHash(row.plan_hash),
        hash: row.code_hash,
        tries_left: row.tries_left,
    }))
}

/// Whether this is the code.
pub(super) async fn is_right(
    services: &Services,
    session: &Session,
    tried: &Tried,
    code: &OneTimeCode,
) -> bool {
    let bound_to = bound_to(session, &tried.plan);
    code.matches(services, &purpose(&bound_to), &tried.hash)
        .await
}

/// Uses the code up, in the transaction that it confirms; `false` when somebody else just did.
pub(super) async fn use_up(tx: &mut Tx, tried: &Tried, now: Timestamp) -> Result<bool, db::Error> {
    let rows = tx
        .execute(
            "-- use_code
             UPDATE deletion_codes SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND expires_at > $1",
            args![now, tried.id.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

/// Counts a wrong code against the account. A new code does not start the count again.
pub(super) async fn count_failure(services: &Services, user: &UserId) -> Result<(), db::Error> {
    let now = services.now();
    services
        .db
        .execute(
            "-- count_code_failure
             INSERT INTO code_failures (user_id, failures, since) VALUES ($1, 1, $2)
             ON CONFLICT (user_id) DO UPDATE
             SET failures = CASE WHEN code_failures.since <= $3 THEN 1 ELSE code_failures.failures + 1 END,
                 since    = CASE WHEN code_failures.since <= $3 THEN $2 ELSE code_failures.since END",
            args![user, now, now - FAILURE_SPAN],
        )
        .await?;
    Ok(())
}

/// Until when this account may try no code; `None` when it may.
pub(super) async fn locked_until(
    services: &Services,
    user: &UserId,
) -> Result<Option<Timestamp>, db::Error> {
    let row: Option<(i64,)> = services
        .db
        .fetch_optional(
            "SELECT since FROM code_failures WHERE user_id = $1 AND failures >= $2 AND since > $3",
            args![user, FAILURES, services.now() - FAILURE_SPAN],
        )
        .await?;
    Ok(row.map(|(since,)| Timestamp::from_millis(since) + FAILURE_SPAN))
}

fn bound_to<'a>(session: &'a Session, plan: &'a PlanHash) -> [&'a [u8]; 3] {
    [
        session.user.as_str().as_bytes(),
        session.id.as_str().as_bytes(),
        plan.0.as_slice(),
    ]
}

const fn purpose<'a>(bound_to: &'a [&'a [u8]]) -> Purpose<'a> {
    Purpose {
        name: "deletion code",
        bound_to,
    }
}
