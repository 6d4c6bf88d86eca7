//! The rows of erasures and their steps.

use sqlx::FromRow;

use super::{Stage, Subject, step::Step};
use crate::{
    db::{
        Db, Error, Statement, Tx,
        value::{PARAMETERS, args, rows_of_places},
    },
    disconnection,
    graph::Evidence,
    id::ErasureId,
    locale::Locale,
    time::Timestamp,
};

/// An erasure, as its row says it.
#[derive(Clone, Debug)]
pub(crate) struct Erasure {
    pub(crate) id: ErasureId,
    pub(crate) reference: String,
    pub(crate) locale: Locale,
    pub(crate) state: String,
    pub(crate) confirmed_at: Timestamp,
    pub(crate) starts_at: Timestamp,
    pub(crate) completed_at: Option<Timestamp>,
    pub(crate) capability_sealed: Vec<u8>,
    pub(crate) recipient_sealed: Option<Vec<u8>>,
    pub(crate) receipt: Option<String>,
}

#[derive(FromRow)]
struct ErasureRow {
    id: String,
    reference: String,
    locale: String,
    state: String,
    confirmed_at: i64,
    starts_at: i64,
    completed_at: Option<i64>,
    capability_sealed: Vec<u8>,
    recipient_sealed: Option<Vec<u8>>,
    receipt: Option<String>,
}

impl TryFrom<ErasureRow> for Erasure {
    type Error = Error;

    fn try_from(row: ErasureRow) -> Result<Self, Error> {
        Ok(Self {
            id: ErasureId::stored(row.id),
            reference: row.reference,
            locale: row
                .locale
                .parse()
                .map_err(|_| Error::Corrupt("erasures.locale"))?,
            state: row.state,
            confirmed_at: Timestamp::from_millis(row.confirmed_at),
            starts_at: Timestamp::from_millis(row.starts_at),
            completed_at: row.completed_at.map(Timestamp::from_millis),
            capability_sealed: row.capability_sealed,
            recipient_sealed: row.recipient_sealed,
            receipt: row.receipt,
        })
    }
}

pub(crate) async fn find(db: &Db, id: &str) -> Result<Option<Erasure>, Error> {
    db.fetch_optional::<ErasureRow>(
        "-- find_erasure
         SELECT id, reference, locale, state, confirmed_at, starts_at, completed_at, capability_sealed, recipient_sealed, receipt
         FROM   erasures
         WHERE  id = $1",
        args![id],
    )
    .await?
    .map(Erasure::try_from)
    .transpose()
}

#[derive(FromRow)]
struct StepRow {
    position: i64,
    stage: String,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    target: Option<String>,
    expected: Option<i64>,
    erased: i64,
    outcome: Option<String>,
    reached: Option<String>,
    reopened: i64,
}

impl TryFrom<StepRow> for Step {
    type Error = Error;

    fn try_from(row: StepRow) -> Result<Self, Error> {
        let subject = match row.subject_kind.zip(row.subject_id) {
            None => None,
            Some((kind, id)) => Some(
                Subject::stored(&kind, id).ok_or(Error::Corrupt("erasure_steps.subject_kind"))?,
            ),
        };
        Ok(Self {
            position: row.position,
            stage: row
                .stage
                .parse()
                .map_err(|()| Error::Corrupt("erasure_steps.stage"))?,
            subject,
            target: row.target,
            expected: row.expected,
            erased: row.erased,
            outcome: row.outcome,
            reached: row
                .reached
                .map(|json| serde_json::from_str(&json))
                .transpose()
                .map_err(|_| Error::Corrupt("erasure_steps.reached"))?
                .unwrap_or_default(),
            reopened: row.reopened,
        })
    }
}

/// The first step that is not done.
pub(super) async fn next_step(db: &Db, erasure: &ErasureId) -> Result<Option<Step>, Error> {
    db.fetch_optional::<StepRow>(
        "-- next_step
         SELECT position, stage, subject_kind, subject_id, target, expected, erased, outcome, reached, reopened
         FROM   erasure_steps
         WHERE  erasure_id = $1 AND done_at IS NULL
         ORDER  BY position LIMIT 1",
        args![erasure],
    )
    .await?
    .map(Step::try_from)
    .transpose()
}

