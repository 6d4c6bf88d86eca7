//! `/api/v1/erasures/{capability}`: how it stands, and the receipt.

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use erasure::{id::Capability, progress, services::Services};

use super::super::Problem;

/// A link's secret, or nothing: malformed and unknown ones get the same answer.
fn parse(capability: &str) -> Result<Capability, Problem> {
    capability.parse().map_err(|_| Problem::NotFound)
}

/// How the erasure stands that this link opens.
pub(in crate::http) async fn show(
    State(services): State<Services>,
    Path(capability): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let progress = progress::find(&services, &parse(&capability)?)
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(progress)))
}

/// The receipt, to keep.
pub(in crate::http) async fn receipt(
    State(services): State<Services>,
    Path(capability): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let capability = parse(&capability)?;
    let Some(receipt) = progress::receipt(&services, &capability).await? else {
        let exists = progress::find(&services, &capability).await?.is_some();
        return Err(if exists {
            Problem::NotYet
        } else {
            Problem::NotFound
        });
    };
    let name = format!(
        "attachment; filename=\"qliento-receipt-{}.json\"",
        receipt.reference
    );
    let body = serde_json::to_string_pretty(&receipt).map_err(|_| Problem::Internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, body))
}
