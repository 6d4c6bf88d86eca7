//! A ZIP that is written front to back into a channel: what is packed leaves at once, and nothing is packed before there is room.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use tokio::{sync::mpsc, time::timeout};

use super::{Interrupted, Stop};
use crate::time::Timestamp;

/// What travels at once.
const PIECE: usize = 64 * 1024;
/// A connection that takes nothing for so long is gone, whatever it says.
const PATIENCE: Duration = Duration::from_mins(2);

/// Where the content of a file comes from, piece by piece.
pub(super) trait Source: Send {
    /// The next piece; `None` behind the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Stop>> + Send;
}

/// A content that is there already.
pub(super) struct Text(Option<String>);

impl Text {
    pub(super) fn new(text: String) -> Self {
        Self(Some(text))
    }
}

impl Source for Text {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        Ok(self.0.take().map(String::into_bytes))
    }
}

/// The ZIP.
pub(super) struct Package {
    zip: ZipArchiveWriter<Outlet>,
    way: Way,
    made_at: rawzip::time::UtcDateTime,
}

impl Package {
    pub(super) fn new(sender: mpsc::Sender<Result<Vec<u8>, Interrupted>>, now: Timestamp) -> Self {
        let outlet = Outlet::default();
        Self {
            zip: ZipArchiveWriter::new(outlet.clone()),
            way: Way { outlet, sender },
            made_at: rawzip::time::UtcDateTime::from_unix(now.as_millis().div_euclid(1_000)),
        }
    }

    /// Adds a file, compressed.
    pub(super) async fn file(&mut self, name: &str, source: &mut impl Source) -> Result<(), Stop> {
        let (mut entry, config) = self
            .zip
            .new_file(name)
            .compression_method(CompressionMethod::DEFLATE)
            .last_modified(self.made_at)
            .start()?;
        let mut data = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        while let Some(piece) = source.next().await? {
            data.write_all(&piece)?;
            self.way.send_full().await?;
        }
        let (encoder, descriptor) = data.finish()?;
        encoder.finish()?;
        entry.finish(descriptor)?;
        self.way.send_full().await
    }

    /// Adds a file as it is: pictures and the like are compressed already.
    pub(super) async fn stored_file(
        &mut self,
        name: &str,
        source: &mut impl Source,
    ) -> Result<(), Stop> {
        let (mut entry, config) = self
            .zip
            .new_file(name)
            .compression_method(CompressionMethod::STORE)
            .last_modified(self.made_at)
            .start()?;
        let mut data = config.wrap(&mut entry);
        while let Some(piece) = source.next().await? {
            data.write_all(&piece)?;
            self.way.send_full().await?;
        }
        let (_, descriptor) = data.finish()?;
        entry.finish(descriptor)?;
        self.way.send_full().await
    }

    /// Writes the table of contents, without which a ZIP is none.
    pub(super) async fn finish(self) -> Result<(), Stop> {
        self.zip.finish()?;
        let rest = self.way.outlet.take();
        self.way.send(rest).await
    }
}

/// What was packed and has not left yet.
#[derive(Clone, Default)]
struct Outlet(Arc<Mutex<Vec<u8>>>);

impl Outlet {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_full(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len() >= PIECE
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The way to the person.
struct Way {
    outlet: Outlet,
    sender: mpsc::Sender<Result<Vec<u8>, Interrupted>>,
}

impl Way {
    async fn send_full(&self) -> Result<(), Stop> {
        if self.outlet.is_full() {
            let piece = self.outlet.take();
            self.send(piece).await?;
        }
        Ok(())
    }

    async fn send(&self, piece: Vec<u8>) -> Result<(), Stop> {
        match timeout(PATIENCE, self.sender.send(Ok(piece))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Stop::Gone),
        }
    }
}
