//! What an answer of Meta's means for whoever asked.
//!
//! Meta asks to go by `code`, not by the HTTP status: 3 comes with 500 and is final, 2 comes with 200 now and then. The
//! subcode only refines, and `is_transient` overrules.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    limits,
    transport::{Answer, Call},
};

/// Longer than any trace id of Meta's.
const LONGEST_TRACE: usize = 64;
/// A block for policy, a locked account: asking more often changes nothing.
const DAILY: Duration = Duration::from_hours(24);
/// "10 registrations or deregistrations in 72 hours".
const REGISTRATION_LIMIT: Duration = Duration::from_hours(72);

/// Codes of outages and limits, which pass: 1, 2, 131000, 131016, 131057 and 133004 are Meta's own troubles, the others are
/// ours for asking too much.
const PASSING: [i64; 14] = [
    1, 2, 4, 17, 32, 613, 80_007, 80_008, 130_429, 131_000, 131_016, 131_056, 131_057, 133_004,
];

/// What Meta's support asks for when something did not work. Nothing in it is about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The HTTP status; absent when nothing came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `error.code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// `error.error_subcode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcode: Option<i64>,
    /// `error.fbtrace_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// Why Meta did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// There is nothing to do: the account, the number or the subscription does not exist.
    #[error("Meta says that it is gone already")]
    Gone(Evidence),
    /// Meta refuses us: the token is dead or the permission taken away. It then sends us no events either.
    #[error("Meta does not accept our token or permission")]
    NoAccess(Evidence),
    /// Not now: an outage, a rate limit, a lost connection.
    #[error("Meta cannot be reached or is busy")]
    Later {
        /// What came back.
        evidence: Evidence,
        /// How long Meta, or our circuit breaker, asks us to wait.
        wait: Option<Duration>,
    },
    /// An answer that a person has to look at. It is asked again all the same: the person may have mended it.
    #[error("Meta refuses for a reason that needs a person")]
    NeedsPerson {
        /// What came back.
        evidence: Evidence,
        /// How long it makes no sense to ask again.
        wait: Option<Duration>,
    },
    /// This program does not know where the Graph API is, or lacks what this call needs.
    #[error("no Graph API is configured")]
    NotConfigured,
}

impl GraphError {
    /// What came back.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        match self {
            Self::Gone(evidence)
            | Self::NoAccess(evidence)
            | Self::Later { evidence, .. }
            | Self::NeedsPerson { evidence, .. } => evidence.clone(),
            Self::NotConfigured => Evidence::default(),
        }
    }

    /// Nothing came back, or nothing that can be understood.
    pub(super) const fn unanswered(wait: Option<Duration>) -> Self {
        Self::Later {
            evidence: Evidence {
                status: None,
                code: None,
                subcode: None,
                trace: None,
            },
            wait,
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    error: Details,
}

#[derive(Deserialize)]
struct Details {
    code: i64,
    error_subcode: Option<i64>,
    fbtrace_id: Option<String>,
    #[serde(default)]
    is_transient: bool,
}

/// The content of an answer that did what was asked, or what it means that it did not.
pub(super) fn interpret(call: Call, answer: &Answer) -> Result<Value, GraphError> {
    let wait = limits::wait(answer);
    if let Ok(Envelope { error }) = serde_json::from_slice(&answer.body) {
        return Err(classify(call, answer.status, error, wait));
    }
    let evidence = Evidence {
        status: Some(answer.status),
        ..Evidence::default()
    };
    match (answer.status, serde_json::from_slice::<Value>(&answer.body)) {
        (200..=299, Ok(content)) => Ok(content),
        // An empty body, HTML, half a body: somebody between us and Meta, or Meta on a bad day.
        (200..=299 | 429 | 500.., _) => Err(GraphError::Later { evidence, wait }),
        _ => Err(GraphError::NeedsPerson {
            evidence,
            wait: None,
        }),
    }
}

/// Whether a content says `{"success": true}`.
pub(super) fn succeeded(content: &Value) -> Result<(), GraphError> {
    let evidence = Evidence {
        status: Some(200),
        ..Evidence::default()
    };
    match content.get("success").unwrap_or(content) {
        Value::Bool(true) => Ok(()),
        Value::Bool(false) => Err(GraphError::NeedsPerson {
            evidence,
            wait: None,
        }),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Err(GraphError::Later {
                evidence,
                wait: None,
            })
        }
    }
}

