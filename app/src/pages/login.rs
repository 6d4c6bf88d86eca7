//! The sign-in.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Frame, Next, Page, Visit};
use crate::{
    answer::Flash,
    api::session::SignIn,
    context,
    parts::{EmailField, Field, NoticeBox, PasswordField, Problems},
    wire::Notice,
};

/// Asks for address and password; somebody who is signed in already goes on at once.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let asked = visit.parameter("next");
    let next = Next::parse(asked.unwrap_or_default());
    if context::session().await?.is_some() {
        return Err(Detour::To(next.path(visit.locale)));
    }
    let flash = visit.take_flash();
    let words = &visit.texts().login;
    let notice = match flash.as_ref().map(Flash::message) {
        Some(crate::answer::Message::Notice(Notice::SignedOut)) => Some(words.signed_out),
        Some(_) => None,
        None if asked.is_none() => None,
        None if context::session_token().is_some() => Some(words.ended),
        None => Some(words.needed),
    };
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let typed = flash
        .as_ref()
        .map_or_else(String::new, |flash| flash.typed().to_owned());
    let body = view! {
        <Problems locale=visit.locale trouble />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{(words.intro)(&context::services().settings.controller)}</p>
        {notice.map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        <form class="form" method="post" action=SignIn::url() novalidate>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <input type="hidden" name="next" value=next.as_str() />
            <EmailField
                label=words.email
                value=typed
                locale=visit.locale
                trouble=trouble.filter(|trouble| Field::Email.is_at_fault(*trouble))
            />
            <PasswordField
                label=words.password
                locale=visit.locale
                trouble=trouble.filter(|trouble| Field::Password.is_at_fault(*trouble))
            />
            <button class="button button-primary button-wide" type="submit">
                {words.submit}
            </button>
        </form>
    };
    Ok(Page::new(words.title, Frame::Alone, body.into_any()).reporting(&visit, flash.as_ref()))
}
