//! Sealing an organization's invoices, some lines at a time, so that the memory it takes does not grow with their number.
//!
//! Lines are read in the order of issue; those whose term ends on the same day make a page. An invoice whose term has passed
//! already is not kept at all, and one that is continued on another page begins there again with its head. What the record must
//! hold is sealed once more as its contents when the last page is written: a page that somebody takes away is missed.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    Rule,
    store::{self, InvoicePlace, LineRow, NewRecord},
};
use crate::{
    db::{Error, Tx},
    id::{ErasureId, OrganizationId, RowId},
    services::Services,
    time::Timestamp,
    vault::Scope,
};

/// Lines of one batch: a few hundred kilobytes, and some milliseconds.
const BATCH: i64 = 500;
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// What is sealed, and for which erasure.
pub(crate) struct Sealing<'a> {
    pub(crate) erasure: &'a ErasureId,
    pub(crate) reference: &'a str,
    pub(crate) organization: &'a OrganizationId,
}

/// What one batch came to.
pub(crate) enum Sealed {
    /// There may be more behind this place, which the caller keeps for the next batch.
    Some { invoices: i64, reached: Vec<String> },
    /// The record is closed, or there was nothing to keep.
    All,
}

/// An invoice as the law wants it kept. No e-mail address, no internal id.
#[derive(Serialize)]
struct Invoice<'a> {
    number: &'a str,
    issued_at: Timestamp,
    customer_name: &'a str,
    customer_address: &'a str,
    currency: &'a str,
    total_cents: i64,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    description: &'a str,
    quantity: i64,
    unit_price_cents: i64,
    tax_percent: i64,
}

/// Seals the next lines, in the transaction that notes how far that came.
pub(crate) async fn seal_some(
    tx: &mut Tx,
    services: &Services,
    sealing: &Sealing<'_>,
    reached: &[String],
) -> Result<Sealed, Error> {
    let (archive, place) = read_place(reached)?;
    let lines = store::lines_behind(tx, sealing.organization, &place, BATCH).await?;
    let Some(last) = lines.last() else {
        if let Some(archive) = archive {
            close(tx, services, &archive).await?;
        }
        return Ok(Sealed::All);
    };
    let next = InvoicePlace {
        issued_at: last.issued_at,
        invoice: last.id.clone(),
        position: last.position,
    };
    let country = store::country(tx, sealing.organization).await?;
    let rule = services.settings.jurisdictions.of(&country);
    let pages = pages(&lines, rule, services.now());
    if pages.is_empty() {
        return Ok(Sealed::Some {
            invoices: 0,
            reached: write_place(archive.as_ref(), &next),
        });
    }
    let archive = match archive {
        Some(archive) => archive,
        None => begin(tx, services, sealing, &country, rule).await?,
    };
    let invoices = count_invoices(&pages, &place);
    write(tx, services, &archive, &pages, invoices).await?;
    Ok(Sealed::Some {
        invoices,
        reached: write_place(Some(&archive), &next),
    })
}

async fn begin(
    tx: &mut Tx,
    services: &Services,
    sealing: &Sealing<'_>,
    country: &str,
    rule: &Rule,
) -> Result<RowId, Error> {
    let now = services.now();
    let id = RowId::mint(now, services.random.as_ref());
    let record = NewRecord {
        id: &id,
        erasure: sealing.erasure,
        reference: sealing.reference,
        country,
        basis: rule.basis(),
        created_at: now,
    };
    store::insert_record(tx, &record).await?;
    Ok(id)
}

/// Lines whose term ends on the same day.
struct Page<'a> {
    keep_until: Timestamp,
    lines: Vec<&'a LineRow>,
}

/// The lines, page by page; those that have reached their term are left out.
fn pages<'a>(lines: &'a [LineRow], rule: &Rule, now: Timestamp) -> Vec<Page<'a>> {
    let day = |moment: Timestamp| moment.as_millis().div_euclid(DAY_MS);
    let mut pages: Vec<Page<'a>> = Vec::new();
    for line in lines {
        let ends = rule.ends(Timestamp::from_millis(line.issued_at));
        if ends <= now {
            continue;
        }
        match pages.last_mut() {
            Some(page) if day(page.keep_until) == day(ends) => {
                page.keep_until = ends; // in the order of issue: the later one
                page.lines.push(line);
            }
            _ => pages.push(Page {
                keep_until: ends,
                lines: vec![line],
            }),
        }
    }
    pages
}

