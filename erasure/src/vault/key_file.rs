//! The file that holds the master keys: one a line, the one to be used first.
//!
//! A second line is there only while a rotation goes on: it opens what is not yet wrapped anew. Lines that begin with `#` are
//! for people. The file is replaced as a whole, so that whoever reads it sees one state or the other.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::master::{MasterKey, MasterKeyId, MasterKeys};

/// Why there is no master key, or not this one. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read.
    #[error("the master key file cannot be read ({0}): create it with `qliento key new`")]
    Unreadable(ErrorKind),
    /// Its content is not keys.
    #[error(
        "line {0} of the master key file does not hold 32 bytes in base64: put back the file that `qliento key new` wrote"
    )]
    Malformed(usize),
    /// It holds no key at all.
    #[error("the master key file holds no key: put back the file that `qliento key new` wrote")]
    Empty,
    /// Others on this machine can read it.
    #[error(
        "the master key file is open to others (mode {0:o}): `chmod 600` it, and `qliento key rotate` if somebody may have read it"
    )]
    TooOpen(u32),
    /// It is there already.
    #[error("{0} exists already; nothing was changed")]
    Exists(PathBuf),
    /// It cannot be written.
    #[error("{file} cannot be written ({kind}); nothing was changed")]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why not.
        kind: ErrorKind,
    },
}

/// Where the master keys are.
#[derive(Clone, Debug)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// The file of this path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// See [`MasterKeyError`].
    pub fn read(&self) -> Result<MasterKeys, MasterKeyError> {
        let unreadable = |error: std::io::Error| MasterKeyError::Unreadable(error.kind());
        let file = File::open(&self.0).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if is_too_open(about.mode(), about.uid()) {
            return Err(MasterKeyError::TooOpen(about.mode() & 0o777));
        }
        let text = Zeroizing::new(std::io::read_to_string(file).map_err(unreadable)?);
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            if !line.is_empty() && !line.starts_with('#') {
                keys.push(MasterKey::parse(line).ok_or(MasterKeyError::Malformed(number))?);
            }
        }
        let mut keys = keys.into_iter();
        let present = keys.next().ok_or(MasterKeyError::Empty)?;
        Ok(MasterKeys::of_file(present, keys.collect(), self.clone()))
    }

    /// Writes a first key, readable by this user alone.
    ///
    /// # Errors
    /// When there is a file already, or it cannot be written.
    pub fn create(&self, key: &MasterKey) -> Result<(), MasterKeyError> {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        write_new(&self.0, key.line().as_bytes())
    }

    /// Puts a key before the others: from now on it is the one to be used.
    ///
    /// # Errors
    /// When the file cannot be read or replaced; then it is as it was.
    pub fn put_in_front(&self, key: &MasterKey) -> Result<(), MasterKeyError> {
        let known = self.read()?;
        self.replace(std::iter::once(key).chain(known.all()))
    }

    /// Takes every other key out of the file. Each is set aside in a file of its own, which is named: backups of the
    /// database made before now open with it alone.
    ///
    /// # Errors
    /// When a file cannot be written; then no key is lost.
    pub fn keep_only(&self, id: MasterKeyId) -> Result<Vec<PathBuf>, MasterKeyError> {
        let known = self.read()?;
        let mut aside = Vec::new();
        for key in known.all().filter(|key| key.id() != id) {
            let mut name = self.0.clone().into_os_string();
            name.push(format!(".retired-{}", key.id()));
            let path = PathBuf::from(name);
            match write_new(&path, key.line().as_bytes()) {
                // Set aside by a rotation that was interrupted right here.
                Ok(()) | Err(MasterKeyError::Exists(_)) => aside.push(path),
                Err(error) => return Err(error),
            }
        }
        self.replace(known.all().filter(|key| key.id() == id))?;
        Ok(aside)
    }

    fn replace<'k>(&self, keys: impl Iterator<Item = &'k MasterKey>) -> Result<(), MasterKeyError> {
        let mut name = self.0.clone().into_os_string();
        name.push(".new");
        let beside = PathBuf::from(name);
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(unwritable(&beside, &error));
            }
            _ => {}
        }
        let mut text = Zeroizing::new(String::new());
        for key in keys {
            text.push_str(&key.line());
        }
        write_new(&beside, text.as_bytes())?;
        fs::rename(&beside, &self.0).map_err(|error| unwritable(&self.0, &error))?;
        sync_folder(&self.0)
    }
}

