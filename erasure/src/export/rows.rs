//! Rows as JSON lines, a page at a time. A page is as many rows as make a quarter of a megabyte.

use std::collections::VecDeque;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    Stop,
    package::Source,
    plan::{Guard, Part},
};
use crate::{
    db::{Error, Record, Value},
    services::Services,
};

const PAGE_BYTES: usize = 256 * 1024;
const FIRST: i64 = 50;
const MOST: i64 = 2_000;

/// The rows of some parts, one after the other.
pub(super) struct Rows<'a> {
    services: &'a Services,
    guard: &'a Guard,
    parts: VecDeque<Part>,
    behind: Option<Vec<Value>>,
    limit: i64,
    /// How many rows were read.
    pub(super) count: u64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(services: &'a Services, guard: &'a Guard, parts: Vec<Part>) -> Self {
        Self {
            services,
            guard,
            parts: parts.into(),
            behind: None,
            limit: FIRST,
            count: 0,
        }
    }
}

impl Source for Rows<'_> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        while let Some(part) = self.parts.front() {
            self.guard.check(self.services).await?;
            let (statement, args) = part.page(self.behind.as_deref(), self.limit);
            let records: Vec<Record> = self.services.db.fetch_all(statement, args).await?;
            let Some(Record(last)) = records.last() else {
                self.parts.pop_front();
                (self.behind, self.limit) = (None, FIRST);
                continue;
            };
            self.behind = Some(last.iter().skip(part.columns.len()).cloned().collect());
            let mut lines = Vec::new();
            for record in &records {
                line(&mut lines, part, record)?;
            }
            self.count += u64::try_from(records.len()).unwrap_or(u64::MAX);
            self.limit = fitting(self.limit, lines.len());
            return Ok(Some(lines));
        }
        Ok(None)
    }
}

/// How many rows the next page takes, after one of so many took so many bytes.
fn fitting(limit: i64, bytes: usize) -> i64 {
    let factor = PAGE_BYTES / bytes.max(1);
    let next = match factor {
        0 => limit / i64::try_from(bytes.div_ceil(PAGE_BYTES)).unwrap_or(i64::MAX),
        1 => limit,
        _ => limit * 2,
    };
    next.clamp(1, MOST)
}

/// `{"table":"messages","id":"…",…}`: the columns in the table's order.
fn line(lines: &mut Vec<u8>, part: &Part, record: &Record) -> Result<(), Error> {
    lines.extend(b"{\"table\":");
    text(lines, &part.table)?;
    for (column, value) in part.columns.iter().zip(&record.0) {
        lines.push(b',');
        text(lines, column)?;
        lines.push(b':');
        match value {
            Value::Text(words) => text(lines, words)?,
            Value::Integer(number) => lines.extend(number.to_string().bytes()),
            Value::Blob(bytes) => text(lines, &STANDARD.encode(bytes))?,
            Value::Null => lines.extend(b"null"),
        }
    }
    lines.extend(b"}\n");
    Ok(())
}

fn text(lines: &mut Vec<u8>, words: &str) -> Result<(), Error> {
    serde_json::to_writer(lines, words).map_err(|_| Error::Corrupt("a text that is no JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_keep_to_their_size_whatever_a_row_weighs() {
        assert_eq!(fitting(50, 10_000), 100);
        assert_eq!(fitting(50, 200_000), 50);
        assert_eq!(fitting(50, 50 * 1024 * 1024), 1);
        assert_eq!(fitting(1, 50 * 1024 * 1024), 1);
        assert_eq!(fitting(1, 0), 2);
        assert_eq!(fitting(MOST, 10), MOST);
    }
}
