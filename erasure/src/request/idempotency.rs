//! Keys with which a program may send the same request again after an answer was lost
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! The database keeps a keyed digest of the key and of where it came from, for a day. A key from elsewhere is another key, so
//! that nobody gets at somebody's private link by guessing.

use std::{fmt, str::FromStr, time::Duration};

use super::submit::Ask;
use crate::{
    db::{Error, Source, Tx, value::args},
    id::RequestId,
    locale::Locale,
    network::Network,
    person::EmailAddress,
    services::Services,
    time::Timestamp,
};

/// Clients try again within minutes; a day is for those that were switched off.
const TERM: Duration = Duration::from_hours(24);
/// Fewer characters could be guessed; a UUID has 36.
const SHORTEST: usize = 16;
const LONGEST: usize = 255;

/// A key that a program chose for one request.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 16 to 255 printable characters")]
pub struct MalformedKey;

impl FromStr for IdempotencyKey {
    type Err = MalformedKey;

    /// Reads the header's value: a string in quotes (RFC 9651), or, as many clients send it, without them.
    fn from_str(text: &str) -> Result<Self, MalformedKey> {
        let text = text.trim();
        let bare = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        let fits = (SHORTEST..=LONGEST).contains(&bare.len());
        if fits
            && bare
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'"')
        {
            Ok(Self(bare.to_owned()))
        } else {
            Err(MalformedKey)
        }
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdempotencyKey([redacted])")
    }
}

/// What is known of a key.
pub(super) enum Replay {
    /// It was never used, or its day is over.
    Unknown,
    /// It was used for exactly this.
    Same(RequestId),
    /// It was used for something else.
    Other,
}

/// Looks a key up.
pub(super) async fn find(
    source: &mut Source<'_>,
    services: &Services,
    key: &IdempotencyKey,
    network: &Network,
    ask: &Ask,
) -> Result<Replay, Error> {
    let row: Option<(Vec<u8>, String)> = source
        .optional(
            "-- find_idempotency_key
             SELECT fingerprint, request_id FROM idempotency_keys WHERE key_hash = $1 AND expires_at > $2",
            args![hash(services, key, network), services.now()],
        )
        .await?;
    Ok(match row {
        None => Replay::Unknown,
        Some((print, id)) if print == fingerprint(services, ask) => {
            Replay::Same(RequestId::stored(id))
        }
        Some(_) => Replay::Other,
    })
}

/// Keeps a key, in the transaction of the request it belongs to.
pub(super) async fn keep(
    tx: &mut Tx,
    services: &Services,
    (key, network): (&IdempotencyKey, &Network),
    ask: &Ask,
    request: &RequestId,
) -> Result<(), Error> {
    tx.execute(
        "-- keep_idempotency_key
         INSERT INTO idempotency_keys (key_hash, fingerprint, request_id, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key_hash) DO UPDATE
         SET fingerprint = excluded.fingerprint, request_id = excluded.request_id, expires_at = excluded.expires_at",
        args![
            hash(services, key, network),
            fingerprint(services, ask),
            request,
            services.now() + TERM
        ],
    )
    .await?;
    Ok(())
}

/// Forgets keys whose day is over.
pub(super) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM idempotency_keys WHERE expires_at <= $1",
        args![now],
    )
    .await
}

fn hash(services: &Services, key: &IdempotencyKey, network: &Network) -> Vec<u8> {
    let parts = [key.0.as_bytes(), network.expose().as_bytes()];
    services.vault.keyed_digest("idempotency key", &parts)
}

fn fingerprint(services: &Services, ask: &Ask) -> Vec<u8> {
    let parts = [
        ask.asker.role().as_str(),
        ask.asker.identity().kind(),
        ask.asker.identity().expose(),
        ask.business.as_ref().map_or("", |name| name.expose()),
        ask.contact.as_ref().map_or("", EmailAddress::expose),
        Locale::as_str(ask.locale),
    ];
    let parts = parts.map(str::as_bytes);
    services.vault.keyed_digest("idempotent request", &parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_in_quotes_or_not() {
        let bare: IdempotencyKey = "8e03978e-40d5-43dd-bc93-6894a57f9324".parse().unwrap();

        let quoted = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"".parse().unwrap();

        assert_eq!(bare, quoted);
        assert_eq!(format!("{bare:?}"), "IdempotencyKey([redacted])");
    }

    #[test]
    fn what_could_be_guessed_or_cannot_be_a_header_is_no_key() {
        for text in [
            "",
            "1",
            "\"1\"",
            "fifteen-letters",
            "sixteen letters!",
            "ééééééééé",
            &"x".repeat(256),
        ] {
            assert_eq!(
                text.parse::<IdempotencyKey>(),
                Err(MalformedKey),
                "{text:?}"
            );
        }
    }
}
