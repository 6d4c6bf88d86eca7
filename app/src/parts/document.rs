//! The whole HTML document around a page.

use erasure::locale::Locale;
use leptos::prelude::*;

use super::{
    brand::ICON,
    hydration::Hydration,
    steps::Steps,
    topbar::{Footer, Navigation, TopBar},
};
use crate::{
    context,
    islands::Wizard,
    locales::texts,
    pages::{Frame, Page},
};

/// Seconds between reloads of a running erasure's page where there is no JavaScript.
const REFRESH_SECONDS: &str = "2";

/// From `<!DOCTYPE html>` to `</html>`. Only a step of the wizard carries the island, and with it any script at all.
#[component]
pub(crate) fn Document(page: Page, locale: Locale) -> impl IntoView {
    let site = context::site();
    let title = format!(
        "{} · {}",
        page.title,
        context::services().settings.controller
    );
    let has_island = matches!(page.frame, Frame::Wizard { .. });
    let refresh = matches!(page.frame, Frame::Wizard { refresh: true, .. });
    let content = dress(locale, page.frame, page.body);
    view! {
        <!DOCTYPE html>
        <html lang=locale.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>{title}</title>
                <link rel="icon" href=ICON />
                <link rel="stylesheet" href=format!("/pkg/{}", site.css) />
                {refresh
                    .then(|| {
                        view! {
                            <noscript>
                                <meta http-equiv="refresh" content=REFRESH_SECONDS />
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
            <main id="content" class="main main-alone">
                <div class="card card-alone">{body}</div>
            </main>
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
    }
}
