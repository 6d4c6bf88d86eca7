//! What a person sees while their data goes, and afterwards: opened by a private link, readable without signing in.

use serde::Serialize;
use sqlx::FromRow;

pub use crate::engine::Stage;
use crate::{
    account::{self, CancelError},
    db::{Db, Error, value::args},
    engine::{Erasure, find_erasure},
    id::{Capability, ErasureId},
    job,
    locale::Locale,
    manifest::Category,
    receipt::Receipt,
    services::Services,
    time::Timestamp,
};

use std::{collections::BTreeMap, mem, time::Duration};

/// The promise: gone from the live systems within a day of its start.
const PROMISE: Duration = Duration::from_hours(24);

/// How an erasure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Confirmed; other owners may still cancel.
    Waiting,
    /// Under way.
    Erasing,
    /// Done, and read back.
    Completed,
    /// Cancelled; nothing was deleted.
    Cancelled,
}

/// How a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Not begun.
    Pending,
    /// Some of it is done, or its turn has come.
    Running,
    /// Done.
    Done,
    /// Done without the outside service's confirmation.
    Unconfirmed,
}

/// A category's progress.
#[derive(Clone, Debug, Serialize)]
pub struct CategoryProgress {
    /// The category.
    pub category: Category,
    /// Records counted behind the fence; absent until they are.
    pub expected: Option<i64>,
    /// Records deleted so far.
    pub erased: i64,
    /// Whether nothing of it is left to do.
    pub done: bool,
}

/// A stage's progress.
#[derive(Clone, Debug, Serialize)]
pub struct StageProgress {
    /// The stage.
    pub stage: Stage,
    /// How it stands.
    pub state: StageState,
}

/// Everything the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    /// What people quote.
    pub reference: String,
    /// How it stands.
    pub state: State,
    /// Whether whoever holds the link may cancel now.
    pub may_cancel: bool,
    /// When the erasing starts, while it waits.
    pub starts_at: Option<Timestamp>,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// Until when it is promised.
    pub due_at: Timestamp,
    /// Whether something holds it up: it waits for another service or for a person.
    pub delayed: bool,
    /// The seven categories.
    pub categories: Vec<CategoryProgress>,
    /// The stages, in order.
    pub stages: Vec<StageProgress>,
    /// The language in which it was asked for.
    pub locale: Locale,
}

/// The erasure that this link opens.
pub(crate) async fn erasure_of(
    db: &Db,
    capability: &Capability,
) -> Result<Option<ErasureId>, Error> {
    let row: Option<(String,)> = db
        .fetch_optional(
            "SELECT erasure_id FROM erasure_links WHERE capability_hash = $1",
            args![capability.digest()],
        )
        .await?;
    Ok(row.map(|(id,)| ErasureId::stored(id)))
}

async fn open(services: &Services, capability: &Capability) -> Result<Option<Erasure>, Error> {
    match erasure_of(&services.db, capability).await? {
        None => Ok(None),
        Some(id) => find_erasure(&services.db, id.as_str()).await,
    }
}

/// How the erasure stands that this link opens.
///
/// # Errors
/// When the database fails.
pub async fn find(services: &Services, capability: &Capability) -> Result<Option<Progress>, Error> {
    match open(services, capability).await? {
        None => Ok(None),
        Some(erasure) => of_erasure(services, &erasure).await.map(Some),
    }
}

/// The receipt of the erasure that this link opens, once there is one.
///
/// # Errors
/// When the database fails.
pub async fn receipt(
    services: &Services,
    capability: &Capability,
) -> Result<Option<Receipt>, Error> {
    let text = open(services, capability)
        .await?
        .and_then(|erasure| erasure.receipt);
    text.map(|text| serde_json::from_str(&text).map_err(|_| Error::Corrupt("erasures.receipt")))
        .transpose()
}

/// Cancels the erasure that this link opens.
///
/// # Errors
/// See [`CancelError`].
pub async fn cancel(services: &Services, capability: &Capability) -> Result<(), CancelError> {
    account::cancel(services, capability).await
}

/// An erasure in a listing for the operator.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What people quote.
    pub reference: String,
    /// How it stands.
    pub state: String,
    /// Who asked: `self_service` or `operator`.
    pub origin: String,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// What holds it up, in words without names.
    pub cause: Option<String>,
    /// Whether a person has to look.
    pub parked: bool,
}

#[derive(FromRow)]
struct ListedRow {
    id: String,
    reference: String,
    state: String,
    origin: String,
    confirmed_at: i64,
    completed_at: Option<i64>,
    cause: Option<String>,
    parked_at: Option<i64>,
}

/// Every erasure, the newest first, for the operator.
///
/// # Errors
/// When the database fails.
pub async fn list(services: &Services) -> Result<Vec<Listed>, Error> {
    let rows: Vec<ListedRow> = services
        .db
        .fetch_all(
            "-- list_erasures
             SELECT e.id, e.reference, e.state, e.origin, e.confirmed_at, e.completed_at, j.cause, j.parked_at
             FROM   erasures AS e JOIN jobs AS j ON j.subject = e.id
             ORDER  BY e.id DESC",
            args![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            id: row.id,
            reference: row.reference,
            state: row.state,
            origin: row.origin,
            confirmed_at: Timestamp::from_millis(row.confirmed_at),
            completed_at: row.completed_at.map(Timestamp::from_millis),
            cause: row.cause,
            parked: row.parked_at.is_some(),
        })
        .collect())
}

