//! Repeatable chance: the same number gives the same world.

use crate::{
    id::uuid_v7,
    random::{ChaChaRandom, Random},
    time::Timestamp,
};

use std::time::Duration;

/// 2026-11-01T00:00:00Z: seeded worlds end here, whenever they are made.
const END: Timestamp = Timestamp::from_millis(1_793_491_200_000);
/// How far back they reach.
const SPAN: Duration = Duration::from_hours(400 * 24);

/// Chance, and a clock that only goes forward, so that ids come in the order of the primary key.
pub(super) struct Chance {
    random: ChaChaRandom,
    minted: i64,
}

impl Chance {
    pub(super) fn from_number(seed: u64) -> Self {
        Self {
            random: ChaChaRandom::from_number(seed),
            minted: (END - SPAN).as_millis(),
        }
    }

    /// A new id, after every one before.
    pub(super) fn id(&mut self) -> String {
        self.minted += 1;
        uuid_v7(Timestamp::from_millis(self.minted), &self.random)
    }

    /// A number below `bound`.
    pub(super) fn below(&self, bound: u32) -> u32 {
        (&self.random as &dyn Random).below(bound.max(1))
    }

    pub(super) fn bytes<const N: usize>(&self) -> [u8; N] {
        (&self.random as &dyn Random).bytes()
    }

    /// One of these.
    pub(super) fn one_of<T: Copy>(&self, of: &[T], otherwise: T) -> T {
        let bound = u32::try_from(of.len()).unwrap_or(u32::MAX);
        usize::try_from(self.below(bound))
            .ok()
            .and_then(|index| of.get(index).copied())
            .unwrap_or(otherwise)
    }

    /// That many digits, the first not zero.
    pub(super) fn digits(&self, count: u32) -> String {
        (0..count)
            .map(|place| {
                if place == 0 {
                    1 + self.below(9)
                } else {
                    self.below(10)
                }
                .to_string()
            })
            .collect()
    }

    /// A moment of the seeded year.
    pub(super) fn moment(&self) -> Timestamp {
        END - Duration::from_mins(u64::from(self.below(400 * 24 * 60)))
    }

    /// A moment of the last ninety days.
    pub(super) fn recent(&self) -> Timestamp {
        END - Duration::from_mins(u64::from(self.below(80 * 24 * 60)))
    }

    /// The first of a month, so many months ago.
    pub(super) fn month(months_ago: u32) -> Timestamp {
        END - Duration::from_hours(u64::from(months_ago) * 730)
    }
}
