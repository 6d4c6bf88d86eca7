//! The ledger's file: lines at its end, written by several processes of one machine.
//!
//! Whoever writes locks the file, looks whether it still ends where they believed, and only then writes; whoever was slower
//! reads what the other wrote and tries again. A line that was not finished when its writer died has no end of line: it was
//! never answered for, and the next line takes its place.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::LedgerError;
use crate::canonical::Digest;

/// Up to where somebody has read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The first line, by its digest: it changes when the file is written anew.
    beginning: Option<Digest>,
    /// Bytes of whole lines.
    length: u64,
}

/// What stands behind a place.
pub(super) struct Tail {
    /// Whole lines.
    pub(super) lines: String,
    /// Where they end.
    pub(super) end: Place,
    /// Whether the file was written anew, so that these are all of its lines.
    pub(super) is_from_the_beginning: bool,
    /// Bytes of a line that was never finished.
    pub(super) torn_bytes: u64,
}

/// A ledger's file.
pub(super) struct LedgerFile {
    path: PathBuf,
}

impl LedgerFile {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// What stands behind this place.
    pub(super) async fn read(self: &Arc<Self>, from: Place) -> Result<Tail, LedgerError> {
        let file = Arc::clone(self);
        self.blocking(move || file.read_now(&from)).await?
    }

    /// Writes a line if the file still ends at this place; says whether it did.
    pub(super) async fn append(
        self: &Arc<Self>,
        at: Place,
        line: String,
    ) -> Result<bool, LedgerError> {
        let file = Arc::clone(self);
        let appended = self.blocking(move || file.append_now(&at, &line)).await?;
        appended.map_err(|error| self.error(error.kind()))
    }

    pub(super) fn error(&self, kind: io::ErrorKind) -> LedgerError {
        LedgerError::Io {
            kind,
            path: self.path.display().to_string(),
        }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, LedgerError> {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| self.error(io::ErrorKind::Other))
    }

    fn read_now(&self, from: &Place) -> Result<Tail, LedgerError> {
        let fault = |error: io::Error| self.error(error.kind());
        let Some(mut file) = self.open_to_read().map_err(fault)? else {
            return self.nothing(from);
        };
        let beginning = first_line(&file).map_err(fault)?;
        let is_from_the_beginning = from.length == 0 || beginning != from.beginning;
        let start = if is_from_the_beginning {
            0
        } else {
            from.length
        };
        if file.metadata().map_err(fault)?.len() < start {
            return Err(LedgerError::Vanished(self.path.display().to_string()));
        }
        let mut text = String::new();
        file.seek(SeekFrom::Start(start)).map_err(fault)?;
        // What is no text is left as it is: it is no entry either.
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(fault)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let (lines, torn) = bytes.split_at(whole);
        text.push_str(&String::from_utf8_lossy(lines));
        Ok(Tail {
            lines: text,
            end: Place {
                beginning,
                length: start + length(lines),
            },
            is_from_the_beginning,
            torn_bytes: length(torn),
        })
    }

    /// A ledger of which nothing was read yet may be missing: it begins with the first note.
    fn nothing(&self, from: &Place) -> Result<Tail, LedgerError> {
        if from.length > 0 {
            return Err(LedgerError::Vanished(self.path.display().to_string()));
        }
        Ok(Tail {
            lines: String::new(),
            end: Place::default(),
            is_from_the_beginning: true,
            torn_bytes: 0,
        })
    }

    fn append_now(&self, at: &Place, line: &str) -> io::Result<bool> {
        let mut file = self.open_to_write()?;
        let is_new = file.metadata()?.len() == 0;
        if first_line(&file)? != at.beginning || !ends_at(&mut file, at.length)? {
            return Ok(false);
        }
        file.set_len(at.length)?;
        file.seek(SeekFrom::Start(at.length))?;
        let written = write_line(&mut file, line);
        if written.is_err() {
            // Half a line would be overwritten all the same; this keeps the file readable for people.
            let _ = file.set_len(at.length);
        }
        written?;
        if is_new {
            sync_folder(&self.path)?;
        }
        Ok(true)
    }

    /// Puts these lines in the place of all others, if the file still ends at this place; says whether it did.
    pub(super) async fn replace(
        self: &Arc<Self>,
        at: Place,
        lines: String,
    ) -> Result<bool, LedgerError> {
        let file = Arc::clone(self);
        let replaced = self.blocking(move || file.replace_now(&at, &lines)).await?;
        replaced.map_err(|error| self.error(error.kind()))
    }

    /// Whoever waits for the lock finds that the file has another name by then, and opens the one that has its name.
    fn replace_now(&self, at: &Place, lines: &str) -> io::Result<bool> {
        let mut file = self.open_to_write()?;
        if first_line(&file)? != at.beginning || !ends_at(&mut file, at.length)? {
            return Ok(false);
        }
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let mut anew = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)?;
        anew.write_all(lines.as_bytes())?;
        anew.sync_all()?;
        std::fs::rename(&beside, &self.path)?;
        sync_folder(&self.path)?;
        Ok(true)
    }

    fn open_to_read(&self) -> io::Result<Option<File>> {
        loop {
            let file = match File::open(&self.path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                opened => opened?,
            };
            file.lock_shared()?;
            if self.is_still(&file)? {
                return Ok(Some(file));
            }
        }
    }

    fn open_to_write(&self) -> io::Result<File> {
        loop {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&self.path)?;
            file.lock()?;
            if self.is_still(&file)? {
                return Ok(file);
            }
        }
    }

    /// Whether the file that was locked is still the one of this name: it may have been written anew meanwhile.
    fn is_still(&self, file: &File) -> io::Result<bool> {
        let (ours, named) = (file.metadata()?, std::fs::metadata(&self.path));
        Ok(named.is_ok_and(|named| named.dev() == ours.dev() && named.ino() == ours.ino()))
    }
}

fn write_line(file: &mut File, line: &str) -> io::Result<()> {
    fail::fail_point!("ledger::write", |_| Err(io::ErrorKind::StorageFull.into()));
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

/// The digest of the first line, if it is whole.
fn first_line(file: &File) -> io::Result<Option<Digest>> {
    let mut line = Vec::new();
    let mut file = file;
    file.seek(SeekFrom::Start(0))?;
    BufReader::new(file).read_until(b'\n', &mut line)?;
    Ok(line.ends_with(b"\n").then(|| Digest::of(&line)))
}

/// Whether no whole line stands behind this place.
fn ends_at(file: &mut File, place: u64) -> io::Result<bool> {
    if file.metadata()?.len() < place {
        return Ok(false);
    }
    let mut behind = Vec::new();
    file.seek(SeekFrom::Start(place))?;
    file.read_to_end(&mut behind)?;
    Ok(!behind.contains(&b'\n'))
}

/// A new name is on the disk only when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
