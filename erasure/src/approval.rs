//! What two people do together: one proposes, a different one approves, and it serves once.
//!
//! Names and reasons are sealed. Who may propose and approve is decided by whoever calls; here it is only made sure that it is
//! not the same person twice, and not for ever.

use std::time::Duration;

use sqlx::FromRow;

use crate::{
    db::{Error, Tx, value::args},
    id::RowId,
    person::EmailAddress,
    services::Services,
    time::Timestamp,
    vault::{DataKey, Place, Scope},
};

/// A proposal that nobody approved within a week was not meant any more.
pub const LIFETIME: Duration = Duration::from_hours(7 * 24);

/// What needs two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A legal hold ends before its time.
    LiftHold,
    /// Several archive records are opened.
    OpenArchives,
    /// A request, or one holder's part of it, is refused.
    Refuse,
    /// An organization or a contact is erased that nobody outside asked for.
    Erase,
}

impl Act {
    const fn as_str(self) -> &'static str {
        match self {
            Self::LiftHold => "lift_hold",
            Self::OpenArchives => "open_archives",
            Self::Refuse => "refuse",
            Self::Erase => "erase",
        }
    }
}

/// What somebody proposes.
pub(crate) struct Proposal<'a> {
    pub(crate) act: Act,
    /// The ids that it is about.
    pub(crate) subjects: &'a [String],
    /// The legal basis that was stated, where one is asked for.
    pub(crate) basis: Option<&'static str>,
    /// What exactly, where the act does not say it: JSON of fixed words and dates.
    pub(crate) detail: Option<String>,
    pub(crate) by: &'a EmailAddress,
    /// Why, in their own words.
    pub(crate) reason: &'a str,
}

/// What was proposed.
pub(crate) struct Approval {
    pub(crate) id: String,
    pub(crate) subjects: Vec<String>,
    pub(crate) basis: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) proposed_by: EmailAddress,
    reason: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) is_approved: bool,
}

impl std::fmt::Debug for Approval {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Approval({}, [redacted])", self.id)
    }
}

impl Approval {
    /// Why it was proposed, as it was parsed before it was stored.
    pub(crate) fn reason<T: std::str::FromStr>(&self) -> Result<T, Error> {
        let reason = self.reason.parse();
        reason.map_err(|_| Error::Corrupt("approvals.reason_sealed"))
    }
}

/// Writes a proposal; says which it is and until when it can be approved.
pub(crate) async fn propose(
    tx: &mut Tx,
    services: &Services,
    proposal: &Proposal<'_>,
) -> Result<(RowId, Timestamp), Error> {
    let (now, random) = (services.now(), services.random.as_ref());
    let id = RowId::mint(now, random);
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let subjects =
        serde_json::to_string(proposal.subjects).map_err(|_| Error::Corrupt("approval"))?;
    let seal = |column, text: &str| key.seal(place(column, id.as_str()), text.as_bytes(), random);
    tx.execute(
        "-- insert_approval
         INSERT INTO approvals (id, act, subjects, basis, detail, proposed_by_sealed, reason_sealed, proposed_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            &id,
            proposal.act.as_str(),
            subjects,
            proposal.basis,
            proposal.detail.clone(),
            seal("proposed_by_sealed", proposal.by.expose()),
            seal("reason_sealed", proposal.reason),
            now,
            now + LIFETIME,
        ],
    )
    .await?;
    Ok((id, now + LIFETIME))
}

#[derive(FromRow)]
struct ApprovalRow {
    id: String,
    subjects: String,
    basis: Option<String>,
    detail: Option<String>,
    proposed_by_sealed: Vec<u8>,
    reason_sealed: Vec<u8>,
    expires_at: i64,
    approved_at: Option<i64>,
}

const FIND: &str = "-- find_approval
    SELECT id, subjects, basis, detail, proposed_by_sealed, reason_sealed, expires_at, approved_at FROM approvals
    WHERE  act = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3";

const FIND_OF_SUBJECT: &str = "-- find_approval_of_subject
    SELECT id, subjects, basis, detail, proposed_by_sealed, reason_sealed, expires_at, approved_at FROM approvals
    WHERE  act = $1 AND subjects = $2 AND used_at IS NULL AND expires_at > $3
    ORDER  BY id DESC LIMIT 1";

