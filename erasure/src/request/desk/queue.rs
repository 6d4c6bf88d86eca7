//! What is open, the nearest end first, page by page. References, states and dates: nothing here is about anybody.

use sqlx::FromRow;

use super::DeskError;
use crate::{
    db::{Error, Statement, Value, value::args},
    id::{RequestId, StaffId},
    request::{Channel, Role, Stage},
    services::Services,
    staff::{Act, Staff},
    time::Timestamp,
};

/// Requests on a page.
const PAGE: i64 = 50;

/// Which requests. An empty filter means everything that is open.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub stage: Option<Stage>,
    /// That came this way.
    pub channel: Option<Channel>,
    /// Whose person named a business, or did not.
    pub names_business: Option<bool>,
    /// That somebody works on, or nobody.
    pub assignee: Option<Assignee>,
    /// Whose term is over.
    pub overdue: bool,
    /// That wait for a decision, or for a second person.
    pub waiting: bool,
    /// With this reference; closed ones as well.
    pub reference: Option<String>,
}

/// Who works on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// Nobody yet.
    Nobody,
    /// This member.
    Member(StaffId),
}

/// A request in the queue.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: RequestId,
    /// What people quote.
    pub reference: String,
    /// How it stands.
    pub stage: Stage,
    /// How it reached us.
    pub channel: Channel,
    /// Who asks; `None`: it came by mail, and nobody has said yet.
    pub role: Option<Role>,
    /// When the clock started.
    pub received_at: Timestamp,
    /// When the term ends that counts.
    pub ends_at: Timestamp,
    /// Whether that is a later end than the first.
    pub is_extended: bool,
    /// Whether the person named a business.
    pub names_business: bool,
    /// The address of whoever works on it.
    pub assignee: Option<String>,
    /// What staff has to do, if anything.
    pub need: Option<Need>,
}

/// What a request needs of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A decision.
    Decision,
    /// A second person who confirms a refusal.
    Second,
}

/// Where a page ends: the next one begins behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The end of the last request's term.
    pub ends_at: Timestamp,
    /// Its id.
    pub id: RequestId,
}

/// Requests, the nearest end first.
#[derive(Debug)]
pub struct Page {
    /// The requests.
    pub items: Vec<Item>,
    /// Behind this is more.
    pub more: Option<Position>,
}

/// The queue in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Open requests.
    pub open: i64,
    /// Those whose term is over.
    pub overdue: i64,
    /// Those that staff has to decide.
    pub waiting: i64,
}

#[derive(FromRow)]
struct ItemRow {
    id: String,
    reference: String,
    state: String,
    channel: String,
    role: Option<String>,
    received_at: i64,
    ends_at: i64,
    extended_to: Option<i64>,
    names_business: i64,
    assignee: Option<String>,
    needs_decision: i64,
    needs_second: i64,
}

impl TryFrom<ItemRow> for Item {
    type Error = Error;

    fn try_from(row: ItemRow) -> Result<Self, Error> {
        Ok(Self {
            id: RequestId::stored(row.id),
            reference: row.reference,
            stage: row
                .state
                .parse()
                .map_err(|_| Error::Corrupt("requests.state"))?,
            channel: row
                .channel
                .parse()
                .map_err(|_| Error::Corrupt("requests.channel"))?,
            role: row
                .role
                .map(|role| role.parse())
                .transpose()
                .map_err(|_| Error::Corrupt("requests.role"))?,
            received_at: Timestamp::from_millis(row.received_at),
            ends_at: Timestamp::from_millis(row.ends_at),
            is_extended: row.extended_to.is_some(),
            names_business: row.names_business == 1,
            assignee: row.assignee,
            need: if row.needs_second == 1 {
                Some(Need::Second)
            } else {
                (row.needs_decision == 1).then_some(Need::Decision)
            },
        })
    }
}

/// Whether staff has to decide about a request, or about a part of it.
macro_rules! needs_decision {
    () => {
        "(r.state = 'in_review' OR EXISTS (SELECT 1 FROM cases AS c WHERE c.request_id = r.id AND c.state = 'in_review'))"
    };
}

/// Whether a refusal of a request, or of a part of it, waits for a second person.
macro_rules! needs_second {
    () => {
        "(EXISTS (SELECT 1 FROM approvals AS x
                  WHERE  x.act = 'refuse' AND x.used_at IS NULL AND x.expires_at > $1
                    AND  (x.subjects = '[\"' || r.id || '\"]'
                          OR x.subjects IN (SELECT '[\"' || c.id || '\"]' FROM cases AS c WHERE c.request_id = r.id))))"
    };
}

