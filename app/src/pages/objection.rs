//! A business's page: one of its contacts asked to be erased, and it may object on a legal ground.

use erasure::{
    id::Capability,
    request::{CaseStage, Ground, object},
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Frame, Page, Visit};
use crate::{
    answer::Flash,
    api::request::ObjectToRequest,
    context,
    locales::{RequestTexts, request_texts},
    parts::{Choices, Field, LongAnswer, NoticeBox, Problems},
};

/// What an explanation may be long.
const MOST: u32 = 4_000;

/// Asks for the ground while there is time; afterwards says that it is over.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let services = context::services();
    let Some(capability) = visit.capability() else {
        return Err(Detour::NotFound);
    };
    let Some(window) = object::window(&services, &capability).await? else {
        return Err(Detour::NotFound);
    };
    let flash = visit.take_flash();
    let locale = visit.locale;
    let texts = request_texts(locale);
    let words = &texts.objection;
    let zone = &services.settings.time_zone;
    let identity = window.identity.as_deref().unwrap_or("…");
    let what = match (window.until, window.stage) {
        (Some(until), _) => view! {
            <p>{(words.until)(&zone.moment(until, locale))}</p>
            {form(&visit, texts, &capability, flash.as_ref())}
            <p class="muted">{words.otherwise}</p>
        }
        .into_any(),
        (None, CaseStage::InReview) => view! { <NoticeBox>{words.taken}</NoticeBox> }.into_any(),
        (None, _) => view! { <NoticeBox warning=true>{words.over}</NoticeBox> }.into_any(),
    };
    let body = view! {
        <Problems locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{(words.intro)(&window.organization, identity)}</p>
        {what}
        <dl class="facts">
            <div>
                <dt>{texts.status.reference}</dt>
                <dd>{window.reference.clone()}</dd>
            </div>
            <div>
                <dt>{texts.status.received}</dt>
                <dd>{zone.date(window.received_at, locale)}</dd>
            </div>
        </dl>
    };
    let frame = Frame::Request {
        step: None,
        refresh: None,
    };
    Ok(Page::new(words.title, frame, body.into_any()).reporting(&visit, flash.as_ref()))
}

fn form(
    visit: &Visit,
    texts: &'static RequestTexts,
    capability: &Capability,
    flash: Option<&Flash>,
) -> AnyView {
    let words = &texts.objection;
    let locale = visit.locale;
    let trouble = flash.and_then(Flash::trouble);
    let grounds = Ground::ALL
        .iter()
        .filter(|ground| ground.is_open_to_objection())
        .map(|ground| (ground.as_str(), (texts.status.ground)(*ground), ""))
        .collect();
    view! {
        <form class="form" method="post" action=ObjectToRequest::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            <input type="hidden" name="capability" value=capability.expose().to_owned() />
            <p>
                <strong>{words.ground}</strong>
            </p>
            <Choices
                field=Field::Ground
                legend=words.ground
                choices=grounds
                chosen=None
                locale
                trouble
            />
            <LongAnswer
                field=Field::Explanation
                label=words.explanation
                hint=words.explanation_hint
                value=flash.map_or_else(String::new, |flash| flash.typed().to_owned())
                locale
                trouble
                most=MOST
            />
            <button class="button button-primary" type="submit">
                {words.submit}
            </button>
        </form>
    }
    .into_any()
}
