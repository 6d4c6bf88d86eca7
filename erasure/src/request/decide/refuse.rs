//! Refusing: the state, the record and the letter in one transaction.

use super::{About, DecideError, Decided, Record, Refusal, load, load_case, of, wrong, wrong_case};
use crate::{
    db::Source,
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
    let now = services.now();
    let request = of(services, about).await?;
    let named = request.business(services).await?;
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let all = cases::of_request(&mut Source::Tx(&mut tx), &request.id).await?;
    let erased = status::erased(&mut Source::Tx(&mut tx), &all).await?;
    let mut case = match about {
        About::Request(_) => None,
        About::Case(id) => Some(load_case(&mut tx, id).await?),
    };
    // Before the state changes: what closes forgets where letters go.
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
            business: business.as_ref().map(|name| name.expose().to_owned()),
            is_partial,
            erased: erased.clone(),
        })
    };
    letters::queue_to_all(&mut tx, services, &request, facts).await?;
    let case_id = case.as_ref().map(|case| case.id.clone());
    if let Some(case) = &mut case {
        let next = case.state.clone().close(CaseOutcome::Refused, now);
        let next = next.map_err(|_| wrong_case(case))?;
        cases::advance(&mut tx, services, case, next).await?;
    } else {
        let mut request = load(&mut tx, &request.id).await?;
        let next = request.state.clone().close(Outcome::Refused, now);
        store::advance(&mut tx, services, &mut request, next.map_err(wrong)?).await?;
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
        by,
        decided: Some((&decided, &refusal.explanation)),
    };
    record.write(&mut tx, services).await?;
    job::wake(&mut tx, request.id.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}
