//! One line of the ledger: a fact, when it was noted, and what binds it to the line before.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    canonical::{self, Digest},
    hold::Basis,
    id::ErasureId,
    time::Timestamp,
    vault::VerifyingKey,
};

/// What is noted. Random internal ids, digests and moments, and nothing about anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// A ledger begins.
    Opened {
        /// Its name, by which databases and backups know that it is theirs.
        ledger: String,
    },
    /// What was noted up to here is needed no more and was dropped; this line stands in its place.
    Anchor {
        /// The ledger's name.
        ledger: String,
        /// How many restores had begun.
        generation: i64,
        /// The hash of the last line that was dropped: the next one continues from it.
        head: Digest,
    },
    /// An erasure was confirmed: from here on it happens, unless it is cancelled.
    Confirmed(Case),
    /// It was cancelled before anything was deleted.
    Cancelled {
        /// Which.
        erasure: ErasureId,
    },
    /// Everything is gone and was read back.
    Erased {
        /// Which erasure, and whose data.
        #[serde(flatten)]
        case: Case,
        /// The digest of its receipt.
        receipt: Digest,
    },
    /// A legal hold was placed, or its days were moved: until its end nothing that it meets is erased.
    Held(HoldNote),
    /// A legal hold was lifted, or its day came.
    HoldEnded {
        /// Which.
        hold: String,
    },
    /// A key was destroyed, and with it whatever it sealed.
    KeyDestroyed {
        /// What the key opened, as `data_keys.scope` says it, for example `archive/<id>`.
        scope: String,
    },
    /// Receipts are signed with this key from here on.
    ReceiptKey {
        /// Its public half.
        key: VerifyingKey,
    },
    /// A copy was put in the place of the database: every database that does not know of it is an older one.
    Restoring {
        /// This restore.
        restore: String,
        /// The backup that the copy came from; none if the copy was put there by other means.
        backup: Option<String>,
    },
    /// What that copy did not know has been replayed and read back.
    Restored {
        /// That restore.
        restore: String,
        /// How many erasures were replayed.
        replayed: i64,
    },
}

/// An erasure, with everything that it takes to do it once more on an older copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub erasure: ErasureId,
    /// What people quote.
    pub reference: String,
    /// The digests of the secrets in people's links, so that the links go on working.
    pub links: Vec<Digest>,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it starts: later than that while other owners may cancel.
    pub starts_at: Timestamp,
    /// Whose data goes.
    pub subjects: Vec<SubjectRef>,
}

/// Somebody whose data goes, by the name that the engine's rows use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRef {
    /// `organization`, `user` …
    pub kind: String,
    /// A random internal id.
    pub id: String,
}

/// A legal hold, with everything that it takes to place it once more on an older copy, and nothing about anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldNote {
    /// Its id.
    pub hold: String,
    /// Why.
    pub basis: Basis,
    /// What it is about: an organization, a contact, or a case, which is an erasure.
    pub subject: SubjectRef,
    /// The organization that this lies in; none for a case.
    pub organization: Option<String>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it is looked at again.
    pub review_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Fact {
    /// What makes two notes the same one: noting a fact again changes nothing.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Opened { ledger } => format!("opened/{ledger}"),
            Self::Anchor { head, .. } => format!("anchor/{head}"),
            Self::Confirmed(case) => format!("confirmed/{}", case.erasure),
            Self::Cancelled { erasure } => format!("cancelled/{erasure}"),
            Self::Erased { case, receipt } => format!("erased/{}/{receipt}", case.erasure),
            Self::Held(note) => {
                let HoldNote {
                    hold,
                    review_at,
                    expires_at,
                    ..
                } = note;
                format!("held/{hold}/{review_at}/{expires_at}")
            }
            Self::HoldEnded { hold } => format!("hold_ended/{hold}"),
            Self::KeyDestroyed { scope } => format!("key_destroyed/{scope}"),
            Self::ReceiptKey { key } => format!("receipt_key/{key}"),
            Self::Restoring { restore, .. } => format!("restoring/{restore}"),
            Self::Restored { restore, .. } => format!("restored/{restore}"),
        }
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number: one more than the line before.
    pub sequence: i64,
    /// When it was noted; never before the line before it, whatever the clock says.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
    /// The hash of the line before.
    pub previous: Digest,
}

/// Why a line is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineFault {
    /// It is not JSON of this form.
    NotAnEntry,
    /// Its hash is not that of its content.
    Changed,
    /// Its content is of a kind that this program does not know.
    Unknown,
}

impl Entry {
    /// The line, without its end, and its hash.
    pub(super) fn to_line(&self) -> Result<(String, Digest), canonical::NotCanonical> {
        let mut value = serde_json::to_value(self).map_err(|_| canonical::NotCanonical)?;
        let hash = canonical::digest(&value)?;
        if let Value::Object(members) = &mut value {
            members.insert("hash".to_owned(), Value::from(hash.to_string()));
        }
        Ok((canonical::text(&value)?, hash))
    }

    /// Reads a line; says its hash, which is that of everything else in it.
    pub(super) fn of_line(line: &str) -> Result<(Self, Digest), LineFault> {
        let mut value = canonical::parse(line.as_bytes()).map_err(|_| LineFault::NotAnEntry)?;
        let claimed = value
            .as_object_mut()
            .and_then(|members| members.remove("hash"))
            .ok_or(LineFault::NotAnEntry)?;
        let hash = canonical::digest(&value).map_err(|_| LineFault::NotAnEntry)?;
        if claimed != hash.to_string() {
            return Err(LineFault::Changed);
        }
        let entry = serde_json::from_value(value).map_err(|_| LineFault::Unknown)?;
        Ok((entry, hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    fn entry() -> Entry {
        let random = ChaChaRandom::from_number(1);
        let at = Timestamp::from_millis(1_795_521_600_000);
        Entry {
            sequence: 7,
            at,
            fact: Fact::Erased {
                case: Case {
                    erasure: ErasureId::mint(at, &random),
                    reference: "QD-0000-0000".to_owned(),
                    links: vec![Digest::of(b"link")],
                    confirmed_at: at,
                    starts_at: at,
                    subjects: vec![SubjectRef {
                        kind: "user".to_owned(),
                        id: "x".to_owned(),
                    }],
                },
                receipt: Digest::of(b"receipt"),
            },
            previous: Digest::NOTHING,
        }
    }

    #[test]
    fn an_entry_survives_its_journey_as_a_line() {
        let (line, hash) = entry().to_line().unwrap();

        assert!(!line.contains('\n'));
        assert_eq!(Entry::of_line(&line), Ok((entry(), hash)));
    }

    #[test]
    fn whoever_changes_a_line_is_found_out() {
        let (line, _) = entry().to_line().unwrap();

        for (from, to) in [
            ("QD-0000", "QD-0001"),
            ("\"user\"", "\"usar\""),
            ("\"sequence\":7", "\"sequence\":8"),
            ("000Z", "001Z"),
        ] {
            assert!(line.contains(from), "{from}");
            let changed = line.replacen(from, to, 1);
            assert_eq!(Entry::of_line(&changed), Err(LineFault::Changed), "{from}");
        }
        assert_eq!(Entry::of_line("{}"), Err(LineFault::NotAnEntry));
        assert_eq!(Entry::of_line("\0\0\0"), Err(LineFault::NotAnEntry));
    }
}
