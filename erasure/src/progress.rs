//! What a person sees while their data goes, and afterwards: opened by a private link, readable without signing in.

use serde::Serialize;
use sqlx::FromRow;

mod operator;

pub use self::operator::{Listed, list};
pub use crate::engine::Stage;
use crate::{
    account::{self, CancelError},
    db::{Db, Error, value::args},
    engine::{self, Erasure, find_erasure},
    hold,
    id::{Capability, ErasureId},
    locale::Locale,
    manifest::Category,
    receipt::{MetaReceipt, Receipt},
    services::Services,
    time::Timestamp,
};

use std::{collections::BTreeMap, mem, time::Duration};

/// The promise: gone from the live systems within a day of its start.
pub const PROMISE: Duration = Duration::from_hours(24);

/// How an erasure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum State {
    /// Confirmed; other owners may still cancel.
    Waiting,
    /// Confirmed, but a legal hold keeps it from beginning.
    Held,
    /// Under way.
    Erasing,
    /// Done, and read back.
    Completed,
    /// Cancelled; nothing was deleted.
    Cancelled,
}

impl State {
    /// A word of the database. What may begin is under way for people, also while no worker has come to it.
    pub(crate) fn stored(word: &str, may_begin: bool) -> Result<Self, Error> {
        Ok(match word {
            "waiting" if may_begin => Self::Erasing,
            "waiting" => Self::Waiting,
            "held" => Self::Held,
            "erasing" => Self::Erasing,
            "completed" => Self::Completed,
            "cancelled" => Self::Cancelled,
            _ => return Err(Error::Corrupt("erasures.state")),
        })
    }
}

/// How a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StageProgress {
    /// The stage.
    pub stage: Stage,
    /// How it stands.
    pub state: StageState,
}

/// Everything the page shows.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// Why it has to wait, while it is held.
    pub held: Option<Held>,
    /// The language in which it was asked for.
    pub locale: Locale,
}

/// A legal hold that keeps an erasure waiting.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub basis: hold::Basis,
    /// When it is looked at again.
    pub review_at: Timestamp,
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
    let erasure = open(services, capability).await?;
    erasure.as_ref().map_or(Ok(None), receipt_of)
}

/// The receipt of an erasure; before its end there is at most a draft.
fn receipt_of(erasure: &Erasure) -> Result<Option<Receipt>, Error> {
    let written = erasure.receipt.as_deref();
    written
        .filter(|_| erasure.state == "completed")
        .map(|text| serde_json::from_str(text).map_err(|_| Error::Corrupt("erasures.receipt")))
        .transpose()
}

/// What was undone at Meta for the erasure that this link opens, with what Meta has confirmed since the receipt was written.
///
/// # Errors
/// When the database fails.
pub async fn at_meta(
    services: &Services,
    capability: &Capability,
) -> Result<Vec<MetaReceipt>, Error> {
    match open(services, capability).await? {
        None => Ok(vec![]),
        Some(erasure) => engine::at_meta(&services.db, &erasure.id).await,
    }
}

/// Cancels the erasure that this link opens.
///
/// # Errors
/// See [`CancelError`].
pub async fn cancel(services: &Services, capability: &Capability) -> Result<(), CancelError> {
    account::cancel(services, capability).await
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
    Ok(Some((
        of_erasure(services, &erasure).await?,
        receipt_of(&erasure)?,
    )))
}

async fn of_erasure(services: &Services, erasure: &Erasure) -> Result<Progress, Error> {
    let now = services.now();
    let state = State::stored(&erasure.state, erasure.starts_at <= now)?;
    Ok(Progress {
        reference: erasure.reference.clone(),
        state,
        may_cancel: matches!(state, State::Waiting | State::Held) && erasure.starts_at > now,
        starts_at: (state == State::Waiting).then_some(erasure.starts_at),
        confirmed_at: erasure.confirmed_at,
        completed_at: erasure.completed_at,
        due_at: erasure.starts_at + PROMISE,
        delayed: is_delayed(services, erasure).await?,
        categories: categories(services, erasure).await?,
        stages: stages(services, erasure, state).await?,
        held: held(services, erasure, state).await?,
        locale: erasure.locale,
    })
}

async fn held(services: &Services, erasure: &Erasure, state: State) -> Result<Option<Held>, Error> {
    if state != State::Held {
        return Ok(None);
    }
    let held = hold::of_erasure(&services.db, &erasure.id).await?;
    Ok(held.map(|held| Held {
        since: held.since,
        basis: held.basis,
        review_at: held.review_at,
    }))
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
                    count(*) FILTER (WHERE erased > 0) AS begun, count(*) FILTER (WHERE outcome IN ('unconfirmed', 'never_confirmed')) AS unconfirmed
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
