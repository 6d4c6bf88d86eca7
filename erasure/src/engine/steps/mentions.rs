//! Emptying copies of a person's number or address in records that stay: JSON that an organization keeps about something
//! else, or about nobody.
//!
//! The rows are read in stretches outside of any transaction, and only those that hold a copy are written.

use std::time::Duration;

use super::{Work, inventory::named};
use crate::{
    db::{Error, Source, Statement, Value, value::places},
    engine::{
        identifiers::{self, Identifiers},
        mention::Mentions,
        store,
        stretch::{Stretch, quoted},
    },
    job::{Attempt, StepError},
    manifest::Entry,
};

/// Rows looked through at once: some hundredths of a second.
const STRETCH: i64 = 5_000;
/// A stretch is read and its copies are written well within this.
const AT_MOST: Duration = Duration::from_secs(30);

pub(crate) async fn attempt(work: &Work<'_>) -> Result<Attempt, StepError> {
    let services = work.services;
    let Some((entry, column, subject)) = named(&services.manifest, work.step) else {
        return Ok(Attempt::Parked {
            cause: "the plan names a table that the manifest does not know",
        });
    };
    work.keep_for(AT_MOST).await?;
    let known = identifiers::of(services, &work.erasure.id, subject).await?;
    let walk = Walk {
        work,
        entry,
        column,
        known: &known,
    };
    let Some((organization, after)) = walk.position() else {
        let tx = work.begin().await?;
        return work.complete(tx, 0, None).await;
    };
    walk.stretch(&organization, &after).await
}

/// One column of one table, looked through in one organization after the other.
struct Walk<'a> {
    work: &'a Work<'a>,
    entry: &'a Entry,
    column: &'a str,
    known: &'a Identifiers,
}

impl Walk<'_> {
    /// The organization to look through now, and the key behind which it has not been; `None`: all is done.
    fn position(&self) -> Option<(String, Vec<String>)> {
        match self.work.step.reached.split_first() {
            None => Some((self.known.within.first()?.clone(), vec![])),
            Some((organization, after)) if !after.is_empty() => {
                Some((organization.clone(), after.to_vec()))
            }
            // An organization alone: it has been looked through to its end.
            Some((organization, _)) => {
                let mut left = self.known.within.iter();
                left.find(|within| *within == organization)?;
                Some((left.next()?.clone(), vec![]))
            }
        }
    }

    async fn stretch(&self, organization: &str, after: &[String]) -> Result<Attempt, StepError> {
        let db = &self.work.services.db;
        let Some((owner, rest)) = self.entry.primary_key.split_first() else {
            return Ok(Attempt::Parked {
                cause: "a table that holds JSON has no primary key any more",
            });
        };
        let stretch = Stretch::new(&self.entry.name, owner, rest);
        let after = stretch.beginning(after);
        let end = stretch
            .end(Source::Db(db), organization, &after, STRETCH)
            .await?;
        let mut reached = vec![organization.to_owned()];
        let mut changed = Vec::new();
        if let Some(end) = &end {
            reached.extend(end.iter().cloned());
            changed = self
                .copies(&stretch, Stretch::args(organization, &after, end))
                .await?;
        }
        let mut tx = self.work.begin().await?;
        for (statement, args) in &changed {
            tx.execute(
                Statement::from_checked_names(statement.clone()),
                args.clone(),
            )
            .await?;
        }
        let rows = i64::try_from(changed.len()).unwrap_or(i64::MAX);
        store::reach(
            &mut tx,
            &self.work.erasure.id,
            self.work.step,
            rows,
            &reached,
        )
        .await?;
        self.work.commit(tx).await?;
        Ok(Attempt::Progressed)
    }

    /// The updates that take the copies out of a stretch.
    async fn copies(
        &self,
        stretch: &Stretch<'_>,
        mut args: Vec<Value>,
    ) -> Result<Vec<(String, Vec<Value>)>, Error> {
        let mentions = Mentions::of(&self.known.texts);
        let likes: Vec<String> = mentions
            .patterns()
            .into_iter()
            .map(|pattern| {
                args.push(Value::from(pattern));
                like(self.column, &format!("${}", args.len()))
            })
            .collect();
        if likes.is_empty() {
            return Ok(vec![]);
        }
        let key = &self.entry.primary_key;
        let [first, second] = [key.get(1), key.get(2).or_else(|| key.get(1))]
            .map(|column| column.map_or("", String::as_str));
        let text = format!(
            "SELECT \"{}\", \"{first}\", \"{second}\", CAST(\"{}\" AS TEXT) FROM \"{}\" WHERE {} AND ({})",
            key.first().map_or("", String::as_str),
            self.column,
            self.entry.name,
            stretch.condition(),
            likes.join(" OR ")
        );
        let rows: Vec<(String, String, String, String)> = self
            .work
            .services
            .db
            .fetch_all(Statement::from_checked_names(text), args)
            .await?;
        let kind = self.kind().await?;
        Ok(rows
            .into_iter()
            .filter_map(|(owner, first, second, document)| {
                let left = mentions.taken_out_of(&document)?;
                Some(self.update(&kind, left, [owner, first, second]))
            })
            .collect())
    }

    fn update(&self, kind: &str, document: String, row: [String; 3]) -> (String, Vec<Value>) {
        let key = &self.entry.primary_key;
        let text = format!(
            "UPDATE \"{}\" SET \"{}\" = CAST($1 AS {kind}) WHERE ({}) = ({})",
            self.entry.name,
            self.column,
            quoted(key, ""),
            places(2, key.len())
        );
        let values = row.into_iter().take(key.len()).map(Value::from);
        (
            text,
            [Value::from(document)].into_iter().chain(values).collect(),
        )
    }

    /// What the database calls the column's type.
    async fn kind(&self) -> Result<String, Error> {
        let catalog = self.work.services.db.present_catalog().await?;
        let table = catalog.tables.get(&self.entry.name);
        let column = table.and_then(|table| table.column(self.column));
        Ok(column.map_or_else(|| "text".to_owned(), |column| column.kind.clone()))
    }
}

/// Whether a column's text in small letters matches a pattern, which the statement names or has a place for.
pub(in crate::engine) fn like(column: &str, pattern: &str) -> String {
    format!("lower(CAST(\"{column}\" AS TEXT)) LIKE {pattern} ESCAPE '\\'")
}
