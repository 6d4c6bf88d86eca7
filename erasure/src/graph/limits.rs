//! How long Meta asks us to wait.
//!
//! Whoever goes on asking beyond a limit makes it last longer, so the longest of all that is said counts.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;

use super::transport::Answer;

/// Whoever asks for more than this is mistaken; the deadline of an erasure comes first anyway.
const LONGEST: Duration = Duration::from_hours(7 * 24);

/// One line of `X-Business-Use-Case-Usage`.
#[derive(Deserialize)]
struct Usage {
    /// Minutes; zero while the limit is not reached.
    #[serde(default)]
    estimated_time_to_regain_access: u64,
}

/// The wait that an answer's headers ask for.
pub(super) fn wait(answer: &Answer) -> Option<Duration> {
    let seconds = answer
        .retry_after
        .as_deref()
        .and_then(|text| text.trim().parse().ok())
        .map(Duration::from_secs);
    let longest = seconds.max(regain(answer.usage.as_deref()));
    longest
        .filter(|wait| !wait.is_zero())
        .map(|wait| wait.min(LONGEST))
}

/// By account, all kinds of use; the header of an answer names the accounts that the token can see.
fn regain(usage: Option<&str>) -> Option<Duration> {
    let usage: BTreeMap<String, Vec<Usage>> = serde_json::from_str(usage?).ok()?;
    let minutes = usage
        .into_values()
        .flatten()
        .map(|usage| usage.estimated_time_to_regain_access)
        .max()?;
    Some(Duration::from_secs(minutes.saturating_mul(60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(retry_after: Option<&str>, usage: Option<&str>) -> Option<u64> {
        let answer = Answer {
            retry_after: retry_after.map(str::to_owned),
            usage: usage.map(str::to_owned),
            ..Answer::default()
        };
        wait(&answer).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_longest_of_what_is_asked_for_counts() {
        let usage = r#"{"102290129340398":[
            {"type":"whatsapp_business_management","call_count":100,"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":19},
            {"type":"messaging","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}"#;

        assert_eq!(said(None, Some(usage)), Some(19 * 60));
        assert_eq!(said(Some("30"), Some(usage)), Some(19 * 60));
        assert_eq!(said(Some("7200"), Some(usage)), Some(7_200));
        assert_eq!(said(Some("30"), None), Some(30));
    }

    #[test]
    fn what_cannot_be_meant_asks_for_nothing() {
        for odd in [
            "",
            "soon",
            "-1",
            "0",
            "Fri, 31 Dec 1999 23:59:59 GMT",
            "1e9",
        ] {
            assert_eq!(said(Some(odd), Some(odd)), None, "{odd}");
        }
        let zero = r#"{"1":[{"estimated_time_to_regain_access":0}]}"#;
        assert_eq!(said(None, Some(zero)), None);
    }

    #[test]
    fn nobody_makes_us_wait_for_ever() {
        let week = Some(7 * 24 * 3_600);

        assert_eq!(said(Some("99999999999"), None), week);
        let usage =
            r#"{"1":[{"type":"x","estimated_time_to_regain_access":18446744073709551615}]}"#;
        assert_eq!(said(None, Some(usage)), week);
    }
}