const ITEM: &str = concat!(
    "SELECT r.id, r.reference, r.state, r.channel, r.role, r.received_at, COALESCE(r.extended_to, r.due_at) AS ends_at, r.extended_to,
            CAST(CASE WHEN r.business_sealed IS NULL THEN 0 ELSE 1 END AS BIGINT) AS names_business, p.email AS assignee,
            CAST(CASE WHEN ",
    needs_decision!(),
    " THEN 1 ELSE 0 END AS BIGINT) AS needs_decision,
            CAST(CASE WHEN ",
    needs_second!(),
    " THEN 1 ELSE 0 END AS BIGINT) AS needs_second
     FROM   requests AS r
            LEFT JOIN request_assignments AS a ON a.request_id = r.id
            LEFT JOIN staff AS p ON p.id = a.staff_id "
);

const FITTING: &str = concat!(
    "WHERE  r.closed_at IS NULL
       AND  (CAST($2 AS TEXT) IS NULL OR r.state = $2)
       AND  (CAST($3 AS TEXT) IS NULL OR r.channel = $3)
       AND  (CAST($4 AS BIGINT) IS NULL OR $4 = CASE WHEN r.business_sealed IS NULL THEN 0 ELSE 1 END)
       AND  (CAST($5 AS TEXT) IS NULL OR COALESCE(a.staff_id, '') = $5)
       AND  ($6 = 0 OR COALESCE(r.extended_to, r.due_at) <= $1)
       AND  ($7 = 0 OR ",
    needs_decision!(),
    " OR ",
    needs_second!(),
    ")
       AND  (COALESCE(r.extended_to, r.due_at), r.id) > ($8, $9)
     ORDER  BY COALESCE(r.extended_to, r.due_at), r.id LIMIT $10"
);

/// What is open and fits, from the nearest end on, or from behind a position.
///
/// # Errors
/// See [`DeskError`].
pub async fn queue(
    services: &Services,
    staff: &Staff,
    filter: &Filter,
    behind: Option<&Position>,
) -> Result<Page, DeskError> {
    staff.check(services, Act::ReadQueue).await?;
    Ok(queue_as_operator(services, filter, behind).await?)
}

/// The same for whoever runs the command line, who has the database anyway.
///
/// # Errors
/// When the database fails.
pub async fn queue_as_operator(
    services: &Services,
    filter: &Filter,
    behind: Option<&Position>,
) -> Result<Page, Error> {
    let (rest, values) = match &filter.reference {
        Some(reference) => (
            "WHERE r.reference = $2",
            args![services.now(), reference.as_str()],
        ),
        None => (FITTING, arguments(filter, behind, services.now())),
    };
    let statement = Statement::from_checked_names(format!("-- queue\n{ITEM}{rest}"));
    let rows: Vec<ItemRow> = services.db.fetch_all(statement, values).await?;
    let mut items = rows
        .into_iter()
        .map(Item::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    let full = usize::try_from(PAGE).unwrap_or_default();
    let has_more = items.len() > full;
    items.truncate(full);
    let more = items.last().filter(|_| has_more).map(|item| Position {
        ends_at: item.ends_at,
        id: item.id.clone(),
    });
    Ok(Page { items, more })
}

fn arguments(filter: &Filter, behind: Option<&Position>, now: Timestamp) -> Vec<Value> {
    let assignee = filter.assignee.as_ref().map(|assignee| match assignee {
        Assignee::Nobody => "",
        Assignee::Member(id) => id.as_str(),
    });
    let (ends_at, id) = behind.map_or((Timestamp::from_millis(0), ""), |position| {
        (position.ends_at, position.id.as_str())
    });
    args![
        now,
        filter.stage.map(Stage::as_str),
        filter.channel.map(Channel::as_str),
        filter.names_business.map(i64::from),
        assignee,
        i64::from(filter.overdue),
        i64::from(filter.waiting),
        ends_at,
        id,
        PAGE + 1,
    ]
}

/// The queue in numbers.
///
/// # Errors
/// See [`DeskError`].
pub async fn totals(services: &Services, staff: &Staff) -> Result<Totals, DeskError> {
    staff.check(services, Act::ReadQueue).await?;
    let (open, overdue, waiting): (i64, i64, i64) = services
        .db
        .fetch_one(
            concat!(
                "-- queue_totals
                 SELECT count(*), count(*) FILTER (WHERE COALESCE(r.extended_to, r.due_at) <= $1), count(*) FILTER (WHERE ",
                needs_decision!(),
                ") FROM requests AS r WHERE r.closed_at IS NULL"
            ),
            args![services.now()],
        )
        .await?;
    Ok(Totals {
        open,
        overdue,
        waiting,
    })
}
