//! What was erased, noted where no backup of the database reaches: so that a restored copy cannot bring anybody back.
//!
//! The ledger is a file of JSON lines outside the database. Each line is bound to the one before by its hash, names random
//! internal ids and digests only, and is on the disk before anybody is told that an erasure is complete. An older copy of the
//! database is recognized by it, and is held closed until everything that the ledger knows and the copy does not has been
//! done again ([`crate::backup`]).
//!
//! - [`Fact`] is what can be noted. **To add one**: a variant, its key in [`Fact::key`], and what a restored copy does about
//!   it in `compare`.
//! - [`Ledger::note`] notes a fact once, however often it is asked to.
//! - `erasures` is what it learns about an erasure, and when; `holds` about a legal hold.
//! - [`follow`] holds a database against the ledger before anybody works with it.
//! - `chain` holds lines against each other; `file` is how several processes write into one file.
//!
//! **When to note.** What destroys (an erasure's end, a key) is noted before the transaction that says so is committed: a
//! crash in between does it once more. What could be taken back (a confirmation) is noted after its commit, by a job.

pub(crate) mod bookmark;
mod chain;
pub(crate) mod compare;
mod entry;
mod erasures;
mod file;
mod gate;
mod holds;

use std::{io, path::PathBuf, sync::Arc};

use tokio::sync::Mutex;

pub(crate) use self::erasures::{attempt, cancelled, confirmed, erased, queue};
use self::file::{LedgerFile, Place};
pub use self::{
    chain::{Noted, Tip},
    entry::{Case, Entry, Fact, HoldNote, SubjectRef},
    gate::{Closed, begin_another, follow},
};
pub(crate) use self::{
    gate::make_up,
    holds::{note_hold_now, queue_hold},
};
use crate::{id::uuid_v7, random::Random, time::Timestamp};

/// Why the ledger cannot be read or written. Each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The operating system said no.
    #[error("the ledger cannot be read or written ({kind}): look after {path} and its disk")]
    Io {
        /// What it said.
        kind: io::ErrorKind,
        /// The file.
        path: String,
    },
    /// Somebody changed it.
    #[error(
        "the ledger is broken in line {line}: {why}. Put a copy of it back that `qliento ledger check` accepts; nothing was changed"
    )]
    Broken {
        /// Counted from one.
        line: u64,
        /// What is wrong with the line.
        why: &'static str,
    },
    /// It was there a moment ago.
    #[error("the ledger was taken away or cut short while the program ran: put {0} back")]
    Vanished(String),
}

/// What a look at the whole ledger says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Its name; none while nothing was ever noted.
    pub ledger: Option<String>,
    /// How many lines there are.
    pub lines: u64,
    /// The number of the last line.
    pub sequence: i64,
    /// The hash of the last line.
    pub head: String,
    /// When it was noted.
    pub last_at: Option<Timestamp>,
    /// How many restores have begun.
    pub generation: i64,
    /// Bytes of a last line that was never finished; the next note takes its place.
    pub torn_bytes: u64,
}

/// A handle on the ledger. Several processes of a machine may each have one.
pub struct Ledger {
    file: Arc<LedgerFile>,
    random: Arc<dyn Random>,
    known: Mutex<Known>,
}

/// How far this handle has read.
#[derive(Default)]
struct Known {
    tip: Tip,
    place: Place,
}

impl Ledger {
    /// The ledger in this file, which is made with the first note.
    #[must_use]
    pub fn in_file(path: PathBuf, random: Arc<dyn Random>) -> Self {
        Self {
            file: Arc::new(LedgerFile::new(path)),
            random,
            known: Mutex::default(),
        }
    }

    /// Notes a fact; when this returns it is on the disk. A fact that was noted before is found, not noted again.
    ///
    /// # Errors
    /// See [`LedgerError`]; then it is not noted, as far as anybody can know.
    pub async fn note(&self, fact: &Fact, now: Timestamp) -> Result<Noted, LedgerError> {
        let mut known = self.known.lock().await;
        loop {
            self.catch_up(&mut known).await?;
            if let Some(noted) = known.tip.noted(fact) {
                return Ok(noted);
            }
            let next = match (fact, &known.tip.ledger) {
                (Fact::Opened { .. }, Some(_)) => return Ok(known.tip.last()),
                (Fact::Opened { .. }, None) | (_, Some(_)) => fact.clone(),
                (_, None) => Fact::Opened {
                    ledger: uuid_v7(now, self.random.as_ref()),
                },
            };
            let entry = known.tip.next(next, now);
            let (line, _) = entry.to_line().map_err(|_| self.unfit())?;
            // Whoever else wrote meanwhile is read first.
            self.file.append(known.place.clone(), line).await?;
        }
    }

