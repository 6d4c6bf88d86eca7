//! The archive's rows. `{archive}` stands for the schema that only these statements name.

use sqlx::FromRow;

use super::Listed;
use crate::{
    db::{
        Db, Error, Tx,
        value::{PARAMETERS, args, rows_of_places},
    },
    id::{ErasureId, OrganizationId, RowId},
    services::Services,
    time::Timestamp,
    vault::Place,
};

/// A line of an invoice with its invoice, in the order in which they are sealed. An invoice without lines has one without a
/// description.
#[derive(FromRow)]
pub(super) struct LineRow {
    pub(super) id: String,
    pub(super) issued_at: i64,
    pub(super) number: String,
    pub(super) customer_name: String,
    pub(super) customer_address: String,
    pub(super) currency: String,
    pub(super) total_cents: i64,
    pub(super) position: i64,
    pub(super) description: Option<String>,
    pub(super) quantity: Option<i64>,
    pub(super) unit_price_cents: Option<i64>,
    pub(super) tax_percent: Option<i64>,
}

/// A place in an organization's invoices: everything up to it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InvoicePlace {
    pub(super) issued_at: i64,
    pub(super) invoice: String,
    pub(super) position: i64,
}

/// The next lines behind a place.
pub(super) async fn lines_behind(
    tx: &mut Tx,
    organization: &OrganizationId,
    place: &InvoicePlace,
    limit: i64,
) -> Result<Vec<LineRow>, Error> {
    tx.fetch_all(
        "-- invoice_lines_to_seal
         SELECT i.id, i.issued_at, i.number, i.customer_name, i.customer_address, i.currency, i.total_cents,
                COALESCE(l.position, 0) AS position, l.description, l.quantity, l.unit_price_cents, l.tax_percent
         FROM   invoices AS i
                LEFT JOIN invoice_lines AS l ON l.organization_id = i.organization_id AND l.invoice_id = i.id
         WHERE  i.organization_id = $1 AND i.issued_at >= $2
           AND  (i.issued_at, i.id, COALESCE(l.position, 0)) > ($2, $3, $4)
         ORDER  BY i.issued_at, i.id, COALESCE(l.position, 0)
         LIMIT  $5",
        args![
            organization,
            place.issued_at,
            place.invoice.as_str(),
            place.position,
            limit
        ],
    )
    .await
}

/// Where an organization's customers look for their law.
pub(super) async fn country(tx: &mut Tx, organization: &OrganizationId) -> Result<String, Error> {
    let row: Option<(String,)> = tx
        .fetch_optional(
            "SELECT country FROM organizations WHERE id = $1",
            args![organization],
        )
        .await?;
    row.map(|(country,)| country).ok_or(Error::Corrupt(
        "an organization that went before its invoices",
    ))
}

/// A record that begins.
pub(super) struct NewRecord<'a> {
    pub(super) id: &'a RowId,
    pub(super) erasure: &'a ErasureId,
    pub(super) reference: &'a str,
    pub(super) country: &'a str,
    pub(super) basis: String,
    pub(super) created_at: Timestamp,
}

