//! What stands at the edges of a page: the bar above, the navigation beside, the addresses below.

use erasure::locale::Locale;
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::brand::Mark;
use crate::{
    api::session::SignOut,
    context,
    locales::{keep, texts},
    pages::Place,
};

/// The name of the product, the way out, the other language.
#[component]
pub(super) fn TopBar(locale: Locale, name: Option<String>, leave: bool) -> impl IntoView {
    let words = &texts(locale).common;
    let product = context::services().settings.controller.clone();
    let home = format!("/{}", locale.as_str());
    let signed_in = name.map(|name| {
        view! {
            <span class="who">{name}</span>
            <form method="post" action=SignOut::url()>
                <input type="hidden" name="lang" value=locale.as_str() />
                <button class="button button-quiet" type="submit">
                    {words.sign_out}
                </button>
            </form>
        }
    });
    let leave = leave.then(|| {
        let [word, rest] = texts(locale).wizard.leave_short;
        view! {
            <a class="button button-quiet" href=Place::DangerZone.path(locale)>
                <span>{word} <span class="visually-hidden">{rest}</span></span>
            </a>
        }
    });
    view! {
        <header class="topbar">
            <a class="brand" href=home>
                <Mark />
                <span>{product}</span>
            </a>
            <div class="topbar-end">{leave} {signed_in} <LanguageSwitch locale /></div>
        {context::site()
            .demo
            .then(|| {
                view! {
                    <p class="demo">
                        {words.demo} " " <a href="/demo/mailbox">{words.demo_mailbox}</a>
                    </p>
                }
            })}
        </header>
    }
}

/// The same page in the other language.
#[component]
pub(super) fn LanguageSwitch(locale: Locale) -> impl IntoView {
    let other = match locale {
        Locale::Fr => Locale::En,
        Locale::En => Locale::Fr,
    };
    let uri = context::request().uri;
    let rest = uri
        .path()
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(locale.as_str()))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .unwrap_or_default();
    let query = uri
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    let address = format!("/{}{rest}{query}", other.as_str());
    view! {
        <a class="language" href=address hreflang=other.as_str() lang=other.as_str()>
            {texts(locale).common.other_language}
        </a>
    }
}

/// The settings' pages.
#[component]
pub(super) fn Navigation(locale: Locale, place: Place) -> impl IntoView {
    let words = &texts(locale).common;
    let link = |to: Place, name: &'static str| {
        view! {
            <li>
                <a href=to.path(locale) aria-current=(to == place).then_some("page")>
                    {name}
                </a>
            </li>
        }
    };
    view! {
        <nav class="sidebar" aria-label=words.navigation>
            <p class="sidebar-title" aria-hidden="true">
                {words.settings}
            </p>
            <ul>
                {link(Place::Settings, words.general)}
                {link(Place::Export, keep(locale).export.title)}
                {link(Place::DangerZone, words.danger_zone)}
            </ul>
        </nav>
    }
}

/// Where to write, in the same place on every page.
#[component]
pub(super) fn Footer(locale: Locale) -> impl IntoView {
    let words = &texts(locale).common;
    let settings = context::services().settings;
    let address = |name: &'static str, address: &str| {
        view! {
            <span>
                {name} " · " <a href=format!("mailto:{address}")>{address.to_owned()}</a>
            </span>
        }
    };
    view! {
        <footer class="footer">
            {address(words.help, &settings.support_address)}
            {address(words.privacy, &settings.privacy_address)}
        </footer>
    }
}
