//! Deciding for the person: they may ask for another, or what a business wanted to keep goes.

use super::{DecideError, Record, load, load_case, request_of, wrong, wrong_case};
use crate::{
    db::Tx,
    id::{CaseId, RequestId},
    job,
    request::{
        case::{CaseState, Holder, store as cases},
        resolve::{self, Subject},
        store,
    },
    services::Services,
};

/// Finds that a representative may ask. From here on it is as if the person had.
///
/// # Errors
/// See [`DecideError`].
pub async fn approve(services: &Services, id: &RequestId, by: &str) -> Result<(), DecideError> {
    let mut tx = services.db.begin().await?;
    approve_in(&mut tx, services, id, by).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the transaction of whoever puts the act on record.
pub(in crate::request) async fn approve_in(
    tx: &mut Tx,
    services: &Services,
    id: &RequestId,
    by: &str,
) -> Result<(), DecideError> {
    tx.alone().await?;
    let mut request = load(tx, id).await?;
    let next = request.state.clone().approve().map_err(wrong)?;
    store::advance(tx, services, &mut request, next).await?;
    let record = Record {
        request: &request.id,
        case: None,
        what: "approved",
        by,
        decided: None,
    };
    record.write(tx, services).await?;
    job::wake(tx, request.id.as_str(), services.now()).await?;
    Ok(())
}

/// Decides for the person: the business's objection does not hold. Erasing begins at once.
///
/// # Errors
/// See [`DecideError`].
pub async fn erase(services: &Services, id: &CaseId, by: &str) -> Result<(), DecideError> {
    let request = request_of(services, id).await?;
    let subject = Subject::of(services, &request).await?;
    let mut tx = services.db.begin().await?;
    erase_in(&mut tx, services, &subject, id, by).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the transaction of whoever puts the act on record.
pub(in crate::request) async fn erase_in(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    id: &CaseId,
    by: &str,
) -> Result<(), DecideError> {
    tx.alone().await?;
    let mut case = load_case(tx, id).await?;
    let Holder::Contact(contact) = case.holder.clone() else {
        return Err(wrong_case(&case));
    };
    if case.state != CaseState::InReview {
        return Err(wrong_case(&case));
    }
    let erasure = resolve::begin(tx, services, subject, &contact)
        .await?
        .ok_or(DecideError::UnderWay)?;
    let next = case
        .state
        .clone()
        .erase(erasure)
        .map_err(|_| wrong_case(&case))?;
    cases::advance(tx, services, &mut case, next).await?;
    let record = Record {
        request: &subject.request.id,
        case: Some(&case.id),
        what: "allowed",
        by,
        decided: None,
    };
    record.write(tx, services).await?;
    job::wake(tx, subject.request.id.as_str(), services.now()).await?;
    Ok(())
}