/// One erasure with its receipt, for the operator.
///
/// # Errors
/// When the database fails.
pub async fn show(
    services: &Services,
    id: &ErasureId,
) -> Result<Option<(Progress, Option<Receipt>)>, Error> {
    let Some(erasure) = find_erasure(&services.db, id.as_str()).await? else {
        return Ok(None);
    };
    let receipt = erasure
        .receipt
        .as_deref()
        .map(serde_json::from_str)
        .transpose();
    Ok(Some((
        of_erasure(services, &erasure).await?,
        receipt.map_err(|_| Error::Corrupt("erasures.receipt"))?,
    )))
}

/// Numbers for those who watch.
#[derive(Clone, Debug)]
pub struct Totals {
    /// The line of jobs.
    pub jobs: job::Totals,
    /// Erasures by state.
    pub erasures: Vec<(String, i64)>,
    /// What read-backs found that should have been gone: rows and files, ever.
    pub found_rows: i64,
}

/// Numbers for those who watch.
///
/// # Errors
/// When the database fails.
pub async fn totals(services: &Services) -> Result<Totals, Error> {
    Ok(Totals {
        jobs: job::totals(&services.db, services.now()).await?,
        erasures: services
            .db
            .fetch_all(
                "SELECT state, count(*) FROM erasures GROUP BY state",
                args![],
            )
            .await?,
        found_rows: services
            .db
            .number(
                "-- found_rows
                 SELECT CAST(COALESCE(SUM(erased), 0) AS BIGINT) FROM erasure_steps WHERE stage = 'verify'",
                args![],
            )
            .await?,
    })
}

async fn of_erasure(services: &Services, erasure: &Erasure) -> Result<Progress, Error> {
    let now = services.now();
    let state = match erasure.state.as_str() {
        "waiting" if erasure.starts_at <= now => State::Erasing,
        "waiting" => State::Waiting,
        "erasing" => State::Erasing,
        "completed" => State::Completed,
        "cancelled" => State::Cancelled,
        _ => return Err(Error::Corrupt("erasures.state")),
    };
    Ok(Progress {
        reference: erasure.reference.clone(),
        state,
        may_cancel: state == State::Waiting,
        starts_at: (state == State::Waiting).then_some(erasure.starts_at),
        confirmed_at: erasure.confirmed_at,
        completed_at: erasure.completed_at,
        due_at: erasure.starts_at + PROMISE,
        delayed: is_delayed(services, erasure).await?,
        categories: categories(services, erasure).await?,
        stages: stages(services, erasure, state).await?,
        locale: erasure.locale,
    })
}

async fn is_delayed(services: &Services, erasure: &Erasure) -> Result<bool, Error> {
    let held_up = services
        .db
        .number(
            "-- is_delayed
             SELECT count(*) FROM jobs AS j
             WHERE  j.subject = $1 AND j.done_at IS NULL
               AND  (j.parked_at IS NOT NULL OR j.cause IS NOT NULL
                     OR EXISTS (SELECT 1 FROM job_throttles AS t WHERE t.kind = j.kind AND t.paused_at IS NOT NULL))",
            args![&erasure.id],
        )
        .await?;
    Ok(held_up > 0)
}

#[derive(FromRow)]
struct CategoryRow {
    category: String,
    expected: Option<i64>,
    erased: i64,
    open: i64,
}

async fn categories(
    services: &Services,
    erasure: &Erasure,
) -> Result<Vec<CategoryProgress>, Error> {
    let rows: Vec<CategoryRow> = services
        .db
        .fetch_all(
            "-- category_progress
             SELECT category, CAST(SUM(expected) AS BIGINT) AS expected, CAST(SUM(erased) AS BIGINT) AS erased,
                    count(*) FILTER (WHERE done_at IS NULL) AS open
             FROM   erasure_steps WHERE erasure_id = $1 AND category IS NOT NULL
             GROUP  BY category",
            args![&erasure.id],
        )
        .await?;
    let rows: BTreeMap<String, CategoryRow> = rows
        .into_iter()
        .map(|row| (row.category.clone(), row))
        .collect();
    let of = |category: Category| {
        let row = rows.get(category.as_str());
        CategoryProgress {
            category,
            expected: row.map_or(Some(0), |row| row.expected),
            erased: row.map_or(0, |row| row.erased),
            done: row.is_none_or(|row| row.open == 0),
        }
    };
    Ok(Category::ALL.into_iter().map(of).collect())
}

#[derive(FromRow)]
struct StageRow {
    stage: String,
    done: i64,
    open: i64,
    begun: i64,
    unconfirmed: i64,
}

async fn stages(
    services: &Services,
    erasure: &Erasure,
    of: State,
) -> Result<Vec<StageProgress>, Error> {
    let rows: Vec<StageRow> = services
        .db
        .fetch_all(
            "-- stage_progress
             SELECT stage, count(done_at) AS done, count(*) FILTER (WHERE done_at IS NULL) AS open,
                    count(*) FILTER (WHERE erased > 0) AS begun, count(*) FILTER (WHERE outcome = 'unconfirmed') AS unconfirmed
             FROM   erasure_steps WHERE erasure_id = $1
             GROUP  BY stage",
            args![&erasure.id],
        )
        .await?;
    let rows: BTreeMap<String, StageRow> = rows
        .into_iter()
        .map(|row| (row.stage.clone(), row))
        .collect();
    // The first open stage is the one at work, also when nothing of it is done yet: it may be waiting for Meta.
    let mut at_work = of == State::Erasing;
    let mut state = |row: &StageRow| match (row.open, row.unconfirmed) {
        (0, 0) => StageState::Done,
        (0, _) => StageState::Unconfirmed,
        _ if mem::take(&mut at_work) || row.done + row.begun > 0 => StageState::Running,
        _ => StageState::Pending,
    };
    Ok(Stage::ALL
        .into_iter()
        .filter_map(|stage| {
            let state = state(rows.get(stage.as_str())?);
            Some(StageProgress { stage, state })
        })
        .collect())
}
