//! Numbers, times and plurals as people write them.

use std::time::Duration;

use erasure::{locale::Locale, time::Timestamp};

/// The narrow no-break space between groups of digits in French.
const NARROW_SPACE: char = '\u{202f}';

/// A count with its groups of three: "1 234 567" (narrow no-break spaces) or "1,234,567".
pub(crate) fn number(locale: Locale, count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    if count < 0 {
        text.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(match locale {
                Locale::Fr => NARROW_SPACE,
                Locale::En => ',',
            });
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: in French nothing and one are singular, in English only one is.
pub(crate) fn total(locale: Locale, count: i64, one: &str, several: &str) -> String {
    let singular = match locale {
        Locale::Fr => matches!(count, 0 | 1),
        Locale::En => count == 1,
    };
    let space = match locale {
        Locale::Fr => '\u{a0}',
        Locale::En => ' ',
    };
    let noun = if singular { one } else { several };
    format!("{}{space}{noun}", number(locale, count))
}

/// A time of day, UTC: "14:32".
pub(crate) fn clock_time(moment: Timestamp) -> String {
    let minute = moment.as_millis().div_euclid(60_000).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A span as people say it, rounded up and never nothing: seconds, then minutes, from two hours on hours.
pub(crate) fn span(locale: Locale, span: Duration) -> String {
    let seconds = i64::try_from(span.as_millis().div_ceil(1000).max(1)).unwrap_or(i64::MAX);
    let (count, [french_one, french], [english_one, english]) = match seconds {
        ..60 => (seconds, ["seconde", "secondes"], ["second", "seconds"]),
        60..7_200 => (
            seconds.saturating_add(59) / 60,
            ["minute", "minutes"],
            ["minute", "minutes"],
        ),
        _ => (
            seconds.saturating_add(3_599) / 3_600,
            ["heure", "heures"],
            ["hour", "hours"],
        ),
    };
    match locale {
        Locale::Fr => total(locale, count, french_one, french),
        Locale::En => total(locale, count, english_one, english),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (count, french, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1\u{202f}000", "1,000"),
            (1_234_567, "1\u{202f}234\u{202f}567", "1,234,567"),
            (-12_345, "-12\u{202f}345", "-12,345"),
        ] {
            assert_eq!(number(Locale::Fr, count), french);
            assert_eq!(number(Locale::En, count), english);
        }
    }

    #[test]
    fn zero_is_singular_in_french_and_plural_in_english() {
        assert_eq!(total(Locale::Fr, 0, "essai", "essais"), "0\u{a0}essai");
        assert_eq!(total(Locale::Fr, 1, "essai", "essais"), "1\u{a0}essai");
        assert_eq!(total(Locale::Fr, 2, "essai", "essais"), "2\u{a0}essais");
        assert_eq!(total(Locale::En, 0, "try", "tries"), "0 tries");
        assert_eq!(total(Locale::En, 1, "try", "tries"), "1 try");
    }

    #[test]
    fn a_wait_is_rounded_up_and_never_nothing() {
        for (millis, text) in [
            (0, "1 second"),
            (1, "1 second"),
            (27_000, "27 seconds"),
            (59_001, "1 minute"),
            (60_001, "2 minutes"),
            (3_600_000, "60 minutes"),
            (7_200_000, "2 hours"),
            (86_399_000, "24 hours"),
        ] {
            assert_eq!(span(Locale::En, Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn a_time_of_day_has_two_digits_each() {
        assert_eq!(clock_time(Timestamp::from_millis(0)), "00:00");
        assert_eq!(
            clock_time(Timestamp::from_millis(1_798_200_000_123)),
            "12:00"
        );
        assert_eq!(clock_time(Timestamp::from_millis(86_399_999)), "23:59");
    }
}
