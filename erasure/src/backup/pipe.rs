//! Between the store, which is asked and answers later, and ciphers and files, which read and write now.
//!
//! Reading and writing happens on a thread that may block; what the store is asked there is waited for.

use std::io::{self, Read, Write};

use tokio::runtime::Handle;

use super::store::{BackupStore, StoreError, Upload};

/// Bytes that go to or come from the store at once. S3 takes no smaller part than 5 MiB of a file in parts.
const PIECE: usize = 8 * 1024 * 1024;

/// The error of the store inside one of a reader or writer.
pub(super) fn store_error(error: &io::Error) -> Option<StoreError> {
    error.get_ref()?.downcast_ref().cloned()
}

fn outside(error: StoreError) -> io::Error {
    io::Error::other(error)
}

/// Writes into the store.
pub(super) struct StoreWriter<'a> {
    runtime: Handle,
    upload: &'a mut dyn Upload,
    piece: Vec<u8>,
    bytes: u64,
}

impl<'a> StoreWriter<'a> {
    pub(super) fn new(runtime: Handle, upload: &'a mut dyn Upload) -> Self {
        Self {
            runtime,
            upload,
            piece: Vec::with_capacity(PIECE),
            bytes: 0,
        }
    }

    /// Hands over what is left; says how much it was altogether.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.send()?;
        Ok(self.bytes)
    }

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.runtime
            .block_on(self.upload.write(piece))
            .map_err(outside)
    }
}

impl Write for StoreWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.send()?;
        }
        let (taken, _) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
        self.piece.extend_from_slice(taken);
        self.bytes += u64::try_from(taken.len()).unwrap_or_default();
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads from the store.
pub(super) struct StoreReader<'a> {
    runtime: Handle,
    store: &'a dyn BackupStore,
    name: String,
    next: u64,
    piece: Vec<u8>,
    handed_out: usize,
}

impl<'a> StoreReader<'a> {
    pub(super) fn new(runtime: Handle, store: &'a dyn BackupStore, name: String) -> Self {
        Self {
            runtime,
            store,
            name,
            next: 0,
            piece: vec![],
            handed_out: 0,
        }
    }
}

impl Read for StoreReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.handed_out == self.piece.len() {
            let at_most = u32::try_from(PIECE).unwrap_or(u32::MAX);
            let asked = self.store.read(&self.name, self.next, at_most);
            self.piece = self.runtime.block_on(asked).map_err(outside)?;
            self.next += u64::try_from(self.piece.len()).unwrap_or_default();
            self.handed_out = 0;
        }
        let mut rest = self.piece.get(self.handed_out..).unwrap_or_default();
        let taken = rest.read(buffer)?;
        self.handed_out += taken;
        Ok(taken)
    }
}
