//! Proving that an address is the person's own: a code by mail, typed where the request was made. Numbers: see
//! [`super::whatsapp`].
//!
//! Every address gets the same letter, whether there is an account behind it or not: nothing is looked up before the proof.
//! The code works for one request, for ten minutes, once, with five tries, like that of [`crate::account`]. How often one may
//! try is counted by request and by network, never by address alone: nobody can use up somebody else's tries.

use std::time::Duration;

use super::{Request, State, accept::accept, letters::RequestFacts, store, whatsapp};
use crate::{
    account::CodeSent,
    db::{self, Source, value::args},
    id::{Capability, LetterId},
    letter::{self, Facts},
    network::Network,
    one_time_code::{CodeError, LIFETIME, OneTimeCode, Purpose, RESEND, TRIES},
    person::{EmailAddress, Identity},
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    time::Timestamp,
};

/// Wrong codes of one request, over all its codes. A new code does not start the count again.
const FAILURES: i64 = 10;

/// From one place to one address: whoever floods it uses up an allowance that only they have.
const BY_ADDRESS_AND_NETWORK: Limit = Limit {
    name: "request codes, address and network",
    burst: 4,
    every: Duration::from_mins(10),
};
/// To one address in all. Far above what one place can ask for, so that somebody else's flood leaves room for its owner.
const BY_ADDRESS: Limit = Limit {
    name: "request codes, address",
    burst: 16,
    every: Duration::from_mins(10),
};
const MAILS_BY_NETWORK: Limit = Limit {
    name: "request codes, network",
    burst: 20,
    every: Duration::from_mins(1),
};
const TRIES_BY_REQUEST: Limit = Limit {
    name: "request code tries, request",
    burst: 10,
    every: Duration::from_mins(1),
};
const TRIES_BY_NETWORK: Limit = Limit {
    name: "request code tries, network",
    burst: 60,
    every: Duration::from_secs(10),
};

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendCodeError {
    /// The link opens nothing.
    #[error("there is no such request")]
    NotFound,
    /// Nothing has to be proven any more, or not by a code.
    #[error("no code is needed")]
    NotNeeded,
    /// WhatsApp takes no message for this number now.
    #[error("no code can be sent over WhatsApp now")]
    Unavailable,
    /// One was sent a moment ago.
    #[error("a code was sent a moment ago")]
    TooSoon {
        /// When another one can be sent.
        retry_at: Timestamp,
    },
    /// Too many codes were sent.
    #[error("too many codes")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Too many wrong ones were typed: this request cannot be proven any more.
    #[error("too many wrong codes")]
    Spent,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Why nothing was proven.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The link opens nothing.
    #[error("there is no such request")]
    NotFound,
    /// The code did nothing.
    #[error(transparent)]
    Code(#[from] CodeError),
}

impl From<db::Error> for VerifyError {
    fn from(error: db::Error) -> Self {
        Self::Code(error.into())
    }
}

/// Mails a code to the address of a request that waits for its proof. The one before dies.
///
/// # Errors
/// See [`SendCodeError`].
pub async fn send_code(
    services: &Services,
    capability: &Capability,
    network: &Network,
) -> Result<CodeSent, SendCodeError> {
    let now = services.now();
    let request = store::open(&mut Source::Db(&services.db), capability)
        .await?
        .ok_or(SendCodeError::NotFound)?;
    if !is_waiting(&request, now) {
        return Err(SendCodeError::NotNeeded);
    }
    let address = match request.identity(services).await? {
        Some(Identity::Email(address)) => address,
        Some(Identity::Phone(number)) => {
            return whatsapp::send_code(services, &request, &number, network).await;
        }
        Some(Identity::BusinessScopedUserId(_)) | None => return Err(SendCodeError::NotNeeded),
    };
    if let Some(code) = latest(services, &request).await? {
        if code.failures >= FAILURES {
            return Err(SendCodeError::Spent);
        }
        let retry_at = code.created_at + RESEND;
        if retry_at > now {
            return Err(SendCodeError::TooSoon { retry_at });
        }
    }
    let from_here = format!("{} {}", address.expose(), network.expose());
    let limits = [
        (BY_ADDRESS_AND_NETWORK, from_here.as_str()),
        (MAILS_BY_NETWORK, network.expose()),
        (BY_ADDRESS, address.expose()),
    ];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(SendCodeError::TooManyTries { retry_at });
    }
    let letter = make(services, &request, &address, now).await?;
    Ok(CodeSent {
        to: address.masked(),
        expires_at: now + LIFETIME,
        resend_at: now + RESEND,
        delivered: letter::send_now(services, &letter).await?,
    })
}

/// Whether something has to be proven.
pub(super) fn is_waiting(request: &Request, now: Timestamp) -> bool {
    request.role.is_some()
        && matches!(request.state, State::Acknowledged { prove_until } if now < prove_until)
}

