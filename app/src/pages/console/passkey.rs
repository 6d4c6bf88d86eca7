//! The passkey's page: signing in, proving again, adding one. The one page of the console with a script.

use erasure::staff::{
    Staff,
    passkey::{ALGORITHMS, Ceremony, Purpose, RelyingParty},
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsoleNext, ConsolePlace, Visit};
use crate::{
    answer::{self, Cookie, Flash},
    api::console::{AddPasskey, UsePasskey},
    context,
    locales::ConsoleTexts,
    pages::{Detour, Frame, Page},
    parts::{PasskeyMode, PasskeyScript, Problems},
};

/// A challenge, and the form that its answer goes into.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let next = ConsoleNext::parse(visit.parameter("next").unwrap_or_default());
    let (staff, mode) = if visit.parameter("add").is_some() {
        let staff = context::staff().await?;
        let staff = staff.ok_or_else(|| visit.to_sign_in(ConsolePlace::Account))?;
        if !staff.proof_is_fresh(context::services().now()) {
            let account = ConsoleNext::to(ConsolePlace::Account);
            return Err(Detour::To(
                account.through(ConsolePlace::Prove, visit.locale),
            ));
        }
        (Some(staff), PasskeyMode::Add)
    } else {
        (context::staff().await?, PasskeyMode::Use)
    };
    let flash = visit.take_flash();
    let words = &visit.console().passkey;
    let (title, intro) = match (mode, &staff) {
        (PasskeyMode::Add, _) => (words.add_title, words.add_intro),
        (PasskeyMode::Use, Some(_)) => (words.prove_title, words.prove_intro),
        (PasskeyMode::Use, None) => (words.sign_in_title, words.sign_in_intro),
    };
    let way_back = match (mode, &staff) {
        (PasskeyMode::Add, _) => ConsolePlace::Account.path(visit.locale),
        (PasskeyMode::Use, Some(_)) => next.through(ConsolePlace::Prove, visit.locale),
        (PasskeyMode::Use, None) => next.through(ConsolePlace::SignIn, visit.locale),
    };
    let form = match RelyingParty::of(&context::services().settings) {
        Some(party) => form(&visit, mode, staff.as_ref(), next, &party),
        None => view! { <p class="notice notice-warning">{words.no_domain}</p> }.into_any(),
    };
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{title}</h1>
        <p class="lead">{intro}</p>
        {form}
        <p>
            <a href=way_back>
                {if mode == PasskeyMode::Add { visit.console().common.back } else { words.with_code }}
            </a>
        </p>
    };
    let page = Page::new(title, Frame::ConsoleDoor, body.into_any());
    Ok(page.reporting(&visit, flash.as_ref()))
}

fn form(
    visit: &Visit,
    mode: PasskeyMode,
    staff: Option<&Staff>,
    next: ConsoleNext,
    party: &RelyingParty,
) -> AnyView {
    let services = context::services();
    let words = &visit.console().passkey;
    let purpose = match (mode, staff) {
        (PasskeyMode::Add, Some(staff)) => Purpose::Add(staff.id().clone()),
        (PasskeyMode::Use, Some(staff)) => Purpose::Prove(staff.id().clone()),
        (_, None) => Purpose::SignIn,
    };
    let ceremony = Ceremony::mint(&services, purpose);
    answer::set_cookie(&Cookie::passkey(&ceremony.seal(&services)));
    let (action, label, button) = match mode {
        PasskeyMode::Add => (
            AddPasskey::url(),
            Some(label(visit.console())),
            words.make_it,
        ),
        PasskeyMode::Use => (UsePasskey::url(), None, words.use_it),
    };
    let algorithms = ALGORITHMS.map(|algorithm| algorithm.to_string()).join(" ");
    let user = staff.map(|staff| staff.id().to_string());
    let name = staff.map(|staff| staff.email().expose().to_owned());
    view! {
        <noscript>
            <p class="notice notice-warning">{words.no_script}</p>
        </noscript>
        <form
            class="form"
            method="post"
            action=action
            data-passkey=mode.as_str()
            data-challenge=ceremony.challenge()
            data-domain=party.id.clone()
            data-algorithms=algorithms
            data-user=user
            data-name=name
        >
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <input type="hidden" name="next" value=next.as_text() />
            <input type="hidden" name="answer" />
            {label}
            <p class="notice notice-warning" role="alert" data-says="failed" hidden>
                {words.failed}
            </p>
            <p class="notice notice-warning" role="alert" data-says="unsupported" hidden>
                {words.unsupported}
            </p>
            // The script wakes it: without one it would send nothing.
            <button class="button button-primary button-wide" type="submit" disabled>
                {button}
            </button>
        </form>
        <PasskeyScript />
    }
    .into_any()
}

/// What the owner of a new passkey calls it.
fn label(texts: &'static ConsoleTexts) -> AnyView {
    let words = &texts.passkey;
    view! {
        <div class="field">
            <label for="label">{words.label}</label>
            <p class="hint" id="label-hint">
                {words.label_hint}
            </p>
            <input id="label" name="label" type="text" maxlength="60" aria-describedby="label-hint" />
        </div>
    }
    .into_any()
}
