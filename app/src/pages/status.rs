//! Where a request stands: open to whoever holds its link, in words that a child can follow.

use erasure::{
    id::Capability,
    request::{
        CaseStage, Stage,
        status::{self, CaseStatus, Erased, RefusalTold, Status},
    },
    time::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Frame, Page, Visit};
use crate::{
    answer::Flash,
    api::request::WithdrawRequest,
    asking::{self, Step},
    context,
    locales::{RequestTexts, number, request_texts},
    parts::Problems,
};

/// Seconds between two looks while something happens.
const REFRESH_SECONDS: u32 = 10;

/// A request that is shown.
struct Shown<'a> {
    visit: &'a Visit,
    words: &'static RequestTexts,
    capability: &'a Capability,
    status: &'a Status,
}

impl Shown<'_> {
    fn date(&self, at: Timestamp) -> String {
        let settings = context::services().settings;
        settings.time_zone.date(at, self.visit.locale)
    }
}

/// Shows the request that the link opens.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let services = context::services();
    let Some(capability) = visit.capability() else {
        return Err(Detour::NotFound);
    };
    let Some(status) = status::find(&services, &capability).await? else {
        return Err(Detour::NotFound);
    };
    let flash = visit.take_flash();
    let words = request_texts(visit.locale);
    let shown = Shown {
        visit: &visit,
        words,
        capability: &capability,
        status: &status,
    };
    let title = (words.status.title)(status.state);
    let is_moving = matches!(status.state, Stage::Proven | Stage::Erasing);
    let source = format!("/api/v1/requests/{}", capability.expose());
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{title}</h1>
        <div
            class="flow"
            data-progress-url=is_moving.then_some(source)
            data-progress-state=status.state.as_str()
            data-progress-pace="5000"
        >
            <p class="lead">{(words.status.lead)(status.state)}</p>
            {go_on(&shown)}
            {milestones(&shown)}
            {extension(&shown)}
            {cases(&shown)}
            {refusals(&shown)}
            {status.outcome.as_ref().map(|outcome| outcome_section(&shown, outcome))}
            {facts(&shown)}
            {withdraw(&shown)}
            {again(&shown)}
            {complain(&shown)}
        </div>
    };
    let frame = Frame::Request {
        step: None,
        refresh: is_moving.then_some(REFRESH_SECONDS),
    };
    Ok(Page::new(title, frame, body.into_any()).reporting(&visit, flash.as_ref()))
}

/// The way to the proof, while it is missing.
fn go_on(shown: &Shown<'_>) -> Option<AnyView> {
    shown.status.proof.as_ref()?;
    let path = asking::proof_path(shown.visit.locale, shown.capability);
    Some(
        view! {
            <p class="buttons no-print">
                <a class="button button-primary" href=path data-step>
                    {shown.words.status.prove}
                </a>
            </p>
        }
        .into_any(),
    )
}

/// Four steps, those behind ticked.
fn milestones(shown: &Shown<'_>) -> Option<AnyView> {
    let words = &shown.words.status;
    let done = match shown.status.state {
        Stage::Received | Stage::Acknowledged => 1,
        Stage::Proven | Stage::InReview | Stage::Erasing | Stage::Joined => 2,
        Stage::Completed => 4,
        Stage::Refused | Stage::Expired | Stage::Withdrawn => return None,
    };
    let states = &shown.visit.texts().erasure;
    let items = words
        .milestone
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let (state, told) = match index.cmp(&done) {
                std::cmp::Ordering::Less => ("done", erasure::progress::StageState::Done),
                std::cmp::Ordering::Equal => ("running", erasure::progress::StageState::Running),
                std::cmp::Ordering::Greater => ("pending", erasure::progress::StageState::Pending),
            };
            view! {
                <li class="stage" data-state=state>
                    <span>{*name}</span>
                    <span class="stage-state">{(states.stage_state)(told)}</span>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="milestones">
                <h2 id="milestones">{words.milestones}</h2>
                <ol class="stages">{items}</ol>
            </section>
        }
        .into_any(),
    )
}