/// All steps of one stage.
pub(super) async fn steps_of(
    db: &Db,
    erasure: &ErasureId,
    stage: Stage,
) -> Result<Vec<Step>, Error> {
    db.fetch_all::<StepRow>(
        "-- steps_of_stage
         SELECT position, stage, subject_kind, subject_id, target, expected, erased, outcome, reached, reopened
         FROM   erasure_steps
         WHERE  erasure_id = $1 AND stage = $2
         ORDER  BY position",
        args![erasure, stage.as_str()],
    )
    .await?
    .into_iter()
    .map(Step::try_from)
    .collect()
}

/// The steps of one stage that are not done.
pub(super) async fn open_steps_of(
    db: &Db,
    erasure: &ErasureId,
    stage: Stage,
) -> Result<Vec<Step>, Error> {
    db.fetch_all::<StepRow>(
        "-- open_steps_of_stage
         SELECT position, stage, subject_kind, subject_id, target, expected, erased, outcome, reached, reopened
         FROM   erasure_steps
         WHERE  erasure_id = $1 AND stage = $2 AND done_at IS NULL
         ORDER  BY position",
        args![erasure, stage.as_str()],
    )
    .await?
    .into_iter()
    .map(Step::try_from)
    .collect()
}

/// Where an erasure has deleted something.
pub(super) async fn touched(db: &Db, erasure: &ErasureId) -> Result<Vec<Touched>, Error> {
    db.fetch_all(
        "-- touched_tables
         SELECT target, subject_kind, subject_id FROM erasure_steps
         WHERE  erasure_id = $1 AND stage IN ('anonymize', 'rows', 'mentions') AND erased > 0 AND done_at IS NOT NULL
         ORDER  BY position",
        args![erasure],
    )
    .await
}

/// A table in which an erasure deleted something.
#[derive(FromRow)]
pub(super) struct Touched {
    pub(super) target: String,
    pub(super) subject_kind: String,
    pub(super) subject_id: String,
}

/// Whose data goes.
pub(crate) async fn subjects(db: &Db, erasure: &ErasureId) -> Result<Vec<Subject>, Error> {
    let rows: Vec<(String, String)> = db
        .fetch_all(
            "-- subjects_of_erasure
             SELECT kind, subject_id FROM erasure_subjects WHERE erasure_id = $1 ORDER BY kind, subject_id",
            args![erasure],
        )
        .await?;
    rows.into_iter()
        .map(|(kind, id)| Subject::stored(&kind, id).ok_or(Error::Corrupt("erasure_subjects.kind")))
        .collect()
}

/// So many rows are there for the steps at these positions to erase.
pub(super) async fn expect(
    tx: &mut Tx,
    erasure: &ErasureId,
    counted: &[(i64, i64)],
) -> Result<(), Error> {
    for counted in counted.chunks(PARAMETERS / 2) {
        let mut args = args![erasure];
        args.extend(
            counted
                .iter()
                .flat_map(|(position, rows)| args![*position, *rows]),
        );
        let text = format!(
            "-- expect_rows
             UPDATE erasure_steps SET expected = counted.column2 FROM (VALUES {}) AS counted
             WHERE  erasure_id = $1 AND position = counted.column1",
            rows_of_places(2, 2, counted.len())
        );
        tx.execute(Statement::from_checked_names(text), args)
            .await?;
    }
    Ok(())
}

/// How far a step has come with a batch.
pub(super) struct Checkpoint {
    pub(super) position: i64,
    /// Rows that the batch took.
    pub(super) rows: i64,
    /// Where it ended.
    pub(super) reached: Vec<String>,
    /// When the step was done, if it is.
    pub(super) done_at: Option<Timestamp>,
}

