//! What was counted since the program started: how Meta's requests and people's letters went. Names of outcomes only, never of anybody.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use erasure::{
    intake,
    webhook::{Outcome, Tally},
};

/// How a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// It was taken.
    Taken,
    /// It was not signed with our app's secret.
    BadSignature,
    /// It was too large, broken off or not understood.
    Unreadable,
    /// It was too old, or from the future.
    OutOfTime,
    /// The app's secret is not configured.
    NotConfigured,
    /// Our fault; Meta sends it again.
    Failed,
}

impl Request {
    const ALL: [Self; 6] = [
        Self::Taken,
        Self::BadSignature,
        Self::Unreadable,
        Self::OutOfTime,
        Self::NotConfigured,
        Self::Failed,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::BadSignature => "bad_signature",
            Self::Unreadable => "unreadable",
            Self::OutOfTime => "out_of_time",
            Self::NotConfigured => "not_configured",
            Self::Failed => "failed",
        }
    }
}

/// What Meta calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callback {
    /// A deletion request that it forwards.
    DataDeletion,
    /// Somebody took our app away.
    Deauthorize,
}

impl Callback {
    const ALL: [Self; 2] = [Self::DataDeletion, Self::Deauthorize];

    const fn as_str(self) -> &'static str {
        match self {
            Self::DataDeletion => "data_deletion",
            Self::Deauthorize => "deauthorize",
        }
    }
}

/// Counters; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Counters(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: [AtomicU64; Request::ALL.len()],
    callbacks: [[AtomicU64; Request::ALL.len()]; Callback::ALL.len()],
    events: [AtomicU64; Outcome::ALL.len()],
    letters: intake::Counts,
}

impl Counters {
    /// Counts a request to the webhook.
    pub(super) fn request(&self, went: Request) {
        let counters = Request::ALL.iter().zip(&self.0.requests);
        add(counters, |one| *one == went, 1);
    }

    /// Counts a callback.
    pub(super) fn callback(&self, callback: Callback, went: Request) {
        let rows = Callback::ALL.iter().zip(&self.0.callbacks);
        for (_, row) in rows.filter(|(one, _)| **one == callback) {
            add(Request::ALL.iter().zip(row), |one| *one == went, 1);
        }
    }

    /// Counts events.
    pub(super) fn events(&self, tally: &Tally) {
        for (outcome, events) in tally.iter() {
            let counters = Outcome::ALL.iter().zip(&self.0.events);
            add(counters, |one| *one == outcome, events);
        }
    }

    /// Those of letters, which are counted where they are taken.
    #[must_use]
    pub fn letters(&self) -> &intake::Counts {
        &self.0.letters
    }

    /// All of them, in Prometheus' text format. Those at zero are there too, so that their first step is seen.
    pub(super) fn write(&self, text: &mut String) {
        text.push_str("# HELP qliento_webhook_requests_total Requests of Meta's to the webhook, by how they went.\n# TYPE qliento_webhook_requests_total counter\n");
        for (went, count) in Request::ALL.iter().zip(&self.0.requests) {
            let (went, count) = (went.as_str(), count.load(Ordering::Relaxed));
            let _ = writeln!(
                text,
                "qliento_webhook_requests_total{{outcome=\"{went}\"}} {count}"
            );
        }
        text.push_str("# HELP qliento_webhook_events_total Events in them, by what became of each.\n# TYPE qliento_webhook_events_total counter\n");
        for (outcome, count) in Outcome::ALL.iter().zip(&self.0.events) {
            let (outcome, count) = (outcome.as_str(), count.load(Ordering::Relaxed));
            let _ = writeln!(
                text,
                "qliento_webhook_events_total{{outcome=\"{outcome}\"}} {count}"
            );
        }
        text.push_str("# HELP qliento_meta_callbacks_total Signed requests of Meta's about people, by how they went.\n# TYPE qliento_meta_callbacks_total counter\n");
        for (callback, row) in Callback::ALL.iter().zip(&self.0.callbacks) {
            for (went, count) in Request::ALL.iter().zip(row) {
                let (callback, went) = (callback.as_str(), went.as_str());
                let count = count.load(Ordering::Relaxed);
                let _ = writeln!(
                    text,
                    "qliento_meta_callbacks_total{{callback=\"{callback}\",outcome=\"{went}\"}} {count}"
                );
            }
        }
        text.push_str("# HELP qliento_letters_total Letters to the privacy address, by how they came and what became of each.\n# TYPE qliento_letters_total counter\n");
        if let Some(at) = self.0.letters.looked_at() {
            let _ = writeln!(
                text,
                "# HELP qliento_mailbox_looked_through_timestamp_seconds When the mailbox was last looked through to its end.\n# TYPE qliento_mailbox_looked_through_timestamp_seconds gauge\nqliento_mailbox_looked_through_timestamp_seconds {}",
                at.as_millis() / 1_000
            );
        }
        for (way, outcome, count) in self.0.letters.all() {
            let way = way.as_str();
            let _ = writeln!(
                text,
                "qliento_letters_total{{way=\"{way}\",outcome=\"{outcome}\"}} {count}"
            );
        }
    }
}

fn add<'c, K: 'c>(
    counters: impl Iterator<Item = (&'c K, &'c AtomicU64)>,
    is_it: impl Fn(&K) -> bool,
    events: u64,
) {
    for (_, counter) in counters.filter(|(key, _)| is_it(key)) {
        counter.fetch_add(events, Ordering::Relaxed);
    }
}
