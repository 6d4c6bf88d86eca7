//! Extending a term: once, by no more than the law allows, with concrete reasons, before the first term ends.

use super::{
    About, DecideError, Decided, Extension, Matter, Record, latest, load, load_case, wrong_case,
};
use crate::{
    db::{Source, Tx},
    request::{
        Request,
        case::{Case, CaseState, store as cases},
        letters::{self, Extended, RequestFacts},
        status, store,
    },
    services::Services,
};

/// Extends a term, once, and tells the person before the first one ends.
///
/// # Errors
/// See [`DecideError`].
pub async fn extend(
    services: &Services,
    about: &About,
    extension: &Extension,
    by: &str,
) -> Result<(), DecideError> {
    let matter = Matter::open(services, about, by).await?;
    let mut tx = services.db.begin().await?;
    extend_in(&mut tx, services, &matter, extension).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the transaction of whoever puts the act on record.
pub(in crate::request) async fn extend_in(
    tx: &mut Tx,
    services: &Services,
    matter: &Matter<'_>,
    extension: &Extension,
) -> Result<(), DecideError> {
    tx.alone().await?;
    let request = load(tx, &matter.request.id).await?;
    let case = match matter.about {
        About::Request(_) => None,
        About::Case(id) => Some(load_case(tx, id).await?),
    };
    may_extend(services, &request, case.as_ref(), extension)?;
    match &case {
        Some(case) => cases::extend(tx, case, extension.until).await?,
        None => store::extend(tx, &request.id, extension.until).await?,
    }
    let all = cases::of_request(&mut Source::Tx(tx), &request.id).await?;
    let erased = status::erased(&mut Source::Tx(tx), &all).await?;
    let facts = |reference, link| {
        RequestFacts::Extended(Extended {
            reference,
            link,
            due_at: request.due_at,
            extended_to: extension.until,
            reasons: extension.reasons.clone(),
            explanation: extension.explanation.as_str().to_owned(),
            erased: erased.clone(),
        })
    };
    letters::queue_to_all(tx, services, &request, facts).await?;
    let decided = Decided {
        reasons: extension.reasons.clone(),
        ground: None,
        statute: None,
        until: Some(extension.until),
    };
    let record = Record {
        request: &request.id,
        case: case.as_ref().map(|case| &case.id),
        what: "extension",
        by: matter.by,
        decided: Some((&decided, &extension.explanation)),
    };
    record.write(tx, services).await?;
    tracing::info!(request.id = %request.id, extended_to = %extension.until, "a term was extended");
    Ok(())
}

fn may_extend(
    services: &Services,
    request: &Request,
    case: Option<&Case>,
    extension: &Extension,
) -> Result<(), DecideError> {
    let is_open = match case {
        Some(case) => !matches!(case.state, CaseState::Closed { .. }),
        None => request.proven_at.is_some() && !request.state.is_closed(),
    };
    if !is_open {
        return Err(case.map_or_else(
            || DecideError::WrongState(request.state.stage().as_str()),
            wrong_case,
        ));
    }
    let (due_at, extended_to) = case.map_or((request.due_at, request.extended_to), |case| {
        (case.due_at, case.extended_to)
    });
    if services.now() >= due_at {
        return Err(DecideError::TooLate);
    }
    let latest = latest(services, request);
    let fits = extension.until > due_at && extension.until <= latest;
    if extended_to.is_some() || !fits || extension.reasons.is_empty() {
        return Err(DecideError::NotExtensible { latest });
    }
    Ok(())
}
