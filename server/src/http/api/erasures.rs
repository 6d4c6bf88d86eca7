//! `/api/v1/erasures/{capability}`: how it stands, and the receipt.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::IntoResponse,
};
use erasure::{
    id::Capability,
    progress::{self, Progress},
    receipt::Receipt,
    services::Services,
};

use super::super::problem::{Document, Problem};

/// What stands in the link's place, even when it is no text at all.
type Link = Result<Path<String>, PathRejection>;

/// A link's secret, or nothing: malformed and unknown ones get the same answer.
fn parse(link: Link) -> Result<Capability, Problem> {
    let Path(capability) = link.map_err(|_| Problem::NotFound)?;
    capability.parse().map_err(|_| Problem::NotFound)
}

/// How an erasure stands.
#[utoipa::path(
    get,
    path = "/api/v1/erasures/{capability}",
    tag = "erasures",
    operation_id = "showErasure",
    params(("capability" = String, Path, description = "The secret of the erasure's link")),
    responses(
        (status = OK, description = "How it stands", body = Progress),
        (status = NOT_FOUND, description = "The link opens nothing", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn show(
    State(services): State<Services>,
    link: Link,
) -> Result<impl IntoResponse, Problem> {
    let progress = progress::find(&services, &parse(link)?)
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(progress)))
}

/// The receipt, to keep.
#[utoipa::path(
    get,
    path = "/api/v1/erasures/{capability}/receipt",
    tag = "erasures",
    operation_id = "showReceipt",
    params(("capability" = String, Path, description = "The secret of the erasure's link")),
    responses(
        (status = OK, description = "The receipt", body = Receipt,
         headers(("Content-Disposition" = String, description = "A name for the file"))),
        (status = NOT_FOUND, description = "The link opens nothing", body = Document, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Not everything is gone yet", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn receipt(
    State(services): State<Services>,
    link: Link,
) -> Result<impl IntoResponse, Problem> {
    let capability = parse(link)?;
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
