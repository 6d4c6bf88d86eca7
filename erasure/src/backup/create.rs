//! Making a backup: read, framed, compressed, sealed and handed to the store, a piece at a time.

use std::{
    io::{self, Read, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::Serialize;
use tokio::runtime::Handle;

use super::{
    BackupId, BackupStore, DatabaseHeader, Header, LedgerMark, StoreError, Summary,
    frames::{FrameWriter, Part},
    header::FORMAT,
    pipe::{StoreWriter, store_error},
    store::{ENDING, Upload},
};
use crate::{
    db::{Error, SnapshotError, snapshot::Snapshot},
    ledger::LedgerError,
    media::{Media, MediaError, MediaFile, Pieces},
    services::Services,
    vault::{FileKey, MasterKeyId},
};

/// How hard zstd tries: the first level is four times as fast as the third, and leaves a tenth more.
const LEVEL: i32 = 1;

/// What to put into a backup.
#[derive(Clone, Debug)]
pub struct Options {
    /// The content of media files, too; without it only which there were.
    pub media: bool,
    /// Becomes true when whoever asked wants it no more.
    pub stop: Arc<AtomicBool>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            media: true,
            stop: Arc::default(),
        }
    }
}

/// A backup that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Created {
    /// Its name.
    pub id: BackupId,
    /// Its length in the store.
    pub bytes: u64,
    /// What it holds.
    pub held: Summary,
}

/// Why no backup was made. Nothing is left of it in the store.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The database, or a program of Postgres's.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The ledger has to be whole: a backup says how far it had come.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A media file.
    #[error("the media store cannot be read: {0}")]
    Media(MediaError),
    /// Whoever asked wants it no more.
    #[error("the backup was stopped before its end")]
    Stopped,
    /// Something that was read or written.
    #[error("the backup cannot be written: {0}")]
    Io(io::Error),
}

impl From<Error> for CreateError {
    fn from(error: Error) -> Self {
        Self::Snapshot(error.into())
    }
}

impl From<io::Error> for CreateError {
    fn from(error: io::Error) -> Self {
        if let Some(fault) = store_error(&error) {
            return Self::Store(fault);
        }
        match error.get_ref() {
            Some(inner) if inner.is::<Stopped>() => Self::Stopped,
            Some(inner) => match inner.downcast_ref() {
                Some(MediaFault(fault)) => Self::Media(*fault),
                None => Self::Io(error),
            },
            None => Self::Io(error),
        }
    }
}

/// Makes a backup and publishes it.
///
/// # Errors
/// See [`CreateError`].
pub async fn create(
    services: &Services,
    store: &dyn BackupStore,
    options: &Options,
) -> Result<Created, CreateError> {
    let master = services.vault.current_master(&services.db).await?;
    let header = header(services, options, master).await?;
    let label = header.label()?;
    let (key, wrapped) = services
        .vault
        .new_file_key(master, &label)
        .map_err(Error::from)?;
    let snapshot = services.db.snapshot().await?;
    let name = format!("{}{ENDING}", header.id);
    let upload = match store.begin(&name).await {
        Ok(upload) => upload,
        Err(error) => {
            snapshot.end().await;
            return Err(error.into());
        }
    };
    let making = Making {
        runtime: Handle::current(),
        media: Arc::clone(&services.media),
        options: options.clone(),
    };
    let beginning = Header::beginning(&label, &wrapped)?;
    let made = tokio::task::spawn_blocking(move || making.make(&beginning, &key, snapshot, upload))
        .await
        .map_err(|_| CreateError::Stopped)?;
    fail::fail_point!("backup::made");
    let (bytes, held) = made.publish().await?;
    Ok(Created {
        id: header.id,
        bytes,
        held,
    })
}

async fn header(
    services: &Services,
    options: &Options,
    master: MasterKeyId,
) -> Result<Header, CreateError> {
    let made_at = services.now();
    let tip = services.ledger.begin(made_at).await?;
    Ok(Header {
        format: FORMAT,
        id: BackupId::mint(made_at, services.random.as_ref()),
        made_at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        database: DatabaseHeader {
            backend: services.db.backend(),
            migration: services.db.last_migration().await?,
            locale: services.db.locale().await?,
        },
        ledger: LedgerMark {
            ledger: tip.ledger.unwrap_or_default(),
            sequence: tip.sequence,
            head: tip.head,
        },
        media: options.media,
        master_key: master.to_string(),
    })
}

