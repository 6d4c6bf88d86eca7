//! `signed_request`: two parts in base64url, a signature and what it signs.
//!
//! The signature is checked over the text as it came and before anything in it is read. The algorithm is pinned: a request
//! cannot choose a weaker one. Its age is bounded, so that a copy found years later starts nothing; within that time a
//! repeated request is answered as the first one was.

use std::time::Duration;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::Deserialize;
use serde_json::Value;

use super::CallbackError;
use crate::{person::AppScopedUserId, time::Timestamp, vault::AppSecret};

/// As long as Meta goes on repeating webhooks. It documents no bound for these.
const OLDEST: Duration = Duration::from_hours(7 * 24);
/// How far clocks may differ.
const SKEW: Duration = Duration::from_mins(5);

/// With or without padding: Meta leaves it away, its sample code accepts both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What Meta said about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRequest {
    /// About whom.
    pub user: AppScopedUserId,
    /// When.
    pub issued_at: Timestamp,
}

#[derive(Deserialize)]
struct Payload {
    algorithm: String,
    issued_at: i64,
    user_id: Value,
}

impl SignedRequest {
    /// Opens a signed request.
    ///
    /// # Errors
    /// See [`CallbackError`].
    pub fn open(text: &str, secret: &AppSecret, now: Timestamp) -> Result<Self, CallbackError> {
        let (signature, payload) = text.split_once('.').ok_or(CallbackError::BadSignature)?;
        let signature = BASE64
            .decode(signature)
            .map_err(|_| CallbackError::BadSignature)?;
        if !secret.has_signed(payload.as_bytes(), &signature) {
            return Err(CallbackError::BadSignature);
        }
        let payload = BASE64
            .decode(payload)
            .map_err(|_| CallbackError::Malformed)?;
        let payload: Payload =
            serde_json::from_slice(&payload).map_err(|_| CallbackError::Malformed)?;
        if !payload.algorithm.eq_ignore_ascii_case("HMAC-SHA256") {
            return Err(CallbackError::Malformed);
        }
        let issued_at = Timestamp::from_millis(payload.issued_at.saturating_mul(1_000));
        if issued_at < now - OLDEST || issued_at > now + SKEW {
            return Err(CallbackError::OutOfTime);
        }
        Ok(Self {
            user: user(&payload.user_id).ok_or(CallbackError::Malformed)?,
            issued_at,
        })
    }
}

