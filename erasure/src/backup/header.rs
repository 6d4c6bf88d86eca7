//! The first bytes of a backup: what it is, for whom, and which key it takes. In clear, so that it can be listed and refused
//! without a key; bound to all that follows, so that it cannot be changed.

use std::{
    fmt,
    io::{self, Read},
    str::FromStr,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::{canonical::Digest, db::Backend, random::Random, time::Timestamp};

/// What every backup begins with.
const MAGIC: &[u8; 16] = b"qliento backup\0\n";
/// The form of everything behind the magic.
pub(super) const FORMAT: u32 = 1;
/// A header has some 600 bytes. What claims to have more than this is damaged.
const LONGEST: u32 = 64 * 1024;

/// A backup's name: when it was begun, and chance. `2026-11-25T03-00-00Z-9f1c2ab4`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BackupId(String);

/// The text is not the name of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a backup: `qliento backup list` shows them")]
pub struct MalformedBackupId;

impl BackupId {
    pub(super) fn mint(now: Timestamp, random: &dyn Random) -> Self {
        let moment = now.to_rfc3339();
        let (seconds, _) = moment.split_once('.').unwrap_or((&moment, ""));
        let chance = u32::from_be_bytes(random.bytes());
        Self(format!("{}Z-{chance:08x}", seconds.replace(':', "-")))
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BackupId {
    type Err = MalformedBackupId;

    fn from_str(text: &str) -> Result<Self, MalformedBackupId> {
        let form = b"0000-00-00T00-00-00Z-xxxxxxxx";
        let fits = |(byte, form): (u8, &u8)| match form {
            b'0' => byte.is_ascii_digit(),
            b'x' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            other => byte == *other,
        };
        if text.len() == form.len() && text.bytes().zip(form).all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedBackupId)
        }
    }
}

impl TryFrom<String> for BackupId {
    type Error = MalformedBackupId;

    fn try_from(text: String) -> Result<Self, MalformedBackupId> {
        text.parse()
    }
}

impl From<BackupId> for String {
    fn from(id: BackupId) -> Self {
        id.0
    }
}

impl fmt::Display for BackupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The form of the file.
    pub format: u32,
    /// Its name.
    pub id: BackupId,
    /// The database is as it was then, or a little later.
    pub made_at: Timestamp,
    /// The program that made it.
    pub program: String,
    /// The database.
    pub database: DatabaseHeader,
    /// How far the ledger had come before.
    pub ledger: LedgerMark,
    /// Whether it holds the content of media files, or only which there were.
    pub media: bool,
    /// The id of the master key that opens it.
    pub master_key: String,
}

/// What a backup says of its database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseHeader {
    /// `sqlite` or `postgres`.
    pub backend: Backend,
    /// The number of its last migration.
    pub migration: i64,
    /// How a Postgres database was made: encoding, collation, character classes.
    pub locale: Option<[String; 3]>,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerMark {
    /// The ledger's name.
    pub ledger: String,
    /// The number of the line.
    pub sequence: i64,
    /// Its hash.
    pub head: Digest,
}

/// A header as it was read, with what it takes to open the rest.
pub(super) struct Opening {
    pub(super) header: Header,
    /// The header's bytes, to which everything behind is bound.
    pub(super) label: Vec<u8>,
    /// The key, wrapped.
    pub(super) wrapped: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    /// The header in its own text: bytes that are bound must not be written anew.
    header: String,
    key: String,
}

impl Header {
    /// The bytes that everything behind the header is bound to.
    pub(super) fn label(&self) -> io::Result<Vec<u8>> {
        Ok(serde_json::to_vec(self)?)
    }

    /// The beginning of the file.
    pub(super) fn beginning(label: &[u8], wrapped: &[u8]) -> io::Result<Vec<u8>> {
        let written = Written {
            header: String::from_utf8_lossy(label).into_owned(),
            key: STANDARD.encode(wrapped),
        };
        let text = serde_json::to_vec(&written)?;
        let length = u32::try_from(text.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok([&MAGIC[..], &length.to_be_bytes(), &text].concat())
    }
}

impl Opening {
    /// Reads the beginning of a file; behind it the sealed part begins.
    pub(super) fn read(from: &mut impl Read) -> Result<Self, BackupError> {
        let mut magic = [0; MAGIC.len()];
        let mut length = [0; 4];
        read_exact(from, &mut magic, BackupError::NotABackup)?;
        if magic != *MAGIC {
            return Err(BackupError::NotABackup);
        }
        read_exact(from, &mut length, BackupError::HeaderDamaged)?;
        let length = u32::from_be_bytes(length);
        if length > LONGEST {
            return Err(BackupError::HeaderDamaged);
        }
        let mut text = vec![0; usize::try_from(length).unwrap_or_default()];
        read_exact(from, &mut text, BackupError::HeaderDamaged)?;
        Self::parse(&text)
    }

