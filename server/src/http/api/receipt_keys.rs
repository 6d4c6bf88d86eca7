//! `/.well-known/qliento-receipt-keys.json`: the public keys by which anybody can check a receipt.

use axum::{Json, extract::State, http::header, response::IntoResponse};
use erasure::{receipt, services::Services};

use super::super::Problem;

/// All of them, those that sign no more as well. Pages of other sites may read them.
pub(in crate::http) async fn show(
    State(services): State<Services>,
) -> Result<impl IntoResponse, Problem> {
    let keys = receipt::key_set(&services.db).await?;
    let headers = [
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, Json(keys)))
}
