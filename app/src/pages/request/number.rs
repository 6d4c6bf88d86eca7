//! Showing that a WhatsApp number is one's own: by a message that the person sends, by a code that they are sent, or to a person.

use erasure::{
    account::CodeSent,
    id::Capability,
    person::PhoneNumber,
    proof::{Picture, ReverseChallenge},
    request::{
        status::{ProofNeeded, Status},
        whatsapp::WhatsappProof,
    },
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    Visit,
    proof::{privacy_link, typed_code},
};
use crate::{
    answer::Flash,
    api::request::ShowMessageCode,
    context,
    locales::{RequestTexts, request_sentence},
    parts::{Moment, NoticeBox},
    wire::RequestTrouble,
};

/// Seconds between two looks for the person's message, where there is no JavaScript.
pub(super) const REFRESH_SECONDS: u32 = 5;

/// Whether the page goes on by itself when a message arrives.
pub(super) fn waits_for_message(proof: &ProofNeeded) -> bool {
    let whatsapp = proof.whatsapp.as_ref();
    // Whoever types a code is not to lose it to a reload.
    whatsapp.is_some_and(|whatsapp| whatsapp.reverse.is_some() && whatsapp.code.is_none())
}

/// The ways that this deployment offers, and a person for whoever can use neither.
pub(super) fn by_number(
    visit: &Visit,
    words: &'static RequestTexts,
    (capability, status): (&Capability, &Status),
    (proof, whatsapp): (&ProofNeeded, &WhatsappProof),
    flash: Option<&Flash>,
) -> AnyView {
    let source = format!("/api/v1/requests/{}", capability.expose());
    let services = context::services();
    let own = services.settings.meta.sender.as_ref();
    let own = own.and_then(|sender| sender.number.as_ref());
    let reverse = whatsapp.offered.reverse.then(|| {
        view! {
            <section aria-labelledby="by-message">
                <h2 id="by-message">{words.proof.by_message}</h2>
                {match &whatsapp.reverse {
                    Some(challenge) => message(visit, words, challenge, own),
                    None => ask_for_message(visit, words, capability),
                }}
            </section>
        }
    });
    let code = whatsapp.offered.code.then(|| {
        let code = whatsapp.code.as_ref();
        view! {
            <section aria-labelledby="by-code">
                <h2 id="by-code">{words.proof.by_code}</h2>
                {code.map(|code| sent(visit, words, code))}
                {typed_code(visit, words, capability, code, flash)}
            </section>
        }
    });
    view! {
        <div
            class="flow"
            data-progress-url=waits_for_message(proof).then_some(source)
            data-progress-state=status.state.as_str()
            data-progress-pace="3000"
        >
            <p>
                {words.proof.number_is} " " <strong class="unbroken">{proof.identity.clone()}</strong>
                "."
            </p>
            {reverse}
            {code}
            <section aria-labelledby="by-hand">
                <h2 id="by-hand">{words.proof.by_hand}</h2>
                <p>{words.proof.number_how} " " {words.proof.number_write} " " {privacy_link()}</p>
            </section>
        </div>
    }
    .into_any()
}

/// What became of the code, as far as Meta has said.
fn sent(visit: &Visit, words: &'static RequestTexts, code: &CodeSent) -> AnyView {
    if code.delivered {
        view! {
            <p>
                {words.proof.sent_to} " " <strong class="unbroken">{code.to.clone()}</strong> "."
            </p>
        }
        .into_any()
    } else {
        let sentence = request_sentence(visit.locale, RequestTrouble::WhatsappUnavailable);
        view! { <NoticeBox warning=true>{sentence}</NoticeBox> }.into_any()
    }
}

fn ask_for_message(
    visit: &Visit,
    words: &'static RequestTexts,
    capability: &Capability,
) -> AnyView {
    view! {
        <p>{words.proof.message_how}</p>
        <form method="post" action=ShowMessageCode::url()>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <input type="hidden" name="capability" value=capability.expose().to_owned() />
            <button class="button button-primary" type="submit">
                {words.proof.message_show}
            </button>
        </form>
    }
    .into_any()
}

/// The message to send: to our own number if there is one, otherwise in the conversation with the business.
fn message(
    visit: &Visit,
    words: &'static RequestTexts,
    challenge: &ReverseChallenge,
    own: Option<&PhoneNumber>,
) -> AnyView {
    let link = challenge.link(visit.locale, own);
    let picture = Picture::of(&link).map(|picture| {
        let frame = format!("0 0 {0} {0}", picture.size);
        view! {
            <svg class="picture" viewBox=frame role="img" aria-label=words.proof.message_picture>
                <path d=picture.path />
            </svg>
        }
    });
    let to = if own.is_some() {
        words.proof.message_to_us
    } else {
        words.proof.message_to_business
    };
    view! {
        <p>{to}</p>
        <p>
            <strong class="unbroken">{challenge.code()}</strong>
        </p>
        <p>
            <a class="button button-primary" href=link rel="noreferrer">
                {words.proof.message_open}
            </a>
        </p>
        {picture}
        <p class="muted">
            {visit.texts().code.valid_until} " "
            <Moment at=challenge.expires_at locale=visit.locale short=true /> ". "
            {words.proof.message_waits}
        </p>
    }
    .into_any()
}
