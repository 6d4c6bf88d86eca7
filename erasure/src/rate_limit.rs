//! How often something may be tried: by address, by network, by session.
//!
//! The generic cell rate algorithm: one moment per bucket, the one at which its allowance is whole again. What is counted
//! is stored as a keyed digest, so the table says nothing about anybody.

use std::time::Duration;

use crate::{
    db::{Error, Tx, value::args},
    services::Services,
    time::Timestamp,
};

/// An allowance: `burst` tries at once, then one every `every`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is limited; part of the bucket's name.
    pub name: &'static str,
    /// Tries that may come at once.
    pub burst: u32,
    /// How long until one more is allowed.
    pub every: Duration,
}

/// What one try came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Go ahead; it has been counted.
    Granted,
    /// Not before this moment; it has not been counted, so asking again costs nothing.
    Exhausted {
        /// When one more try is allowed.
        retry_at: Timestamp,
    },
}

/// Counts one try against each bucket; refused when any of them is exhausted, and then none is charged.
///
/// # Errors
/// When the database fails.
pub async fn charge(services: &Services, buckets: &[(Limit, &str)]) -> Result<Allowance, Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    for (limit, counted) in buckets {
        if let Allowance::Exhausted { retry_at } =
            take(services, &mut tx, *limit, counted, now).await?
        {
            return Ok(Allowance::Exhausted { retry_at });
        }
    }
    tx.commit().await?;
    Ok(Allowance::Granted)
}

async fn take(
    services: &Services,
    tx: &mut Tx,
    limit: Limit,
    counted: &str,
    now: Timestamp,
) -> Result<Allowance, Error> {
    let bucket = services
        .vault
        .keyed_digest("rate limit", &[limit.name.as_bytes(), counted.as_bytes()]);
    let spare = limit.every * limit.burst.saturating_sub(1);
    // One statement that looks and charges: two tries at once cannot both see the last spare place.
    let charged = tx
        .execute(
            "-- charge_rate_limit
             INSERT INTO rate_limits (bucket, full_at) VALUES ($1, $2)
             ON CONFLICT (bucket) DO UPDATE
             SET   full_at = CASE WHEN rate_limits.full_at > $3 THEN rate_limits.full_at + $4 ELSE $2 END
             WHERE rate_limits.full_at <= $5",
            args![
                bucket.clone(),
                now + limit.every,
                now,
                (now + limit.every).as_millis() - now.as_millis(),
                now + spare
            ],
        )
        .await?;
    if charged == 0 {
        let full_at: Option<(i64,)> = tx
            .fetch_optional(
                "SELECT full_at FROM rate_limits WHERE bucket = $1",
                args![bucket],
            )
            .await?;
        let full_at = full_at.map_or(now, |(at,)| Timestamp::from_millis(at));
        return Ok(Allowance::Exhausted {
            retry_at: full_at - spare,
        });
    }
    Ok(Allowance::Granted)
}
