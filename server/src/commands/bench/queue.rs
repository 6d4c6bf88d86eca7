//! `qliento bench queue`: how long the console's queue takes among many open requests, and the clocks beside it.

use std::{process::ExitCode, time::Instant};

use anyhow::Context as _;
use erasure::{
    db::Value,
    id::{RequestId, RowId},
    request::{
        clock,
        desk::{self, Filter},
    },
    services::Services,
};
use serde::Serialize;

use super::{
    measure::open,
    scratch::{Place, Scratch},
};
use crate::out;

/// Looks at each page, of which the slowest is told.
const LOOKS: u32 = 20;
/// As long as the first term, roughly: the requests end on different days.
const TERM_MS: i64 = 30 * 24 * 3_600_000;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Open requests.
    #[arg(long, default_value_t = 10_000)]
    requests: i64,
    #[command(flatten)]
    place: Place,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// What it came to, in milliseconds.
#[derive(Debug, Serialize)]
struct Measured {
    backend: String,
    requests: i64,
    first_page_ms: f64,
    /// A page far behind the first.
    later_page_ms: f64,
    /// What waits for a decision, looked for among all.
    filtered_page_ms: f64,
    clock_ms: f64,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scratch = Scratch::beside(args.place)?;
    out::error(&format!("seeding {} requests …", args.requests));
    scratch.seed(1).await?;
    let copy = scratch.copy().await?;
    let services = open(copy.path()).await?;
    fill(&services, args.requests).await?;
    let measured = measure(&services, args.requests).await?;
    services.db.close().await;
    drop(copy);
    scratch.remove().await?;
    if args.json {
        out::json(&measured)?;
        return Ok(ExitCode::SUCCESS);
    }
    out::line(&format!(
        "{}: {} open requests; first page {:.1} ms, a later one {:.1} ms, filtered {:.1} ms; all clocks {:.1} ms",
        measured.backend,
        measured.requests,
        measured.first_page_ms,
        measured.later_page_ms,
        measured.filtered_page_ms,
        measured.clock_ms
    ));
    Ok(ExitCode::SUCCESS)
}

/// Open requests that end on different days; every hundredth waits for staff.
async fn fill(services: &Services, requests: i64) -> anyhow::Result<()> {
    let (now, random) = (services.now(), services.random.as_ref());
    let mut tx = services.db.begin().await?;
    for number in 0..requests {
        let id = RequestId::mint(now, random);
        let reference = format!("QD-BENCH-{number}");
        let state = if number % 100 == 0 {
            "in_review"
        } else {
            "proven"
        };
        let received_at = now.as_millis() - (number * 7_919_000) % TERM_MS;
        let values = vec![
            Value::from(id.as_str()),
            Value::from(reference.as_str()),
            Value::from(state),
            Value::from(vec![0_u8]),
            Value::from(received_at),
            Value::from(received_at + TERM_MS),
        ];
        tx.execute(
            "-- insert_request_for_bench
             INSERT INTO requests (id, reference, channel, role, locale, state, capability_sealed, stated_at, received_at, due_at,
                                   acknowledged_at, proven_at)
             VALUES ($1, $2, 'form', 'end_user', 'fr', $3, $4, $5, $5, $6, $5, $5)",
            values,
        )
        .await?;
        let case = RowId::mint(now, random);
        let values = vec![
            Value::from(case.as_str()),
            Value::from(id.as_str()),
            Value::from(received_at),
            Value::from(received_at + TERM_MS),
        ];
        tx.execute(
            "-- insert_case_for_bench
             INSERT INTO cases (id, request_id, holder_kind, holder, is_named, state, opened_at, received_at, due_at, object_until)
             VALUES ($1, $2, 'contact', $1, 0, 'objecting', $3, $3, $4, $4)",
            values,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn measure(services: &Services, requests: i64) -> anyhow::Result<Measured> {
    let mut behind = None;
    for _ in 0..50 {
        let page = desk::queue_as_operator(services, &Filter::default(), behind.as_ref()).await?;
        match page.more {
            Some(more) => behind = Some(more),
            None => break,
        }
    }
    let waiting = Filter {
        waiting: true,
        ..Filter::default()
    };
    let slowest = async |filter: &Filter, behind| {
        let mut slowest = 0.0_f64;
        for _ in 0..LOOKS {
            let begun = Instant::now();
            desk::queue_as_operator(services, filter, behind).await?;
            slowest = slowest.max(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok::<_, anyhow::Error>(slowest)
    };
    let first_page_ms = slowest(&Filter::default(), None).await?;
    let later_page_ms = slowest(&Filter::default(), behind.as_ref()).await?;
    let filtered_page_ms = slowest(&waiting, None).await?;
    let begun = Instant::now();
    clock::tick(services).await.context("the clocks")?;
    Ok(Measured {
        backend: format!("{:?}", services.db.backend()).to_lowercase(),
        requests,
        first_page_ms,
        later_page_ms,
        filtered_page_ms,
        clock_ms: begun.elapsed().as_secs_f64() * 1_000.0,
    })
}
