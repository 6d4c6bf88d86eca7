//! Sealing what is too long for one piece: a file, written and read as it flows by.
//!
//! Chunk after chunk is sealed with AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015):
//! each chunk's nonce holds its position and whether it is the last. A chunk that was changed, moved, left out or added does
//! not open, and neither does a file that ends too early. The key is drawn for this one file, wrapped under the master key,
//! and opens only together with the label that the file begins with.

use std::io::{self, Read, Write};

use aead_stream::{NewStream as _, Nonce, StreamBE32, StreamPrimitive as _};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use zeroize::Zeroizing;

use super::{
    KEY_BYTES, MasterKey, MasterKeyId, MasterKeys, NONCE_BYTES, Vault, VaultError, decrypt,
    encrypt, store,
};
use crate::{
    canonical::Digest,
    db::{Db, Error},
};

/// Bytes of a chunk before it is sealed: large enough for the cipher's full speed, small enough for any memory.
const CHUNK: usize = 256 * 1024;
/// What sealing adds to a chunk.
const TAG: usize = 16;
/// Bytes of the nonce that are the same for all chunks; five more are the position and the flag.
const PREFIX: usize = 7;

type Cipher = StreamBE32<Aes256Gcm>;

/// Why a sealed file does not open. Travels inside [`io::Error`], because readers and writers stand between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamFault {
    /// It ends before its last chunk.
    #[error("it is cut off after {0} bytes")]
    CutOff(u64),
    /// A chunk is not what was written there.
    #[error("it is damaged between the bytes {from} and {to}")]
    Damaged {
        /// Where that chunk begins.
        from: u64,
        /// Where it ends.
        to: u64,
    },
    /// Something follows its last chunk.
    #[error("something was added behind its end, at byte {0}")]
    Added(u64),
}

impl StreamFault {
    /// The fault inside an error of a reader, if it is one.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<StreamFault> for io::Error {
    fn from(fault: StreamFault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}

impl Vault {
    /// The master key under which new things are wrapped.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn current_master(&self, db: &Db) -> Result<MasterKeyId, Error> {
        let masters = store::masters(db).await?;
        let current = masters.into_iter().find(|(_, is_current, _)| *is_current);
        let (id, ..) = current.ok_or(Error::Corrupt("master_keys"))?;
        Ok(id)
    }

    /// A key for one file, and the same wrapped by this master key: both belong to the file that begins with this label.
    ///
    /// # Errors
    /// When the master key is not at hand.
    pub fn new_file_key(
        &self,
        master: MasterKeyId,
        label: &[u8],
    ) -> Result<(FileKey, Vec<u8>), VaultError> {
        let wrapping = self.with_master(master, MasterKey::wrapping_files)?;
        let key = FileKey::of(Zeroizing::new(self.random.bytes()), label);
        let nonce: [u8; NONCE_BYTES] = self.random.bytes();
        let mut wrapped = nonce.to_vec();
        wrapped.extend(encrypt(&wrapping, &nonce, label, key.key.as_slice()));
        Ok((key, wrapped))
    }
}

impl MasterKeys {
    /// Opens the wrapped key of the file that begins with this label.
    ///
    /// # Errors
    /// [`VaultError::MasterKeyMissing`]; [`VaultError::Refused`] when the label was changed.
    pub(crate) fn open_file_key(
        &self,
        master: MasterKeyId,
        label: &[u8],
        wrapped: &[u8],
    ) -> Result<FileKey, VaultError> {
        let known = self.find(master);
        let wrapping = known.ok_or(VaultError::MasterKeyMissing(master))?;
        let (nonce, ciphertext) = wrapped
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(VaultError::UnknownFormat)?;
        let key = decrypt(&wrapping.wrapping_files(), nonce, label, ciphertext)
            .map(Zeroizing::new)
            .ok_or(VaultError::Refused)?;
        <[u8; KEY_BYTES]>::try_from(key.as_slice())
            .map(|key| FileKey::of(Zeroizing::new(key), label))
            .map_err(|_| VaultError::UnknownFormat)
    }
}

/// The key of one file.
pub struct FileKey {
    key: Zeroizing<[u8; KEY_BYTES]>,
    label: Digest,
}

impl FileKey {
    fn of(key: Zeroizing<[u8; KEY_BYTES]>, label: &[u8]) -> Self {
        Self {
            key,
            label: Digest::of(label),
        }
    }

    /// Seals what is written to the answer.
    #[must_use]
    pub fn seal<W: Write>(&self, to: W) -> SealingWriter<W> {
        SealingWriter {
            cipher: self.cipher(),
            label: self.label,
            position: 0,
            plain: Vec::with_capacity(CHUNK + TAG),
            to,
        }
    }

