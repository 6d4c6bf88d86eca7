//! The second factor: the code of an authenticator app, or a recovery code. Each is taken once.
//!
//! Ten wrong ones behind the right password close the second factor for a day, whichever codes they were, and a letter says so:
//! by then somebody else knows the password.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    recovery::{self, RecoveryCode},
    store::Credentials,
    totp::Secret,
};
use crate::{
    db::{Error, Tx, value::args},
    letter::StaffEvent,
    services::Services,
};

/// Wrong codes within a day. NIST SP 800-63B-4 §3.2.2 allows a hundred in a row.
const FAILURES: i64 = 10;
const DAY: Duration = Duration::from_hours(24);

/// What a typed code was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// The authenticator app's.
    Code,
    /// A recovery code: it is used up.
    RecoveryCode,
    /// Neither, or one that was used before.
    Nothing,
}

impl Taken {
    /// The word that stands on the record.
    pub(super) const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Code => Some("code"),
            Self::RecoveryCode => Some("recovery_code"),
            Self::Nothing => None,
        }
    }
}

/// Takes a code. The transaction is to be committed whatever it was: a wrong one has been counted.
pub(super) async fn take(
    tx: &mut Tx,
    services: &Services,
    member: &Credentials,
    secret: &Secret,
    typed: &SecretString,
) -> Result<Taken, Error> {
    // Counted before it is looked at, in one statement: a hundred tries at once are a hundred tries.
    if !count_try(tx, services, member).await? {
        return Ok(Taken::Nothing);
    }
    let taken = recognize(tx, services, member, secret, typed.expose_secret()).await?;
    if taken == Taken::Nothing {
        if closed_now(tx, member).await? {
            member.notify(tx, services, StaffEvent::CodesClosed).await?;
        }
        return Ok(Taken::Nothing);
    }
    tx.execute(
        "UPDATE staff SET failures = 0 WHERE id = $1",
        args![&member.id],
    )
    .await?;
    if taken == Taken::RecoveryCode {
        member
            .notify(tx, services, StaffEvent::RecoveryCodeUsed)
            .await?;
    }
    Ok(taken)
}

async fn recognize(
    tx: &mut Tx,
    services: &Services,
    member: &Credentials,
    secret: &Secret,
    typed: &str,
) -> Result<Taken, Error> {
    if let Some(step) = secret.step_of(&digits(typed), services.now())
        && spend_step(tx, member, step).await?
    {
        return Ok(Taken::Code);
    }
    match typed.parse::<RecoveryCode>() {
        Ok(code) if recovery::spend(tx, services, &member.id, &code).await? => {
            Ok(Taken::RecoveryCode)
        }
        Ok(_) | Err(_) => Ok(Taken::Nothing),
    }
}

/// A code without what people put between its digits.
pub(super) fn digits(typed: &str) -> String {
    typed.replace(
        |character: char| character.is_whitespace() || character == '-',
        "",
    )
}

/// Uses up a step and all before it; says whether it was still unused.
async fn spend_step(tx: &mut Tx, member: &Credentials, step: i64) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- spend_totp_step
             UPDATE staff SET totp_step = $1 WHERE id = $2 AND totp_step < $1",
            args![step, &member.id],
        )
        .await?;
    Ok(rows == 1)
}

/// Counts one try; `false` when a day's worth is used up.
async fn count_try(tx: &mut Tx, services: &Services, member: &Credentials) -> Result<bool, Error> {
    let now = services.now();
    let rows = tx
        .execute(
            "-- count_second_factor_try
             UPDATE staff
             SET    failures = CASE WHEN failures = 0 OR failing_since <= $1 THEN 1 ELSE failures + 1 END,
                    failing_since = CASE WHEN failures = 0 OR failing_since <= $1 THEN $2 ELSE failing_since END
             WHERE  id = $3 AND (failures < $4 OR failing_since <= $1)",
            args![now - DAY, now, &member.id, FAILURES],
        )
        .await?;
    Ok(rows == 1)
}

/// Whether this was the last try for a day.
async fn closed_now(tx: &mut Tx, member: &Credentials) -> Result<bool, Error> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            "SELECT failures FROM staff WHERE id = $1",
            args![&member.id],
        )
        .await?;
    Ok(row.is_some_and(|(failures,)| failures >= FAILURES))
}
