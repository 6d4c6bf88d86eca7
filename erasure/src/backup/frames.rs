//! What a backup holds, one file after the other, each with its length and SHA-256 behind it, and a summary at the end.
//!
//! A frame is `kind (1) · length (4) · content`. The seal around already proves that nothing was changed; the checksums
//! prove that what was read is what had been there to read.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::canonical::Digest;

/// Bytes of content in one frame.
const PIECE: usize = 64 * 1024;
/// No frame of ours is longer.
const LONGEST: usize = 1024 * 1024;

const BEGIN: u8 = b'B';
const CONTENT: u8 = b'C';
const END: u8 = b'E';
const SUMMARY: u8 = b'S';

/// A file in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Part {
    /// Something of the database; one that comes twice replaces the first.
    Database {
        /// What.
        name: String,
    },
    /// The content of a media file.
    Media {
        /// Whose.
        organization: String,
        /// Which.
        file: String,
    },
    /// A media file whose content is not here.
    MediaIndex {
        /// Whose.
        organization: String,
        /// Which.
        file: String,
        /// How long it was.
        bytes: u64,
    },
}

/// What is behind a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checked {
    pub(crate) bytes: u64,
    pub(crate) sha256: Digest,
}

/// What a whole backup held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Bytes of the database's parts.
    pub database_bytes: u64,
    /// Media files, with or without their content.
    pub media_files: u64,
    /// Bytes of media files.
    pub media_bytes: u64,
}

impl Summary {
    fn add(&mut self, part: &Part, checked: &Checked) {
        match part {
            Part::Database { .. } => self.database_bytes += checked.bytes,
            Part::Media { .. } => {
                self.media_files += 1;
                self.media_bytes += checked.bytes;
            }
            Part::MediaIndex { bytes, .. } => {
                self.media_files += 1;
                self.media_bytes += bytes;
            }
        }
    }
}

/// Writes frames.
pub(super) struct FrameWriter<W> {
    to: W,
    summary: Summary,
}

impl<W: Write> FrameWriter<W> {
    pub(super) fn new(to: W) -> Self {
        Self {
            to,
            summary: Summary::default(),
        }
    }

    /// Writes one file to its end.
    pub(super) fn file(&mut self, part: &Part, content: &mut dyn Read) -> io::Result<()> {
        self.frame(BEGIN, &serde_json::to_vec(part)?)?;
        let (mut sha256, mut bytes) = (Sha256::new(), 0);
        let mut piece = Vec::with_capacity(PIECE);
        loop {
            piece.clear();
            content.take(number(PIECE)).read_to_end(&mut piece)?;
            if piece.is_empty() {
                break;
            }
            sha256.update(&piece);
            bytes += number(piece.len());
            self.frame(CONTENT, &piece)?;
        }
        let checked = Checked {
            bytes,
            sha256: Digest::from_bytes(sha256.finalize().into()),
        };
        self.frame(END, &serde_json::to_vec(&checked)?)?;
        self.summary.add(part, &checked);
        Ok(())
    }

    /// Writes the summary, and hands back what was written to.
    pub(super) fn finish(mut self) -> io::Result<(W, Summary)> {
        let summary = serde_json::to_vec(&self.summary)?;
        self.frame(SUMMARY, &summary)?;
        Ok((self.to, self.summary))
    }

    fn frame(&mut self, kind: u8, content: &[u8]) -> io::Result<()> {
        let length = u32::try_from(content.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.to.write_all(&[kind])?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(content)
    }
}

/// Reads frames.
pub(super) struct FrameReader<R> {
    from: R,
    summary: Summary,
    content: Vec<u8>,
}

impl<R: Read + Send> FrameReader<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            summary: Summary::default(),
            content: Vec::with_capacity(PIECE),
        }
    }

    /// Hands each file to `each`, which may leave some of it; says what the whole held.
    pub(super) fn files(
        mut self,
        mut each: impl FnMut(&Part, &mut (dyn Read + Send)) -> io::Result<()>,
    ) -> io::Result<Summary> {
        loop {
            match self.frame()? {
                BEGIN => self.file(&mut each)?,
                SUMMARY => return self.end(),
                _ => return Err(unreadable()),
            }
        }
    }

    fn file(
        &mut self,
        each: &mut impl FnMut(&Part, &mut (dyn Read + Send)) -> io::Result<()>,
    ) -> io::Result<()> {
        let part: Part = serde_json::from_slice(&self.content)?;
        let mut file = FileReader {
            frames: self,
            handed_out: 0,
            sha256: Sha256::new(),
            bytes: 0,
            claimed: None,
        };
        file.frames.content.clear();
        each(&part, &mut file)?;
        io::copy(&mut file, &mut io::sink())?;
        let checked = Checked {
            bytes: file.bytes,
            sha256: Digest::from_bytes(file.sha256.finalize().into()),
        };
        if file.claimed.as_ref() != Some(&checked) {
            return Err(unreadable());
        }
        self.summary.add(&part, &checked);
        Ok(())
    }

    /// The summary is the last thing there is.
    fn end(mut self) -> io::Result<Summary> {
        let claimed: Summary = serde_json::from_slice(&self.content)?;
        if claimed != self.summary || self.from.read(&mut [0])? != 0 {
            return Err(unreadable());
        }
        Ok(claimed)
    }

    /// Reads the next frame into `content`; says its kind.
    fn frame(&mut self) -> io::Result<u8> {
        let (mut kind, mut length) = ([0], [0; 4]);
        self.from.read_exact(&mut kind)?;
        self.from.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(unreadable());
        }
        self.content.resize(length, 0);
        self.from.read_exact(&mut self.content)?;
        let [kind] = kind;
        Ok(kind)
    }
}

