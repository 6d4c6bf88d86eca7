//! Proving again who one is, before something that cannot be undone: the app's code, or a passkey.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsoleNext, ConsolePlace};
use crate::{
    answer::Flash,
    api::console::ConsoleProve,
    pages::{Detour, Frame, Page, Visit},
    parts::{Field, Problems, ShortAnswer},
};

/// Asks for the code.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let next = ConsoleNext::parse(visit.parameter("next").unwrap_or_default());
    visit.staff(next.place()).await?;
    let flash = visit.take_flash();
    let texts = visit.console();
    let words = &texts.prove;
    let locale = visit.locale;
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let body = view! {
        <Problems locale trouble />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.intro}</p>
        <form class="form" method="post" action=ConsoleProve::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            <input type="hidden" name="next" value=next.as_text() />
            <ShortAnswer
                field=Field::Code
                label=texts.sign_in.code
                hint=texts.sign_in.code_hint
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
            <a href=next.through(ConsolePlace::Passkey, locale)>{texts.sign_in.passkey}</a>
        </p>
    };
    let page = Page::new(words.title, Frame::ConsoleDoor, body.into_any());
    Ok(page.reporting(&visit, flash.as_ref()))
}