async fn make(
    services: &Services,
    request: &Request,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<LetterId, db::Error> {
    let code = OneTimeCode::mint(services.random.as_ref());
    let bound_to = [request.id.as_str().as_bytes()];
    let hash = code.hash(services, &purpose(&bound_to)).await;
    let facts = Facts::Request(RequestFacts::Code {
        reference: request.reference.clone(),
        code: code.expose().to_owned(),
        expires_at: now + LIFETIME,
    });
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    // A replaced code that still waits for the mail server would arrive after the new one and be typed.
    tx.execute(
        "DELETE FROM letters WHERE request_id = $1 AND kind = 'request_code'",
        args![&request.id],
    )
    .await?;
    tx.execute(
        "-- replace_request_code
         INSERT INTO request_codes (request_id, code_hash, created_at, expires_at, tries_left, failures) VALUES ($1, $2, $3, $4, $5, 0)
         ON CONFLICT (request_id) DO UPDATE
         SET code_hash = excluded.code_hash, created_at = excluded.created_at, expires_at = excluded.expires_at,
             tries_left = excluded.tries_left",
        args![&request.id, hash, now, now + LIFETIME, TRIES],
    )
    .await?;
    let draft = letter::Draft {
        request: Some(&request.id),
        expires_at: Some(now + LIFETIME),
        ..letter::Draft::new(address, request.locale, &facts)
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
    request: &Request,
) -> Result<Option<CodeSent>, db::Error> {
    let now = services.now();
    if !is_waiting(request, now) {
        return Ok(None);
    }
    let Some(Identity::Email(address)) = request.identity(services).await? else {
        return Ok(None);
    };
    let code = latest(services, request).await?;
    let Some(code) = code.filter(|code| code.expires_at > now && code.tries_left > 0) else {
        return Ok(None);
    };
    let waiting = services
        .db
        .number(
            "-- request_codes_waiting
             SELECT count(*) FROM letters WHERE request_id = $1 AND kind = 'request_code' AND queued_at >= $2",
            args![&request.id, code.created_at],
        )
        .await?;
    Ok(Some(CodeSent {
        to: address.masked(),
        expires_at: code.expires_at,
        resend_at: code.created_at + RESEND,
        delivered: waiting == 0,
    }))
}

struct Latest {
    created_at: Timestamp,
    expires_at: Timestamp,
    tries_left: i64,
    failures: i64,
}

async fn latest(services: &Services, request: &Request) -> Result<Option<Latest>, db::Error> {
    let row: Option<(i64, i64, i64, i64)> = services
        .db
        .fetch_optional(
            "-- latest_request_code
             SELECT created_at, expires_at, tries_left, failures FROM request_codes WHERE request_id = $1",
            args![&request.id],
        )
        .await?;
    Ok(
        row.map(|(created_at, expires_at, tries_left, failures)| Latest {
            created_at: Timestamp::from_millis(created_at),
            expires_at: Timestamp::from_millis(expires_at),
            tries_left,
            failures,
        }),
    )
}

/// Takes the code. A request that is proven already stays so.
///
/// # Errors
/// See [`VerifyError`].
pub async fn verify(
    services: &Services,
    capability: &Capability,
    typed: &str,
    network: &Network,
) -> Result<(), VerifyError> {
    let code = OneTimeCode::read(typed).ok_or(CodeError::Malformed)?;
    let request = store::open(&mut Source::Db(&services.db), capability)
        .await?
        .ok_or(VerifyError::NotFound)?;
    if request.proven_at.is_some() {
        return Ok(());
    }
    if request.sealed.identity_kind.as_deref() == Some("phone") {
        return whatsapp::verify(services, &request, typed, network).await;
    }
    let limits = [
        (TRIES_BY_REQUEST, request.id.as_str()),
        (TRIES_BY_NETWORK, network.expose()),
    ];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(CodeError::TooManyTries { retry_at }.into());
    }
    let (hash, tries_left) = spend_try(services, &request)
        .await?
        .ok_or(CodeError::Expired)?;
    let bound_to = [request.id.as_str().as_bytes()];
    if !code.matches(services, &purpose(&bound_to), &hash).await {
        services
            .db
            .execute(
                "UPDATE request_codes SET failures = failures + 1 WHERE request_id = $1",
                args![&request.id],
            )
            .await?;
        return Err(CodeError::Wrong { tries_left }.into());
    }
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    if !accept(&mut tx, services, &request.id).await? {
        return Err(CodeError::Expired.into());
    }
    tx.commit().await?;
    Ok(())
}

/// Spends one try, before anything is compared.
async fn spend_try(
    services: &Services,
    request: &Request,
) -> Result<Option<(String, i64)>, db::Error> {
    let mut tx = services.db.begin().await?;
    let row: Option<(String, i64)> = tx
        .fetch_optional(
            "-- spend_request_try
             UPDATE request_codes SET tries_left = tries_left - 1
             WHERE  request_id = $1 AND expires_at > $2 AND tries_left > 0 AND failures < $3
             RETURNING code_hash, tries_left",
            args![&request.id, services.now(), FAILURES],
        )
        .await?;
    tx.commit().await?;
    Ok(row)
}

const fn purpose<'a>(bound_to: &'a [&'a [u8]]) -> Purpose<'a> {
    Purpose {
        name: "request code",
        bound_to,
    }
}
