//! Lines, each held against the one before.

use std::collections::HashMap;

use super::{
    LedgerError,
    entry::{Entry, Fact, LineFault},
};
use crate::{canonical::Digest, time::Timestamp};

/// Where a fact was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The number of its line.
    pub sequence: i64,
    /// The hash of its line, and with it of all lines before.
    pub head: Digest,
}

/// What is known after a line.
#[derive(Clone, Debug)]
pub struct Tip {
    /// The ledger's name; none before its first line.
    pub ledger: Option<String>,
    /// The number of the last line.
    pub sequence: i64,
    /// Its hash.
    pub head: Digest,
    /// When it was noted.
    pub at: Timestamp,
    /// How many restores have begun.
    pub generation: i64,
    /// Lines that were read.
    pub lines: u64,
    /// By the digest of what makes a fact the same one: a tip is copied with every note.
    noted: HashMap<Digest, Noted>,
}

impl Default for Tip {
    fn default() -> Self {
        Self {
            ledger: None,
            sequence: 0,
            head: Digest::NOTHING,
            at: Timestamp::from_millis(0),
            generation: 0,
            lines: 0,
            noted: HashMap::new(),
        }
    }
}

fn name(fact: &Fact) -> Digest {
    Digest::of(fact.key().as_bytes())
}

impl Tip {
    /// Where this fact was noted, if it was.
    #[must_use]
    pub fn noted(&self, fact: &Fact) -> Option<Noted> {
        self.noted.get(&name(fact)).copied()
    }

    /// The last line. Of an anchor, the one that it stands for.
    #[must_use]
    pub const fn last(&self) -> Noted {
        Noted {
            sequence: self.sequence,
            head: self.head,
        }
    }

    /// The line that would be next. A clock that was set back does not turn the ledger's.
    pub(super) fn next(&self, fact: Fact, now: Timestamp) -> Entry {
        Entry {
            sequence: self.sequence + 1,
            at: now.max(self.at),
            fact,
            previous: self.head,
        }
    }

    /// The line that may stand in the place of all up to here.
    pub(super) fn anchor(&self) -> Entry {
        Entry {
            sequence: self.sequence,
            at: self.at,
            fact: Fact::Anchor {
                ledger: self.ledger.clone().unwrap_or_default(),
                generation: self.generation,
                head: self.head,
            },
            previous: Digest::NOTHING,
        }
    }

    /// Reads the next line.
    pub(super) fn follow(&mut self, line: &str) -> Result<Entry, LedgerError> {
        self.lines += 1;
        let (entry, hash) = Entry::of_line(line).map_err(|fault| {
            self.broken(match fault {
                LineFault::NotAnEntry => "it is not an entry",
                LineFault::Changed => "it was changed after it was written",
                LineFault::Unknown => "it was written by a newer version of this program",
            })
        })?;
        let carried = self.fits(&entry)?;
        self.sequence = entry.sequence;
        self.at = entry.at;
        self.head = carried.unwrap_or(hash);
        if let Fact::Restoring { .. } = entry.fact {
            self.generation += 1;
        }
        let noted = Noted {
            sequence: entry.sequence,
            head: hash,
        };
        self.noted.entry(name(&entry.fact)).or_insert(noted);
        Ok(entry)
    }

    /// Whether an entry may stand here; of an anchor, the hash from which the next one continues.
    fn fits(&mut self, entry: &Entry) -> Result<Option<Digest>, LedgerError> {
        let is_first = self.ledger.is_none();
        if !is_first && entry.sequence != self.sequence + 1 {
            return Err(self.broken("lines before it are missing, or stand twice"));
        }
        if !is_first && entry.previous != self.head {
            return Err(self.broken("it does not follow from the line before"));
        }
        if entry.at < self.at {
            return Err(self.broken("it is older than the line before"));
        }
        match (&entry.fact, is_first) {
            (Fact::Opened { ledger }, true) if entry.sequence == 1 => {
                self.ledger = Some(ledger.clone());
                Ok(None)
            }
            (
                Fact::Anchor {
                    ledger,
                    generation,
                    head,
                },
                true,
            ) => {
                self.ledger = Some(ledger.clone());
                self.generation = *generation;
                Ok(Some(*head))
            }
            (Fact::Opened { .. } | Fact::Anchor { .. }, _) => {
                Err(self.broken("a ledger begins here for a second time"))
            }
            (_, true) => Err(self.broken("the lines before it are missing")),
            (_, false) => Ok(None),
        }
    }

    fn broken(&self, why: &'static str) -> LedgerError {
        LedgerError::Broken {
            line: self.lines,
            why,
        }
    }
}
