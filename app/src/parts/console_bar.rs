//! The console's bar: where one can go, who one is, the way out. Each role sees what it may open.

use erasure::{locale::Locale, staff::Staff};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{brand::Mark, topbar::LanguageSwitch};
use crate::{
    api::console::ConsoleSignOut,
    context,
    locales::{ConsoleTexts, console_texts, texts},
    pages::ConsolePlace,
};

/// What stands above every page of the console.
#[component]
pub(super) fn ConsoleBar(
    locale: Locale,
    place: Option<ConsolePlace>,
    staff: Option<Staff>,
) -> impl IntoView {
    let words = console_texts(locale);
    let product = context::services().settings.controller.clone();
    let common = &texts(locale).common;
    let inside = staff.map(|staff| {
        (
            navigation(words, locale, place, &staff),
            account(words, locale, place, &staff),
        )
    });
    let (navigation, account) = inside.unzip();
    view! {
        <header class="topbar console-bar">
            <a class="brand" href=ConsolePlace::Home.path(locale)>
                <Mark />
                <span>{product} " " <span class="brand-console">{words.common.console}</span></span>
            </a>
            {navigation}
            <div class="topbar-end">{account} <LanguageSwitch locale /></div>
            {context::site()
                .demo
                .then(|| {
                    view! {
                        <p class="demo">
                            {common.demo} " " <a href="/demo/mailbox">{common.demo_mailbox}</a>
                        </p>
                    }
                })}
        </header>
    }
}

fn navigation(
    words: &'static ConsoleTexts,
    locale: Locale,
    here: Option<ConsolePlace>,
    staff: &Staff,
) -> AnyView {
    let links = ConsolePlace::NAVIGATION
        .into_iter()
        .filter(|(_, act)| staff.role().may(*act))
        .map(|(place, _)| {
            view! {
                <li>
                    <a href=place.path(locale) aria-current=(Some(place) == here).then_some("page")>
                        {name(words, place)}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="console-nav" aria-label=words.common.navigation>
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}

/// What the navigation calls a page: its title.
const fn name(words: &'static ConsoleTexts, place: ConsolePlace) -> &'static str {
    match place {
        ConsolePlace::Staff => words.staff.title,
        ConsolePlace::Audit => words.audit.title,
        ConsolePlace::Requests | ConsolePlace::Request(_) => words.desk.queue.title,
        ConsolePlace::Holds => words.desk.holds.title,
        ConsolePlace::Deletions => words.deletions.title,
        ConsolePlace::Figures => words.figures.title,
        ConsolePlace::Retention => words.retention.title,
        ConsolePlace::Home
        | ConsolePlace::SignIn
        | ConsolePlace::Passkey
        | ConsolePlace::Prove
        | ConsolePlace::Account
        | ConsolePlace::Password
        | ConsolePlace::Authenticator
        | ConsolePlace::RecoveryCodes => words.account.title,
    }
}

fn account(
    words: &'static ConsoleTexts,
    locale: Locale,
    here: Option<ConsolePlace>,
    staff: &Staff,
) -> AnyView {
    let is_here = here == Some(ConsolePlace::Account);
    view! {
        <a
            class="language"
            href=ConsolePlace::Account.path(locale)
            aria-current=is_here.then_some("page")
            title=staff.email().expose().to_owned()
        >
            {words.account.title}
            <span class="console-role">{(words.common.role)(staff.role())}</span>
        </a>
        <form method="post" action=ConsoleSignOut::url()>
            <input type="hidden" name="lang" value=locale.as_str() />
            <button class="button button-quiet" type="submit">
                {words.common.sign_out}
            </button>
        </form>
    }
    .into_any()
}
