//! Sealing what fiscal law keeps: an organization's invoices, in one record under a key of its own.
//!
//! Only what an invoice must contain is kept. The record names no organization; it is found through the erasure.

use serde::Serialize;
use sqlx::FromRow;

use super::Work;
use crate::{
    db::{Error, value::args},
    engine::Subject,
    id::{OrganizationId, RowId},
    job::{Attempt, StepError},
    receipt::KeptKind,
    retention,
    time::Timestamp,
    vault::{Place, Scope},
};

#[derive(FromRow, Serialize)]
struct Invoice {
    id: String,
    number: String,
    customer_name: String,
    customer_address: String,
    currency: String,
    total_cents: i64,
    issued_at: i64,
}

#[derive(FromRow, Serialize)]
struct Line {
    invoice_id: String,
    position: i64,
    description: String,
    quantity: i64,
    unit_price_cents: i64,
    tax_percent: i64,
}

#[derive(Serialize)]
struct Record {
    invoices: Vec<Invoice>,
    lines: Vec<Line>,
}

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let Some(Subject::Organization(organization)) = &work.step.subject else {
        return Ok(Attempt::Parked {
            cause: "the plan names no organization for its archive",
        });
    };
    let record = read(work, organization).await?;
    let mut tx = work.begin().await?;
    let Some(last_issued_at) = record
        .invoices
        .iter()
        .map(|invoice| invoice.issued_at)
        .max()
    else {
        return work.complete(tx, 0, None).await;
    };
    let now = services.now();
    let id = RowId::mint(now, services.random.as_ref());
    let key = services
        .vault
        .data_key(&mut tx, Scope::Archive(&id), now)
        .await?;
    let plain = zeroize::Zeroizing::new(
        serde_json::to_vec(&record).map_err(|_| Error::Corrupt("invoices"))?,
    );
    let place = Place {
        organization: "",
        table: "archives",
        column: "sealed",
        row: id.as_str(),
    };
    let records = i64::try_from(record.invoices.len()).unwrap_or(i64::MAX);
    tx.execute(
        "-- insert_archive
         INSERT INTO archives (id, erasure_id, kind, basis, records, sealed, created_at, keep_until)
         VALUES ($1, $2, 'billing', $3, $4, $5, $6, $7)",
        args![
            &id,
            &work.erasure.id,
            retention::basis(KeptKind::Billing),
            records,
            key.seal(place, &plain, services.random.as_ref()),
            now,
            retention::billing_ends(Timestamp::from_millis(last_issued_at)),
        ],
    )
    .await?;
    work.complete(tx, records, None).await
}

async fn read(work: &Work<'_>, organization: &OrganizationId) -> Result<Record, Error> {
    let db = &work.services.db;
    Ok(Record {
        invoices: db
            .fetch_all(
                "-- invoices_to_archive
                 SELECT id, number, customer_name, customer_address, currency, total_cents, issued_at
                 FROM   invoices WHERE organization_id = $1 ORDER BY id",
                args![organization],
            )
            .await?,
        lines: db
            .fetch_all(
                "-- invoice_lines_to_archive
                 SELECT invoice_id, position, description, quantity, unit_price_cents, tax_percent
                 FROM   invoice_lines WHERE organization_id = $1 ORDER BY invoice_id, position",
                args![organization],
            )
            .await?,
    })
}
