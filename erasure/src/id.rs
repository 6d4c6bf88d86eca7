//! Names of things: random, meaningless outside, one type each.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};

use crate::{random::Random, time::Timestamp};

/// The text is not an id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct MalformedId;

/// Declares a newtype over a `UUIDv7` in text form: `pub struct Name(String)` with `as_str`, `FromStr`, `Display`, `Serialize`,
/// `Deserialize`, and `mint(now, random)`.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// A new id: later ones sort after earlier ones.
            #[must_use]
            pub fn mint(now: Timestamp, random: &dyn Random) -> Self {
                Self(uuid_v7(now, random))
            }

            /// The text form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// An id that the database holds, and which therefore was minted here.
            #[expect(clippy::allow_attributes, reason = "one macro for all ids; not every kind is read back")]
            #[allow(dead_code, reason = "one macro for all ids; not every kind is read back")]
            pub(crate) fn stored(text: String) -> Self {
                Self(text)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                uuid::Uuid::parse_str(text).map(|id| Self(id.hyphenated().to_string())).map_err(|_| MalformedId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A customer of the platform.
    OrganizationId,
    /// A person with a sign-in.
    UserId,
    /// A person who writes with an organization.
    ContactId,
    /// One sign-in.
    SessionId,
    /// One confirmed deletion.
    ErasureId,
    /// One letter to be sent.
    LetterId,
    /// One person's request.
    RequestId,
    /// One holder's part of a request.
    CaseId,
    /// A member of the staff.
    StaffId,
    /// Anything else that needs a name of its own: codes, jobs, archive records.
    RowId,
}

/// A `UUIDv7` whose moment and chance are the caller's.
pub(crate) fn uuid_v7(now: Timestamp, random: &dyn Random) -> String {
    uuid_v7_of(now, &random.bytes::<10>())
}

/// A `UUIDv7` that follows from these bytes, of which it takes ten.
pub(crate) fn uuid_v7_of(moment: Timestamp, bytes: &[u8]) -> String {
    let millis = u64::try_from(moment.as_millis()).unwrap_or_default();
    let mut ten = [0; 10];
    for (to, from) in ten.iter_mut().zip(bytes) {
        *to = *from;
    }
    uuid::Builder::from_unix_timestamp_millis(millis, &ten)
        .into_uuid()
        .hyphenated()
        .to_string()
}

/// The secret in a link: whoever holds it may see that one case and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Capability(String);

impl Capability {
    /// A fresh secret of 256 bits.
    #[must_use]
    pub fn mint(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
    }

    /// The text that goes into the link.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps: enough to recognize the secret, useless to guess it.
    pub(crate) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for Capability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Capability([redacted])")
    }
}

impl FromStr for Capability {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(text.to_owned())),
            _ => Err(MalformedId),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let random = ChaChaRandom::from_number(1);
        let early = ErasureId::mint(Timestamp::from_millis(1_000), &random);
        let late = ErasureId::mint(Timestamp::from_millis(2_000), &random);

        assert!(early < late);
        assert_eq!(early.as_str().parse(), Ok(early));
    }

    #[test]
    fn a_capability_is_read_back_whole_or_not_at_all() {
        let capability = Capability::mint(&ChaChaRandom::from_number(1));

        assert_eq!(capability.expose().parse(), Ok(capability.clone()));
        assert_eq!("".parse::<Capability>(), Err(MalformedId));
        assert_eq!(
            capability.expose()[1..].parse::<Capability>(),
            Err(MalformedId)
        );
        assert_eq!(format!("{capability:?}"), "Capability([redacted])");
    }
}
