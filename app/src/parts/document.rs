//! The whole HTML document around a page.

use erasure::locale::Locale;
use leptos::prelude::*;

use super::{
    brand::ICON,
    console_bar::ConsoleBar,
    hydration::Hydration,
    steps::Steps,
    topbar::{Footer, Navigation, TopBar},
};
use crate::{
    context,
    islands::Wizard,
    locales::{request_texts, texts},
    pages::{Frame, Page},
};

/// Seconds between reloads of a running erasure's page where there is no JavaScript.
const REFRESH_SECONDS: u32 = 2;

/// From `<!DOCTYPE html>` to `</html>`. Only steps of the wizard and the request form
/// carry the island, and with it any script at all.
#[component]
pub(crate) fn Document(page: Page, locale: Locale) -> impl IntoView {
    let site = context::site();
    let title = format!(
        "{} · {}",
        page.title,
        context::services().settings.controller
    );
    let has_island = matches!(page.frame, Frame::Wizard { .. } | Frame::Request { .. });
    let refresh = match page.frame {
        Frame::Wizard { refresh: true, .. } => Some(REFRESH_SECONDS),
        Frame::Request { refresh, .. } => refresh,
        Frame::Wizard { .. }
        | Frame::Alone
        | Frame::Settings { .. }
        | Frame::Public
        | Frame::Console { .. }
        | Frame::ConsoleDoor => None,
    };
    let is_public = matches!(page.frame, Frame::Public);
    let content = dress(locale, page.frame, page.body);
    view! {
        <!DOCTYPE html>
        <html lang=locale.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {(!is_public).then(|| view! { <meta name="robots" content="noindex" /> })}
                <title>{title}</title>
                <link rel="icon" href=ICON />
                <link rel="stylesheet" href=format!("/pkg/{}", site.css) />
                {refresh
                    .map(|seconds| {
                        view! {
                            <noscript>
                                <meta http-equiv="refresh" content=seconds.to_string() />
                            </noscript>
                        }
                    })}
                {has_island.then(|| view! { <Hydration /> })}
            </head>
            <body>
                {if has_island {
                    // The island holds the whole page, so that a step may change anything on it.
                    view! {
                        <Wizard>
                            <div id="wizard" class="page">
                                {content}
                            </div>
                        </Wizard>
                    }
                        .into_any()
                } else {
                    view! { <div class="page">{content}</div> }.into_any()
                }}
            </body>
        </html>
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each frame")]
fn dress(locale: Locale, frame: Frame, body: AnyView) -> AnyView {
    let texts = texts(locale);
    let skip = view! {
        <a class="skip" href="#content">
            {texts.common.skip_to_content}
        </a>
    };
    match frame {
        Frame::Alone => view! {
            {skip}
            <TopBar locale name=None leave=false />
            {in_the_middle(body)}
            <Footer locale />
        }
        .into_any(),
        Frame::Settings { name, place } => view! {
            {skip}
            <TopBar locale name=Some(name) leave=false />
            <div class="columns">
                <Navigation locale place />
                <main id="content" class="main">
                    {body}
                </main>
            </div>
            <Footer locale />
        }
        .into_any(),
        Frame::Wizard { step, leave, .. } => view! {
            {skip}
            <TopBar locale name=None leave />
            <main id="content" class="main main-wizard">
                {step.map(|step| view! { <Steps locale step /> })}
                <p class="notice notice-warning" role="status" data-offline hidden>
                    {texts.common.offline}
                </p>
                <div class="card card-step">{body}</div>
            </main>
            <Footer locale />
        }
        .into_any(),
        Frame::Request { step, .. } => view! {
            {skip}
            <TopBar locale name=None leave=false />
            <main id="content" class="main main-request">
                {step.map(|step| caption(locale, step))}
                <p class="notice notice-warning" role="status" data-offline hidden>
                    {texts.common.offline}
                </p>
                <div class="card card-step">{body}</div>
            </main>
            <Footer locale />
        }
        .into_any(),
        Frame::ConsoleDoor => view! {
            {skip}
            <ConsoleBar locale place=None staff=None />
            {in_the_middle(body)}
        }
        .into_any(),
        Frame::Console { staff, place } => view! {
            {skip}
            <ConsoleBar locale place=Some(place) staff=Some(*staff) />
            <main id="content" class="main main-console">
                {body}
            </main>
        }
        .into_any(),
        Frame::Public => view! {
            {skip}
            <TopBar locale name=None leave=false />
            <main id="content" class="main main-public">
                {body}
            </main>
            <Footer locale />
        }
        .into_any(),
    }
}

/// A card in the middle of the page.
fn in_the_middle(body: AnyView) -> impl IntoView {
    view! {
        <main id="content" class="main main-alone">
            <div class="card card-alone">{body}</div>
        </main>
    }
}

/// Which question it is, in words and as a line.
fn caption(locale: Locale, (step, steps): (usize, usize)) -> impl IntoView {
    let words = &request_texts(locale).form;
    view! {
        <div class="caption">
            <p>
                {words.title} <span class="caption-count">" · " {(words.step_of)(step, steps)}</span>
            </p>
            <progress aria-hidden="true" value=step.to_string() max=steps.to_string()></progress>
        </div>
    }
}
