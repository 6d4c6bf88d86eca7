//! The time zone of a deployment: in which days, months and dates are reckoned.
//!
//! Moments are the same everywhere; "one month later" and "on 28 February" are not. The law's terms end in the place where
//! the controller is, whatever zone the server or the person is in.

use std::{fmt, str::FromStr};

use jiff::{Span, ZonedDateTime, civil::Date, tz::TimeZone};

use crate::{locale::Locale, time::Timestamp};

/// A time zone of the IANA database.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// No time zone has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone of the IANA database")]
pub struct UnknownZone;

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// That of Paris, where the product comes from.
    #[must_use]
    pub fn paris() -> Self {
        "Europe/Paris".parse().unwrap_or_else(|_| Self::utc())
    }

    /// So many days later, at the same time of day.
    #[must_use]
    pub fn plus_days(&self, at: Timestamp, days: i64) -> Timestamp {
        self.plus(at, Span::new().days(days))
    }

    /// So many calendar months later, on the same day and at the same time of day; the last day of a month that has no
    /// such day.
    #[must_use]
    pub fn plus_months(&self, at: Timestamp, months: i64) -> Timestamp {
        self.plus(at, Span::new().months(months))
    }

    /// The day in words: "24 novembre 2026", "24 November 2026".
    #[must_use]
    pub fn date(&self, at: Timestamp, locale: Locale) -> String {
        in_words(self.zoned(at).date(), locale)
    }

    /// The day and the minute in words, with the zone: both sides of a border read the same.
    #[must_use]
    pub fn moment(&self, at: Timestamp, locale: Locale) -> String {
        let zoned = self.zoned(at);
        let (day, time) = (in_words(zoned.date(), locale), zoned.strftime("%H:%M"));
        match locale {
            Locale::Fr => format!("{day} à {time} ({self})"),
            Locale::En => format!("{day} at {time} ({self})"),
        }
    }

    /// The first moment of the month that is so many months away: 0 is the month of this moment.
    #[must_use]
    pub fn month_begin(&self, at: Timestamp, months: i64) -> Timestamp {
        let first = self.zoned(at).first_of_month().ok();
        let first = first.and_then(|day| day.start_of_day().ok());
        let begin = first.and_then(|day| day.checked_add(Span::new().months(months)).ok());
        begin.map_or(at, |begin| {
            Timestamp::from_millis(begin.timestamp().as_millisecond())
        })
    }

    /// The month in words: "novembre 2026".
    #[must_use]
    pub fn month(&self, at: Timestamp, locale: Locale) -> String {
        let day = self.zoned(at).date();
        format!("{} {}", month_name(day, locale), day.year())
    }

    /// The month's number, for where there is no room for more: "11".
    #[must_use]
    pub fn month_number(&self, at: Timestamp) -> String {
        self.zoned(at).month().to_string()
    }

    fn plus(&self, at: Timestamp, span: Span) -> Timestamp {
        let later = self.zoned(at).checked_add(span);
        later.map_or(at, |later| {
            Timestamp::from_millis(later.timestamp().as_millisecond())
        })
    }

    fn zoned(&self, at: Timestamp) -> ZonedDateTime {
        let instant = jiff::Timestamp::from_millisecond(at.as_millis());
        instant
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned_datetime(self.0.clone())
    }
}

/// A day as people write it.
fn in_words(day: Date, locale: Locale) -> String {
    let name = month_name(day, locale);
    match (locale, day.day()) {
        (Locale::Fr, 1) => format!("1er {name} {}", day.year()),
        (_, number) => format!("{number} {name} {}", day.year()),
    }
}

fn month_name(day: Date, locale: Locale) -> &'static str {
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    locale.month_names().get(month).copied().unwrap_or_default()
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Zone({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-31T23:30:00Z.
    const NEW_YEARS_EVE: Timestamp = Timestamp::from_millis(1_798_759_800_000);

    #[test]
    fn a_date_is_that_of_the_place() {
        let dates = ["Europe/Paris", "America/Cayenne", "Pacific/Kiritimati"].map(|name| {
            name.parse::<Zone>()
                .unwrap()
                .date(NEW_YEARS_EVE, Locale::Fr)
        });

        assert_eq!(
            dates,
            ["1er janvier 2027", "31 décembre 2026", "1er janvier 2027"]
        );
    }

    #[test]
    fn a_month_begins_where_the_place_is() {
        let paris = Zone::paris();

        let begins = [-1, 0, 1].map(|months| paris.month_begin(NEW_YEARS_EVE, months).to_rfc3339());

        assert_eq!(
            begins,
            [
                "2026-11-30T23:00:00.000Z",
                "2026-12-31T23:00:00.000Z",
                "2027-01-31T23:00:00.000Z"
            ]
        );
        assert_eq!(paris.month(NEW_YEARS_EVE, Locale::Fr), "janvier 2027");
        assert_eq!(paris.month_number(NEW_YEARS_EVE), "1");
    }

    #[test]
    fn a_zone_has_a_name_or_is_none() {
        for name in ["", "Paris", "Europe/Atlantis", "+02:00", "../../etc/passwd"] {
            assert_eq!(name.parse::<Zone>(), Err(UnknownZone), "{name:?}");
        }
        assert_eq!(
            "Europe/Paris".parse::<Zone>().unwrap().to_string(),
            "Europe/Paris"
        );
        assert_eq!(Zone::utc().to_string(), "UTC");
    }
}