/// The content of one file.
struct FileReader<'a, R> {
    frames: &'a mut FrameReader<R>,
    handed_out: usize,
    sha256: Sha256,
    bytes: u64,
    /// What stands behind the file, once its end was reached.
    claimed: Option<Checked>,
}

impl<R: Read + Send> Read for FileReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed_out == self.frames.content.len() {
            if self.claimed.is_some() {
                return Ok(0);
            }
            let kind = self.frames.frame()?;
            self.handed_out = 0;
            match kind {
                CONTENT => {
                    self.sha256.update(&self.frames.content);
                    self.bytes += number(self.frames.content.len());
                }
                END => {
                    self.claimed = Some(serde_json::from_slice(&self.frames.content)?);
                    self.frames.content.clear();
                }
                _ => return Err(unreadable()),
            }
        }
        let mut rest = self
            .frames
            .content
            .get(self.handed_out..)
            .unwrap_or_default();
        let taken = rest.read(buffer)?;
        self.handed_out += taken;
        Ok(taken)
    }
}

/// The seal held, but what it held makes no sense: another program's work.
fn unreadable() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the content of the backup does not fit together",
    )
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(name: &str) -> Part {
        Part::Database {
            name: name.to_owned(),
        }
    }

    fn media(file: &str) -> Part {
        Part::Media {
            organization: "o".to_owned(),
            file: file.to_owned(),
        }
    }

    fn written() -> Vec<u8> {
        let mut writer = FrameWriter::new(Vec::new());
        writer
            .file(&database("database"), &mut &vec![7; 3 * PIECE + 5][..])
            .unwrap();
        writer.file(&media("empty"), &mut io::empty()).unwrap();
        writer.file(&media("short"), &mut &b"content"[..]).unwrap();
        writer.finish().unwrap().0
    }

    type Files = Vec<(Part, Vec<u8>)>;

    fn read(bytes: &[u8]) -> io::Result<(Summary, Files)> {
        let mut files = Vec::new();
        let summary = FrameReader::new(bytes).files(|part, content| {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            files.push((part.clone(), bytes));
            Ok(())
        })?;
        Ok((summary, files))
    }

    #[test]
    fn files_come_back_in_their_order_and_whole() {
        let (summary, files) = read(&written()).unwrap();

        assert_eq!((summary.media_files, summary.media_bytes), (2, 7));
        assert_eq!(summary.database_bytes, number(3 * PIECE + 5));
        assert_eq!(files[0], (database("database"), vec![7; 3 * PIECE + 5]));
        assert_eq!(files[1], (media("empty"), vec![]));
        assert_eq!(files[2], (media("short"), b"content".to_vec()));
    }

    #[test]
    fn a_file_that_nobody_reads_is_checked_all_the_same() {
        let mut bytes = written();
        assert!(FrameReader::new(&bytes[..]).files(|_, _| Ok(())).is_ok());

        let content = bytes.iter().position(|byte| *byte == 7).unwrap();
        bytes[content] = 8;
        assert!(FrameReader::new(&bytes[..]).files(|_, _| Ok(())).is_err());
    }

    #[test]
    fn what_ends_too_early_or_goes_on_too_long_does_not_fit_together() {
        let bytes = written();
        for end in [0, 1, 5, 40, bytes.len() / 2, bytes.len() - 1] {
            assert!(read(&bytes[..end]).is_err(), "{end}");
        }
        assert!(read(&[&bytes[..], b"x"].concat()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn noise_is_no_backup(noise in proptest::collection::vec(0_u8..=255, 0..300)) {
            proptest::prop_assert!(read(&noise).is_err());
        }
    }
}
