//! What ends by itself and is more than a row past its term: sessions that do not work any more, the record's oldest entries, and
//! then the addresses of those who left.

use super::{audit, session};
use crate::{
    db::{Error, value::args},
    services::Services,
};

/// Ends sessions, the oldest entries of the record, and members who are in none that is left; says how many rows went.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(services: &Services) -> Result<u64, Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    let sessions = tx
        .execute(
            "DELETE FROM staff_sessions WHERE seen_at <= $1 OR created_at <= $2",
            args![now - session::IDLE, now - session::ABSOLUTE],
        )
        .await?;
    let entries = audit::sweep(&mut tx, services).await?;
    let members = tx
        .execute(
            "-- forget_members_who_left
             DELETE FROM staff
             WHERE  disabled_at <= $1
               AND  NOT EXISTS (SELECT 1 FROM staff_audit AS a WHERE a.staff_id = staff.id OR a.subject = staff.id)",
            args![now.plus_years(-audit::YEARS)],
        )
        .await?;
    tx.commit().await?;
    Ok(sessions + entries + members)
}
