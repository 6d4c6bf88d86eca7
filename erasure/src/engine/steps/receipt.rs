//! Writing the receipt: only reached after a read-back that found nothing.
//!
//! What it says is written down first, then its digest is noted in the ledger, then it is signed: a crash in between changes
//! nothing of what it says. One transaction ends the erasure, writes the signed receipt, queues the last letter and moves the
//! person's address from the erasure into that letter, where it stays sealed until the mail server has taken it.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::Work;
use crate::{
    archive,
    db::{Db, Error, value::args},
    engine::{Stage, destroy_identifiers, step::Step, store},
    hold,
    id::ErasureId,
    job::{Attempt, StepError},
    ledger,
    letter::{self, Facts},
    manifest::Category,
    receipt::{
        self, CategoryReceipt, HeldReceipt, KeptKind, KeptReceipt, MetaReceipt, NewKeyError,
        Receipt, Verification,
    },
    retention,
    time::Timestamp,
    vault::Place,
};

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let Some(drafted) = &work.erasure.receipt else {
        return draft(work).await;
    };
    let receipt: Receipt =
        serde_json::from_str(drafted).map_err(|_| Error::Corrupt("erasures.receipt"))?;
    let digest = receipt::digest(&receipt)?;
    let noted = match ledger::erased(services, work.erasure, digest).await? {
        Ok(noted) => noted,
        Err(error) => return Ok(error.as_attempt()),
    };
    match receipt::ensure_key(services).await {
        Ok(()) => {}
        Err(NewKeyError::Ledger(error)) => return Ok(error.as_attempt()),
        Err(NewKeyError::Internal(error)) => return Err(error.into()),
    }
    let recipient = match &work.erasure.recipient_sealed {
        None => None,
        Some(sealed) => {
            let place = recipient_place(work.erasure.id.as_str());
            let address = services
                .vault
                .open_text(&services.db, place, sealed)
                .await?;
            Some(
                address
                    .parse()
                    .map_err(|_| Error::Corrupt("erasures.recipient_sealed"))?,
            )
        }
    };
    let link = letter::link(services, work.erasure).await?;

    let now = services.now();
    let mut tx = work.begin().await?;
    let receipt = receipt::seal(&mut tx, services, receipt, noted).await?;
    let text = serde_json::to_string(&receipt).map_err(|_| Error::Corrupt("receipt"))?;
    store::complete(&mut tx, &work.erasure.id, work.step, now, (0, None)).await?;
    tx.execute(
        "-- complete_erasure
         UPDATE erasures SET state = 'completed', completed_at = $1, receipt = $2, recipient_sealed = NULL WHERE id = $3",
        args![now, text, &work.erasure.id],
    )
    .await?;
    destroy_identifiers(&mut tx, &work.erasure.id).await?;
    if let Some(to) = recipient {
        let facts = Facts::DeletionCompleted {
            link,
            receipt: Box::new(receipt),
        };
        let draft = letter::Draft {
            erasure: Some(&work.erasure.id),
            ..letter::Draft::new(&to, work.erasure.locale, &facts)
        };
        letter::queue(&mut tx, services, &draft).await?;
    }
    work.lease.finish(&mut tx, now).await?;
    work.commit(tx).await?;
    tracing::info!(erasure.id = %work.erasure.id, "the erasure is complete");
    Ok(Attempt::Done)
}

/// Writes down what the receipt will say, so that it says the same however often the rest has to be tried.
async fn draft(work: &Work<'_>) -> Result<Attempt, StepError> {
    let receipt = write(work, work.services.now()).await?;
    let text = serde_json::to_string(&receipt).map_err(|_| Error::Corrupt("receipt"))?;
    let mut tx = work.begin().await?;
    tx.execute(
        "-- draft_receipt
         UPDATE erasures SET receipt = $1 WHERE id = $2",
        args![text, &work.erasure.id],
    )
    .await?;
    work.advance(tx, 0).await
}

/// Where an erasure keeps the address for its last letter.
pub(crate) const fn recipient_place(erasure: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "erasures",
        column: "recipient_sealed",
        row: erasure,
    }
}

