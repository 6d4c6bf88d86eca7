//! The private link again, for somebody who has the reference and reads the mailbox.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Frame, Page, Visit};
use crate::{
    answer::Flash,
    api::request::FindRequest,
    asking::Step,
    locales::request_texts,
    parts::{EmailField, Field, NoticeBox, Problems, ShortAnswer},
    wire::Notice,
};

/// Asks for reference and address; the answer is the same whether they belong together or not.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let flash = visit.take_flash();
    let locale = visit.locale;
    let words = &request_texts(locale).find;
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let typed = flash
        .as_ref()
        .map_or_else(String::new, |flash| flash.typed().to_owned());
    let sent = flash.as_ref().and_then(Flash::notice) == Some(Notice::LinkSent);
    let body = view! {
        <Problems locale trouble />
        <h1 tabindex="-1">{words.title}</h1>
        {sent.then(|| view! { <NoticeBox>{words.sent}</NoticeBox> })}
        <p class="lead">{words.intro}</p>
        <form class="form" method="post" action=FindRequest::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            <ShortAnswer
                field=Field::Reference
                label=words.reference
                hint=words.reference_hint
                value=String::new()
                locale
                trouble
                most=20
            />
            <EmailField
                label=words.email
                value=typed
                locale
                trouble=trouble.filter(|trouble| Field::Email.is_at_fault(*trouble))
            />
            <p class="muted">{words.email_hint}</p>
            <button class="button button-primary" type="submit">
                {words.submit}
            </button>
        </form>
        <p class="muted">
            {words.no_email} " " <a href=Step::Who.path(locale)>{words.no_email_link}</a> "."
        </p>
    };
    let frame = Frame::Request {
        step: None,
        refresh: None,
    };
    Ok(Page::new(words.title, frame, body.into_any()).reporting(&visit, flash.as_ref()))
}