    /// Begins the ledger if nothing was ever noted; says how it stands.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn begin(&self, now: Timestamp) -> Result<Tip, LedgerError> {
        let tip = self.tip().await?;
        if tip.ledger.is_some() {
            return Ok(tip);
        }
        let ledger = uuid_v7(now, self.random.as_ref());
        self.note(&Fact::Opened { ledger }, now).await?;
        self.tip().await
    }

    /// The line from which everything else is to be read: the ledger's first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn first_line(&self) -> Result<Noted, LedgerError> {
        let mut first = None;
        let (tip, _) = self
            .read_all(|_, noted| _ = first.get_or_insert(noted))
            .await?;
        Ok(first.unwrap_or_else(|| tip.last()))
    }

    /// The last line, after what others noted was read.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn tip(&self) -> Result<Tip, LedgerError> {
        let mut known = self.known.lock().await;
        self.catch_up(&mut known).await?;
        Ok(known.tip.clone())
    }

    /// Everything behind this line, in order; `None` when the ledger does not hold the line, because it is another one, was cut
    /// off before, or begins later.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn entries_behind(&self, line: Noted) -> Result<Option<Vec<Entry>>, LedgerError> {
        let mut entries = Vec::new();
        let mut is_held = false;
        self.read_all(|entry, noted| {
            is_held |= noted == line;
            if entry.sequence > line.sequence {
                entries.push(entry);
            }
        })
        .await?;
        Ok(is_held.then_some(entries))
    }

    /// Reads the whole ledger and holds every line against the one before.
    ///
    /// # Errors
    /// The first line that is broken.
    pub async fn check(&self) -> Result<Report, LedgerError> {
        let (tip, torn_bytes) = self.read_all(|_, _| {}).await?;
        Ok(Report {
            last_at: tip.ledger.is_some().then_some(tip.at),
            ledger: tip.ledger,
            lines: tip.lines,
            sequence: tip.sequence,
            head: tip.head.to_string(),
            generation: tip.generation,
            torn_bytes,
        })
    }

    /// Drops the lines before this one that were noted before this moment; an anchor takes their place. Says how many.
    ///
    /// # Errors
    /// See [`LedgerError`]; then the ledger is as it was.
    pub async fn compact(&self, keep: i64, before: Timestamp) -> Result<u64, LedgerError> {
        let mut known = self.known.lock().await;
        loop {
            let tail = self.file.read(Place::default()).await?;
            let (mut tip, mut anchor, mut kept) = (Tip::default(), None, String::new());
            let mut dropped = 0;
            for line in tail.lines.lines() {
                let entry = tip.follow(line)?;
                if kept.is_empty() && entry.sequence < keep && entry.at < before {
                    anchor = Some(tip.anchor());
                    dropped = tip.lines;
                } else {
                    kept.push_str(line);
                    kept.push('\n');
                }
            }
            // An anchor takes a line itself.
            let Some(anchor) = anchor.filter(|_| dropped > 1) else {
                return Ok(0);
            };
            let (anchor, _) = anchor.to_line().map_err(|_| self.unfit())?;
            let lines = format!("{anchor}\n{kept}");
            if self.file.replace(tail.end, lines).await? {
                *known = Known::default();
                return Ok(dropped);
            }
        }
    }

    async fn read_all(
        &self,
        mut each: impl FnMut(Entry, Noted),
    ) -> Result<(Tip, u64), LedgerError> {
        let tail = self.file.read(Place::default()).await?;
        let mut tip = Tip::default();
        for line in tail.lines.lines() {
            let entry = tip.follow(line)?;
            each(entry, tip.last());
        }
        Ok((tip, tail.torn_bytes))
    }

    async fn catch_up(&self, known: &mut Known) -> Result<(), LedgerError> {
        let tail = self.file.read(known.place.clone()).await?;
        if tail.end == known.place {
            return Ok(());
        }
        // A fault in the middle must not leave half of the tail known.
        let mut tip = if tail.is_from_the_beginning {
            Tip::default()
        } else {
            known.tip.clone()
        };
        for line in tail.lines.lines() {
            tip.follow(line)?;
        }
        *known = Known {
            tip,
            place: tail.end,
        };
        Ok(())
    }

    fn unfit(&self) -> LedgerError {
        self.file.error(io::ErrorKind::InvalidData)
    }
}

#[cfg(test)]
mod tests;
