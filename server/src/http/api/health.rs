//! Is it alive, and can it serve?

use axum::extract::State;
use erasure::services::Services;

use super::super::Problem;

/// The process answers.
pub(in crate::http) async fn alive() -> &'static str {
    "ok\n"
}

/// The process answers and its database does as well.
pub(in crate::http) async fn ready(
    State(services): State<Services>,
) -> Result<&'static str, Problem> {
    match services.db.number("SELECT CAST(1 AS BIGINT)", vec![]).await {
        Ok(_) => Ok("ok\n"),
        Err(_) => Err(Problem::Unavailable),
    }
}