async fn write(work: &Work<'_>, now: Timestamp) -> Result<Receipt, Error> {
    let (services, id) = (work.services, &work.erasure.id);
    let verified = store::steps_of(&services.db, id, Stage::Verify).await?;
    Ok(Receipt {
        version: 1,
        reference: work.erasure.reference.clone(),
        controller: services.settings.controller.clone(),
        requested_at: work.erasure.confirmed_at,
        completed_at: now,
        categories: categories(work).await?,
        kept: kept(work, now).await?,
        meta: at_meta(&services.db, id).await?,
        verification: verification(&verified, now),
        backups_gone_by: retention::backups_end(now),
        held: held(work).await?,
        journal: services.db.journal().await?,
        ledger: None,
        signature: None,
    })
}

/// What was undone at Meta, as far as it is known now: what Meta confirms late comes after the receipt.
pub(crate) async fn at_meta(db: &Db, erasure: &ErasureId) -> Result<Vec<MetaReceipt>, Error> {
    let steps = store::steps_of(db, erasure, Stage::Meta).await?;
    let undone = steps.into_iter().filter_map(|step| {
        let (act, _) = step.target.as_deref()?.split_once('.')?;
        Some(MetaReceipt {
            act: act.parse().ok()?,
            result: step.outcome?,
        })
    });
    Ok(undone.collect())
}

#[derive(FromRow)]
struct CategoryRow {
    category: String,
    expected: i64,
    erased: i64,
}

async fn categories(work: &Work<'_>) -> Result<Vec<CategoryReceipt>, Error> {
    let rows: Vec<CategoryRow> = work
        .services
        .db
        .fetch_all(
            "-- categories_of_erasure
             SELECT category, CAST(COALESCE(SUM(expected), 0) AS BIGINT) AS expected, CAST(SUM(erased) AS BIGINT) AS erased
             FROM   erasure_steps
             WHERE  erasure_id = $1 AND category IS NOT NULL
             GROUP  BY category",
            args![&work.erasure.id],
        )
        .await?;
    let rows: BTreeMap<String, CategoryRow> = rows
        .into_iter()
        .map(|row| (row.category.clone(), row))
        .collect();
    Ok(Category::ALL
        .into_iter()
        .map(|category| {
            let row = rows.get(category.as_str());
            CategoryReceipt {
                category,
                found: row.map_or(0, |row| row.expected),
                erased: row.map_or(0, |row| row.erased),
            }
        })
        .collect())
}

async fn kept(work: &Work<'_>, now: Timestamp) -> Result<Vec<KeptReceipt>, Error> {
    let kept = |what, basis, records, until| KeptReceipt {
        what,
        basis,
        records,
        until,
    };
    let mut all = Vec::new();
    let mut by_law: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (records, basis, until) in archive::of_erasure(&work.services.db, &work.erasure.id).await? {
        let of_law = by_law.entry(basis).or_default();
        *of_law = (of_law.0 + records, of_law.1.max(until));
    }
    for (basis, (records, until)) in by_law {
        let until = Timestamp::from_millis(until);
        all.push(kept(KeptKind::Billing, basis, Some(records), until));
    }
    // How many is not said: a number would be a trace.
    let anonymized = store::steps_of(&work.services.db, &work.erasure.id, Stage::Anonymize).await?;
    let is_kept = |step: &Step| step.outcome.as_deref().is_some_and(|kept| kept != "0");
    if anonymized.iter().any(is_kept) {
        let basis = retention::SECURITY_LOG_BASIS.to_owned();
        let until = retention::security_log_ends(now);
        all.push(kept(KeptKind::SecurityLogs, basis, None, until));
    }
    let basis = retention::BACKUP_BASIS.to_owned();
    all.push(kept(
        KeptKind::Backups,
        basis,
        None,
        retention::backups_end(now),
    ));
    Ok(all)
}

async fn held(work: &Work<'_>) -> Result<Option<HeldReceipt>, Error> {
    let held = hold::of_erasure(&work.services.db, &work.erasure.id).await?;
    Ok(held.and_then(|held| {
        Some(HeldReceipt {
            since: held.since,
            until: held.until?,
            basis: held.basis,
        })
    }))
}

fn verification(steps: &[Step], now: Timestamp) -> Verification {
    let searched = steps
        .first()
        .and_then(|step| step.outcome.as_deref()?.split_once('/'));
    let (tables, columns) = searched.unwrap_or_default();
    Verification {
        tables: tables.parse().unwrap_or_default(),
        columns: columns.parse().unwrap_or_default(),
        found: 0,
        at: now,
    }
}
