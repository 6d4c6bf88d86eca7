//! Letters about an erasure that is under way, to whoever asked for it: their address lies sealed in its row.

use super::{Draft, Facts, link, queue};
use crate::{
    db::{Error, Tx},
    engine::{find_erasure, recipient_place},
    hold::Basis,
    id::ErasureId,
    services::Services,
    time::Timestamp,
};

/// A legal hold keeps it waiting.
pub(crate) async fn tell_held(
    tx: &mut Tx,
    services: &Services,
    erasure: &ErasureId,
    basis: Basis,
    review_at: Timestamp,
) -> Result<(), Error> {
    tell(tx, services, erasure, |reference, link| {
        Facts::DeletionHeld {
            reference,
            link,
            basis,
            review_at,
        }
    })
    .await
}

/// It goes on.
pub(crate) async fn tell_resumed(
    tx: &mut Tx,
    services: &Services,
    erasure: &ErasureId,
) -> Result<(), Error> {
    tell(tx, services, erasure, |reference, link| {
        Facts::DeletionResumed { reference, link }
    })
    .await
}

/// Nothing, where nobody left an address.
async fn tell(
    tx: &mut Tx,
    services: &Services,
    id: &ErasureId,
    facts: impl FnOnce(String, String) -> Facts,
) -> Result<(), Error> {
    let Some(erasure) = find_erasure(&services.db, id.as_str()).await? else {
        return Ok(());
    };
    let Some(sealed) = &erasure.recipient_sealed else {
        return Ok(());
    };
    let address = services
        .vault
        .open_text(&services.db, recipient_place(id.as_str()), sealed)
        .await?;
    let to = address
        .parse()
        .map_err(|_| Error::Corrupt("erasures.recipient_sealed"))?;
    let facts = facts(erasure.reference.clone(), link(services, &erasure).await?);
    let draft = Draft {
        erasure: Some(id),
        ..Draft::new(&to, erasure.locale, &facts)
    };
    queue(tx, services, &draft).await?;
    Ok(())
}
