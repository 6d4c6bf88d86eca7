//! What the browser is asked to sign: a challenge, for one purpose, for five minutes, answered once.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::{
    db::{Error, Tx, value::args},
    id::StaffId,
    services::{Services, Settings},
    time::Timestamp,
};

const PURPOSE: &str = "staff passkey";
const LIFETIME: Duration = Duration::from_mins(5);

/// Who we are to an authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// Our domain: a passkey works nowhere else.
    pub id: String,
    /// Scheme, domain and port of our pages.
    pub origin: String,
}

impl RelyingParty {
    /// From the address of the site; `None` when that has no domain, as on a bare IP address: browsers have no passkeys there.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let url = Url::parse(&settings.public_url).ok()?;
        match url.host()? {
            Host::Domain(domain) => Some(Self {
                id: domain.to_owned(),
                origin: url.origin().ascii_serialization(),
            }),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }
}

/// What a response will be taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody unknown signs in.
    SignIn,
    /// This member proves again who they are.
    Prove(StaffId),
    /// This member adds a passkey.
    Add(StaffId),
}

/// A challenge that waits for its answer.
pub struct Ceremony {
    purpose: Purpose,
    pub(super) challenge: [u8; 32],
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    purpose: String,
    staff: Option<String>,
    challenge: [u8; 32],
    at: i64,
}

impl Ceremony {
    /// A fresh challenge.
    #[must_use]
    pub fn mint(services: &Services, purpose: Purpose) -> Self {
        Self {
            purpose,
            challenge: services.random.bytes(),
            at: services.now(),
        }
    }

    /// What the response is for.
    #[must_use]
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The challenge as the page hands it to the browser.
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.challenge)
    }

    /// The cookie's value.
    #[must_use]
    pub fn seal(&self, services: &Services) -> String {
        let (purpose, staff) = match &self.purpose {
            Purpose::SignIn => ("sign_in", None),
            Purpose::Prove(staff) => ("prove", Some(staff.to_string())),
            Purpose::Add(staff) => ("add", Some(staff.to_string())),
        };
        let sealed = Sealed {
            purpose: purpose.to_owned(),
            staff,
            challenge: self.challenge,
            at: self.at.as_millis(),
        };
        let plain = serde_json::to_vec(&sealed).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(services.vault.seal_ephemeral(PURPOSE, &plain))
    }

    /// Reads a cookie's value; `None` when it is too old or nothing that we wrote.
    #[must_use]
    pub fn open(services: &Services, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let plain = services.vault.open_ephemeral(PURPOSE, &sealed)?;
        let read: Sealed = serde_json::from_slice(&plain).ok()?;
        let at = Timestamp::from_millis(read.at);
        let staff = read.staff.map(StaffId::stored);
        let purpose = match (read.purpose.as_str(), staff) {
            ("sign_in", None) => Purpose::SignIn,
            ("prove", Some(staff)) => Purpose::Prove(staff),
            ("add", Some(staff)) => Purpose::Add(staff),
            _ => return None,
        };
        (services.now().since(at) < LIFETIME).then_some(Self {
            purpose,
            challenge: read.challenge,
            at,
        })
    }

    /// Uses the challenge up; says whether it was still unanswered.
    pub(super) async fn spend(&self, tx: &mut Tx) -> Result<bool, Error> {
        let rows = tx
            .execute(
                "-- spend_challenge
                 INSERT INTO staff_challenges (digest, expires_at) VALUES ($1, $2)
                 ON CONFLICT (digest) DO NOTHING",
                args![Sha256::digest(self.challenge).to_vec(), self.at + LIFETIME],
            )
            .await?;
        Ok(rows == 1)
    }
}

#[cfg(test)]
impl Ceremony {
    /// One with this challenge.
    pub(super) fn of(challenge: [u8; 32]) -> Self {
        Self {
            purpose: Purpose::SignIn,
            challenge,
            at: Timestamp::from_millis(0),
        }
    }
}
