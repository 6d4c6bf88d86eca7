//! Moments and the clock that tells them.
//!
//! Nothing else in this crate asks the operating system for the time: a test moves a [`ManualClock`] through weeks in
//! microseconds, and a deadline is always a row, never a timer.

use std::{
    fmt,
    ops::{Add, Sub},
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{locale::Locale, zone::Zone};

/// A moment, in unix milliseconds. Travels as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment this many milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How long after `earlier` this is; zero when it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        u64::try_from(self.0.saturating_sub(earlier.0))
            .map_or(Duration::ZERO, Duration::from_millis)
    }

    /// The same moment, its minutes and seconds cut off.
    #[must_use]
    pub const fn cut_to_hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(3_600_000))
    }

    /// RFC 3339 in UTC, to the millisecond.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.instant()
            .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
            .to_string()
    }

    /// The day in words, UTC: "24 novembre 2026", "24 November 2026".
    #[must_use]
    pub fn to_date(self, locale: Locale) -> String {
        Zone::utc().date(self, locale)
    }

    /// The day and the minute in words, UTC.
    #[must_use]
    pub fn to_moment(self, locale: Locale) -> String {
        let time = self.instant().strftime("%H:%M");
        match locale {
            Locale::Fr => format!("{} à {time} UTC", self.to_date(locale)),
            Locale::En => format!("{} at {time} UTC", self.to_date(locale)),
        }
    }

    /// The same day and time of day this many years on; 29 February becomes the 28th where there is none.
    #[must_use]
    pub fn plus_years(self, years: i16) -> Self {
        let zoned = self.instant().to_zoned_datetime(jiff::tz::TimeZone::UTC);
        zoned
            .checked_add(jiff::Span::new().years(i64::from(years)))
            .map_or(self, |later| Self(later.timestamp().as_millisecond()))
    }

    /// The calendar year, UTC.
    #[must_use]
    pub fn year(self) -> i16 {
        self.instant()
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .year()
    }

    /// The calendar day, UTC: "2027-03-01".
    #[must_use]
    pub fn to_day(self) -> String {
        self.instant().strftime("%Y-%m-%d").to_string()
    }

    /// The beginning of a calendar day, UTC: "2027-03-01".
    ///
    /// # Errors
    /// When the text is not a day of the calendar.
    pub fn of_day(text: &str) -> Result<Self, MalformedDay> {
        let day: jiff::civil::Date = text.parse().map_err(|_| MalformedDay)?;
        let zoned = day
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .map_err(|_| MalformedDay)?;
        Ok(Self(zoned.timestamp().as_millisecond()))
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// The text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day: write for example 2027-03-01")]
pub struct MalformedDay;

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let instant: jiff::Timestamp = text.parse().map_err(D::Error::custom)?;
        Ok(Self(instant.as_millisecond()))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::DateTime,
            )))
            .description(Some("A moment, RFC 3339 in UTC"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Timestamp {}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// From now on agrees with another clock, on which it is this moment: workers on several machines must not quarrel
    /// about when a lease ends, so they all go by their database's.
    fn agree_with(&self, _there: Timestamp) {}
}

/// The operating system's clock, corrected by what it was told to agree with.
#[derive(Debug, Default)]
pub struct SystemClock {
    ahead_ms: AtomicI64,
}

impl SystemClock {
    fn uncorrected() -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(Self::uncorrected() + self.ahead_ms.load(Ordering::Relaxed))
    }

    fn agree_with(&self, there: Timestamp) {
        self.ahead_ms
            .store(there.0 - Self::uncorrected(), Ordering::Relaxed);
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub const fn at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves the hands forward.
    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(
            i64::try_from(span.as_millis()).unwrap_or(i64::MAX),
            Ordering::SeqCst,
        );
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHRISTMAS: Timestamp = Timestamp(1_798_200_000_123); // 2026-12-25T12:00:00.123Z

    #[test]
    fn the_systems_clock_goes_by_the_one_it_was_told_to_agree_with() {
        let clock = SystemClock::default();
        let hour = Duration::from_hours(1);
        let there = clock.now() + hour;

        clock.agree_with(there);

        assert!(clock.now().since(there) < hour / 60);
        clock.agree_with(there - hour);
        assert!(clock.now() < there);
    }

    #[test]
    fn a_moment_survives_its_journey_as_text() {
        let text = serde_json::to_string(&CHRISTMAS).unwrap();

        assert_eq!(text, "\"2026-12-25T12:00:00.123Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), CHRISTMAS);
    }

    #[test]
    fn days_are_written_as_people_write_them() {
        assert_eq!(CHRISTMAS.to_date(Locale::Fr), "25 décembre 2026");
        assert_eq!(CHRISTMAS.to_date(Locale::En), "25 December 2026");
        assert_eq!(
            CHRISTMAS.to_moment(Locale::Fr),
            "25 décembre 2026 à 12:00 UTC"
        );
        assert_eq!(
            (CHRISTMAS - Duration::from_hours(24 * 24)).to_date(Locale::Fr),
            "1er décembre 2026"
        );
    }

    #[test]
    fn ten_years_after_a_leap_day_is_the_last_of_february() {
        let leap_day = Timestamp(1_835_395_200_000); // 2028-02-29T00:00:00Z

        assert_eq!(
            leap_day.plus_years(10).to_rfc3339(),
            "2038-02-28T00:00:00.000Z"
        );
    }

    #[test]
    fn a_day_of_the_calendar_begins_at_midnight() {
        assert_eq!(
            Timestamp::of_day("2028-02-29").unwrap(),
            Timestamp(1_835_395_200_000)
        );
        assert_eq!(Timestamp(1_835_395_200_000).year(), 2028);
        for text in ["2027-02-29", "01/03/2027", "", "tomorrow"] {
            assert_eq!(Timestamp::of_day(text), Err(MalformedDay), "{text}");
        }
    }

    #[test]
    fn the_hour_is_what_remains_of_an_anonymous_event() {
        assert_eq!(Timestamp(7_199_999).cut_to_hour(), Timestamp(3_600_000));
    }

    proptest::proptest! {
        #[test]
        fn every_moment_survives_its_journey_as_text(millis in 0_i64..4_102_444_800_000) {
            let moment = Timestamp(millis);
            let text = serde_json::to_string(&moment).unwrap();
            assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), moment);
            assert!(moment.plus_years(10) > moment && moment.cut_to_hour() <= moment);
        }
    }
}
