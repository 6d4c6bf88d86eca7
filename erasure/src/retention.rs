//! What stays after an erasure, on which basis and until when: the product page's figures, in one place, and the sweep that
//! ends what has reached its term.

use std::time::Duration;

use crate::{
    db::{Error, value::args},
    rate_limit,
    receipt::KeptKind,
    services::Services,
    time::Timestamp,
};

/// Backups are purged after this many days.
pub const BACKUP_DAYS: u64 = 30;
/// Security logs serve fraud prevention this long, without identifiers.
pub const SECURITY_LOG_DAYS: u64 = 90;
/// Code de commerce, article L123-22: accounting documents are kept for ten years.
pub const BILLING_YEARS: i16 = 10;

/// The basis on which something is kept.
#[must_use]
pub const fn basis(kind: KeptKind) -> &'static str {
    match kind {
        KeptKind::Billing => "Code de commerce, art. L123-22 (GDPR art. 17(3)(b))",
        KeptKind::SecurityLogs => "GDPR art. 6(1)(f), fraud prevention",
        KeptKind::Backups => "GDPR art. 32(1)(c), availability",
    }
}

/// The end of what was last written into a backup at this moment.
#[must_use]
pub fn backups_end(written_at: Timestamp) -> Timestamp {
    written_at + Duration::from_hours(BACKUP_DAYS * 24)
}

/// The end of a security event.
#[must_use]
pub fn security_log_ends(occurred_at: Timestamp) -> Timestamp {
    occurred_at + Duration::from_hours(SECURITY_LOG_DAYS * 24)
}

/// The end of an invoice.
#[must_use]
pub fn billing_ends(issued_at: Timestamp) -> Timestamp {
    issued_at.plus_years(BILLING_YEARS)
}

/// Destroys what has reached its term: archive records with their keys, anonymous security events, spent rate limits.
/// The worker does this every few minutes.
///
/// # Errors
/// When the database fails; then nothing of it happened.
pub async fn sweep(services: &Services) -> Result<(), Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.execute(
        "-- destroy_keys_of_ended_archives
         DELETE FROM data_keys WHERE scope IN (SELECT 'archive/' || id FROM archives WHERE keep_until <= $1)",
        args![now],
    )
    .await?;
    let archives = tx
        .execute("DELETE FROM archives WHERE keep_until <= $1", args![now])
        .await?;
    let events = tx
        .execute(
            "DELETE FROM anonymous_security_events WHERE keep_until <= $1",
            args![now],
        )
        .await?;
    rate_limit::sweep(&mut tx, now).await?;
    tx.commit().await?;
    if archives + events > 0 {
        tracing::info!(archives, events, "what had reached its term was destroyed");
    }
    Ok(())
}