fn extension(shown: &Shown<'_>) -> Option<AnyView> {
    let words = &shown.words.status;
    let extension = shown.status.extension.as_ref()?;
    let reasons = extension
        .reasons
        .iter()
        .map(|reason| view! { <li>{(words.reason)(*reason)}</li> })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="extension">
                <h2 id="extension">{words.extended}</h2>
                <p>{(words.extended_to)(&shown.date(shown.status.due_at))}</p>
                <ul>{reasons}</ul>
                <p class="told" dir="auto">{extension.explanation.clone()}</p>
            </section>
        }
        .into_any(),
    )
}

/// What is out of the ordinary and still open, or is the account's own.
fn cases(shown: &Shown<'_>) -> Option<AnyView> {
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

fn refusals(shown: &Shown<'_>) -> Option<AnyView> {
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

fn outcome_section(shown: &Shown<'_>, outcome: &Erased) -> AnyView {
    let words = &shown.words.status;
    let (texts, locale) = (shown.visit.texts(), shown.visit.locale);
    let rows = outcome
        .categories
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{(texts.common.category)(row.category)}</th>
                    <td class="number">{number(locale, row.erased)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="erased">
            <h2 id="erased">{words.erased}</h2>
            <table class="table">
                <caption class="visually-hidden">{words.erased_caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{texts.overview.what}</th>
                        <th scope="col" class="number">{texts.receipt.erased}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        <section aria-labelledby="stays">
            <h2 id="stays">{words.stays}</h2>
            <ul>
                <li>{(words.stays_backups)(&shown.date(outcome.backups_gone_by))}</li>
                <li>{words.stays_suppression}</li>
                <li>{words.stays_record}</li>
            </ul>
            <p class="muted">{words.meta}</p>
        </section>
    }
    .into_any()
}

fn facts(shown: &Shown<'_>) -> AnyView {
    let words = &shown.words.status;
    let status = shown.status;
    let settings = context::services().settings;
    let address = format!(
        "{}{}",
        settings.public_url,
        context::status_path(shown.visit.locale, shown.capability)
    );
    let due = status
        .closed_at
        .is_none()
        .then_some((words.due, status.due_at));
    let closed = status.closed_at.map(|at| (words.closed, at));
    let dates = [Some((words.received, status.received_at)), due, closed]
        .into_iter()
        .flatten()
        .map(|(name, at)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{shown.date(at)}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="facts">
            <h2 id="facts">{words.facts}</h2>
            <dl class="facts">
                <div>
                    <dt>{words.reference}</dt>
                    <dd>{status.reference.clone()}</dd>
                </div>
                {dates}
                <div>
                    <dt>{words.link}</dt>
                    <dd class="breakable">{address}</dd>
                </div>
            </dl>
            <p class="muted">{words.link_hint}</p>
        </section>
    }
    .into_any()
}

fn withdraw(shown: &Shown<'_>) -> Option<AnyView> {
    let words = &shown.words.status;
    shown.status.may_withdraw.then(|| {
        view! {
            <section class="no-print" aria-labelledby="withdraw">
                <h2 id="withdraw">{words.withdraw}</h2>
                <p>{words.withdraw_text}</p>
                <form method="post" action=WithdrawRequest::url()>
                    <input type="hidden" name="lang" value=shown.visit.locale.as_str() />
                    <input
                        type="hidden"
                        name="capability"
                        value=shown.capability.expose().to_owned()
                    />
                    <button class="button" type="submit">
                        {words.withdraw}
                    </button>
                </form>
            </section>
        }
        .into_any()
    })
}

fn again(shown: &Shown<'_>) -> Option<AnyView> {
    let is_over = matches!(shown.status.state, Stage::Expired | Stage::Withdrawn);
    let path = Step::Who.path(shown.visit.locale);
    is_over.then(|| {
        view! {
            <p class="buttons no-print">
                <a class="button button-primary" href=path data-step>
                    {shown.words.status.again}
                </a>
            </p>
        }
        .into_any()
    })
}

fn complain(shown: &Shown<'_>) -> AnyView {
    let words = &shown.words.status;
    let privacy = context::services().settings.privacy_address.clone();
    let mailto = format!("mailto:{privacy}");
    view! {
        <section aria-labelledby="complain">
            <h2 id="complain">{words.complain}</h2>
            <p>{words.complain_us} " " <a href=mailto>{privacy}</a> "."</p>
            <p>
                {words.complain_authority} " "
                <a href=super::legal::authority(shown.visit.locale)>"www.cnil.fr"</a> "."
            </p>
        </section>
    }
    .into_any()
}
