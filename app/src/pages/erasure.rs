//! Step 4: what becomes of a confirmed deletion. Open to whoever holds its link, signed in or not.

use erasure::{
    progress::{self, CategoryProgress, Progress, State},
    receipt::Receipt,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Frame, Page, Place, Visit, receipt};
use crate::{
    answer::Flash,
    api::erasure::CancelErasure,
    context,
    locales::{Texts, keep, number},
    parts::{Moment, Problems, Stages},
};

/// Waiting, erasing, cancelled, or done with its receipt.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let services = context::services();
    let Some(capability) = visit.capability() else {
        return Err(Detour::NotFound);
    };
    let Some(progress) = progress::find(&services, &capability).await? else {
        return Err(Detour::NotFound);
    };
    let flash = visit.take_flash();
    let texts = visit.texts();
    let words = &texts.erasure;
    let source = format!("/api/v1/erasures/{}", capability.expose());
    let (title, content) = match progress.state {
        State::Waiting => (
            words.waiting_title,
            waiting(&visit, texts, &progress, capability.expose()),
        ),
        State::Held => (
            keep(visit.locale).held.title,
            held(&visit, texts, &progress, capability.expose()),
        ),
        State::Erasing => (words.erasing_title, erasing(&visit, texts, &progress)),
        State::Cancelled => (words.cancelled_title, cancelled(&visit, texts)),
        State::Completed => {
            let Some(receipt) = progress::receipt(&services, &capability).await? else {
                return Err(Detour::Broken);
            };
            let receipt = Receipt {
                meta: progress::at_meta(&services, &capability).await?,
                ..receipt
            };
            (
                texts.receipt.title,
                receipt::body(&visit, &receipt, &source),
            )
        }
    };
    let running = matches!(progress.state, State::Waiting | State::Erasing);
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{title}</h1>
        <div
            class="flow"
            data-progress-url=running.then_some(source)
            data-progress-state=state_name(progress.state)
            data-language=visit.locale.as_str()
        >
            {content}
        </div>
    };
    let frame = Frame::Wizard {
        step: match progress.state {
            State::Waiting | State::Held | State::Erasing => Some(4),
            State::Completed => Some(5), // all four are behind
            State::Cancelled => None,
        },
        leave: false,
        refresh: running,
    };
    Ok(Page::new(title, frame, body.into_any()).reporting(&visit, flash.as_ref()))
}

/// The word that the JSON status uses, so that the browser notices a change.
const fn state_name(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Held => "held",
        State::Erasing => "erasing",
        State::Completed => "completed",
        State::Cancelled => "cancelled",
    }
}

fn waiting(visit: &Visit, texts: &'static Texts, progress: &Progress, capability: &str) -> AnyView {
    let words = &texts.erasure;
    let locale = visit.locale;
    let starts = progress.starts_at.map(|at| {
        view! {
            <p class="notice">
                {words.waiting_starts} " " <strong><Moment at locale /></strong> "."
            </p>
        }
    });
    view! {
        <p class="lead">{words.waiting_text}</p>
        {starts}
        {cancel_form(visit, texts, progress, capability)}
        {lost_connection(texts)}
        {facts(visit, texts, progress)}
    }
    .into_any()
}

fn cancel_form(
    visit: &Visit,
    texts: &'static Texts,
    progress: &Progress,
    capability: &str,
) -> Option<impl IntoView + use<>> {
    let words = &texts.erasure;
    progress.may_cancel.then(|| {
        view! {
            <section class="card" aria-labelledby="cancel">
                <h2 id="cancel">{words.cancel_heading}</h2>
                <p>{words.cancel_text}</p>
                <form method="post" action=CancelErasure::url()>
                    <input type="hidden" name="lang" value=visit.locale.as_str() />
                    <input type="hidden" name="capability" value=capability.to_owned() />
                    <button class="button button-primary" type="submit">
                        {words.cancel}
                    </button>
                </form>
            </section>
        }
    })
}

