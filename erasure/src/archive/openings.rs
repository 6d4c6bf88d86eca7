//! The record of who asked for what of the archive: only ever added to, chained, and there when the archive record is long gone.
//!
//! The database refuses every change of a row. Each row carries a keyed digest over itself and over the row before, so that
//! somebody who gets around that refusal cannot make it fit again without the master key ([`check`]). Names and reasons are
//! sealed under a key of their year. Five years after that year the key is destroyed: the row stays, and is about nobody.

use serde::Serialize;
use sqlx::FromRow;

use super::LegalBasis;
use crate::{
    db::{Error, Tx, value::args},
    person::EmailAddress,
    reason::Reason,
    services::Services,
    time::Timestamp,
    vault::{Place, Scope, VaultError},
};

/// Claims about an opening can be brought for five years (Code civil, art. 2224).
pub const NAMED_YEARS: i16 = 5;

/// What somebody did, or what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The first of two people asked.
    Proposed,
    /// The second agreed.
    Approved,
    /// The record was read.
    Opened,
    /// Its term came; key and record were destroyed.
    Ended,
}

impl Act {
    const ALL: [Self; 4] = [Self::Proposed, Self::Approved, Self::Opened, Self::Ended];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Opened => "opened",
            Self::Ended => "ended",
        }
    }
}

/// Whose act it is, on which basis, and why.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Who.
    pub by: EmailAddress,
    /// On which legal basis.
    pub basis: LegalBasis,
    /// Why, in their own words.
    pub reason: Reason,
}

#[derive(FromRow)]
struct Link {
    number: i64,
    chain: Vec<u8>,
}

/// Adds a row. The transaction is alone: two rows cannot both follow the same one.
pub(super) async fn note(
    tx: &mut Tx,
    services: &Services,
    act: Act,
    archive: &str,
    claim: Option<&Claim>,
) -> Result<(), Error> {
    let now = services.now();
    let last: Vec<Link> = tx
        .archive_all(
            "-- last_opening
             SELECT number, chain FROM {archive}archive_openings ORDER BY number DESC LIMIT 1",
            args![],
        )
        .await?;
    let (before, number) = last
        .into_iter()
        .next()
        .map_or((vec![], 1), |link| (link.chain, link.number + 1));
    let mut row = OpeningRow {
        number,
        act: act.as_str().to_owned(),
        archive_id: archive.to_owned(),
        basis: claim.map(|claim| claim.basis.as_str().to_owned()),
        person_sealed: None,
        reason_sealed: None,
        happened_at: now.as_millis(),
        chain: vec![],
    };
    if let Some(claim) = claim {
        let key = services
            .vault
            .data_key(tx, Scope::Openings(now.year()), now)
            .await?;
        let text = number.to_string();
        let seal = |column, words: &str| {
            let place = place(column, &text);
            key.seal(place, words.as_bytes(), services.random.as_ref())
        };
        row.person_sealed = Some(seal("person_sealed", claim.by.expose()));
        row.reason_sealed = Some(seal("reason_sealed", claim.reason.expose()));
    }
    row.chain = row.digest(services, &before);
    insert(tx, row).await
}

async fn insert(tx: &mut Tx, row: OpeningRow) -> Result<(), Error> {
    tx.archive_execute(
        "-- insert_opening
         INSERT INTO {archive}archive_openings (number, act, archive_id, basis, person_sealed, reason_sealed, happened_at, chain)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            row.number,
            row.act,
            row.archive_id,
            row.basis,
            row.person_sealed,
            row.reason_sealed,
            row.happened_at,
            row.chain,
        ],
    )
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct OpeningRow {
    number: i64,
    act: String,
    archive_id: String,
    basis: Option<String>,
    person_sealed: Option<Vec<u8>>,
    reason_sealed: Option<Vec<u8>>,
    happened_at: i64,
    chain: Vec<u8>,
}

impl OpeningRow {
    fn digest(&self, services: &Services, before: &[u8]) -> Vec<u8> {
        services.vault.keyed_digest(
            "archive openings",
            &[
                before,
                &self.number.to_be_bytes(),
                self.act.as_bytes(),
                self.archive_id.as_bytes(),
                self.basis.as_deref().unwrap_or_default().as_bytes(),
                self.person_sealed.as_deref().unwrap_or_default(),
                self.reason_sealed.as_deref().unwrap_or_default(),
                &self.happened_at.to_be_bytes(),
            ],
        )
    }
}

