//! The own account: what one is here, and the pages that change how one gets in.

use erasure::{
    staff::{self, Staff, passkey::Passkey},
    time::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    api::console::{ChangeAuthenticator, ChangeStaffPassword, RemovePasskey, RenewRecoveryCodes},
    console, context,
    pages::{Detour, Page},
    parts::{
        Field, NewPasswordField, NoticeBox, PresentPasswordField, Problems, ShortAnswer, Tick,
        app_picture, recovery_codes_list,
    },
};

/// Who one is here, and what opens the console.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let staff = visit.staff(ConsolePlace::Account).await?;
    let standing = staff::standing(&context::services(), &staff).await?;
    let flash = visit.take_flash();
    let texts = visit.console();
    let words = &texts.account;
    let link = |place: ConsolePlace, name: &'static str| {
        view! {
            <a class="button" href=place.path(visit.locale)>
                {name}
            </a>
        }
    };
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        {visit.good_news(flash.as_ref()).map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        {who(&visit, &staff)}
        <section class="card" aria-labelledby="password">
            <h2 id="password">{words.password}</h2>
            <p>{link(ConsolePlace::Password, words.password_change)}</p>
        </section>
        <section class="card" aria-labelledby="app">
            <h2 id="app">{words.app}</h2>
            <p>{link(ConsolePlace::Authenticator, words.app_change)}</p>
        </section>
        <section class="card" aria-labelledby="codes">
            <h2 id="codes">{words.codes}</h2>
            <p>{(words.codes_left)(standing.recovery_codes)}</p>
            <p>{link(ConsolePlace::RecoveryCodes, words.codes_renew)}</p>
        </section>
        {passkeys(&visit, &standing.passkeys)}
    };
    Ok(
        inside(words.title, staff, ConsolePlace::Account, body.into_any())
            .reporting(&visit, flash.as_ref()),
    )
}

fn who(visit: &Visit, staff: &Staff) -> AnyView {
    let texts = visit.console();
    let words = &texts.account;
    view! {
        <section class="card" aria-labelledby="who">
            <h2 id="who">{words.who}</h2>
            <dl class="facts">
                <div>
                    <dt>{words.email}</dt>
                    <dd class="breakable">{staff.email().expose().to_owned()}</dd>
                </div>
                <div>
                    <dt>{words.role}</dt>
                    <dd>
                        {(texts.common.role)(staff.role())}
                        <span class="hint">{(words.role_text)(staff.role())}</span>
                    </dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

fn passkeys(visit: &Visit, passkeys: &[Passkey]) -> AnyView {
    let words = &visit.console().account;
    let locale = visit.locale;
    let date = |at: Timestamp| context::services().settings.time_zone.date(at, locale);
    let rows = passkeys
        .iter()
        .map(|passkey| {
            let used = passkey.used_at.map(|at| (words.passkey_used)(&date(at)));
            let added = (words.passkey_added)(&date(passkey.created_at));
            let note = used.map_or(added.clone(), |used| format!("{added}, {used}"));
            let described = format!("passkey-{}", passkey.id);
            view! {
                <li>
                    <span id=described.clone()>
                        <span class="rows-name">{passkey.label.clone()}</span>
                        " "
                        <span class="hint">{note}</span>
                    </span>
                    <form method="post" action=RemovePasskey::url()>
                        <input type="hidden" name="lang" value=locale.as_str() />
                        <input type="hidden" name="id" value=passkey.id.as_str().to_owned() />
                        <button class="button button-quiet" type="submit" aria-describedby=described>
                            {words.passkey_remove}
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let list = if passkeys.is_empty() {
        view! { <p class="muted">{words.passkeys_none}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let add = format!("{}?add=yes", ConsolePlace::Passkey.path(locale));
    view! {
        <section class="card" aria-labelledby="passkeys">
            <h2 id="passkeys">{words.passkeys}</h2>
            <p>{words.passkeys_text}</p>
            {list}
            <p>
                <a class="button" href=add>
                    {words.passkey_add}
                </a>
            </p>
        </section>
    }
    .into_any()
}

/// Another password.
pub(super) async fn password(visit: Visit) -> Result<Page, Detour> {
    let staff = visit.proved_staff(ConsolePlace::Password).await?;
    let flash = visit.take_flash();
    let texts = visit.console();
    let words = &texts.account;
    let locale = visit.locale;
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let email = staff.email().expose().to_owned();
    let body = view! {
        <Problems locale trouble />
        <h1 tabindex="-1">{words.password_change}</h1>
        <form class="form narrow" method="post" action=ChangeStaffPassword::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            <input type="hidden" name="username" autocomplete="username" value=email />
            <PresentPasswordField label=words.present locale trouble />
            <NewPasswordField label=words.new hint=texts.set_up.password_hint locale trouble />
            {buttons(&visit)}
        </form>
    };
    Ok(inside(
        words.password_change,
        staff,
        ConsolePlace::Account,
        body.into_any(),
    )
    .reporting(&visit, flash.as_ref()))
}

/// Another authenticator app.
pub(super) async fn authenticator(visit: Visit) -> Result<Page, Detour> {
    let staff = visit.proved_staff(ConsolePlace::Authenticator).await?;
    let enrolment = console::enrolment(staff.id());
    let flash = visit.take_flash();
    let texts = visit.console();
    let words = &texts.account;
    let locale = visit.locale;
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let address = enrolment.address(&context::services(), staff.email());
    let body = view! {
        <Problems locale trouble />
        <h1 tabindex="-1">{words.app_change}</h1>
        <p class="lead">{words.app_change_text}</p>
        <form class="form narrow" method="post" action=ChangeAuthenticator::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            {app_picture(texts, &address, &enrolment.letters())}
            <ShortAnswer
                field=Field::Code
                label=texts.set_up.app_code
                hint=texts.set_up.app_code_hint
                value=String::new()
                locale
                trouble
                autocomplete="one-time-code"
                most=12
            />
            {buttons(&visit)}
        </form>
    };
    Ok(inside(
        words.app_change,
        staff,
        ConsolePlace::Account,
        body.into_any(),
    )
    .reporting(&visit, flash.as_ref()))
}

/// Other recovery codes.
pub(super) async fn recovery_codes(visit: Visit) -> Result<Page, Detour> {
    let staff = visit.proved_staff(ConsolePlace::RecoveryCodes).await?;
    let enrolment = console::enrolment(staff.id());
    let flash = visit.take_flash();
    let texts = visit.console();
    let words = &texts.account;
    let locale = visit.locale;
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let body = view! {
        <Problems locale trouble />
        <h1 tabindex="-1">{words.codes_renew}</h1>
        <p class="lead">{words.codes_renew_text}</p>
        <form class="form narrow" method="post" action=RenewRecoveryCodes::url() novalidate>
            <input type="hidden" name="lang" value=locale.as_str() />
            {recovery_codes_list(enrolment.codes())}
            <Tick
                field=Field::Kept
                name="kept"
                label=texts.set_up.kept
                ticked=false
                locale
                trouble
            />
            {buttons(&visit)}
        </form>
    };
    Ok(inside(
        words.codes_renew,
        staff,
        ConsolePlace::Account,
        body.into_any(),
    )
    .reporting(&visit, flash.as_ref()))
}

fn buttons(visit: &Visit) -> AnyView {
    let texts = visit.console();
    view! {
        <div class="buttons">
            <button class="button button-primary" type="submit">
                {texts.account.save}
            </button>
            <a class="button button-quiet" href=ConsolePlace::Account.path(visit.locale)>
                {texts.common.back}
            </a>
        </div>
    }
    .into_any()
}
