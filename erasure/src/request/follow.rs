//! A proven request from its first case to its last letter, a look at a time.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Request, State,
    case::{Case, CaseOutcome, CaseState, Holder, store as cases},
    letters::{self, Completed, RequestFacts},
    resolve::{self, Found, Subject},
    state::Outcome,
    status, store,
};
use crate::{
    db::{self, Source, Tx, value::args},
    hold,
    id::ErasureId,
    job::{Attempt, Lease, StepError},
    letter::Facts,
    services::Services,
    time::Timestamp,
};

/// Between two looks at an erasure.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// Between two looks at an erasure that a legal hold keeps: it goes on by itself.
const HELD: Duration = Duration::from_hours(1);
/// Between two looks at what waits for a person: a decision wakes the request anyway.
const SELDOM: Duration = Duration::from_hours(24);

/// Does what is due for a request.
pub(crate) async fn attempt(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let request = store::find(&mut Source::Db(&services.db), &lease.subject).await?;
    let Some(request) = request else {
        return end(services, lease).await;
    };
    match request.state {
        State::Proven => resolve::attempt(services, lease, &request).await,
        State::InReview => Ok(Attempt::Rest {
            until: services.now() + SELDOM,
        }),
        State::Erasing { tell_at } => follow(services, lease, &request, tell_at).await,
        State::Closed { .. } => end(services, lease).await,
        State::Received | State::Acknowledged { .. } => Ok(Attempt::Parked {
            cause: "a request is worked on that nobody has proven",
        }),
    }
}

async fn end(services: &Services, lease: &Lease) -> Result<Attempt, StepError> {
    let mut tx = services.db.begin().await?;
    lease.finish(&mut tx, services.now()).await?;
    tx.commit().await?;
    Ok(Attempt::Done)
}

async fn follow(
    services: &Services,
    lease: &Lease,
    request: &Request,
    tell_at: Timestamp,
) -> Result<Attempt, StepError> {
    let now = services.now();
    let subject = Subject::of(services, request).await?;
    let mut tx = services.db.begin().await?;
    lease.hold(&mut tx, now).await?;
    tx.alone().await?;
    let mut all = cases::of_request(&mut Source::Tx(&mut tx), &request.id).await?;
    let mut look_at = (now < tell_at).then_some(tell_at);
    for case in &mut all {
        if let Some(again) = look(&mut tx, services, &subject, case).await? {
            look_at = Some(look_at.map_or(again, |first| first.min(again)));
        }
    }
    if let Some(until) = look_at {
        tx.commit().await?;
        return Ok(Attempt::Rest { until });
    }
    if is_held_elsewhere(&mut tx, services, &subject, &all).await? {
        tx.commit().await?;
        return Ok(Attempt::Rest {
            until: now + LOOK_AGAIN,
        });
    }
    conclude(&mut tx, services, request, &all).await?;
    lease.finish(&mut tx, now).await?;
    tx.commit().await?;
    tracing::info!(request.id = %request.id, cases = all.len(), "a request is closed");
    Ok(Attempt::Done)
}

/// Looks at a case; says when to look again while it is open.
async fn look(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    case: &mut Case,
) -> Result<Option<Timestamp>, db::Error> {
    let now = services.now();
    let closed = |outcome| CaseState::Closed { outcome, at: now };
    let (next, again) = match (&case.state, &case.holder) {
        (CaseState::Closed { .. }, _) => return Ok(None),
        (CaseState::Erasing(erasure), _) => match state_of(tx, erasure).await? {
            ("completed", _) => (Some(closed(CaseOutcome::Erased)), now),
            ("cancelled", _) => (Some(closed(CaseOutcome::Cancelled)), now),
            ("held", _) => (case.state.clone().hold().ok(), now + HELD),
            (_, starts_at) => (None, starts_at.max(now) + LOOK_AGAIN),
        },
        (CaseState::Held(erasure), _) => match state_of(tx, erasure).await? {
            ("held", _) => (None, now + HELD),
            _ => (case.state.clone().release().ok(), now + LOOK_AGAIN),
        },
        (CaseState::Objecting { until }, Holder::Contact(contact)) if *until <= now => {
            match resolve::begin(tx, services, subject, contact).await? {
                Some(erasure) => (Some(CaseState::Erasing(erasure)), now + LOOK_AGAIN),
                None => (gone(tx, case, now).await?, now + LOOK_AGAIN),
            }
        }
        (CaseState::Objecting { until }, _) => (gone(tx, case, now).await?, *until),
        (CaseState::InReview, _) => (gone(tx, case, now).await?, now + SELDOM),
    };
    if let Some(next) = next {
        tell_of_hold(tx, services, subject.request, case, &next).await?;
        cases::advance(tx, services, case, next).await?;
    }
    let is_open = !matches!(case.state, CaseState::Closed { .. });
    Ok(is_open.then_some(again))
}

