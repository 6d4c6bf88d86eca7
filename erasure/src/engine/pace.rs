//! How much one batch takes: as much as fits into the time for which others may have to wait.

use std::time::{Duration, Instant};

use crate::db::Backend;

/// How long a batch aims to hold SQLite's one writer: below the 20 ms that it may, because a commit that meets a busy disk
/// takes longer.
const WRITER: Duration = Duration::from_millis(12);
/// How long a batch aims to take on Postgres, where it locks nothing but rows that are going: nobody waits for it. Much shorter,
/// and beginning and ending it would cost as much as its deletes; much longer, and a pause would come late.
const ROWS: Duration = Duration::from_millis(100);
/// How far a replica may fall behind before batches rest for it: what it replays in about a second.
const REPLICA_TARGET_BYTES: i64 = 16 * 1024 * 1024;
/// The longest rest between two batches. A replica that is late on purpose slows an erasure down, it never stops one.
const LONGEST_REST: Duration = Duration::from_secs(1);
const SMALLEST: i64 = 50;
const LARGEST: i64 = 20_000;

/// How a worker gets on with one job.
#[derive(Debug)]
pub struct Pace {
    pub(super) asked: Size,
    /// Of batches of which no foreign key asks anything: several times as many rows in the same time.
    pub(super) unasked: Size,
}

impl Pace {
    /// The first batches on a database of this kind.
    #[must_use]
    pub const fn on(backend: Backend) -> Self {
        Self {
            asked: Size::first_on(backend),
            unasked: Size::first_on(backend),
        }
    }

    /// How long to rest for a replica that is so many bytes behind: longer, the further it is.
    pub(super) fn rest(behind_bytes: i64) -> Duration {
        let times = u32::try_from(behind_bytes.max(0) / REPLICA_TARGET_BYTES).unwrap_or(u32::MAX);
        (LONGEST_REST / 20).saturating_mul(times).min(LONGEST_REST)
    }
}

/// The size of the next batch, following the measured time of the last.
#[derive(Debug)]
pub(super) struct Size {
    rows: i64,
    target: Duration,
}

impl Size {
    pub(super) const fn first_on(backend: Backend) -> Self {
        Self {
            rows: 1_000,
            target: match backend {
                Backend::Sqlite => WRITER,
                Backend::Postgres => ROWS,
            },
        }
    }

    /// Rows that the next batch may take.
    pub(super) const fn rows(&self) -> i64 {
        self.rows
    }

    /// Whether a batch that began at `began` has used its time.
    pub(super) fn is_spent(&self, began: Instant) -> bool {
        began.elapsed() >= self.target
    }

    /// Learns from a batch of the full size that began at `began`: the next aims at the whole time. One measurement never more
    /// than doubles or halves it.
    pub(super) fn learn(&mut self, began: Instant) {
        let taken = began.elapsed().clamp(self.target / 2, self.target * 2);
        let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        self.rows = (self.rows * micros(self.target) / micros(taken)).clamp(SMALLEST, LARGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_batches_grow_and_slow_ones_shrink() {
        let mut size = Size::first_on(Backend::Sqlite);
        size.learn(Instant::now());
        assert_eq!(size.rows(), 2_000);

        let long_ago = Instant::now().checked_sub(WRITER * 3).unwrap();
        size.learn(long_ago);
        assert_eq!(size.rows(), 1_000);
        for _ in 0..20 {
            size.learn(long_ago);
        }
        assert_eq!(size.rows(), SMALLEST);
    }

    #[test]
    fn batches_rest_the_longer_the_further_a_replica_is_behind_and_never_for_good() {
        for (behind, rest_ms) in [
            (0, 0),
            (REPLICA_TARGET_BYTES - 1, 0),
            (REPLICA_TARGET_BYTES, 50),
            (REPLICA_TARGET_BYTES * 4, 200),
            (REPLICA_TARGET_BYTES * 1_000, 1_000),
            (i64::MAX, 1_000),
        ] {
            assert_eq!(
                Pace::rest(behind),
                Duration::from_millis(rest_ms),
                "{behind}"
            );
        }
    }
}
