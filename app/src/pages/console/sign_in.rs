//! The console's sign-in: address, password and code at once, because no answer says which of them was wrong.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsoleNext, ConsolePlace};
use crate::{
    answer::{Flash, Message},
    api::console::ConsoleSignIn,
    context,
    pages::{Detour, Frame, Page, Visit},
    parts::{EmailField, Field, NoticeBox, PasswordField, Problems, ShortAnswer},
    wire::Notice,
};

/// Asks for all three; somebody who is signed in already goes on at once.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let asked = visit.parameter("next");
    let next = ConsoleNext::parse(asked.unwrap_or_default());
    if context::staff().await?.is_some() {
        return Err(Detour::To(next.path(visit.locale)));
    }
    let flash = visit.take_flash();
    let words = &visit.console().sign_in;
    let notice = match flash.as_ref().map(Flash::message) {
        Some(Message::Notice(Notice::SignedOut)) => Some(words.signed_out),
        Some(_) => None,
        None if asked.is_none() => None,
        None if context::staff_token().is_some() => Some(words.ended),
        None => Some(words.needed),
    };
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let typed = flash.as_ref().map_or("", Flash::typed).to_owned();
    let locale = visit.locale;
    let body = view! {
        <Problems locale trouble />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{(words.intro)(&context::services().settings.controller)}</p>
        {notice.map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        <form class="form" method="post" action=ConsoleSignIn::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            <input type="hidden" name="next" value=next.as_text() />
            <EmailField
                label=words.email
                value=typed
                locale
                trouble=trouble.filter(|trouble| Field::Email.is_at_fault(*trouble))
            />
            <PasswordField label=words.password locale trouble />
            <ShortAnswer
                field=Field::Code
                label=words.code
                hint=words.code_hint
                value=String::new()
                locale
                trouble
                autocomplete="one-time-code"
                most=40
            />
            <button class="button button-primary button-wide" type="submit">
                {words.submit}
            </button>
        </form>
        <p>
            <a href=next.through(ConsolePlace::Passkey, locale)>{words.passkey}</a>
        </p>
    };
    let page = Page::new(words.title, Frame::ConsoleDoor, body.into_any());
    Ok(page.reporting(&visit, flash.as_ref()))
}
