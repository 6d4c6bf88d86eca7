//! Refusing: the state, the record and the letter in one transaction.

use super::{
    About, DecideError, Decided, Matter, Record, Refusal, load, load_case, wrong, wrong_case,
};
use crate::{
    db::{Source, Tx},
    job,
    request::{
        case::{CaseOutcome, store as cases},
        letters::{self, Refused, RequestFacts},
        state::Outcome,
        status, store,
    },
    services::Services,
};

/// Refuses a request that waits for staff, or one holder's part of it, and tells the person why and where to complain.
///
/// # Errors
/// See [`DecideError`].
pub async fn refuse(
    services: &Services,
    about: &About,
    refusal: &Refusal,
    by: &str,
) -> Result<(), DecideError> {
    let matter = Matter::open(services, about, by).await?;
    let mut tx = services.db.begin().await?;
    refuse_in(&mut tx, services, &matter, refusal).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the transaction of whoever puts the act on record.
pub(in crate::request) async fn refuse_in(
    tx: &mut Tx,
    services: &Services,
    matter: &Matter<'_>,
    refusal: &Refusal,
) -> Result<(), DecideError> {
    tx.alone().await?;
    let (now, request) = (services.now(), &matter.request);
    let all = cases::of_request(&mut Source::Tx(tx), &request.id).await?;
    let erased = status::erased(&mut Source::Tx(tx), &all).await?;
    let mut case = match matter.about {
        About::Request(_) => None,
        About::Case(id) => Some(load_case(tx, id).await?),
    };
    // Before the state changes: what closes forgets where letters go.
    let named = matter.business.as_ref();
    let business = case.as_ref().filter(|case| case.is_named).and(named);
    let is_partial = case.is_some();
    let facts = |reference, link| {
        RequestFacts::Refused(Refused {
            reference,
            link,
            ground: refusal.ground,
            statute: refusal.statute.clone(),
            explanation: refusal.explanation.as_str().to_owned(),
            keep_until: refusal.keep_until,
            business: business.map(|name| name.expose().to_owned()),
            is_partial,
            erased: erased.clone(),
        })
    };
    letters::queue_to_all(tx, services, request, facts).await?;
    let case_id = case.as_ref().map(|case| case.id.clone());
    if let Some(case) = &mut case {
        let next = case.state.clone().close(CaseOutcome::Refused, now);
        let next = next.map_err(|_| wrong_case(case))?;
        cases::advance(tx, services, case, next).await?;
    } else {
        let mut request = load(tx, &request.id).await?;
        let next = request.state.clone().close(Outcome::Refused, now);
        store::advance(tx, services, &mut request, next.map_err(wrong)?).await?;
    }
    let decided = Decided {
        reasons: vec![],
        ground: Some(refusal.ground),
        statute: refusal.statute.clone(),
        until: refusal.keep_until,
    };
    let record = Record {
        request: &request.id,
        case: case_id.as_ref(),
        what: "refusal",
        by: matter.by,
        decided: Some((&decided, &refusal.explanation)),
    };
    record.write(tx, services).await?;
    job::wake(tx, request.id.as_str(), now).await?;
    Ok(())
}

/// Whether this can be refused as it stands.
///
/// # Errors
/// [`DecideError::WrongState`] when it cannot.
pub(in crate::request) async fn may_refuse(
    tx: &mut Tx,
    matter: &Matter<'_>,
) -> Result<(), DecideError> {
    match matter.about {
        About::Request(id) => {
            let request = load(tx, id).await?;
            let closed = request.state.close(Outcome::Refused, request.due_at);
            closed.map(drop).map_err(wrong)
        }
        About::Case(id) => {
            let case = load_case(tx, id).await?;
            let closed = case.state.clone().close(CaseOutcome::Refused, case.due_at);
            closed.map(drop).map_err(|_| wrong_case(&case))
        }
    }
}