fn classify(call: Call, status: u16, details: Details, wait: Option<Duration>) -> GraphError {
    let code = details.code;
    let evidence = Evidence {
        status: Some(status),
        code: Some(code),
        subcode: details.error_subcode,
        trace: details.fbtrace_id.filter(|trace| is_trace(trace)),
    };
    match (code, details.error_subcode) {
        _ if details.is_transient => GraphError::Later { evidence, wait },
        (33 | 803, _) => GraphError::Gone(evidence),
        // The number is not on the Cloud API: for a deregistration that is the wish.
        (133_010, _) if call == Call::Deregister => GraphError::Gone(evidence),
        // 100/33 hides whether the account is gone or our access: either way nothing comes from it any more.
        (0 | 3 | 10 | 102 | 190 | 200..=299 | 131_005, _) | (100, Some(33)) => {
            GraphError::NoAccess(evidence)
        }
        (code, _) if PASSING.contains(&code) => GraphError::Later { evidence, wait },
        (368 | 131_031, _) => needs_person(evidence, Some(DAILY)),
        (133_016, _) => needs_person(evidence, Some(REGISTRATION_LIMIT)),
        (104, _) => needs_person(evidence, None), // our app secret is wrong
        _ if matches!(status, 429 | 500..) => GraphError::Later { evidence, wait },
        _ => needs_person(evidence, None),
    }
}

const fn needs_person(evidence: Evidence, wait: Option<Duration>) -> GraphError {
    GraphError::NeedsPerson { evidence, wait }
}

/// It is kept and logged, so it may be nothing but what Meta's trace ids look like.
fn is_trace(text: &str) -> bool {
    let fits = matches!(text.len(), 1..=LONGEST_TRACE);
    fits && text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            body: body.as_bytes().to_vec(),
            ..Answer::default()
        }
    }

    fn error(status: u16, body: &str) -> GraphError {
        interpret(Call::Unsubscribe, &answer(status, body)).unwrap_err()
    }

    #[test]
    fn an_error_counts_whatever_the_status_says() {
        let body = r#"{"error":{"message":"m","type":"t","code":190,"error_subcode":463,"fbtrace_id":"A-b_1"}}"#;

        for status in [200, 302, 400, 401, 429, 500] {
            let expected = Evidence {
                status: Some(status),
                code: Some(190),
                subcode: Some(463),
                trace: Some("A-b_1".to_owned()),
            };
            assert_eq!(error(status, body), GraphError::NoAccess(expected));
        }
    }

    #[test]
    fn what_meta_calls_transient_is_asked_again_whatever_its_code() {
        let body = r#"{"error":{"message":"m","type":"t","code":99999,"is_transient":true}}"#;

        assert!(matches!(error(400, body), GraphError::Later { .. }));
    }

    #[test]
    fn a_trace_that_could_say_something_about_somebody_is_dropped() {
        for trace in ["Ada Lovelace", "a@b.c", "", "\\u001b[31m", &"A".repeat(65)] {
            let body = format!(r#"{{"error":{{"code":10,"fbtrace_id":"{trace}"}}}}"#);
            assert_eq!(error(403, &body).evidence().trace, None, "{trace}");
        }
    }

    #[test]
    fn success_is_only_what_says_so() {
        let said = |body: &str| succeeded(&serde_json::from_str(body).unwrap());

        assert_eq!(said(r#"{"success":true}"#), Ok(()));
        assert_eq!(said("true"), Ok(()));
        assert!(matches!(
            said(r#"{"success":false}"#),
            Err(GraphError::NeedsPerson { .. })
        ));
        for odd in [
            "{}",
            "[]",
            "1",
            r#"{"success":"yes"}"#,
            r#"{"data":{"success":true}}"#,
        ] {
            assert!(matches!(said(odd), Err(GraphError::Later { .. })), "{odd}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_of_anybodys_is_taken_for_success_or_panics(status in 0_u16..700, body in "\\PC{0,80}") {
            for call in Call::ALL {
                if let Ok(content) = interpret(call, &answer(status, &body)) {
                    proptest::prop_assert!((200..300).contains(&status));
                    if succeeded(&content).is_ok() {
                        proptest::prop_assert!(body.contains("true"), "{}", body);
                    }
                }
            }
        }
    }
}
