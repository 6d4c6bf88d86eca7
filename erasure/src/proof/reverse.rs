//! The person writes to the business: a short code that comes back through Meta proves from whom it came.
//!
//! The code is single-use, lives fifteen minutes and has 40 bits; trying codes would mean sending a WhatsApp message for each.
//! What counts is when it was sent, which Meta signs, so an outage of theirs or ours costs nobody their proof. The text that
//! the person sends says what it asks for, so that nobody can be talked into sending it without knowing.

use std::{fmt::Write as _, time::Duration};

use super::{Passed, prove, reverse_store as store};
use crate::{
    db::{self, Tx},
    id::OrganizationId,
    locale::Locale,
    network::Network,
    person::{Identity, PhoneNumber},
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    symbols,
    time::Timestamp,
};

/// How long a code works.
const LIFETIME: Duration = Duration::from_mins(15);
/// A page that is opened again shows the same code while it has at least this long to live.
const WORTH_SHOWING: Duration = Duration::from_mins(5);
/// 40 bits, in two groups.
const SYMBOLS: usize = 8;
/// Words of a message that are looked up; ours has one code in it.
const MOST_CODES: usize = 8;
/// How far Meta's clock may be behind ours.
const SKEW: Duration = Duration::from_mins(5);

const BY_REQUEST: Limit = Limit {
    name: "reverse proofs, request",
    burst: 5,
    every: Duration::from_mins(5),
};
const BY_NETWORK: Limit = Limit {
    name: "reverse proofs, network",
    burst: 20,
    every: Duration::from_mins(1),
};

/// A code that waits to be sent by the person.
#[derive(Clone, PartialEq, Eq)]
pub struct ReverseChallenge {
    code: String,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for ReverseChallenge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "ReverseChallenge([redacted], {})",
            self.expires_at
        )
    }
}

/// Why there is no code to show.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// This deployment hears nothing from Meta.
    #[error("this deployment is not connected to Meta")]
    NotOffered,
    /// Too many codes for this request, or for this network.
    #[error("too many codes")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

impl ReverseChallenge {
    pub(super) fn stored(code: &str, expires_at: Timestamp) -> Self {
        Self {
            code: code.to_owned(),
            expires_at,
        }
    }

    /// The code as people read it: `K7Q2-M9XD`.
    #[must_use]
    pub fn code(&self) -> String {
        let (left, right) = self.code.split_at(self.code.len() / 2);
        format!("{left}-{right}")
    }

    /// What the person sends.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let code = self.code();
        match locale {
            Locale::Fr => {
                format!("Bonjour, je demande la suppression de mes données. Mon code : {code}")
            }
            Locale::En => format!("Hello, I ask for my data to be deleted. My code: {code}"),
        }
    }

    /// A link that opens WhatsApp with that text: in the conversation with this number, or, without one, where the person
    /// chooses the conversation.
    #[must_use]
    pub fn link(&self, locale: Locale, to: Option<&PhoneNumber>) -> String {
        let mut link = String::from("https://wa.me/");
        link.push_str(to.map_or("", PhoneNumber::expose));
        link.push_str("?text=");
        for byte in self.text(locale).bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                link.push(char::from(byte));
            } else {
                let _ = write!(link, "%{byte:02X}");
            }
        }
        link
    }
}

/// The code for a request: the one that it has, while that is fresh, or a new one.
///
/// # Errors
/// See [`BeginError`].
pub async fn begin_reverse(
    services: &Services,
    request: &str,
    network: &Network,
) -> Result<ReverseChallenge, BeginError> {
    if services.settings.meta.secret.is_none() {
        return Err(BeginError::NotOffered);
    }
    let now = services.now();
    let current = store::current(services, request).await?;
    if let Some(challenge) = current.filter(|one| one.expires_at > now + WORTH_SHOWING) {
        return Ok(challenge);
    }
    let limits = [(BY_REQUEST, request), (BY_NETWORK, network.expose())];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(BeginError::TooManyTries { retry_at });
    }
    let challenge = ReverseChallenge {
        code: symbols::spell(&services.random.bytes::<SYMBOLS>()),
        expires_at: now + LIFETIME,
    };
    let mut tx = services.db.begin().await?;
    let digest = digest(services, &challenge.code);
    store::insert(&mut tx, services, request, digest, &challenge).await?;
    tx.commit().await?;
    Ok(challenge)
}

