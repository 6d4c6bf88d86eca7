//! The parts of a request that are out of the ordinary: what waits, what is held, and what was refused and why.

use erasure::request::{
    CaseStage,
    status::{CaseStatus, RefusalTold},
};
use leptos::prelude::*;

use super::Shown;

/// What waits, or can still be stopped.
pub(super) fn cases(shown: &Shown<'_>) -> Option<AnyView> {
    let words = &shown.words.status;
    let open = |case: &&CaseStatus| case.state != CaseStage::Refused;
    let items: Vec<_> = shown.status.cases.iter().filter(open).collect();
    if items.is_empty() {
        return None;
    }
    let items = items
        .into_iter()
        .map(|case| {
            let link = case.erasure.as_ref().map(|secret| {
                let path = format!("/{}/erasure/{secret}", shown.visit.locale.as_str());
                view! { <a href=path>{words.account_link}</a> }
            });
            view! {
                <li class="consequence consequence-mild">
                    <strong>
                        <bdi>{holder(shown, case)}</bdi>
                    </strong>
                    <span>{case_words(shown, case)}</span>
                    {link}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="cases">
                <h2 id="cases">{words.cases}</h2>
                <ul class="consequences">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

/// Who holds something: by name only if the person named it.
fn holder(shown: &Shown<'_>, case: &CaseStatus) -> String {
    let words = &shown.words.status;
    match (&case.name, case.holder) {
        (Some(name), _) => name.clone(),
        (None, "account") => words.account.to_owned(),
        (None, _) => words.business.to_owned(),
    }
}

fn case_words(shown: &Shown<'_>, case: &CaseStatus) -> String {
    let words = &shown.words.status;
    let date = case.waits_until.map(|at| shown.date(at));
    match (case.state, date) {
        (CaseStage::Objecting, Some(date)) => (words.objecting)(&date),
        (CaseStage::Erasing, Some(date)) => (words.account_waits)(&date),
        (CaseStage::Held, _) => words.held.to_owned(),
        (CaseStage::Erased, _) => words.account_erased.to_owned(),
        (CaseStage::Cancelled, _) => words.account_cancelled.to_owned(),
        (CaseStage::Erasing, None) => words.account_erasing.to_owned(),
        (CaseStage::InReview | CaseStage::Objecting | CaseStage::Refused, _) => {
            words.in_review.to_owned()
        }
    }
}

/// What is not erased, on which ground.
pub(super) fn refusals(shown: &Shown<'_>) -> Option<AnyView> {
    let words = &shown.words.status;
    let refused: Vec<(String, &RefusalTold)> = shown
        .status
        .cases
        .iter()
        .filter_map(|case| Some((holder(shown, case), case.refusal.as_ref()?)))
        .collect();
    if refused.is_empty() {
        return None;
    }
    let items = refused
        .into_iter()
        .map(|(holder, refusal)| {
            let until = refusal
                .keep_until
                .map(|at| (words.kept_until)(&shown.date(at)));
            view! {
                <li class="consequence">
                    <strong>
                        <bdi>{holder}</bdi>
                    </strong>
                    <span>
                        {(words.ground)(refusal.ground)} " ("
                        {(words.article)(refusal.article, refusal.statute.as_deref())} ")"
                    </span>
                    <span class="told" dir="auto">
                        {refusal.explanation.clone()}
                    </span>
                    {until.map(|until| view! { <span>{until}</span> })}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="refusals">
                <h2 id="refusals">{words.refused}</h2>
                <ul class="consequences">{items}</ul>
                <p>{words.appeal}</p>
            </section>
        }
        .into_any(),
    )
}