/// Checkpoints of many steps.
pub(super) async fn reach_all(
    tx: &mut Tx,
    erasure: &ErasureId,
    checkpoints: &[Checkpoint],
) -> Result<(), Error> {
    for some in checkpoints.chunks(PARAMETERS / 4) {
        let mut args = args![erasure];
        for checkpoint in some {
            let done_at = checkpoint.done_at.map_or(NOT_DONE, Timestamp::as_millis);
            args.extend(args![
                checkpoint.position,
                checkpoint.rows,
                key(&checkpoint.reached)?,
                done_at
            ]);
        }
        let text = format!(
            "-- reach_in_steps
             UPDATE erasure_steps SET erased = erased + came.column2, reached = came.column3,
                    done_at = CASE WHEN came.column4 = {NOT_DONE} THEN done_at ELSE came.column4 END
             FROM   (VALUES {}) AS came WHERE erasure_id = $1 AND position = came.column1",
            rows_of_places(2, 4, some.len())
        );
        tx.execute(Statement::from_checked_names(text), args)
            .await?;
    }
    Ok(())
}

/// No NULL: among values of a list Postgres would not know its type.
const NOT_DONE: i64 = -1;

/// Checkpoint: a batch is behind us.
pub(super) async fn advance(
    tx: &mut Tx,
    erasure: &ErasureId,
    step: &Step,
    rows: i64,
) -> Result<(), Error> {
    tx.execute(
        "-- advance_step
         UPDATE erasure_steps SET erased = erased + $1 WHERE erasure_id = $2 AND position = $3",
        args![rows, erasure, step.position],
    )
    .await?;
    Ok(())
}

/// Checkpoint: a stretch of a table is behind us, up to this key.
pub(super) async fn reach(
    tx: &mut Tx,
    erasure: &ErasureId,
    step: &Step,
    rows: i64,
    reached: &[String],
) -> Result<(), Error> {
    tx.execute(
        "-- reach_in_step
         UPDATE erasure_steps SET erased = erased + $1, reached = $2 WHERE erasure_id = $3 AND position = $4",
        args![rows, key(reached)?, erasure, step.position],
    )
    .await?;
    Ok(())
}

/// As a step's row says how far it has come.
pub(super) fn key(reached: &[String]) -> Result<String, Error> {
    serde_json::to_string(reached).map_err(|_| Error::Corrupt("a key that is no text"))
}

/// Rows were found behind steps that were done: those that take rows from `target`, a `table.column` or a table, are done
/// again from the beginning. Says how many.
pub(super) async fn reopen(tx: &mut Tx, erasure: &ErasureId, target: &str) -> Result<u64, Error> {
    tx.execute(
        "-- reopen_steps
         UPDATE erasure_steps SET done_at = NULL, reached = NULL, reopened = reopened + 1
         WHERE  erasure_id = $1 AND target = $2",
        args![erasure, target],
    )
    .await
}

/// The same for everything of one stage.
pub(super) async fn reopen_stage(
    tx: &mut Tx,
    erasure: &ErasureId,
    stage: Stage,
) -> Result<(), Error> {
    tx.execute(
        "-- reopen_stage
         UPDATE erasure_steps SET done_at = NULL, reached = NULL, reopened = reopened + 1
         WHERE  erasure_id = $1 AND stage = $2",
        args![erasure, stage.as_str()],
    )
    .await?;
    Ok(())
}

/// What came back from outside, for whoever has to find out why.
pub(super) async fn keep_evidence(
    tx: &mut Tx,
    erasure: &ErasureId,
    step: &Step,
    evidence: Option<&Evidence>,
) -> Result<(), Error> {
    tx.execute(
        "-- keep_evidence_of_step
         UPDATE erasure_steps SET evidence = $1 WHERE erasure_id = $2 AND position = $3",
        args![disconnection::to_json(evidence)?, erasure, step.position],
    )
    .await?;
    Ok(())
}

/// Checkpoint: the step is behind us, and took so many rows at last.
pub(super) async fn complete(
    tx: &mut Tx,
    erasure: &ErasureId,
    step: &Step,
    now: Timestamp,
    (rows, outcome): (i64, Option<&str>),
) -> Result<(), Error> {
    tx.execute(
        "-- complete_step
         UPDATE erasure_steps SET erased = erased + $1, done_at = $2, outcome = COALESCE($3, outcome)
         WHERE  erasure_id = $4 AND position = $5",
        args![rows, now, outcome, erasure, step.position],
    )
    .await?;
    Ok(())
}