/// Looks for a code in what somebody wrote, and takes it as their proof. `true`: it carried one, and is nobody else's message;
/// also when it comes again.
pub(crate) async fn receive(
    tx: &mut Tx,
    services: &Services,
    text: &str,
    identities: &[Identity],
    (via, sent_at): (Option<&OrganizationId>, Timestamp),
) -> Result<bool, db::Error> {
    let codes: Vec<_> = codes(text)
        .iter()
        .map(|code| digest(services, code))
        .collect();
    if codes.is_empty() {
        return Ok(false);
    }
    let sent_at = sent_at.min(services.now());
    let Some(challenge) = store::by_code(tx, &codes, (sent_at, sent_at + SKEW)).await? else {
        return Ok(false);
    };
    if store::use_up(tx, &challenge.id, services.now()).await? {
        let passed = Passed {
            id: challenge.id,
            request: challenge.request,
        };
        prove(tx, services, &passed, identities, via).await?;
    }
    Ok(true)
}

fn digest(services: &Services, code: &str) -> Vec<u8> {
    services
        .vault
        .keyed_digest("reverse proof", &[code.as_bytes()])
}

/// What could be codes in a text: eight characters in one piece, or two groups of four.
fn codes(text: &str) -> Vec<String> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let whole = words.iter().map(|word| (*word).to_owned());
    let halves = words.windows(2).map(<[&str]>::concat);
    let is_half = |pair: &[&str]| pair.iter().all(|word| word.len() == SYMBOLS / 2);
    let halves = words
        .windows(2)
        .zip(halves)
        .filter(|(pair, _)| is_half(pair))
        .map(|(_, both)| both);
    // Ours stands at the end.
    let mut found: Vec<String> = whole
        .chain(halves)
        .filter(|word| word.len() == SYMBOLS)
        .filter_map(|word| symbols::read(&word))
        .collect();
    found.reverse();
    found.truncate(MOST_CODES);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge() -> ReverseChallenge {
        ReverseChallenge::stored("K7Q2M9XD", Timestamp::from_millis(0))
    }

    #[test]
    fn the_link_opens_whatsapp_with_the_text() {
        let number = PhoneNumber::of_business("+33 1 23 45 67 89").unwrap();

        assert_eq!(
            challenge().link(Locale::En, Some(&number)),
            "https://wa.me/33123456789?text=Hello%2C%20I%20ask%20for%20my%20data%20to%20be%20deleted.%20My%20code%3A%20K7Q2-M9XD"
        );
        assert!(
            challenge()
                .link(Locale::Fr, None)
                .starts_with("https://wa.me/?text=Bonjour%2C%20je%20demande%20la%20suppression%20de%20mes%20donn%C3%A9es.")
        );
        assert!(!format!("{:?}", challenge()).contains("K7Q2"));
    }

    #[test]
    fn a_code_is_found_however_it_is_sent() {
        for text in [
            challenge().text(Locale::Fr).as_str(),
            challenge().text(Locale::En).as_str(),
            "k7q2-m9xd",
            "K7Q2M9XD",
            "my code is k7q2 m9xd, thank you",
            "*K7Q2-M9XD*",
            "K7Q2\u{2011}M9XD",
        ] {
            assert!(codes(text).contains(&"K7Q2M9XD".to_owned()), "{text}");
        }
        for text in ["", "hello", "K7Q2", "K7Q2-M9X", "K7Q2M9XDA", "K7U2-M9XD"] {
            assert_eq!(codes(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_long_text_costs_a_few_look_ups(text in "([a-z0-9]{4,8}[ -]){0,200}\\PC{0,50}") {
            assert!(codes(&text).len() <= MOST_CODES);
        }

        #[test]
        fn the_code_at_the_end_is_always_among_those_looked_up(before in "\\PC{0,100}", bytes in proptest::array::uniform8(0_u8..=255)) {
            let code = symbols::spell(&bytes);
            let challenge = ReverseChallenge::stored(&code, Timestamp::from_millis(0));
            assert!(codes(&format!("{before} {}", challenge.text(Locale::Fr))).contains(&code));
        }
    }
}