    fn parse(text: &[u8]) -> Result<Self, BackupError> {
        let written: Written =
            serde_json::from_slice(text).map_err(|_| BackupError::HeaderDamaged)?;
        let value: serde_json::Value =
            serde_json::from_str(&written.header).map_err(|_| BackupError::HeaderDamaged)?;
        let format = value.get("format").and_then(serde_json::Value::as_u64);
        if format.is_some_and(|format| format > u64::from(FORMAT)) {
            return Err(BackupError::NewerFormat);
        }
        Ok(Self {
            header: serde_json::from_value(value).map_err(|_| BackupError::HeaderDamaged)?,
            label: written.header.into_bytes(),
            wrapped: STANDARD
                .decode(written.key)
                .map_err(|_| BackupError::HeaderDamaged)?,
        })
    }
}

fn read_exact(
    from: &mut impl Read,
    buffer: &mut [u8],
    short: BackupError,
) -> Result<(), BackupError> {
    match from.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(short),
        read => Ok(read?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    const NOW: Timestamp = Timestamp::from_millis(1_795_521_600_000);

    fn header() -> Header {
        Header {
            format: FORMAT,
            id: BackupId::mint(NOW, &ChaChaRandom::from_number(1)),
            made_at: NOW,
            program: "0.1.0".to_owned(),
            database: DatabaseHeader {
                backend: Backend::Sqlite,
                migration: 12,
                locale: None,
            },
            ledger: LedgerMark {
                ledger: "x".to_owned(),
                sequence: 0,
                head: Digest::NOTHING,
            },
            media: true,
            master_key: "0123456789abcdef".to_owned(),
        }
    }

    #[test]
    fn a_name_sorts_by_its_moment_and_is_read_back() {
        let id = header().id;

        assert!(id.as_str().starts_with("2026-11-24T12-00-00Z-"), "{id}");
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        for text in [
            "",
            "latest",
            "../../etc/passwd",
            "2026-11-24T12-00-00Z-0000000G",
            "2026-11-24T12-00-00Z-00000000x",
        ] {
            assert_eq!(text.parse::<BackupId>(), Err(MalformedBackupId), "{text}");
        }
    }

    #[test]
    fn a_header_comes_back_with_the_very_bytes_that_were_bound() {
        let label = header().label().unwrap();
        let mut file = Header::beginning(&label, b"wrapped").unwrap();
        file.extend(b"rest");
        let mut from = &file[..];

        let opening = Opening::read(&mut from).unwrap();

        assert_eq!((opening.header, opening.label), (header(), label));
        assert_eq!(
            (&opening.wrapped[..], from),
            (&b"wrapped"[..], &b"rest"[..])
        );
    }

    #[test]
    fn what_is_no_header_is_told_apart() {
        let label = header().label().unwrap();
        let file = Header::beginning(&label, b"wrapped").unwrap();
        let newer = String::from_utf8(label.clone())
            .unwrap()
            .replace("\"format\":1", "\"format\":2");
        let newer = Header::beginning(newer.as_bytes(), b"wrapped").unwrap();
        let read = |bytes: &[u8]| Opening::read(&mut &*bytes).err().unwrap();

        assert!(matches!(read(b""), BackupError::NotABackup));
        assert!(matches!(
            read(b"SQLite format 3\0 and more"),
            BackupError::NotABackup
        ));
        assert!(matches!(
            read(&file[..MAGIC.len()]),
            BackupError::HeaderDamaged
        ));
        assert!(matches!(
            read(&file[..file.len() - 1]),
            BackupError::HeaderDamaged
        ));
        assert!(matches!(read(&newer), BackupError::NewerFormat));
        let mut long = file.clone();
        long[MAGIC.len()] = 0xff;
        assert!(matches!(read(&long), BackupError::HeaderDamaged));
    }
}
