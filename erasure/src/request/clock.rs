//! What happens when nobody does anything: unproven requests expire, terms that run out are alarms, old records end.
//!
//! Every worker looks each half minute, at all open requests at once, by a few statements whose cost hardly grows with them.

use super::{
    by_mail,
    deadline::{ACKNOWLEDGEMENT, ALARMS},
    idempotency,
    letters::{self, RequestFacts},
    state::Outcome,
    store,
};
use crate::{
    db::{Error, Source, Tx, value::args},
    id::RequestId,
    services::Services,
    time::Timestamp,
};

/// Expired requests are closed so many at a time: each may have a letter to queue.
const BATCH: i64 = 200;
/// What is left of a closed request is kept as evidence as long as somebody may sue (Code civil, article 2224).
const EVIDENCE_YEARS: i16 = 5;

/// Terms that run out, for those who watch.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Open requests and cases that are past so many percent of their term.
    pub past: Vec<(i64, i64)>,
    /// Open requests and cases that are past their term.
    pub overdue: i64,
    /// Open requests that nobody has been told of for longer than that may take.
    pub unacknowledged: i64,
    /// Requests by state.
    pub states: Vec<(String, i64)>,
}

/// Lets time do its work.
///
/// # Errors
/// When the database fails; what was committed by then stays.
pub async fn tick(services: &Services) -> Result<(), Error> {
    by_mail::acknowledge_waiting(services).await?;
    while expire(services).await? {}
    alarm(services).await
}

/// Closes requests that nobody has proven in time; `true` when there may be more.
async fn expire(services: &Services) -> Result<bool, Error> {
    let now = services.now();
    // Reading costs nobody the writer's lock; most looks find nothing.
    let due: Vec<(String,)> = services.db.fetch_all(EXPIRED, args![now, BATCH]).await?;
    if due.is_empty() {
        return Ok(false);
    }
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    for (id,) in &due {
        close(&mut tx, services, id, now).await?;
    }
    tx.commit().await?;
    tracing::info!(requests = due.len(), "unproven requests expired");
    Ok(i64::try_from(due.len()).unwrap_or(i64::MAX) == BATCH)
}

const EXPIRED: &str = "-- expired_requests
    SELECT id FROM requests WHERE state = 'acknowledged' AND closed_at IS NULL AND prove_until <= $1 ORDER BY id LIMIT $2";

async fn close(tx: &mut Tx, services: &Services, id: &str, now: Timestamp) -> Result<(), Error> {
    let Some(mut request) = store::find(&mut Source::Tx(tx), id).await? else {
        return Ok(());
    };
    let Ok(next) = request.state.clone().close(Outcome::Expired, now) else {
        return Ok(()); // another worker was quicker
    };
    let contact = request.contact(services).await?;
    let is_stated = request.role.is_some();
    store::advance(tx, services, &mut request, next).await?;
    if !is_stated {
        return Ok(()); // the one letter that a mail gets has said so: whose sender was forged gets no second
    }
    let facts = RequestFacts::Expired {
        reference: request.reference.clone(),
        received_at: request.received_at,
    };
    letters::queue(tx, services, &request, contact.as_ref(), facts).await
}

/// Open terms: a request's until its cases are open, then each case's. What is unproven expires by itself.
macro_rules! open_terms {
    () => {
        "(SELECT id, received_at, COALESCE(extended_to, due_at) AS ends_at FROM requests
          WHERE  closed_at IS NULL AND state IN ('proven', 'in_review')
          UNION ALL
          SELECT id, received_at, COALESCE(extended_to, due_at) FROM cases WHERE closed_at IS NULL) AS term"
    };
}

