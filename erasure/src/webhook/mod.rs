//! What Meta sends about connected numbers: messages, their fate, and who somebody has become.
//!
//! An event is believed because Meta signed its bytes ([`receive`]), never because of where it comes from. It is applied
//! while Meta waits, in short transactions, and everything in it may come twice: what was not committed is sent again, for up
//! to seven days (`docs/decisions/0018`).
//!
//! - [`payload`]: what is in a body. Each part is read by itself; one that is not understood is counted and spoils no other.
//! - [`messages`], [`statuses`], [`changes`], [`account`]: one file for each thing that can have happened.
//! - [`contacts`]: who somebody is among an organization's contacts; [`batch`]: how much is done at once.
//!
//! Dropped before anything is stored: events of organizations and contacts that are being erased, of numbers that are not
//! connected, and what an erased person wrote before their erasure. A message that carries a proof of identity
//! ([`proof`](crate::proof)) is a message to us: it is not stored among the organization's.
//!
//! **To add a kind of event**: its shape in `payload`, a file here, an arm in [`apply`], an [`Outcome`].

mod account;
mod batch;
mod changes;
mod contacts;
mod content;
mod messages;
mod own_number;
mod payload;
mod sender;
mod statuses;
mod store;
mod tally;

use self::payload::Change;
pub use self::tally::{Outcome, Tally};
use crate::{db::Error, services::Services, vault::AppSecret};

/// What Meta documents as the largest body it sends: 3 MB. A body may not be larger, and whoever serves it says so.
pub const BODY_LIMIT_BYTES: usize = 3 * 1024 * 1024;

/// Why a body is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Meta did not sign it.
    #[error("the signature does not match")]
    BadSignature,
    /// This deployment was not told the app's secret. Meta keeps it and sends it again.
    #[error("the app's secret is not configured")]
    NotConfigured,
    /// Our fault. Meta sends it again; what was applied already is recognized.
    #[error(transparent)]
    Internal(#[from] Error),
}

/// The answer to Meta's question whether this address is ours: the challenge, when the token is the one that was agreed on.
#[must_use]
pub fn answer_challenge<'c>(
    services: &Services,
    mode: &str,
    token: &str,
    challenge: &'c str,
) -> Option<&'c str> {
    let is_plain = (1..=128).contains(&challenge.len())
        && challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_ours = services.settings.meta.expects(token);
    (mode == "subscribe" && is_ours && is_plain).then_some(challenge)
}

/// Takes a body with the value of its header `X-Hub-Signature-256`, and says what became of what is in it.
///
/// # Errors
/// See [`ReceiveError`].
pub async fn receive(
    services: &Services,
    signature: Option<&str>,
    body: &[u8],
) -> Result<Tally, ReceiveError> {
    let secret = services.settings.meta.secret.as_ref();
    let secret = secret.ok_or(ReceiveError::NotConfigured)?;
    if !is_signed(secret, signature, body) {
        return Err(ReceiveError::BadSignature);
    }
    let mut tally = Tally::default();
    for change in payload::changes(body, &mut tally) {
        apply(services, &change, &mut tally).await?;
    }
    Ok(tally)
}

fn is_signed(secret: &AppSecret, header: Option<&str>, body: &[u8]) -> bool {
    header
        .and_then(|header| header.strip_prefix("sha256="))
        .and_then(unhex)
        .is_some_and(|signature| secret.has_signed(body, &signature))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|character| u8::try_from(character.to_digit(16)?).ok())
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

async fn apply(services: &Services, change: &Change<'_>, tally: &mut Tally) -> Result<(), Error> {
    match change.field.as_str() {
        "messages" => messages::apply(services, change, tally).await,
        "user_id_update" => changes::apply(services, change, tally).await,
        "account_update" => account::apply(services, change, tally).await,
        _ => {
            tally.count(Outcome::UnknownField);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::simulated::signature;

    const SECRET: &str = "swordfish";

    fn secret() -> AppSecret {
        AppSecret::new(SECRET.into())
    }

    #[test]
    fn only_the_bytes_that_meta_signed_are_believed() {
        let body = br#"{"object":"whatsapp_business_account","text":"\u00e9t\u00e9"}"#;
        let header = signature(SECRET, body);

        assert!(is_signed(&secret(), Some(&header), body));
        assert!(is_signed(
            &secret(),
            Some(&format!("sha256={}", header[7..].to_uppercase())),
            body
        ));
        // The same JSON in other bytes was not signed.
        let rewritten = r#"{"object":"whatsapp_business_account","text":"été"}"#;
        assert!(!is_signed(&secret(), Some(&header), rewritten.as_bytes()));
        for wrong in [
            None,
            Some(""),
            Some("sha256="),
            Some("sha256=00"),
            Some(&header[7..]),
            Some(&header[..header.len() - 1]),
            Some(&header[..header.len() - 2]),
            Some(&format!("{header}00")),
            Some(&header.replace("sha256", "sha1")),
            Some(&format!("sha256={}", "g".repeat(64))),
            Some(&format!("sha256={}", "é".repeat(32))),
        ] {
            assert!(!is_signed(&secret(), wrong, body), "{wrong:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(4_096)))]

        #[test]
        fn no_made_up_signature_is_accepted(header in "(sha256=)?([0-9a-fA-F]{0,70}|\\PC{0,70})", body in proptest::collection::vec(0_u8..=255, 0..200)) {
            prop_assert!(!is_signed(&secret(), Some(&header), &body));
        }

        #[test]
        fn a_changed_or_truncated_body_is_refused(body in proptest::collection::vec(0_u8..=255, 1..200), at in 0_usize..200, with in 1_u8..=255) {
            let header = signature(SECRET, &body);
            prop_assert!(is_signed(&secret(), Some(&header), &body));
            let at = at % body.len();
            prop_assert!(!is_signed(&secret(), Some(&header), &body[..at]));
            let mut changed = body.clone();
            changed[at] ^= with;
            prop_assert!(!is_signed(&secret(), Some(&header), &changed));
        }
    }
}