/// As Postgres judges its server's key: nobody but its owner may read it, or, when that is root, the group.
const fn is_too_open(mode: u32, owner: u32) -> bool {
    let forbidden = if owner == 0 { 0o037 } else { 0o077 };
    mode & forbidden != 0
}

/// Whole and on the disk, or not at all.
fn write_new(path: &Path, content: &[u8]) -> Result<(), MasterKeyError> {
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(MasterKeyError::Exists(path.to_owned()));
        }
        Err(error) => return Err(unwritable(path, &error)),
    };
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.map_err(|error| unwritable(path, &error))?;
    sync_folder(path)
}

fn sync_folder(path: &Path) -> Result<(), MasterKeyError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| unwritable(folder, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> MasterKeyError {
    MasterKeyError::Unwritable {
        file: path.to_owned(),
        kind: error.kind(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::random::ChaChaRandom;

    fn key(number: u64) -> MasterKey {
        MasterKey::mint(&ChaChaRandom::from_number(number))
    }

    fn file() -> (KeyFile, PathBuf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/master.key");
        (KeyFile::at(&path), path, folder)
    }

    #[test]
    fn a_key_is_read_back_and_never_written_over() {
        let (file, path, _folder) = file();
        file.create(&key(1)).unwrap();

        assert_eq!(file.read().unwrap().ids(), [key(1).id()]);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert!(matches!(
            file.create(&key(2)),
            Err(MasterKeyError::Exists(_))
        ));
        assert_eq!(file.read().unwrap().ids(), [key(1).id()]);
    }

    #[test]
    fn a_rotation_adds_a_key_in_front_and_sets_the_old_one_aside() {
        let (file, path, _folder) = file();
        file.create(&key(1)).unwrap();

        file.put_in_front(&key(2)).unwrap();
        assert_eq!(file.read().unwrap().ids(), [key(2).id(), key(1).id()]);
        let aside = file.keep_only(key(2).id()).unwrap();

        assert_eq!(file.read().unwrap().ids(), [key(2).id()]);
        let [aside] = aside.as_slice() else {
            panic!("{aside:?}")
        };
        assert_eq!(KeyFile::at(aside).read().unwrap().ids(), [key(1).id()]);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(
            file.keep_only(key(2).id()).unwrap(),
            [""; 0].map(PathBuf::from)
        );
    }

    #[test]
    fn a_rotation_of_the_file_that_was_interrupted_goes_on() {
        let (file, path, _folder) = file();
        file.create(&key(1)).unwrap();
        fs::write(path.with_extension("key.new"), "half a k").unwrap();

        file.put_in_front(&key(2)).unwrap();
        let aside = path.with_extension(format!("key.retired-{}", key(1).id()));
        fs::write(&aside, key(1).line().as_bytes()).unwrap();

        assert_eq!(file.keep_only(key(2).id()).unwrap(), [aside]);
        assert_eq!(file.read().unwrap().ids(), [key(2).id()]);
    }

    #[test]
    fn what_is_missing_malformed_or_open_to_others_is_refused_by_name() {
        let (file, path, _folder) = file();
        assert!(matches!(file.read(), Err(MasterKeyError::Unreadable(_))));
        file.create(&key(1)).unwrap();

        for (content, line) in [("c2hvcnQ=", 1), ("# mine\n\nnot base64", 3), ("AAAA\0", 1)] {
            fs::write(&path, content).unwrap();
            let Err(MasterKeyError::Malformed(named)) = file.read() else {
                panic!("{content}")
            };
            assert_eq!(named, line, "{content}");
        }
        for content in ["", "\n \n", "# nothing\n"] {
            fs::write(&path, content).unwrap();
            assert!(matches!(file.read(), Err(MasterKeyError::Empty)));
        }
        for mode in [0o644, 0o604, 0o660, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let Err(MasterKeyError::TooOpen(seen)) = file.read() else {
                panic!("{mode:o}")
            };
            assert_eq!(seen, mode);
        }
    }

    #[test]
    fn roots_file_may_be_read_by_a_group_and_nobody_elses() {
        assert!(!is_too_open(0o100_640, 0) && is_too_open(0o100_640, 1_000));
        assert!(!is_too_open(0o100_400, 1_000) && !is_too_open(0o100_600, 1_000));
        assert!(is_too_open(0o100_644, 0) && is_too_open(0o100_660, 0));
    }
}