pub(super) async fn insert_record(tx: &mut Tx, record: &NewRecord<'_>) -> Result<(), Error> {
    tx.archive_execute(
        "-- insert_archive
         INSERT INTO {archive}archives (id, erasure_id, reference, kind, country, basis, records, pages, created_at, keep_until)
         VALUES ($1, $2, $3, 'billing', $4, $5, 0, 0, $6, $6)",
        args![
            record.id,
            record.erasure,
            record.reference,
            record.country,
            record.basis.as_str(),
            record.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Counts more pages and invoices of a record; says the number of the first of these pages.
pub(super) async fn count_pages(
    tx: &mut Tx,
    id: &str,
    pages: i64,
    invoices: i64,
    keep_until: Timestamp,
) -> Result<i64, Error> {
    let rows: Vec<(i64,)> = tx
        .archive_all(
            "-- count_archive_pages
             UPDATE {archive}archives SET pages = pages + $1, records = records + $2,
                    keep_until = CASE WHEN keep_until > $3 THEN keep_until ELSE $3 END
             WHERE  id = $4 AND contents_sealed IS NULL
             RETURNING pages - $1 + 1",
            args![pages, invoices, keep_until, id],
        )
        .await?;
    rows.first()
        .map(|(first,)| *first)
        .ok_or(Error::Corrupt("a record that is closed is written to"))
}

/// A sealed page of a record: its number, what is in it, and when it ends.
pub(super) type SealedPage = (i64, Vec<u8>, Timestamp);

pub(super) async fn insert_pages(tx: &mut Tx, id: &str, pages: &[SealedPage]) -> Result<(), Error> {
    for pages in pages.chunks(PARAMETERS / 4) {
        let text = format!(
            "-- insert_archive_pages
             INSERT INTO {{archive}}archive_pages (archive_id, position, sealed, keep_until) VALUES {}",
            rows_of_places(1, 4, pages.len())
        );
        let args = pages.iter().flat_map(|(position, sealed, keep_until)| {
            args![id, *position, sealed.clone(), *keep_until]
        });
        tx.archive_execute(&text, args.collect()).await?;
    }
    Ok(())
}

/// Every page of a record and when it ends.
pub(super) async fn pages(tx: &mut Tx, id: &str) -> Result<Vec<(i64, i64)>, Error> {
    tx.archive_all(
        "-- pages_of_archive
         SELECT position, keep_until FROM {archive}archive_pages WHERE archive_id = $1 ORDER BY position",
        args![id],
    )
    .await
}

/// Nothing is added to the record any more.
pub(super) async fn close(tx: &mut Tx, id: &str, contents: Vec<u8>) -> Result<(), Error> {
    tx.archive_execute(
        "-- close_archive
         UPDATE {archive}archives SET contents_sealed = $1 WHERE id = $2",
        args![contents, id],
    )
    .await?;
    Ok(())
}

/// What opening a record begins with.
#[derive(FromRow)]
pub(super) struct RecordRow {
    pub(super) contents_sealed: Option<Vec<u8>>,
    pub(super) keep_until: i64,
}

pub(super) async fn find(db: &Db, id: &str) -> Result<Option<RecordRow>, Error> {
    let rows: Vec<RecordRow> = db
        .archive_all(
            "-- find_archive
             SELECT contents_sealed, keep_until FROM {archive}archives WHERE id = $1",
            args![id],
        )
        .await?;
    Ok(rows.into_iter().next())
}

pub(super) async fn page(db: &Db, id: &str, position: i64) -> Result<Option<Vec<u8>>, Error> {
    let rows: Vec<(Vec<u8>,)> = db
        .archive_all(
            "-- find_archive_page
             SELECT sealed FROM {archive}archive_pages WHERE archive_id = $1 AND position = $2",
            args![id, position],
        )
        .await?;
    Ok(rows.into_iter().next().map(|(sealed,)| sealed))
}

#[derive(FromRow)]
struct ListedRow {
    id: String,
    reference: String,
    country: String,
    basis: String,
    records: i64,
    created_at: i64,
    keep_until: i64,
}

/// Every record, the one that ends next first.
///
/// # Errors
/// When the database fails.
pub async fn list(services: &Services) -> Result<Vec<Listed>, Error> {
    let rows: Vec<ListedRow> = services
        .db
        .archive_all(
            "-- list_archives
             SELECT id, reference, country, basis, records, created_at, keep_until FROM {archive}archives
             ORDER  BY keep_until, id",
            args![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            id: row.id,
            reference: row.reference,
            country: row.country,
            basis: row.basis,
            records: row.records,
            created_at: Timestamp::from_millis(row.created_at),
            keep_until: Timestamp::from_millis(row.keep_until),
        })
        .collect())
}

/// What an erasure left in the archive: how many invoices, on which basis, until when. One entry for each record.
pub(crate) async fn of_erasure(
    db: &Db,
    erasure: &ErasureId,
) -> Result<Vec<(i64, String, i64)>, Error> {
    db.archive_all(
        "-- archives_of_erasure
         SELECT records, basis, keep_until FROM {archive}archives WHERE erasure_id = $1 ORDER BY keep_until DESC, id",
        args![erasure],
    )
    .await
}

/// Some of the records that have reached their term.
pub(super) async fn ended(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = db
        .archive_all(
            "-- ended_archives
             SELECT id FROM {archive}archives WHERE keep_until <= $1 AND contents_sealed IS NOT NULL ORDER BY keep_until LIMIT $2",
            args![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes some of the pages whose day has come; says how many.
pub(super) async fn delete_ended_pages(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<u64, Error> {
    tx.archive_execute(
        "-- delete_ended_pages
         DELETE FROM {archive}archive_pages
         WHERE  (archive_id, position) IN (SELECT p.archive_id, p.position FROM {archive}archive_pages AS p
                                           JOIN   {archive}archives AS a ON a.id = p.archive_id
                                           WHERE  p.keep_until <= $1 AND a.contents_sealed IS NOT NULL
                                           ORDER  BY p.keep_until LIMIT $2)",
        args![now, limit],
    )
    .await
}

/// Destroys a record, its pages and its key; `false`: it was gone already.
pub(super) async fn destroy(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, Error> {
    tx.execute(
        "-- destroy_key_of_archive
         DELETE FROM data_keys WHERE scope = 'archive/' || $1",
        args![id],
    )
    .await?;
    tx.archive_execute(
        "-- delete_pages_of_archive
         DELETE FROM {archive}archive_pages WHERE archive_id = $1",
        args![id],
    )
    .await?;
    let rows = tx
        .archive_execute(
            "-- delete_archive
             DELETE FROM {archive}archives WHERE id = $1 AND keep_until <= $2",
            args![id, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Where a record's sealed columns belong; a page's row is `<record>/<position>`.
pub(super) const fn contents_place(id: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "archives",
        column: "contents_sealed",
        row: id,
    }
}

pub(super) const fn page_place(row: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "archive_pages",
        column: "sealed",
        row,
    }
}

/// How many rows one of the archive's tables has, and when the next of them end.
///
/// # Errors
/// When the database fails.
pub(crate) async fn rows_of(
    services: &Services,
    table: &str,
) -> Result<(i64, Option<Timestamp>), Error> {
    let statement = match table {
        "archives" => "SELECT count(*), MIN(keep_until) FROM {archive}archives",
        "archive_pages" => "SELECT count(*), MIN(keep_until) FROM {archive}archive_pages",
        _ => "SELECT count(*), CAST(NULL AS BIGINT) FROM {archive}archive_openings",
    };
    let rows: Vec<(i64, Option<i64>)> = services.db.archive_all(statement, args![]).await?;
    let (count, next) = rows.into_iter().next().unwrap_or_default();
    Ok((count, next.map(Timestamp::from_millis)))
}