/// A text, as documented; numbers are seen in the wild.
fn user(value: &Value) -> Option<AppScopedUserId> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64()?.to_string().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// 2026-11-24T12:00:00Z.
    const NOW: Timestamp = Timestamp::from_millis(1_795_521_600_000);
    const ISSUED: i64 = 1_795_521_000;

    fn secret() -> AppSecret {
        AppSecret::new("swordfish".into())
    }

    /// As Meta makes them.
    fn signed(payload: &[u8]) -> String {
        let payload = URL_SAFE_NO_PAD.encode(payload);
        let signature = URL_SAFE_NO_PAD.encode(secret().sign(payload.as_bytes()));
        format!("{signature}.{payload}")
    }

    fn open(text: &str) -> Result<SignedRequest, CallbackError> {
        SignedRequest::open(text, &secret(), NOW)
    }

    fn opened(payload: &Value) -> Result<SignedRequest, CallbackError> {
        open(&signed(payload.to_string().as_bytes()))
    }

    #[test]
    fn what_meta_signs_is_understood() {
        let documented = json!({ "user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": ISSUED, "expires": ISSUED + 3_600 });
        let in_the_wild = json!({ "user_id": 218_471, "algorithm": "hmac-sha256", "issued_at": ISSUED, "expires": 0,
                                  "user": { "country": "fr", "locale": "fr_FR" } });

        for payload in [documented, in_the_wild] {
            let request = opened(&payload).unwrap();
            assert_eq!(request.user.expose(), "218471");
            assert_eq!(request.issued_at, Timestamp::from_millis(ISSUED * 1_000));
        }
    }

    #[test]
    fn padding_changes_nothing() {
        let payload = URL_SAFE.encode(
            json!({ "user_id": "1", "algorithm": "HMAC-SHA256", "issued_at": ISSUED }).to_string(),
        );
        let signature = URL_SAFE.encode(secret().sign(payload.as_bytes()));
        assert!(signature.ends_with('=') && payload.ends_with('='));

        assert!(open(&format!("{signature}.{payload}")).is_ok());
        // The signature covers the padding: taking it away is a change like any other.
        let stripped = payload.trim_end_matches('=');
        assert!(matches!(
            open(&format!("{signature}.{stripped}")),
            Err(CallbackError::BadSignature)
        ));
    }

    #[test]
    fn another_algorithm_another_age_or_nobody_is_refused() {
        let base = json!({ "user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": ISSUED });
        let with = |key: &str, value: Value| {
            let mut payload = base.clone();
            payload[key] = value;
            opened(&payload)
        };

        for algorithm in ["none", "HMAC-SHA1", "", "HMAC-SHA256 "] {
            let answer = with("algorithm", algorithm.into());
            assert!(
                matches!(answer, Err(CallbackError::Malformed)),
                "{algorithm}"
            );
        }
        for nobody in [
            json!("0"),
            json!(0),
            json!(""),
            json!("me"),
            json!(-1),
            json!(null),
            json!(["1"]),
            json!("1 OR 1=1"),
        ] {
            let answer = with("user_id", nobody.clone());
            assert!(matches!(answer, Err(CallbackError::Malformed)), "{nobody}");
        }
        let now = NOW.as_millis() / 1_000;
        let week = 7 * 24 * 60 * 60;
        for (issued_at, in_time) in [
            (now, true),
            (now + 300, true),
            (now + 301, false),
            (now - week, true),
            (now - week - 1, false),
            (0, false),
            (i64::MAX, false),
            (i64::MIN, false),
        ] {
            let answer = with("issued_at", issued_at.into());
            assert_eq!(answer.is_ok(), in_time, "{issued_at}: {answer:?}");
        }
        assert!(matches!(
            open(&signed(b"[]")),
            Err(CallbackError::Malformed)
        ));
        assert!(matches!(
            open(&signed(b"\xff")),
            Err(CallbackError::Malformed)
        ));
    }

    #[test]
    fn what_is_not_two_signed_parts_is_a_bad_signature() {
        let good = signed(
            json!({ "user_id": "1", "algorithm": "HMAC-SHA256", "issued_at": ISSUED })
                .to_string()
                .as_bytes(),
        );
        let (signature, payload) = good.split_once('.').unwrap();
        for text in [
            String::new(),
            ".".to_owned(),
            payload.to_owned(),
            format!(".{payload}"),
            format!("{signature}."),
            format!("{signature}.{payload}."),
            format!("{signature}.{payload}.{payload}"),
            format!("{payload}.{signature}"),
            format!(" {good}"),
            good.replace('.', "%2E"),
        ] {
            assert!(
                matches!(open(&text), Err(CallbackError::BadSignature)),
                "{text}"
            );
        }
        let foreign = SignedRequest::open(&good, &AppSecret::new("sailfish".into()), NOW);
        assert!(matches!(foreign, Err(CallbackError::BadSignature)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(4_096)))]

        #[test]
        fn nothing_that_the_secret_did_not_sign_is_accepted(text in "[A-Za-z0-9_=.-]{0,200}|\\PC{0,80}") {
            prop_assert!(matches!(open(&text), Err(CallbackError::BadSignature)));
        }

        #[test]
        fn a_changed_request_is_refused(at in 0_usize..160, replacement in "[A-Za-z0-9_.=-]") {
            let good = signed(json!({ "user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": ISSUED }).to_string().as_bytes());
            let mut changed = good.clone();
            let at = at.min(good.len() - 1);
            changed.replace_range(at..=at, &replacement);
            prop_assert_eq!(open(&changed).is_ok(), changed == good);
        }

        #[test]
        fn whatever_is_signed_is_read_or_refused(payload in proptest::collection::vec(0_u8..=255, 0..120)) {
            prop_assert!(!matches!(open(&signed(&payload)), Err(CallbackError::BadSignature)));
        }

        #[test]
        fn whoever_is_named_in_time_is_understood(user in 1_u64..u64::MAX, age in 0_i64..600_000) {
            let request = opened(&json!({ "user_id": user.to_string(), "algorithm": "HMAC-SHA256", "issued_at": NOW.as_millis() / 1_000 - age })).unwrap();
            prop_assert_eq!(request.user.expose(), user.to_string());
        }
    }
}