/// Everything that the thread needs that writes.
struct Making {
    runtime: Handle,
    media: Arc<dyn Media>,
    options: Options,
}

/// What came of it.
struct Made {
    upload: Box<dyn Upload>,
    done: io::Result<(u64, Summary)>,
}

impl Made {
    async fn publish(self) -> Result<(u64, Summary), CreateError> {
        match self.done {
            Ok(done) => {
                self.upload.publish().await?;
                Ok(done)
            }
            Err(error) => {
                self.upload.abandon().await;
                Err(error.into())
            }
        }
    }
}

impl Making {
    fn make(
        self,
        beginning: &[u8],
        key: &FileKey,
        mut snapshot: Snapshot,
        mut upload: Box<dyn Upload>,
    ) -> Made {
        let done = self.write(beginning, key, &mut snapshot, upload.as_mut());
        self.runtime.block_on(snapshot.end());
        Made { upload, done }
    }

    fn write(
        &self,
        beginning: &[u8],
        key: &FileKey,
        snapshot: &mut Snapshot,
        upload: &mut dyn Upload,
    ) -> io::Result<(u64, Summary)> {
        let mut store = StoreWriter::new(self.runtime.clone(), upload);
        store.write_all(beginning)?;
        let packed = zstd::Encoder::new(key.seal(store), LEVEL)?;
        let mut frames = FrameWriter::new(packed);
        snapshot.read(&mut |name, content| {
            let part = Part::Database {
                name: name.to_owned(),
            };
            frames.file(&part, &mut self.until_stopped(content))
        })?;
        self.media(&mut frames)?;
        let (packed, held) = frames.finish()?;
        let bytes = packed.finish()?.finish()?.finish()?;
        Ok((bytes, held))
    }

    fn media(&self, frames: &mut FrameWriter<impl Write>) -> io::Result<()> {
        let mut listing = self.media.list();
        loop {
            let page = self.runtime.block_on(listing.next()).map_err(fault)?;
            if page.is_empty() {
                return Ok(());
            }
            for file in page {
                self.file(&file, frames)?;
            }
        }
    }

    fn file(&self, file: &MediaFile, frames: &mut FrameWriter<impl Write>) -> io::Result<()> {
        let (organization, name) = (file.organization.to_string(), file.name.clone());
        if !self.options.media {
            let part = Part::MediaIndex {
                organization,
                file: name,
                bytes: file.bytes,
            };
            return frames.file(&part, &mut io::empty());
        }
        let opened = self.media.read(&file.organization, &name);
        // One that went since it was listed is one that an erasure took.
        let Some(pieces) = self.runtime.block_on(opened).map_err(fault)? else {
            return Ok(());
        };
        let part = Part::Media {
            organization,
            file: name,
        };
        let content = PiecesReader {
            runtime: &self.runtime,
            pieces,
            piece: vec![],
            handed_out: 0,
        };
        frames.file(&part, &mut self.until_stopped(content))
    }

    fn until_stopped<R: Read>(&self, from: R) -> UntilStopped<'_, R> {
        UntilStopped {
            stop: &self.options.stop,
            from,
        }
    }
}

/// A fault of the media store, on its way through readers.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct MediaFault(MediaError);

fn fault(error: MediaError) -> io::Error {
    io::Error::other(MediaFault(error))
}

/// Nobody waits for it any more.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stopped;

/// Reads until somebody says stop.
struct UntilStopped<'a, R> {
    stop: &'a AtomicBool,
    from: R,
}

impl<R: Read> Read for UntilStopped<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other(Stopped));
        }
        self.from.read(buffer)
    }
}

/// Reads a media file, whose pieces have to be waited for.
struct PiecesReader<'a> {
    runtime: &'a Handle,
    pieces: Box<dyn Pieces>,
    piece: Vec<u8>,
    handed_out: usize,
}

impl Read for PiecesReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed_out == self.piece.len() {
            match self.runtime.block_on(self.pieces.next()).map_err(fault)? {
                None => return Ok(0),
                Some(piece) => (self.piece, self.handed_out) = (piece, 0),
            }
        }
        let mut rest = self.piece.get(self.handed_out..).unwrap_or_default();
        let taken = rest.read(buffer)?;
        self.handed_out += taken;
        Ok(taken)
    }
}