/// One row, for whoever may read it.
#[derive(Clone, Serialize)]
pub struct Opening {
    /// Its place in the record.
    pub number: i64,
    /// What.
    pub act: Act,
    /// Of which archive record.
    pub archive: String,
    /// On which legal basis; none where the term did it.
    pub basis: Option<LegalBasis>,
    /// Whose act; none where the term did it, or when the name is not known any more.
    pub person: Option<String>,
    /// Why; likewise.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Opening({}, {:?}, [redacted])",
            self.number, self.act
        )
    }
}

/// Some rows of the record, the oldest first: those behind this number.
///
/// # Errors
/// When the database fails.
pub async fn list(services: &Services, behind: i64, limit: i64) -> Result<Vec<Opening>, Error> {
    let mut openings = Vec::new();
    for row in rows_behind(services, behind, limit).await? {
        let number = row.number.to_string();
        let person = words(services, place("person_sealed", &number), row.person_sealed).await?;
        let reason = words(services, place("reason_sealed", &number), row.reason_sealed).await?;
        openings.push(Opening {
            number: row.number,
            act: Act::ALL
                .into_iter()
                .find(|act| act.as_str() == row.act)
                .ok_or(Error::Corrupt("archive_openings.act"))?,
            archive: row.archive_id,
            basis: row.basis.as_deref().and_then(LegalBasis::named),
            person,
            reason,
            at: Timestamp::from_millis(row.happened_at),
        });
    }
    Ok(openings)
}

async fn rows_behind(
    services: &Services,
    behind: i64,
    limit: i64,
) -> Result<Vec<OpeningRow>, Error> {
    services
        .db
        .archive_all(
            "-- openings_behind
             SELECT number, act, archive_id, basis, person_sealed, reason_sealed, happened_at, chain
             FROM   {archive}archive_openings WHERE number > $1 ORDER BY number LIMIT $2",
            args![behind, limit],
        )
        .await
}

/// What was sealed; nothing once the key of its year is gone.
async fn words(
    services: &Services,
    place: Place<'_>,
    sealed: Option<Vec<u8>>,
) -> Result<Option<String>, Error> {
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    match services.vault.open_text(&services.db, place, &sealed).await {
        Ok(words) => Ok(Some(words.as_str().to_owned())),
        Err(Error::Vault(VaultError::KeyMissing)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What a look at the whole record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Chain {
    /// Every row is as it was written, and none is missing before the last.
    Whole {
        /// Rows.
        rows: i64,
    },
    /// From this row on it is not.
    Broken {
        /// The row's number.
        number: i64,
    },
}

/// Holds every row against the one before it.
///
/// # Errors
/// When the database fails.
pub async fn check(services: &Services) -> Result<Chain, Error> {
    const PAGE: i64 = 500;
    let (mut number, mut before) = (0, Vec::new());
    loop {
        let rows = rows_behind(services, number, PAGE).await?;
        if rows.is_empty() {
            return Ok(Chain::Whole { rows: number });
        }
        for row in rows {
            if row.number != number + 1 || row.digest(services, &before) != row.chain {
                return Ok(Chain::Broken { number: number + 1 });
            }
            (number, before) = (row.number, row.chain);
        }
    }
}

/// How many records this person has opened since; the names of a day are few enough to be read.
pub(super) async fn opened_by(
    tx: &mut Tx,
    services: &Services,
    by: &EmailAddress,
    since: Timestamp,
) -> Result<usize, Error> {
    let rows: Vec<(i64, i64, Vec<u8>)> = tx
        .archive_all(
            "-- recent_openings
             SELECT number, happened_at, person_sealed FROM {archive}archive_openings
             WHERE  act = 'opened' AND happened_at > $1 AND person_sealed IS NOT NULL
             ORDER  BY number DESC LIMIT 1000",
            args![since],
        )
        .await?;
    let mut count = 0;
    for (number, happened_at, sealed) in rows {
        let at = Timestamp::from_millis(happened_at);
        let key = services
            .vault
            .data_key(tx, Scope::Openings(at.year()), at)
            .await?;
        let person = key.open(place("person_sealed", &number.to_string()), &sealed)?;
        count += usize::from(person.as_slice() == by.expose().as_bytes());
    }
    Ok(count)
}

/// Destroys the keys of years whose names are not needed any more; says how many.
pub(crate) async fn end_names(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    tx.execute(
        "-- end_names_of_openings
         DELETE FROM data_keys WHERE scope LIKE 'openings/%' AND scope < $1",
        args![format!("openings/{:04}", now.year() - NAMED_YEARS)],
    )
    .await
}

const fn place<'a>(column: &'static str, number: &'a str) -> Place<'a> {
    Place {
        organization: "",
        table: "archive_openings",
        column,
        row: number,
    }
}