    /// Opens what is read through the answer.
    #[must_use]
    pub fn open<R: Read>(&self, from: R) -> OpeningReader<R> {
        OpeningReader {
            cipher: self.cipher(),
            label: self.label,
            position: 0,
            offset: 0,
            plain: Vec::with_capacity(CHUNK + TAG),
            handed_out: 0,
            ahead: Vec::with_capacity(1),
            is_ended: false,
            from,
        }
    }

    /// The key serves one file, so the part of the nonce that tells files apart has nothing to tell.
    fn cipher(&self) -> Cipher {
        let same_for_all = Nonce::<Aes256Gcm, Cipher>::from([0; PREFIX]);
        Cipher::from_aead(Aes256Gcm::new(&(*self.key).into()), &same_for_all)
    }
}

/// Seals what is written to it. Nothing is complete before [`SealingWriter::finish`].
pub struct SealingWriter<W> {
    cipher: Cipher,
    label: Digest,
    position: u32,
    /// At most one chunk; a full one waits until it is known whether it is the last.
    plain: Vec<u8>,
    to: W,
}

impl<W: Write> SealingWriter<W> {
    /// Seals the last chunk, and hands back what was written to.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.to)
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let sealed = self.cipher.encrypt_in_place(
            self.position,
            is_last,
            self.label.as_bytes(),
            &mut self.plain,
        );
        sealed.map_err(|_| io::ErrorKind::InvalidInput)?;
        self.to.write_all(&self.plain)?;
        self.plain.clear();
        // 2³² chunks are a petabyte.
        self.position = self
            .position
            .checked_add(1)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(())
    }
}

impl<W: Write> Write for SealingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.plain.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let (taken, _) = bytes.split_at(bytes.len().min(CHUNK - self.plain.len()));
        self.plain.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// What has not filled its chunk stays: a smaller one would be a last one.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens what is read through it. Only what was proven unchanged comes out, and the end only if it is the end.
pub struct OpeningReader<R> {
    cipher: Cipher,
    label: Digest,
    position: u32,
    /// Where the chunk that is read next begins.
    offset: u64,
    /// The opened chunk, and how much of it was handed out.
    plain: Vec<u8>,
    handed_out: usize,
    /// What was read of the next chunk to see whether there is one.
    ahead: Vec<u8>,
    is_ended: bool,
    from: R,
}

impl<R: Read> OpeningReader<R> {
    fn open_next(&mut self) -> io::Result<()> {
        self.plain.clear();
        self.handed_out = 0;
        self.plain.append(&mut self.ahead);
        let room = CHUNK + TAG - self.plain.len();
        fill(&mut self.from, &mut self.plain, room)?;
        fill(&mut self.from, &mut self.ahead, 1)?;
        let is_last = self.ahead.is_empty();
        let from = self.offset;
        self.offset += length(&self.plain);
        if !self.open(is_last) {
            return Err(self.fault(from, is_last).into());
        }
        self.is_ended = is_last;
        self.position = self
            .position
            .checked_add(1)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(())
    }

    fn open(&mut self, as_last: bool) -> bool {
        let opened = self.cipher.decrypt_in_place(
            self.position,
            as_last,
            self.label.as_bytes(),
            &mut self.plain,
        );
        opened.is_ok()
    }

    /// A whole chunk that opens as the other kind tells what happened to what follows it. The cipher looks before it opens,
    /// so what did not open is still what was read.
    fn fault(&mut self, from: u64, is_last: bool) -> StreamFault {
        let to = self.offset;
        let is_whole = to - from == length_of(CHUNK + TAG);
        match (self.open(!is_last), is_last) {
            (true, true) => StreamFault::CutOff(to),
            (true, false) => StreamFault::Added(to),
            (false, true) if !is_whole => StreamFault::CutOff(to),
            (false, _) => StreamFault::Damaged { from, to },
        }
    }
}

impl<R: Read> Read for OpeningReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // An empty last chunk is possible, an empty other one is not.
        while self.handed_out == self.plain.len() {
            if self.is_ended {
                return Ok(0);
            }
            self.open_next()?;
        }
        let mut rest = self.plain.get(self.handed_out..).unwrap_or_default();
        let taken = rest.read(buffer)?;
        self.handed_out += taken;
        Ok(taken)
    }
}

/// Reads up to so many bytes more.
fn fill(from: &mut impl Read, buffer: &mut Vec<u8>, at_most: usize) -> io::Result<()> {
    from.take(length_of(at_most)).read_to_end(buffer)?;
    Ok(())
}

fn length(bytes: &[u8]) -> u64 {
    length_of(bytes.len())
}

fn length_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
