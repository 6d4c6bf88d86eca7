//! The page behind a set-up link: a password, the authenticator app, the recovery codes, and one is in.

use erasure::{
    id::Capability,
    staff::{self, Enrolment, Invited},
};
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsolePlace, Visit};
use crate::{
    answer::Flash,
    api::console::ConsoleSetUp,
    console, context,
    pages::{Detour, Frame, Page},
    parts::{
        Field, NewPasswordField, Problems, ShortAnswer, Tick, app_picture, recovery_codes_list,
    },
};

/// Shows everything at once: nothing of it is stored before all of it is confirmed.
pub(super) async fn page(visit: Visit, capability: Option<Capability>) -> Result<Page, Detour> {
    let services = context::services();
    let invited = match &capability {
        Some(capability) => staff::invited(&services, capability).await?,
        None => None,
    };
    let (Some(capability), Some(invited)) = (capability, invited) else {
        return Ok(gone(&visit));
    };
    let enrolment = console::enrolment(&invited.id);
    let flash = visit.take_flash();
    let words = &visit.console().set_up;
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">
            {(words.intro)(
                invited.email.expose(),
                (visit.console().common.role)(invited.role),
            )}
        </p>
        {form(&visit, &capability, &invited, &enrolment, flash.as_ref())}
    };
    let page = Page::new(words.title, Frame::ConsoleDoor, body.into_any());
    Ok(page.reporting(&visit, flash.as_ref()))
}

fn form(
    visit: &Visit,
    capability: &Capability,
    invited: &Invited,
    enrolment: &Enrolment,
    flash: Option<&Flash>,
) -> AnyView {
    let services = context::services();
    let texts = visit.console();
    let words = &texts.set_up;
    let locale = visit.locale;
    let trouble = flash.and_then(Flash::trouble);
    view! {
        <form class="form" method="post" action=ConsoleSetUp::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            <input type="hidden" name="capability" value=capability.expose().to_owned() />
            // Password managers need to know whose password this is.
            <input type="hidden" name="username" autocomplete="username" value=invited.email.expose().to_owned() />
            <NewPasswordField label=words.password hint=words.password_hint locale trouble />
            <section class="stack" aria-labelledby="app">
                <h2 id="app">{words.app}</h2>
                <p>{words.app_text}</p>
                {app_picture(texts, &enrolment.address(&services, &invited.email), &enrolment.letters())}
                <ShortAnswer
                    field=Field::Code
                    label=words.app_code
                    hint=words.app_code_hint
                    value=String::new()
                    locale
                    trouble
                    autocomplete="one-time-code"
                    most=12
                />
            </section>
            <section class="stack" aria-labelledby="codes">
                <h2 id="codes">{words.codes}</h2>
                <p>{words.codes_text}</p>
                {recovery_codes_list(enrolment.codes())}
                <Tick field=Field::Kept name="kept" label=words.kept ticked=false locale trouble />
            </section>
            <button class="button button-primary button-wide" type="submit">
                {words.submit}
            </button>
        </form>
    }
    .into_any()
}

/// Used, expired and never written are one answer.
fn gone(visit: &Visit) -> Page {
    let words = &visit.console().set_up;
    let body = view! {
        <h1 tabindex="-1">{words.gone_title}</h1>
        <p class="lead">{words.gone_text}</p>
        <p>
            <a class="button" href=ConsolePlace::SignIn.path(visit.locale)>
                {visit.console().sign_in.submit}
            </a>
        </p>
    };
    Page::new(words.gone_title, Frame::ConsoleDoor, body.into_any())
        .with_status(StatusCode::NOT_FOUND)
}
