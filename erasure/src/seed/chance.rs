//! Repeatable chance and a repeatable calendar: the same number gives the same world, whenever it is made.

use std::time::Duration;

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    id::uuid_v7,
    random::{ChaChaRandom, Random},
    time::Timestamp,
};

/// The month in which seeded worlds end, and its beginning: 2026-11-01T00:00:00Z.
const END_MONTH: (i16, i16) = (2026, 11);
const END: Timestamp = Timestamp::from_millis(1_793_491_200_000);
/// How far back people talked; bills go back further.
const SPAN: Duration = Duration::from_hours(400 * 24);

const DAY: Duration = Duration::from_hours(24);

/// A month of the calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// So many months before the end of the seeded world.
    pub(super) fn before_the_end(months: i16) -> Self {
        let (year, month) = END_MONTH;
        let since_zero = year * 12 + month - 1 - months;
        Self {
            year: since_zero.div_euclid(12),
            month: i8::try_from(since_zero.rem_euclid(12) + 1).unwrap_or(1),
        }
    }

    /// Its first moment, UTC.
    pub(super) fn begins_at(self) -> Timestamp {
        Date::new(self.year, self.month, 1)
            .and_then(|day| day.to_zoned_datetime(TimeZone::UTC))
            .map_or(END, |day| {
                Timestamp::from_millis(day.timestamp().as_millisecond())
            })
    }

    /// "2026-11".
    pub(super) fn name(self) -> String {
        format!("{}-{:02}", self.year, self.month)
    }
}

/// Chance. Everything that is drawn from it follows from one number.
pub(super) struct Chance(ChaChaRandom);

impl Chance {
    pub(super) fn from_number(seed: u64) -> Self {
        Self(ChaChaRandom::from_number(seed))
    }

    fn source(&self) -> &dyn Random {
        &self.0
    }

    /// A number for a stream of its own, which can be drawn from more than once.
    pub(super) fn number(&self) -> u64 {
        u64::from_be_bytes(self.bytes())
    }

    /// A new id made at this moment: ids are in the order of their moments, which is the order of the primary keys.
    pub(super) fn id(&self, at: Timestamp) -> String {
        uuid_v7(at, &self.0)
    }

    /// A number below `bound`.
    pub(super) fn below(&self, bound: u32) -> u32 {
        self.source().below(bound.max(1))
    }

    /// Whether something happens that happens once in so many times.
    pub(super) fn once_in(&self, times: u32) -> bool {
        self.below(times) == 0
    }

    pub(super) fn bytes<const N: usize>(&self) -> [u8; N] {
        self.source().bytes()
    }

    /// One of these; of nothing, the default.
    pub(super) fn one_of<T: Copy + Default>(&self, of: &[T]) -> T {
        let bound = u32::try_from(of.len()).unwrap_or(u32::MAX);
        usize::try_from(self.below(bound))
            .ok()
            .and_then(|index| of.get(index).copied())
            .unwrap_or_default()
    }

    /// That many digits, the first not zero.
    pub(super) fn digits(&self, count: u32) -> String {
        (0..count)
            .filter_map(|place| {
                let digit = if place == 0 {
                    1 + self.below(9)
                } else {
                    self.below(10)
                };
                char::from_digit(digit, 10)
            })
            .collect()
    }

    /// The `number`th of `count` moments of the seeded past: in order, none too even.
    pub(super) fn moment(&self, number: u64, count: u64) -> Timestamp {
        self.within(SPAN, number, count)
    }

    /// The same within the last days.
    pub(super) fn recent(&self, days: u32, number: u64, count: u64) -> Timestamp {
        self.within(DAY * days, number, count)
    }

    /// A moment before everything else of an organization, its oldest bills too.
    pub(super) fn founding(&self) -> Timestamp {
        END - DAY * (800 + self.below(100))
    }

    /// A moment within two weeks after the end.
    pub(super) fn soon(&self, number: u64, count: u64) -> Timestamp {
        self.within(DAY * 14, number, count) + DAY * 14
    }

    fn within(&self, span: Duration, number: u64, count: u64) -> Timestamp {
        let span_ms = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let step_ms = span_ms / count.max(1);
        let jitter_ms = self.below(u32::try_from(step_ms).unwrap_or(u32::MAX));
        END - span + Duration::from_millis(step_ms * number + u64::from(jitter_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(Month::before_the_end(0).begins_at(), END);
        assert_eq!(Month::before_the_end(11).name(), "2025-12");
        assert_eq!(
            Month::before_the_end(26).begins_at().to_rfc3339(),
            "2024-09-01T00:00:00.000Z"
        );
    }

    #[test]
    fn ids_and_moments_go_forward() {
        let chance = Chance::from_number(1);
        let moments: Vec<_> = (0..1_000)
            .map(|number| chance.moment(number, 1_000))
            .collect();
        let ids: Vec<_> = moments.iter().map(|at| chance.id(*at)).collect();

        assert!(moments.is_sorted());
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(moments[0] >= END - SPAN && moments[999] < END);
    }
}
