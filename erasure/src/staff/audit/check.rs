//! Whether the record is whole: every link is computed again, from the beginning that was swept to the end that was noted.

use std::{fmt, str::FromStr};

use sqlx::FromRow;

use super::{Ends, Linked};
use crate::{
    db::{Error, value::args},
    services::Services,
};

/// Rows read at once.
const AT_ONCE: i64 = 1_000;

/// What a look at the record came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every link holds.
    Whole(Checked),
    /// The row at this position is missing, was changed, or is not ours.
    Broken {
        /// Where.
        position: i64,
    },
    /// Rows are missing at the end.
    CutShort {
        /// The last one that is there.
        after: i64,
    },
    /// What was noted elsewhere is not in this record: an older one was put back, or it was written anew.
    Foreign,
}

/// A record that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How many entries there are.
    pub entries: i64,
    /// Worth writing down somewhere else.
    pub last: Noted,
}

/// The end of the record at some time, as `POSITION:LINK`: noted elsewhere, it shows later that nothing before it was changed.
#[derive(Clone, PartialEq, Eq)]
pub struct Noted {
    position: i64,
    link: Vec<u8>,
}

impl fmt::Display for Noted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:", self.position)?;
        self.link
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Noted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The text is not what a check printed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position and a link as `qliento audit check` prints them")]
pub struct NotNoted;

impl FromStr for Noted {
    type Err = NotNoted;

    fn from_str(text: &str) -> Result<Self, NotNoted> {
        let (position, link) = text.split_once(':').ok_or(NotNoted)?;
        let pairs = link.as_bytes().chunks(2);
        let link = pairs
            .map(|pair| {
                let pair = std::str::from_utf8(pair).map_err(|_| NotNoted)?;
                u8::from_str_radix(pair, 16).map_err(|_| NotNoted)
            })
            .collect::<Result<Vec<u8>, NotNoted>>()?;
        Ok(Self {
            position: position.parse().map_err(|_| NotNoted)?,
            link,
        })
    }
}

#[derive(FromRow)]
struct ChainRow {
    position: i64,
    occurred_at: i64,
    staff_id: Option<String>,
    role: String,
    act: String,
    outcome: String,
    subject_kind: Option<String>,
    subject: Option<String>,
    detail: Option<String>,
    link: Vec<u8>,
}

impl ChainRow {
    fn link_after(&self, services: &Services, before: &[u8]) -> Vec<u8> {
        let row = Linked {
            position: self.position,
            occurred_at: self.occurred_at,
            staff: self.staff_id.as_deref(),
            role: &self.role,
            act: &self.act,
            outcome: &self.outcome,
            subject_kind: self.subject_kind.as_deref(),
            subject: self.subject.as_deref(),
            detail: self.detail.as_deref(),
        };
        row.link(services, before)
    }
}

/// Computes every link again. With `noted`, what a check printed once must still be in the record.
///
/// # Errors
/// When the database fails.
pub async fn check(services: &Services, noted: Option<&Noted>) -> Result<Verdict, Error> {
    let ends: Ends = services
        .db
        .fetch_one(
            "-- ends_of_audit
             SELECT swept_to, swept_link, last_position, last_link, seal FROM staff_audit_ends WHERE id = 1",
            args![],
        )
        .await?;
    if !is_ours(services, &ends).await? {
        return Ok(Verdict::Foreign);
    }
    let mut last = Noted {
        position: ends.swept_to,
        link: ends.swept_link,
    };
    let mut seen = noted.is_none_or(|noted| *noted == last || noted.position < last.position);
    loop {
        let rows = after(services, last.position, ends.last_position).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.position != last.position + 1 || row.link != row.link_after(services, &last.link)
            {
                return Ok(Verdict::Broken {
                    position: last.position + 1,
                });
            }
            last = Noted {
                position: row.position,
                link: row.link,
            };
            seen |= noted == Some(&last);
        }
    }
    if last.position != ends.last_position {
        return Ok(Verdict::CutShort {
            after: last.position,
        });
    }
    if last.link != ends.last_link {
        return Ok(Verdict::Broken {
            position: last.position,
        });
    }
    if !seen {
        return Ok(Verdict::Foreign);
    }
    Ok(Verdict::Whole(Checked {
        entries: ends.last_position - ends.swept_to,
        last,
    }))
}

/// Whether the ends were written with our key. Before the first entry they are not sealed, and there can be no member yet.
async fn is_ours(services: &Services, ends: &Ends) -> Result<bool, Error> {
    if ends.last_position == 0 && ends.seal.is_empty() {
        let members = services.db.number("SELECT count(*) FROM staff", args![]);
        return Ok(members.await? == 0);
    }
    Ok(ends.seal == ends.computed_seal(services))
}

/// The next rows, up to the end that was read first: entries may be written meanwhile.
async fn after(services: &Services, position: i64, last: i64) -> Result<Vec<ChainRow>, Error> {
    services
        .db
        .fetch_all(
            "-- next_of_audit
             SELECT position, occurred_at, staff_id, role, act, outcome, subject_kind, subject, detail, link
             FROM   staff_audit WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3",
            args![position, last, AT_ONCE],
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_check_printed_is_read_back() {
        let noted = Noted {
            position: 7,
            link: vec![0, 171, 255],
        };

        assert_eq!(noted.to_string(), "7:00abff");
        assert_eq!("7:00abff".parse(), Ok(noted));
        for text in ["", "7", "x:00", "7:0g", "7:é", "-"] {
            assert_eq!(text.parse::<Noted>(), Err(NotNoted), "{text:?}");
        }
    }
}