/// The proposal of this id, unless it was used, or nobody approved it in time.
pub(crate) async fn find(
    services: &Services,
    act: Act,
    id: &str,
) -> Result<Option<Approval>, Error> {
    look(services, FIND, act, id).await
}

/// The proposal about this one subject, likewise.
pub(crate) async fn find_of(
    services: &Services,
    act: Act,
    subject: &str,
) -> Result<Option<Approval>, Error> {
    let subjects = serde_json::to_string(&[subject]).map_err(|_| Error::Corrupt("approval"))?;
    look(services, FIND_OF_SUBJECT, act, &subjects).await
}

/// Every proposal of this kind that is still open, the oldest first.
pub(crate) async fn waiting(services: &Services, act: Act) -> Result<Vec<Approval>, Error> {
    let rows: Vec<ApprovalRow> = services
        .db
        .fetch_all(
            "-- waiting_approvals
             SELECT id, subjects, basis, detail, proposed_by_sealed, reason_sealed, expires_at, approved_at FROM approvals
             WHERE  act = $1 AND used_at IS NULL AND expires_at > $2
             ORDER  BY id",
            args![act.as_str(), services.now()],
        )
        .await?;
    let mut all = Vec::new();
    for row in rows {
        all.push(open(services, row).await?);
    }
    Ok(all)
}

async fn look(
    services: &Services,
    sql: &'static str,
    act: Act,
    what: &str,
) -> Result<Option<Approval>, Error> {
    let row: Option<ApprovalRow> = services
        .db
        .fetch_optional(sql, args![act.as_str(), what, services.now()])
        .await?;
    match row {
        Some(row) => open(services, row).await.map(Some),
        None => Ok(None),
    }
}

async fn open(services: &Services, row: ApprovalRow) -> Result<Approval, Error> {
    let opened = async |column, sealed| {
        let place = place(column, &row.id);
        services.vault.open_text(&services.db, place, sealed).await
    };
    let by = opened("proposed_by_sealed", &row.proposed_by_sealed).await?;
    let reason = opened("reason_sealed", &row.reason_sealed).await?;
    Ok(Approval {
        subjects: serde_json::from_str(&row.subjects)
            .map_err(|_| Error::Corrupt("approvals.subjects"))?,
        proposed_by: by
            .parse()
            .map_err(|_| Error::Corrupt("approvals.proposed_by_sealed"))?,
        reason: reason.as_str().to_owned(),
        basis: row.basis,
        detail: row.detail,
        expires_at: Timestamp::from_millis(row.expires_at),
        is_approved: row.approved_at.is_some(),
        id: row.id,
    })
}

/// Somebody else says yes; `false`: it was approved or used already. Who may do so, and that it is not the proposer, the caller
/// has made sure of.
pub(crate) async fn approve(
    tx: &mut Tx,
    services: &Services,
    approval: &Approval,
    by: &EmailAddress,
) -> Result<bool, Error> {
    let (now, random) = (services.now(), services.random.as_ref());
    let key: DataKey = services.vault.data_key(tx, Scope::Deployment, now).await?;
    let sealed = key.seal(
        place("approved_by_sealed", &approval.id),
        by.expose().as_bytes(),
        random,
    );
    let rows = tx
        .execute(
            "-- approve
             UPDATE approvals SET approved_by_sealed = $1, approved_at = $2
             WHERE  id = $3 AND approved_at IS NULL AND used_at IS NULL AND expires_at > $2",
            args![sealed, now, approval.id.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

/// What was approved happens now; `false`: it has happened already, or was never approved.
pub(crate) async fn use_up(
    tx: &mut Tx,
    approval: &Approval,
    now: Timestamp,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- use_approval
             UPDATE approvals SET used_at = $1
             WHERE  id = $2 AND approved_at IS NOT NULL AND used_at IS NULL AND expires_at > $1",
            args![now, approval.id.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

/// It is not meant any more: the proposer takes it back, or the second person says no; `false`: it is over already.
pub(crate) async fn decline(
    tx: &mut Tx,
    approval: &Approval,
    now: Timestamp,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- decline_approval
             UPDATE approvals SET expires_at = $1 WHERE id = $2 AND used_at IS NULL AND expires_at > $1",
            args![now, approval.id.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

const fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place {
        organization: "",
        table: "approvals",
        column,
        row: id,
    }
}
