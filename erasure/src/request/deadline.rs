//! The law's clock: pure functions of the moment of receipt.
//!
//! GDPR art. 12(3) gives one calendar month, our own promise is 30 days: what ends earlier counts. An extension adds at most
//! two months, and never goes beyond 90 days in all (California's limit). Nothing pauses the clock: neither a proof that is
//! missing nor a hold.

use std::time::Duration;

use crate::{time::Timestamp, zone::Zone};

/// Our own promise. Shorter than a calendar month but for February.
const DAYS: i64 = 30;
/// With an extension, days in all.
const EXTENDED_DAYS: i64 = 90;
/// An extension adds no more months than these (GDPR art. 12(3)).
const EXTENSION_MONTHS: i64 = 2;
/// By when a request has to be acknowledged.
pub(super) const ACKNOWLEDGEMENT: Duration = Duration::from_hours(72);

/// The parts of a term, in percent, at which somebody is told that it runs out.
pub(super) const ALARMS: [i64; 3] = [50, 80, 95];

/// The end of the first term: the earlier of 30 days and one calendar month.
#[must_use]
pub fn due(received: Timestamp, zone: &Zone) -> Timestamp {
    zone.plus_days(received, DAYS)
        .min(zone.plus_months(received, 1))
}

/// The last moment to which a term can be extended.
#[must_use]
pub fn latest_extension(received: Timestamp, zone: &Zone) -> Timestamp {
    zone.plus_days(received, EXTENDED_DAYS)
        .min(zone.plus_months(due(received, zone), EXTENSION_MONTHS))
}

/// By when the person has to know that the request arrived.
#[must_use]
pub fn acknowledge_by(received: Timestamp) -> Timestamp {
    received + ACKNOWLEDGEMENT
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn moment(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    /// Received, due, and the end of the longest extension, in Paris.
    const TERMS: [(&str, &str, &str); 12] = [
        // Where a month has 31 days, 30 days end first.
        (
            "2026-11-24T12:00:00Z",
            "2026-12-24T12:00:00Z",
            "2027-02-22T12:00:00Z",
        ),
        (
            "2026-12-01T08:00:00Z",
            "2026-12-31T08:00:00Z",
            "2027-02-28T08:00:00Z",
        ),
        // February has no 29th, 30th or 31st: its last day it is, and the extension builds on it.
        (
            "2027-01-28T12:00:00Z",
            "2027-02-27T12:00:00Z",
            "2027-04-27T11:00:00Z",
        ),
        (
            "2027-01-29T12:00:00Z",
            "2027-02-28T12:00:00Z",
            "2027-04-28T11:00:00Z",
        ),
        (
            "2027-01-30T12:00:00Z",
            "2027-02-28T12:00:00Z",
            "2027-04-28T11:00:00Z",
        ),
        (
            "2027-01-31T12:00:00Z",
            "2027-02-28T12:00:00Z",
            "2027-04-28T11:00:00Z",
        ),
        // A leap year has a 29th.
        (
            "2028-01-29T12:00:00Z",
            "2028-02-28T12:00:00Z",
            "2028-04-28T11:00:00Z",
        ),
        (
            "2028-01-30T12:00:00Z",
            "2028-02-29T12:00:00Z",
            "2028-04-29T11:00:00Z",
        ),
        (
            "2028-01-31T12:00:00Z",
            "2028-02-29T12:00:00Z",
            "2028-04-29T11:00:00Z",
        ),
        (
            "2028-02-29T12:00:00Z",
            "2028-03-29T11:00:00Z",
            "2028-05-29T11:00:00Z",
        ),
        // Summer time begins and ends within the term: the time of day in Paris stays.
        (
            "2027-03-10T12:00:00Z",
            "2027-04-09T11:00:00Z",
            "2027-06-08T11:00:00Z",
        ),
        (
            "2027-10-15T12:00:00Z",
            "2027-11-14T13:00:00Z",
            "2028-01-13T13:00:00Z",
        ),
    ];

    #[test]
    fn a_term_is_the_earlier_of_thirty_days_and_a_calendar_month() {
        let paris = zone("Europe/Paris");

        for (received, expected, latest) in TERMS {
            let received = moment(received);
            assert_eq!(
                due(received, &paris).to_rfc3339()[..19],
                expected[..19],
                "{received}"
            );
            assert_eq!(
                latest_extension(received, &paris).to_rfc3339()[..19],
                latest[..19],
                "{received}"
            );
        }
    }

    #[test]
    fn the_last_day_of_a_month_is_that_of_the_place() {
        // Half past ten in the evening of 30 January in Greenwich is the 31st at Kiritimati and still the 30th on Baker Island.
        let received = moment("2027-01-30T22:30:00Z");

        let ends = ["Etc/GMT-14", "UTC", "Etc/GMT+12"]
            .map(|name| due(received, &zone(name)).to_rfc3339()[..16].to_owned());

        assert_eq!(
            ends,
            ["2027-02-27T22:30", "2027-02-28T22:30", "2027-02-28T22:30"]
        );
    }

    #[test]
    fn an_hour_that_is_skipped_or_repeated_ends_a_term_all_the_same() {
        let paris = zone("Europe/Paris");
        // On 28 March 2027 there is no half past two in Paris, on 31 October there are two.
        let spring = due(moment("2027-02-28T01:30:00Z"), &paris);
        let autumn = due(moment("2027-10-01T00:30:00Z"), &paris);

        assert_eq!(spring.to_rfc3339(), "2027-03-28T01:30:00.000Z");
        assert_eq!(autumn.to_rfc3339(), "2027-10-31T00:30:00.000Z");
    }

    proptest! {
        #[test]
        fn a_term_is_never_longer_than_the_law_allows(
            millis in 1_700_000_000_000_i64..4_000_000_000_000,
            place in prop::sample::select(vec![
                "Europe/Paris", "America/Sao_Paulo", "Pacific/Kiritimati", "Etc/GMT+12", "Etc/GMT-14", "Asia/Kolkata", "Australia/Lord_Howe",
            ]),
        ) {
            let (received, place) = (Timestamp::from_millis(millis), zone(place));
            let due = due(received, &place);
            let latest = latest_extension(received, &place);
            let hours = |hours: u64| Duration::from_hours(hours);

            prop_assert!(due <= place.plus_days(received, 30) && due <= place.plus_months(received, 1));
            prop_assert!(due.since(received) >= hours(28 * 24 - 2));
            prop_assert!(latest <= place.plus_days(received, 90) && latest <= place.plus_months(received, 3));
            prop_assert!(latest.since(due) >= hours(58 * 24));
            prop_assert!(acknowledge_by(received) < due);
        }
    }
}