/// How many invoices begin on these pages. One that the last batch ended within was counted there.
fn count_invoices(pages: &[Page<'_>], behind: &InvoicePlace) -> i64 {
    let mut last = behind.invoice.as_str();
    let mut count = 0;
    for line in pages.iter().flat_map(|page| &page.lines) {
        if line.id != last {
            last = &line.id;
            count += 1;
        }
    }
    count
}

async fn write(
    tx: &mut Tx,
    services: &Services,
    archive: &RowId,
    pages: &[Page<'_>],
    invoices: i64,
) -> Result<(), Error> {
    let Some(keep_until) = pages.iter().map(|page| page.keep_until).max() else {
        return Ok(());
    };
    let key = services
        .vault
        .data_key(tx, Scope::Archive(archive), services.now())
        .await?;
    let count = i64::try_from(pages.len()).unwrap_or(i64::MAX);
    let first = store::count_pages(tx, archive.as_str(), count, invoices, keep_until).await?;
    let mut sealed_pages = Vec::new();
    for (position, page) in (first..).zip(pages) {
        let plain = Zeroizing::new(
            serde_json::to_vec(&joined(&page.lines)).map_err(|_| Error::Corrupt("invoices"))?,
        );
        let row = format!("{archive}/{position}");
        let sealed = key.seal(store::page_place(&row), &plain, services.random.as_ref());
        sealed_pages.push((position, sealed, page.keep_until));
    }
    store::insert_pages(tx, archive.as_str(), &sealed_pages).await
}

/// Each invoice once, with its lines.
fn joined<'a>(lines: &[&'a LineRow]) -> Vec<Invoice<'a>> {
    let mut invoices: Vec<(&str, Invoice<'a>)> = Vec::new();
    for row in lines {
        if invoices.last().is_none_or(|(id, _)| *id != row.id) {
            invoices.push((&row.id, head(row)));
        }
        if let (Some((_, invoice)), Some(line)) = (invoices.last_mut(), line(row)) {
            invoice.lines.push(line);
        }
    }
    invoices.into_iter().map(|(_, invoice)| invoice).collect()
}

fn head(row: &LineRow) -> Invoice<'_> {
    Invoice {
        number: &row.number,
        issued_at: Timestamp::from_millis(row.issued_at),
        customer_name: &row.customer_name,
        customer_address: &row.customer_address,
        currency: &row.currency,
        total_cents: row.total_cents,
        lines: vec![],
    }
}

fn line(row: &LineRow) -> Option<Line<'_>> {
    Some(Line {
        description: row.description.as_deref()?,
        quantity: row.quantity?,
        unit_price_cents: row.unit_price_cents?,
        tax_percent: row.tax_percent?,
    })
}

async fn close(tx: &mut Tx, services: &Services, archive: &RowId) -> Result<(), Error> {
    let pages = store::pages(tx, archive.as_str()).await?;
    let key = services
        .vault
        .data_key(tx, Scope::Archive(archive), services.now())
        .await?;
    let contents = serde_json::to_vec(&pages).map_err(|_| Error::Corrupt("archive_pages"))?;
    let place = store::contents_place(archive.as_str());
    let sealed = key.seal(place, &contents, services.random.as_ref());
    store::close(tx, archive.as_str(), sealed).await
}

/// Where the last batch came to, as the plan's row keeps it: the record, if one has begun, and the line.
fn read_place(reached: &[String]) -> Result<(Option<RowId>, InvoicePlace), Error> {
    let damaged = Error::Corrupt("erasure_steps.reached");
    match reached {
        [] => Ok((
            None,
            InvoicePlace {
                issued_at: i64::MIN,
                invoice: String::new(),
                position: -1,
            },
        )),
        [archive, issued_at, invoice, position] => {
            let (Ok(issued_at), Ok(position)) = (issued_at.parse(), position.parse()) else {
                return Err(damaged);
            };
            let archive = (!archive.is_empty()).then(|| RowId::stored(archive.clone()));
            Ok((
                archive,
                InvoicePlace {
                    issued_at,
                    invoice: invoice.clone(),
                    position,
                },
            ))
        }
        _ => Err(damaged),
    }
}

fn write_place(archive: Option<&RowId>, place: &InvoicePlace) -> Vec<String> {
    vec![
        archive.map_or_else(String::new, ToString::to_string),
        place.issued_at.to_string(),
        place.invoice.clone(),
        place.position.to_string(),
    ]
}
