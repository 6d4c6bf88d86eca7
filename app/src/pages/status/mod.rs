//! Where a request stands: open to whoever holds its link, in words that a child can follow.

mod cases;
mod letter;

use erasure::{
    id::Capability,
    request::{
        Role, Stage,
        status::{self, Erased, Status},
    },
    time::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use self::cases::{cases, refusals};
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
    let (title, lead) = if letter::is_unstated(&shown) {
        (words.status.letter_title, words.status.letter_lead)
    } else {
        let state = status.state;
        ((words.status.title)(state), (words.status.lead)(state))
    };
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
            <p class="lead">{lead}</p>
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

/// The way to the questions or to the proof, while they are missing.
fn go_on(shown: &Shown<'_>) -> Option<AnyView> {
    if letter::is_unstated(shown) {
        return Some(letter::go_on(shown));
    }
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
    // The same whether anything was found; an account that is gone has nobody to keep out.
    let is_kept_out = shown.status.role != Some(Role::AccountHolder);
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
                {is_kept_out.then(|| view! { <li>{words.stays_suppression}</li> })}
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
