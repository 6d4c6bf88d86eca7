//! Which backups there are, and what stands in the way of restoring each.

use std::sync::Arc;

use serde::Serialize;
use tokio::runtime::Handle;

use super::{
    BackupError, BackupId, BackupStore, Header, StoreError, Stored, header::Opening,
    pipe::StoreReader, store::ENDING,
};
use crate::{time::Timestamp, vault::MasterKeys};

/// A backup in a listing.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its name.
    pub id: BackupId,
    /// When it was made, as its header says; of one that cannot be read, when its file was written.
    pub made_at: Timestamp,
    /// Its length in the store.
    pub bytes: u64,
    /// What it says of itself, if that can be read.
    pub header: Option<Header>,
    /// Whether it can be restored here.
    pub standing: Standing,
}

/// Whether a backup can be restored here, as far as its header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its key opens.
    Restorable,
    /// It takes another master key.
    OtherMasterKey,
    /// A later version of this program made it.
    Newer,
    /// It is damaged.
    Damaged,
    /// Somebody deleted it by its name, and the store keeps older versions: nobody is to restore it, and it is not gone.
    Hidden,
}

/// Every backup in the store, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(
    store: &Arc<dyn BackupStore>,
    masters: &MasterKeys,
) -> Result<Vec<Listed>, StoreError> {
    let mut listed = Vec::new();
    for stored in store.list().await? {
        let Some(Ok(id)) = stored.name.strip_suffix(ENDING).map(str::parse) else {
            continue; // somebody else's file
        };
        listed.push(look(store, masters, id, stored).await?);
    }
    // Of two that name the same moment, the one is newer of which the ledger knew more.
    listed.sort_by_key(|backup| {
        let sequence = backup.header.as_ref().map(|header| header.ledger.sequence);
        std::cmp::Reverse((backup.made_at, sequence, backup.id.clone()))
    });
    Ok(listed)
}

async fn look(
    store: &Arc<dyn BackupStore>,
    masters: &MasterKeys,
    id: BackupId,
    stored: Stored,
) -> Result<Listed, StoreError> {
    let read = open(store, &stored.name).await;
    let (header, standing) = match read {
        Err(BackupError::Store(StoreError::Missing)) => (None, Standing::Hidden),
        Err(BackupError::Store(error)) => return Err(error),
        Err(BackupError::NewerFormat) => (None, Standing::Newer),
        Err(_) => (None, Standing::Damaged),
        Ok(opening) if opening.header.id != id => (None, Standing::Damaged), // under another's name
        Ok(opening) => {
            let standing = match opening.key(masters) {
                Ok(_) => Standing::Restorable,
                Err(BackupError::OtherMasterKey { .. }) => Standing::OtherMasterKey,
                Err(_) => Standing::Damaged,
            };
            (Some(opening.header), standing)
        }
    };
    Ok(Listed {
        id,
        made_at: header
            .as_ref()
            .map_or(stored.written_at, |header| header.made_at),
        bytes: stored.bytes,
        header,
        standing,
    })
}

/// Reads the header of a file.
pub(super) async fn open(store: &Arc<dyn BackupStore>, name: &str) -> Result<Opening, BackupError> {
    let (store, name) = (Arc::clone(store), name.to_owned());
    let runtime = Handle::current();
    let read = move || Opening::read(&mut StoreReader::new(runtime, store.as_ref(), name));
    tokio::task::spawn_blocking(read)
        .await
        .unwrap_or(Err(BackupError::HeaderDamaged))
}
