//! What stays, on which basis and until when: the product page's figures, in one place.
//!
//! - The manifest says of every table of this product when its rows end; [`mod@sweep`] ends them.
//! - [`mod@overview`] shows what is kept at this moment, for how many, and what ends next: numbers, never names.
//! - What ends by more than a delete has its own module: archives in [`crate::archive`], legal holds in [`crate::hold`].

mod overview;
mod sweep;

use std::time::Duration;

pub use self::{
    overview::{HoldTotals, KeptTable, Overview, Purge, overview},
    sweep::{Swept, sweep},
};
use crate::time::Timestamp;

/// Backups are purged after this many days.
pub const BACKUP_DAYS: u64 = 30;
/// Security logs serve fraud prevention this long, without identifiers.
pub const SECURITY_LOG_DAYS: u64 = 90;
/// The basis on which security logs are kept.
pub const SECURITY_LOG_BASIS: &str = "GDPR art. 6(1)(f), fraud prevention";
/// The basis on which backups are kept.
pub const BACKUP_BASIS: &str = "GDPR art. 32(1)(c), availability";

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
