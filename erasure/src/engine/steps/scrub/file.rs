//! SQLite: `secure_delete` has overwritten the rows; now a pass over the file gives its empty pages back, overwrites what was
//! left in the gaps of the others, and cuts the log that still remembers all of it.
//!
//! A pass goes over the whole file, however little was deleted. So it serves everybody whose rows were gone before it began,
//! and the file rests between two: passes are numbered, whoever is ready notes how many have begun, and is done when a later
//! one has ended.

use std::time::{Duration, Instant};

use super::{OLD_STATE, PATIENCE, Work};
use crate::{
    db::{Error, Source, Tx, value::args},
    engine::{Size, store},
    job::{Attempt, StepError},
    time::Timestamp,
};

/// The row that counts the passes that have begun, and says when the last one did.
const BEGUN: &str = "passes that began";
/// The row that holds the number of the last pass that ended.
const ENDED: &str = "the last pass that ended";
/// How long the file rests between two passes, at least: as long as somebody waits who looks on.
const REST: Duration = Duration::from_secs(1);
/// How long for each of its pages: some five times as long as a pass takes.
const REST_A_PAGE: Duration = Duration::from_micros(50);
/// How long pages are given back before the job looks at the clock again.
const TURN: Duration = Duration::from_secs(1);

/// How far this step has come.
enum Stand {
    /// Nothing is noted yet.
    New,
    /// All rows are gone, when this many passes had begun.
    Ready(i64),
    /// This pass is ours; it has come to this page, or gives pages back still.
    Passing {
        ready: i64,
        pass: i64,
        page: Option<i64>,
    },
}

impl Stand {
    fn of(work: &Work<'_>) -> Self {
        let reached = work.step.reached.iter().map(|number| number.parse());
        match reached.collect::<Result<Vec<i64>, _>>().as_deref() {
            Ok([ready]) => Self::Ready(*ready),
            Ok([ready, pass]) => Self::Passing {
                ready: *ready,
                pass: *pass,
                page: None,
            },
            Ok([ready, pass, page]) => Self::Passing {
                ready: *ready,
                pass: *pass,
                page: Some(*page),
            },
            Ok(_) | Err(_) => Self::New,
        }
    }
}

pub(super) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    match Stand::of(work) {
        Stand::New => {
            let begun = row(&mut Source::Db(&work.services.db), BEGUN).await?;
            note(work, work.begin().await?, &[begun.number]).await
        }
        Stand::Ready(ready) => share_or_begin(work, ready).await,
        Stand::Passing { ready, pass, page } => pass_on(work, ready, pass, page).await,
    }
}

/// Everything is done when a pass has ended that began later; otherwise one begins, when the file has rested.
async fn share_or_begin(work: &Work<'_>, ready: i64) -> Result<Attempt, StepError> {
    let services = work.services;
    let rest = REST.max(REST_A_PAGE.saturating_mul(services.db.pages().await?));
    let mut tx = work.begin().await?;
    let ended = row(&mut Source::Tx(&mut tx), ENDED).await?;
    if ended.number > ready {
        return work.complete(tx, 0, None).await;
    }
    let begun = row(&mut Source::Tx(&mut tx), BEGUN).await?;
    let again_at = begun.at + rest.min(services.settings.rewrite_gap);
    if again_at > services.now() && begun.at <= services.now() {
        return Ok(Attempt::Rest { until: again_at });
    }
    let pass = begun.number + 1;
    write(&mut tx, BEGUN, services.now(), pass).await?;
    note(work, tx, &[ready, pass]).await
}

/// First the file becomes smaller, then what is left of it is gone through, from its end to its beginning; where that came to
/// is part of the checkpoint.
async fn pass_on(
    work: &Work<'_>,
    ready: i64,
    pass: i64,
    page: Option<i64>,
) -> Result<Attempt, StepError> {
    let db = &work.services.db;
    if page.is_none() {
        db.forget_samples().await?;
        if !give_back(work).await? {
            return Ok(Attempt::Progressed);
        }
    }
    match db.clear_gaps(page).await? {
        None => cut_log(work, pass).await,
        Some(page) => note(work, work.begin().await?, &[ready, pass, page]).await,
    }
}

async fn cut_log(work: &Work<'_>, pass: i64) -> Result<Attempt, StepError> {
    let now = work.services.now();
    if work.services.db.truncate_log().await? {
        let mut tx = work.begin().await?;
        write(&mut tx, ENDED, now, pass).await?;
        return work.complete(tx, 0, None).await;
    }
    Ok(Attempt::Later {
        cause: OLD_STATE,
        not_before: Some(now + PATIENCE),
    })
}

/// Gives free pages back in small portions, between which others write; says whether none is left.
async fn give_back(work: &Work<'_>) -> Result<bool, StepError> {
    let db = &work.services.db;
    db.sort_free_pages().await?;
    let mut size = Size::first_on(db.backend());
    let turn = Instant::now();
    while turn.elapsed() < TURN {
        let began = Instant::now();
        if db.give_back(size.rows()).await? == 0 {
            return Ok(true);
        }
        size.learn(began);
        db.relieve_log().await;
    }
    Ok(false)
}

async fn note(work: &Work<'_>, mut tx: Tx, numbers: &[i64]) -> Result<Attempt, StepError> {
    let key: Vec<_> = numbers.iter().map(i64::to_string).collect();
    store::reach(&mut tx, &work.erasure.id, work.step, 0, &key).await?;
    work.commit(tx).await?;
    Ok(Attempt::Progressed)
}

/// A pass: its number, and when.
struct Pass {
    at: Timestamp,
    number: i64,
}

async fn row(source: &mut Source<'_>, name: &str) -> Result<Pass, Error> {
    let row: Option<(i64, i64)> = source
        .optional(
            "-- pass_over_file
             SELECT began_at, horizon FROM storage_rewrites WHERE relation = $1",
            args![name],
        )
        .await?;
    let (at, number) = row.unwrap_or_default();
    Ok(Pass {
        at: Timestamp::from_millis(at),
        number,
    })
}

/// A pass that ends after a later one does not take its place.
async fn write(tx: &mut Tx, name: &str, at: Timestamp, number: i64) -> Result<(), Error> {
    tx.execute(
        "-- note_pass_over_file
         INSERT INTO storage_rewrites (relation, began_at, horizon) VALUES ($1, $2, $3)
         ON CONFLICT (relation) DO UPDATE SET began_at = excluded.began_at, horizon = MAX(horizon, excluded.horizon)",
        args![name, at, number],
    )
    .await?;
    Ok(())
}