/// Says that a business's part waits for a legal hold, or waits no more. An account's own erasure writes to it itself.
async fn tell_of_hold(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
    case: &Case,
    next: &CaseState,
) -> Result<(), db::Error> {
    if matches!(case.holder, Holder::Account(_)) {
        return Ok(());
    }
    match (&case.state, next) {
        (_, CaseState::Held(erasure)) => {
            let Some(held) = hold::of_erasure(&services.db, erasure).await? else {
                return Ok(());
            };
            let facts = |reference, link| Facts::DeletionHeld {
                reference,
                link,
                basis: held.basis,
                review_at: held.review_at,
            };
            letters::queue_to_all(tx, services, request, facts).await
        }
        (CaseState::Held(_), CaseState::Erasing(_)) => {
            let facts = |reference, link| Facts::DeletionResumed { reference, link };
            letters::queue_to_all(tx, services, request, facts).await
        }
        _ => Ok(()),
    }
}

/// How an erasure stands, and when it starts.
async fn state_of(
    tx: &mut Tx,
    erasure: &ErasureId,
) -> Result<(&'static str, Timestamp), db::Error> {
    let row: Option<(String, i64)> = tx
        .fetch_optional(
            "SELECT state, starts_at FROM erasures WHERE id = $1",
            args![erasure],
        )
        .await?;
    let (state, starts_at) = row.ok_or(db::Error::Corrupt("a case whose erasure is gone"))?;
    let state = match state.as_str() {
        "completed" => "completed",
        "cancelled" => "cancelled",
        "held" => "held",
        _ => "under way",
    };
    Ok((state, Timestamp::from_millis(starts_at)))
}

/// A holder that is gone holds nothing any more: the business was erased, or the contact with another request.
async fn gone(tx: &mut Tx, case: &Case, now: Timestamp) -> Result<Option<CaseState>, db::Error> {
    let there: Option<(i64,)> = match &case.holder {
        Holder::Contact(contact) => {
            tx.fetch_optional(
                "SELECT CAST(1 AS BIGINT) FROM contacts WHERE organization_id = $1 AND id = $2",
                args![&contact.organization, &contact.id],
            )
            .await?
        }
        Holder::Account(user) => {
            tx.fetch_optional(
                "SELECT CAST(1 AS BIGINT) FROM users WHERE id = $1",
                args![user],
            )
            .await?
        }
    };
    Ok(there.is_none().then_some(CaseState::Closed {
        outcome: CaseOutcome::Erased,
        at: now,
    }))
}

/// Whether somebody holds something after all: a business that was about to be erased and stayed, or a message that came in
/// meanwhile.
async fn is_held_elsewhere(
    tx: &mut Tx,
    services: &Services,
    subject: &Subject<'_>,
    all: &[Case],
) -> Result<bool, db::Error> {
    let known: BTreeSet<String> = all.iter().map(|case| case.holder.text()).collect();
    let has_account = all
        .iter()
        .any(|case| matches!(case.holder, Holder::Account(_)));
    if has_account {
        return Ok(false); // erased, or kept because another owner stopped it
    }
    match resolve::open_cases(tx, services, subject, &known).await? {
        Found::UnderWay | Found::Cases(1..) => Ok(true),
        Found::Cases(0) => resolve::under_way(tx, subject).await,
    }
}

/// The last letter, to everybody who asked for this person, and the end of what was typed.
async fn conclude(
    tx: &mut Tx,
    services: &Services,
    request: &Request,
    all: &[Case],
) -> Result<(), db::Error> {
    let now = services.now();
    let is = |outcome| {
        all.iter().any(
            |case| matches!(case.state, CaseState::Closed { outcome: one, .. } if one == outcome),
        )
    };
    let is_refused = is(CaseOutcome::Refused) && !is(CaseOutcome::Erased);
    let outcome = if is_refused {
        Outcome::Refused
    } else {
        Outcome::Completed
    };
    // An account's own erasure writes to it itself, and each refusal was told when it was decided.
    let has_account = all
        .iter()
        .any(|case| matches!(case.holder, Holder::Account(_)));
    if !is_refused && !has_account {
        let erased = status::erased(&mut Source::Tx(tx), all).await?;
        let facts = |reference, link| {
            RequestFacts::Completed(Completed {
                reference,
                link,
                received_at: request.received_at,
                completed_at: now,
                erased: erased.clone(),
                is_partial: is(CaseOutcome::Refused),
            })
        };
        letters::queue_to_all(tx, services, request, facts).await?;
    }
    let closed = request.state.clone().close(outcome, now);
    let closed =
        closed.map_err(|_| db::Error::Corrupt("a request that changed while it was held"))?;
    store::advance(tx, services, &mut request.clone(), closed).await?;
    for joined in store::joined_to(&mut Source::Tx(tx), &request.id).await? {
        store::forget(tx, &joined.id).await?;
    }
    Ok(())
}
