//! Reading what somebody wrote, as it came: by the operator, and that is on record.

use zeroize::Zeroizing;

use super::store;
use crate::{
    db::{self, Source},
    id::RequestId,
    request::by_mail,
    services::Services,
    time::Timestamp,
};

/// A letter as it came.
pub struct Written {
    /// Which of the request's letters it is, from one on.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// Whether this is all of it.
    pub is_whole: bool,
    /// The letter itself.
    pub raw: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Written {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (number, of) = (self.number, self.of);
        write!(formatter, "Written({number} of {of}, [redacted])")
    }
}

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
pub enum OriginalError {
    /// There is no such request, or it has no such letter (any more).
    #[error("there is no such letter: a request's letters are gone when it is closed")]
    NotFound,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// How many letters of a request are kept.
///
/// # Errors
/// When the database fails.
pub async fn letters_of(services: &Services, request: &RequestId) -> Result<usize, db::Error> {
    let mut tx = services.db.begin().await?;
    Ok(store::kept(&mut tx, request).await?.len())
}

/// Opens a letter of the request with this reference: the newest, or the one of this number.
///
/// # Errors
/// See [`OriginalError`].
pub async fn read_as_operator(
    services: &Services,
    reference: &str,
    number: Option<usize>,
) -> Result<Written, OriginalError> {
    let mut tx = services.db.begin().await?;
    let request = by_mail::of_reference(&mut Source::Tx(&mut tx), reference).await?;
    let request = request.ok_or(OriginalError::NotFound)?;
    let kept = store::kept(&mut tx, &request.id).await?;
    let number = number.unwrap_or(kept.len());
    let place = number.checked_sub(1).ok_or(OriginalError::NotFound)?;
    let id = kept.get(place).ok_or(OriginalError::NotFound)?;
    let sealed = store::sealed(&mut tx, id).await?;
    let sealed = sealed.ok_or(OriginalError::NotFound)?;
    by_mail::note_reading(&mut tx, services, &request).await?;
    tx.commit().await?;
    Ok(Written {
        number,
        of: kept.len(),
        arrived_at: sealed.arrived_at,
        is_whole: sealed.is_whole,
        raw: store::open(services, id, &sealed.bytes).await?,
    })
}