/// Writes down which terms have passed which part, each once.
async fn alarm(services: &Services) -> Result<(), Error> {
    let now = services.now();
    for percent in ALARMS {
        let passed = services
            .db
            .number(
                concat!(
                    "-- any_term_past
                     SELECT count(*) FROM (SELECT 1 FROM ",
                    open_terms!(),
                    " WHERE ($1 - term.received_at) * 100 >= (term.ends_at - term.received_at) * $2
                        AND NOT EXISTS (SELECT 1 FROM term_alarms AS a WHERE a.subject = term.id AND a.percent = $2) LIMIT 1) AS any_of_them"
                ),
                args![now, percent],
            )
            .await?;
        if passed == 0 {
            continue;
        }
        let raised = services
            .db
            .execute(
                concat!(
                    "-- raise_term_alarms
                     INSERT INTO term_alarms (subject, percent, raised_at)
                     SELECT term.id, CAST($2 AS BIGINT), CAST($1 AS BIGINT) FROM ",
                    open_terms!(),
                    " WHERE ($1 - term.received_at) * 100 >= (term.ends_at - term.received_at) * $2
                        AND NOT EXISTS (SELECT 1 FROM term_alarms AS a WHERE a.subject = term.id AND a.percent = $2)
                     ON CONFLICT (subject, percent) DO NOTHING"
                ),
                args![now, percent],
            )
            .await?;
        if raised > 0 {
            tracing::warn!(percent, terms = raised, "terms of requests run out");
        }
    }
    Ok(())
}

/// Numbers for those who watch.
///
/// # Errors
/// When the database fails.
pub async fn totals(services: &Services) -> Result<Totals, Error> {
    let now = services.now();
    let past = services
        .db
        .fetch_all(
            concat!(
                "-- terms_past
                 SELECT a.percent, count(*) FROM term_alarms AS a JOIN ",
                open_terms!(),
                " ON term.id = a.subject GROUP BY a.percent ORDER BY a.percent"
            ),
            args![],
        )
        .await?;
    let overdue = services
        .db
        .number(
            concat!(
                "-- terms_overdue
                 SELECT count(*) FROM ",
                open_terms!(),
                " WHERE term.ends_at <= $1"
            ),
            args![now],
        )
        .await?;
    Ok(Totals {
        past,
        overdue,
        unacknowledged: services
            .db
            .number(
                "SELECT count(*) FROM requests WHERE state = 'received' AND received_at <= $1",
                args![now - ACKNOWLEDGEMENT],
            )
            .await?,
        states: services
            .db
            .fetch_all(
                "SELECT state, count(*) FROM requests GROUP BY state ORDER BY state",
                args![],
            )
            .await?,
    })
}

/// Ends the evidence of requests that were closed long ago, and keys whose day is over.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(services: &Services) -> Result<u64, Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    idempotency::sweep(&mut tx, now).await?;
    let before = now.plus_years(-EVIDENCE_YEARS);
    let old: Vec<(String,)> = tx
        .fetch_all(
            "-- evidence_that_ends
             SELECT r.id FROM requests AS r
             WHERE  r.closed_at <= $1 AND NOT EXISTS (SELECT 1 FROM requests AS o WHERE o.joined_to = r.id AND o.closed_at > $1)
             ORDER  BY r.joined_to IS NULL, r.id LIMIT $2",
            args![before, BATCH],
        )
        .await?;
    for (id,) in &old {
        destroy(&mut tx, &RequestId::stored(id.clone())).await?;
    }
    tx.commit().await?;
    Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
}

async fn destroy(tx: &mut Tx, id: &RequestId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM term_alarms WHERE subject = $1 OR subject IN (SELECT id FROM cases WHERE request_id = $1)",
        "DELETE FROM request_events WHERE request_id = $1",
        "DELETE FROM case_links WHERE case_id IN (SELECT id FROM cases WHERE request_id = $1)",
        "DELETE FROM cases WHERE request_id = $1",
        "DELETE FROM request_links WHERE request_id = $1",
        "DELETE FROM request_codes WHERE request_id = $1",
        "DELETE FROM request_assignments WHERE request_id = $1",
        "DELETE FROM mail_threads WHERE request_id = $1",
        "DELETE FROM mail_originals WHERE request_id = $1",
        "DELETE FROM idempotency_keys WHERE request_id = $1",
        "DELETE FROM requests WHERE id = $1",
    ] {
        tx.execute(statement, args![id]).await?;
    }
    Ok(())
}
