//! The last step: showing that the number or the address is one's own. Open to whoever holds the request's link.

use erasure::{
    account::CodeSent,
    id::Capability,
    request::status::{self, ProofNeeded, Status},
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    Detour, Frame, Page, Visit,
    number::{self, by_number, waits_for_message},
};
use crate::{
    answer::Flash,
    api::request::{SendRequestCode, VerifyRequest},
    context,
    locales::{RequestTexts, request_texts},
    parts::{CodeEntry, NoticeBox, Problems, ResendCode},
    wire::Notice,
};

/// Asks for the proof; a request that needs none any more is shown as it stands.
pub(crate) async fn page(visit: Visit) -> Result<Page, Detour> {
    let services = context::services();
    let Some(capability) = visit.capability() else {
        return Err(Detour::NotFound);
    };
    let Some(status) = status::find(&services, &capability).await? else {
        return Err(Detour::NotFound);
    };
    let Some(proof) = &status.proof else {
        return Err(Detour::To(context::status_path(visit.locale, &capability)));
    };
    let flash = visit.take_flash();
    let words = request_texts(visit.locale);
    let title = match proof.whatsapp {
        Some(_) => words.proof.title_number,
        None => words.proof.title_address,
    };
    let zone = &services.settings.time_zone;
    let until = zone.date(proof.until, visit.locale);
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{title}</h1>
        <p class="lead">{(words.proof.received)(&status.reference)} " " {words.proof.nothing_yet}</p>
        {match &proof.whatsapp {
            Some(whatsapp) => {
                by_number(&visit, words, (&capability, &status), (proof, whatsapp), flash.as_ref())
            }
            None => code(&visit, words, &capability, proof, flash.as_ref()),
        }}
        {keep(&visit, words, &capability, &status, &until)}
    };
    let frame = Frame::Request {
        step: None,
        refresh: waits_for_message(proof).then_some(number::REFRESH_SECONDS),
    };
    Ok(Page::new(title, frame, body.into_any()).reporting(&visit, flash.as_ref()))
}

pub(super) fn privacy_link() -> AnyView {
    let privacy = context::services().settings.privacy_address.clone();
    let link = format!("mailto:{privacy}");
    view! { <a href=link>{privacy}</a> }.into_any()
}

/// A code by mail.
fn code(
    visit: &Visit,
    words: &'static RequestTexts,
    capability: &Capability,
    proof: &ProofNeeded,
    flash: Option<&Flash>,
) -> AnyView {
    let code = proof.code.as_ref();
    view! {
        {notice(visit, words, code, flash)}
        {typed_code(visit, words, capability, code, flash)}
        {help(words)}
    }
    .into_any()
}

/// The form for a code that was sent, if one was, and the way to another.
pub(super) fn typed_code(
    visit: &Visit,
    words: &'static RequestTexts,
    capability: &Capability,
    code: Option<&CodeSent>,
    flash: Option<&Flash>,
) -> AnyView {
    let secret = capability.expose().to_owned();
    view! {
        {code.map(|code| verify_form(visit, words, capability, code, flash))}
        <ResendCode visit code action=SendRequestCode::url() now=context::services().now()>
            <input type="hidden" name="capability" value=secret />
        </ResendCode>
    }
    .into_any()
}

fn notice(
    visit: &Visit,
    words: &'static RequestTexts,
    code: Option<&CodeSent>,
    flash: Option<&Flash>,
) -> AnyView {
    let sent_again_words = visit.texts().code.sent_again;
    let sent_again = flash.and_then(Flash::notice) == Some(Notice::CodeSentAgain);
    match code {
        None => view! { <p>{words.proof.none_valid}</p> }.into_any(),
        Some(code) if !code.delivered => {
            let text = (words.proof.not_delivered)(&code.to);
            view! { <NoticeBox warning=true>{text}</NoticeBox> }.into_any()
        }
        Some(code) => view! {
            {sent_again.then(|| view! { <NoticeBox>{sent_again_words}</NoticeBox> })}
            <p>
                {words.proof.sent_to} " " <strong class="unbroken">{code.to.clone()}</strong> "."
            </p>
        }
        .into_any(),
    }
}

fn verify_form(
    visit: &Visit,
    words: &'static RequestTexts,
    capability: &Capability,
    code: &CodeSent,
    flash: Option<&Flash>,
) -> AnyView {
    view! {
        <form class="form" method="post" action=VerifyRequest::url() novalidate>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <input type="hidden" name="capability" value=capability.expose().to_owned() />
            <CodeEntry visit code flash now=context::services().now() />
            <div class="buttons">
                <button class="button button-primary" type="submit">
                    {words.proof.submit}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn help(words: &'static RequestTexts) -> AnyView {
    let words = &words.proof;
    view! {
        <details class="help">
            <summary>{words.help}</summary>
            <ul>
                <li>{words.help_spam}</li>
                <li>{words.help_address}</li>
                <li>{words.help_privacy} " " {privacy_link()}</li>
            </ul>
        </details>
    }
    .into_any()
}

/// What to keep in case the page is closed.
fn keep(
    visit: &Visit,
    words: &'static RequestTexts,
    capability: &Capability,
    status: &Status,
    until: &str,
) -> AnyView {
    let link = context::status_path(visit.locale, capability);
    let services = context::services();
    let address = format!("{}{link}", services.settings.public_url);
    let due = services
        .settings
        .time_zone
        .date(status.due_at, visit.locale);
    view! {
        <section class="recap" aria-labelledby="keep">
            <h2 id="keep">{words.proof.keep}</h2>
            <dl class="facts">
                <div>
                    <dt>{words.status.reference}</dt>
                    <dd>{status.reference.clone()}</dd>
                </div>
                <div>
                    <dt>{words.status.due}</dt>
                    <dd>{due}</dd>
                </div>
                <div>
                    <dt>{words.status.link}</dt>
                    <dd class="breakable">
                        <a href=link data-step>
                            {address}
                        </a>
                    </dd>
                </div>
            </dl>
            <p class="muted">{words.proof.keep_link} " " {(words.proof.until)(until)}</p>
        </section>
    }
    .into_any()
}
