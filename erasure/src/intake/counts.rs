//! What became of letters since the program started, by the way they came. Fixed words only, never whose.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{TakeError, Taken};
use crate::{named::named, time::Timestamp};

named! {
    /// How a letter came to this process.
    pub enum Way {
        /// A mail server sent it over HTTP.
        Http = "http",
        /// It lay in the mailbox.
        Mailbox = "mailbox",
    }
}

/// What is counted beside what becomes of a letter that is read.
const OTHERWISE: [&str; 4] = ["unreadable", "too_large", "refused", "failed"];

/// The counters; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Counts(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    letters: BTreeMap<(Way, &'static str), u64>,
    looked_at: Option<Timestamp>,
}

impl Counts {
    /// Counts what became of a letter.
    pub fn taken(&self, way: Way, result: &Result<Taken, TakeError>) {
        self.add(
            way,
            match result {
                Ok(taken) => taken.as_str(),
                Err(TakeError::Unreadable(_)) => "unreadable",
                Err(TakeError::Internal(_)) => "failed",
            },
        );
    }

    /// Counts a letter that was larger than may come this way.
    pub fn too_large(&self, way: Way) {
        self.add(way, "too_large");
    }

    /// Counts somebody who did not know the secret.
    pub fn refused(&self, way: Way) {
        self.add(way, "refused");
    }

    /// Counts a letter that broke off, or that the mailbox did not give out.
    pub fn failed(&self, way: Way) {
        self.add(way, "failed");
    }

    /// The mailbox was looked through to its end.
    pub(super) fn looked(&self, at: Timestamp) {
        self.state().looked_at = Some(at);
    }

    /// When the mailbox was last looked through; `None`: never since the start.
    #[must_use]
    pub fn looked_at(&self) -> Option<Timestamp> {
        self.state().looked_at
    }

    /// All of them: the way, the outcome, how many. Those at zero are there too, so that their first step is seen.
    #[must_use]
    pub fn all(&self) -> Vec<(Way, &'static str, u64)> {
        let state = self.state();
        let outcomes: Vec<_> = Taken::all().map(Taken::as_str).chain(OTHERWISE).collect();
        let ways = Way::ALL.iter();
        ways.flat_map(|way| outcomes.iter().map(|outcome| (*way, *outcome)))
            .map(|(way, outcome)| {
                let count = state.letters.get(&(way, outcome));
                (way, outcome, count.copied().unwrap_or_default())
            })
            .collect()
    }

    fn add(&self, way: Way, outcome: &'static str) {
        *self.state().letters.entry((way, outcome)).or_default() += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
