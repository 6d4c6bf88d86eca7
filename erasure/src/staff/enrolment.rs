//! What somebody is shown while they enrol: a fresh secret for the authenticator app, and fresh recovery codes.
//!
//! Nothing of it is stored before it is confirmed. It travels sealed in a cookie, so that the same browser is shown the same
//! picture again after a slip, and whoever else opened the same link holds another secret, which is worth nothing.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    recovery::{self, RecoveryCode},
    totp::Secret,
};
use crate::{id::StaffId, person::EmailAddress, services::Services, time::Timestamp};

const PURPOSE: &str = "staff enrolment";
/// Longer than anybody needs to fetch a telephone and a pencil.
const LIFETIME: Duration = Duration::from_hours(1);

/// A secret and codes that are not valid yet, for one member.
pub struct Enrolment {
    staff: StaffId,
    pub(super) secret: Secret,
    pub(super) codes: Vec<RecoveryCode>,
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    staff: String,
    secret: Vec<u8>,
    codes: Vec<String>,
    at: i64,
}

impl Enrolment {
    /// A fresh one for this member.
    #[must_use]
    pub fn mint(services: &Services, staff: &StaffId) -> Self {
        let random = services.random.as_ref();
        Self {
            staff: staff.clone(),
            secret: Secret::mint(random),
            codes: (0..recovery::COUNT)
                .map(|_| RecoveryCode::mint(random))
                .collect(),
            at: services.now(),
        }
    }

    /// The cookie's value.
    #[must_use]
    pub fn seal(&self, services: &Services) -> String {
        let sealed = Sealed {
            staff: self.staff.to_string(),
            secret: self.secret.bytes().to_vec(),
            codes: self.codes.iter().map(RecoveryCode::grouped).collect(),
            at: self.at.as_millis(),
        };
        let plain = Zeroizing::new(serde_json::to_vec(&sealed).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(services.vault.seal_ephemeral(PURPOSE, &plain))
    }

    /// Reads a cookie's value; `None` when it is not this member's, too old, or nothing that we wrote.
    #[must_use]
    pub fn open(services: &Services, staff: &StaffId, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let plain = Zeroizing::new(services.vault.open_ephemeral(PURPOSE, &sealed)?);
        let read: Sealed = serde_json::from_slice(&plain).ok()?;
        let at = Timestamp::from_millis(read.at);
        let is_theirs = read.staff == staff.as_str();
        (is_theirs && services.now().since(at) < LIFETIME).then_some(())?;
        Some(Self {
            staff: staff.clone(),
            secret: Secret::from_bytes(&read.secret)?,
            codes: read
                .codes
                .iter()
                .map(|code| code.parse().ok())
                .collect::<Option<_>>()?,
            at,
        })
    }

    /// Whose it is.
    #[must_use]
    pub const fn staff(&self) -> &StaffId {
        &self.staff
    }

    /// What the picture says to the authenticator app.
    #[must_use]
    pub fn address(&self, services: &Services, email: &EmailAddress) -> Zeroizing<String> {
        self.secret.address(&services.settings.controller, email)
    }

    /// The secret in letters, to be typed into the app.
    #[must_use]
    pub fn letters(&self) -> Zeroizing<String> {
        self.secret.letters()
    }

    /// The recovery codes, to be written down.
    #[must_use]
    pub fn codes(&self) -> &[RecoveryCode] {
        &self.codes
    }
}
