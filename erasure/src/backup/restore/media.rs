//! Media files of a copy: those that are missing are brought back, but of no organization that was erased since, and none that the
//! copy does not name; and those that it does not name go, because nothing would ever delete them.

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, Read},
    sync::Arc,
};

use async_trait::async_trait;
use tokio::runtime::Handle;

use super::CatchUpError;
use crate::{
    backup::{
        BackupError, BackupId, BackupStore,
        frames::{FrameReader, Part},
        header::Opening,
        pipe::StoreReader,
        store::ENDING,
    },
    db::{Db, Error, value::args},
    id::OrganizationId,
    ledger::Case,
    media::{Media, MediaError, MediaFile, Pieces},
    services::Services,
};

/// Files of one portion that are deleted.
const PORTION: u64 = 500;
/// What is read of a file at once.
const PIECE: usize = 64 * 1024;

/// Writes back every media file of a backup that is not there as it was; says how many.
pub(super) async fn bring_back(
    services: &Services,
    store: &Arc<dyn BackupStore>,
    backup: &BackupId,
    gone: &[Case],
) -> Result<u64, CatchUpError> {
    let bringing = Bringing {
        runtime: Handle::current(),
        db: services.db.clone(),
        media: Arc::clone(&services.media),
        gone: organizations(gone),
        brought: 0,
    };
    let (store, masters) = (Arc::clone(store), services.vault.master_keys());
    let name = format!("{backup}{ENDING}");
    let brought = tokio::task::spawn_blocking(move || -> Result<u64, BackupError> {
        let mut bringing = bringing;
        let mut from = StoreReader::new(bringing.runtime.clone(), store.as_ref(), name);
        let opening = Opening::read(&mut from)?;
        if !opening.header.media {
            return Ok(0);
        }
        let sealed = opening.key(&masters)?.open(from);
        let frames = FrameReader::new(zstd::Decoder::new(sealed)?);
        frames.files(|part, content| bringing.file(part, content))?;
        Ok(bringing.brought)
    })
    .await;
    Ok(brought.unwrap_or_else(|_| Err(BackupError::Unreadable(io::ErrorKind::Other.into())))?)
}

fn organizations(gone: &[Case]) -> HashSet<String> {
    let subjects = gone.iter().flat_map(|case| &case.subjects);
    subjects
        .filter(|subject| subject.kind == "organization")
        .map(|subject| subject.id.clone())
        .collect()
}

/// Brings files back while a backup is read.
struct Bringing {
    runtime: Handle,
    db: Db,
    media: Arc<dyn Media>,
    /// Organizations of which nothing comes back.
    gone: HashSet<String>,
    brought: u64,
}

impl Bringing {
    fn file(&mut self, part: &Part, content: &mut (dyn Read + Send)) -> io::Result<()> {
        let Part::Media { organization, file } = part else {
            return Ok(());
        };
        if self.gone.contains(organization) {
            return Ok(());
        }
        let Ok(organization) = organization.parse() else {
            return Ok(()); // no folder of ours
        };
        // A file that came while the backup was written may be of somebody whose row did not.
        let named = is_named(&self.db, &organization, file);
        if self.runtime.block_on(named).map_err(io::Error::other)? {
            let brought = self.missing(&organization, file, content);
            self.brought += u64::from(self.runtime.block_on(brought).map_err(io::Error::other)?);
        }
        Ok(())
    }

    /// What is there stays as it is: a file's name is never given to another.
    async fn missing(
        &self,
        organization: &OrganizationId,
        file: &str,
        content: &mut (dyn Read + Send),
    ) -> Result<bool, MediaError> {
        if self.media.read(organization, file).await?.is_some() {
            return Ok(false);
        }
        let mut content = Content { from: content };
        self.media.receive(organization, file, &mut content).await?;
        Ok(true)
    }
}

/// A file's content on its way out of a backup.
struct Content<'a> {
    from: &'a mut (dyn Read + Send),
}

#[async_trait]
impl Pieces for Content<'_> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
        let mut piece = Vec::with_capacity(PIECE);
        let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
        (&mut self.from).take(limit).read_to_end(&mut piece)?;
        Ok((!piece.is_empty()).then_some(piece))
    }
}

/// Deletes the files that the database does not name: they were erased, or came after the copy, and nothing else ever would.
pub(super) async fn remove_unknown(services: &Services) -> Result<(), CatchUpError> {
    let mut emptied = BTreeSet::new();
    let mut listing = services.media.list();
    loop {
        let page = listing.next().await?;
        if page.is_empty() {
            break;
        }
        for MediaFile {
            organization, name, ..
        } in page
        {
            if !is_named(&services.db, &organization, &name).await? {
                services.media.delete(&organization, &name).await?;
                emptied.insert(organization);
            }
        }
    }
    for organization in emptied {
        // An empty folder goes as well.
        if services.media.count(&organization).await? == 0 {
            services.media.delete_some(&organization, PORTION).await?;
        }
    }
    Ok(())
}

/// Whether the copy knows of this file.
async fn is_named(db: &Db, organization: &OrganizationId, file: &str) -> Result<bool, Error> {
    let rows = db
        .number(
            "-- named_media_file
             SELECT count(*) FROM media_files WHERE organization_id = $1 AND id = $2",
            args![organization, file],
        )
        .await?;
    Ok(rows > 0)
}