/// A legal hold keeps it waiting: why, and what that means meanwhile.
fn held(visit: &Visit, texts: &'static Texts, progress: &Progress, capability: &str) -> AnyView {
    let words = &keep(visit.locale).held;
    let locale = visit.locale;
    let address = context::services().settings.privacy_address.clone();
    let mail = format!("mailto:{address}?subject={}", progress.reference);
    let why = progress.held.map(|held| {
        view! {
            <section class="card" aria-labelledby="why">
                <h2 id="why">{words.reason_heading}</h2>
                <p>{(words.reason)(held.basis)}</p>
                <dl class="facts">
                    <div>
                        <dt>{words.since}</dt>
                        <dd>
                            <Moment at=held.since locale />
                        </dd>
                    </div>
                    <div>
                        <dt>{words.review}</dt>
                        <dd>
                            <Moment at=held.review_at locale />
                        </dd>
                    </div>
                </dl>
            </section>
        }
    });
    view! {
        <p class="lead">{words.lead}</p>
        {why}
        <ul>{words.meanwhile.map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        {cancel_form(visit, texts, progress, capability)}
        <p class="muted">{words.disagree} " " <a href=mail>{address}</a></p>
        <p class="muted">{texts.erasure.keep_link}</p>
        <dl class="facts">
            <div>
                <dt>{texts.erasure.reference}</dt>
                <dd>{progress.reference.clone()}</dd>
            </div>
            <div>
                <dt>{texts.erasure.confirmed}</dt>
                <dd>
                    <Moment at=progress.confirmed_at locale />
                </dd>
            </div>
        </dl>
    }
    .into_any()
}

fn erasing(visit: &Visit, texts: &'static Texts, progress: &Progress) -> AnyView {
    let words = &texts.erasure;
    let rows = progress
        .categories
        .iter()
        .map(|category| category_row(visit, texts, category))
        .collect_view();
    view! {
        <p class="lead">{words.erasing_text}</p>
        {lost_connection(texts)}
        <p class="notice notice-warning" role="status" data-delayed hidden=!progress.delayed>
            {words.delayed}
        </p>
        <section aria-labelledby="categories">
            <h2 id="categories">{words.categories}</h2>
            <ul class="bars">{rows}</ul>
        </section>
        <section aria-labelledby="stages">
            <h2 id="stages">{words.stages}</h2>
            <Stages texts stages=progress.stages.clone() />
        </section>
        {facts(visit, texts, progress)}
    }
    .into_any()
}

fn category_row(visit: &Visit, texts: &'static Texts, row: &CategoryProgress) -> impl IntoView {
    let words = &texts.erasure;
    let name = (texts.common.category)(row.category);
    // Nothing to say before the data has been counted.
    let count = row.expected.map(|expected| match expected {
        0 => words.nothing.to_owned(),
        _ => (words.erased_of)(
            &number(visit.locale, row.erased),
            &number(visit.locale, expected),
        ),
    });
    // A category without anything in it is full once it is done, not forever empty.
    let (value, most) = match (row.done, row.expected) {
        (true, _) => (1, 1),
        (false, expected) => (row.erased, expected.unwrap_or(0).max(1)),
    };
    let id = format!("category-{}", row.category.as_str());
    view! {
        <li class="bar" data-category=row.category.as_str() data-done=row.done.to_string()>
            <span class="bar-name" id=id.clone()>
                {name}
            </span>
            <span class="bar-count">
                <span data-count data-of=(words.erased_of)("{n}", "{total}") data-none=words.nothing>
                    {count}
                </span>
            </span>
            <progress aria-labelledby=id value=value.to_string() max=most.to_string()></progress>
        </li>
    }
}

fn lost_connection(texts: &'static Texts) -> impl IntoView {
    view! {
        <p class="notice notice-warning" role="status" data-connection-lost hidden>
            {texts.erasure.lost_connection}
        </p>
    }
}

fn facts(visit: &Visit, texts: &'static Texts, progress: &Progress) -> impl IntoView {
    let words = &texts.erasure;
    let locale = visit.locale;
    view! {
        <p class="muted">{words.keep_link}</p>
        <dl class="facts">
            <div>
                <dt>{words.reference}</dt>
                <dd>{progress.reference.clone()}</dd>
            </div>
            <div>
                <dt>{words.confirmed}</dt>
                <dd>
                    <Moment at=progress.confirmed_at locale />
                </dd>
            </div>
            <div>
                <dt>{words.due}</dt>
                <dd>
                    <Moment at=progress.due_at locale />
                </dd>
            </div>
        </dl>
    }
}

fn cancelled(visit: &Visit, texts: &'static Texts) -> AnyView {
    let words = &texts.erasure;
    view! {
        <p class="lead">{words.cancelled_text}</p>
        <p>
            <a class="button button-primary" href=Place::Login.path(visit.locale)>
                {words.cancelled_login}
            </a>
        </p>
    }
    .into_any()
}
