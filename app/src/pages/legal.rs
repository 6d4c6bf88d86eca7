//! The legal page: how data is deleted here, in nine parts. What Meta's app review opens, and anybody may read, keep and print.

use erasure::locale::Locale;
use http::{HeaderName, HeaderValue, header};
use leptos::prelude::*;

use super::{Detour, Frame, Page, Place, Visit};
use crate::{
    answer,
    asking::Step,
    context,
    locales::{LegalTexts, Terms, legal_texts},
};

/// The page's address without its language.
pub(crate) const PATH: &str = "/data-deletion";

/// Where to complain.
pub(super) const fn authority(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "https://www.cnil.fr/fr/plaintes",
        Locale::En => "https://www.cnil.fr/en/home",
    }
}

/// All nine parts.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let locale = visit.locale;
    let words = legal_texts(locale);
    let settings = context::services().settings;
    let terms = Terms::of(&settings);
    // The same for everybody, so it may be kept for a while and found by a search engine.
    answer::set_header(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    answer::set_header(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("all"),
    );
    let title = (words.title)(&terms);
    let [first, second] = (words.overview)(&terms);
    let parts = [
        view! {
            <p>{first}</p>
            <p>{second}</p>
            {ways(words, locale)}
        }
        .into_any(),
        deleted(words, &terms),
        self_service(words, locale),
        request(words, &terms, locale),
        whatsapp(words, &terms),
        retained(words, &terms),
        timeline(words, &terms),
        contact(words, &terms, locale),
        policies(words),
    ];
    let sections = words
        .parts
        .iter()
        .zip(parts)
        .enumerate()
        .map(|(index, (heading, content))| {
            let id = format!("part-{}", index + 1);
            view! {
                <section class="card" aria-labelledby=id.clone()>
                    <h2 id=id.clone()>{*heading}</h2>
                    {content}
                </section>
            }
        })
        .collect_view();
    let body = view! {
        <h1 tabindex="-1">{title.clone()}</h1>
        <p class="muted">{words.updated}</p>
        {contents(words)}
        {sections}
        <p class="muted no-print">{words.print}</p>
    };
    Ok(Page::new(title, Frame::Public, body.into_any()))
}

fn contents(words: &'static LegalTexts) -> AnyView {
    let items = words
        .parts
        .iter()
        .enumerate()
        .map(|(index, heading)| {
            view! {
                <li>
                    <a href=format!("#part-{}", index + 1)>{*heading}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="contents no-print" aria-label=words.contents>
            <ul>{items}</ul>
        </nav>
    }
    .into_any()
}

/// The two ways to ask, first of all.
fn ways(words: &'static LegalTexts, locale: Locale) -> AnyView {
    let paths = [Place::Overview.path(locale), Step::Who.path(locale)];
    let ways = words
        .ways
        .iter()
        .zip(paths)
        .map(|([who, link], path)| {
            view! {
                <li>
                    <span>{*who}</span>
                    <a class="button button-primary" href=path>
                        {*link}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="ways">{ways}</ul> }.into_any()
}

fn deleted(words: &'static LegalTexts, terms: &Terms) -> AnyView {
    let items = words
        .deleted
        .iter()
        .map(|(name, hint)| {
            view! {
                <li>
                    <strong>{*name}</strong>
                    " : "
                    {*hint}
                </li>
            }
        })
        .collect_view();
    view! {
        <p>{(words.deleted_intro)(terms)}</p>
        <ul>{items}</ul>
    }
    .into_any()
}

fn list(lines: &'static [&'static str]) -> impl IntoView {
    lines
        .iter()
        .map(|line| view! { <li>{*line}</li> })
        .collect_view()
}

fn self_service(words: &'static LegalTexts, locale: Locale) -> AnyView {
    view! {
        <p>{words.self_service}</p>
        <ol>{list(&words.self_service_steps)}</ol>
        <p>
            <a href=Place::Overview.path(locale)>{words.self_service_link}</a>
        </p>
        <p>{words.self_service_owners}</p>
    }
    .into_any()
}

fn request(words: &'static LegalTexts, terms: &Terms, locale: Locale) -> AnyView {
    let mailto = format!("mailto:{}", terms.privacy);
    view! {
        <p>{(words.request)(terms)}</p>
        <ul>{list(&words.request_holds)}</ul>
        <p class="buttons no-print">
            <a class="button button-primary" href=Step::Who.path(locale)>
                {words.request_link}
            </a>
            <a class="button" href=mailto>
                {words.request_email}
            </a>
        </p>
        <p>{words.request_proof}</p>
        <p>
            <a href=format!("/{}/status", locale.as_str())>{words.find_link}</a>
        </p>
    }
    .into_any()
}

fn whatsapp(words: &'static LegalTexts, terms: &Terms) -> AnyView {
    let lines = (words.whatsapp)(terms)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <ul>{lines}</ul>
        <p>{(words.facebook)(terms)}</p>
    }
    .into_any()
}

fn retained(words: &'static LegalTexts, terms: &Terms) -> AnyView {
    let items = (words.retained)(terms)
        .into_iter()
        .map(|[what, how_long, why]| {
            view! {
                <li class="kept">
                    <strong>{what}</strong>
                    <span class="tag">{how_long}</span>
                    <span class="kept-why">{why}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p>{words.retained_intro}</p>
        <ul class="kept-list">{items}</ul>
        <p>{words.retained_use}</p>
    }
    .into_any()
}

fn timeline(words: &'static LegalTexts, terms: &Terms) -> AnyView {
    let rows = (words.timeline)(terms)
        .into_iter()
        .map(|[step, time]| {
            view! {
                <div>
                    <dt>{step}</dt>
                    <dd>{time}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dl class="facts">{rows}</dl>
        <p>{words.timeline_longer}</p>
    }
    .into_any()
}

fn contact(words: &'static LegalTexts, terms: &Terms, locale: Locale) -> AnyView {
    let rows = (words.contact)(terms)
        .into_iter()
        .map(|[name, value]| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd class="breakable">{linked(&value)}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dl class="facts">{rows}</dl>
        <p>{words.complain} " " <a href=authority(locale)>"www.cnil.fr"</a> "."</p>
    }
    .into_any()
}

/// Addresses are links; names are not.
fn linked(value: &str) -> AnyView {
    if value.contains('@') {
        view! { <a href=format!("mailto:{value}")>{value.to_owned()}</a> }.into_any()
    } else if value.starts_with("http") {
        view! { <a href=value.to_owned()>{value.to_owned()}</a> }.into_any()
    } else {
        value.to_owned().into_any()
    }
}

fn policies(words: &'static LegalTexts) -> AnyView {
    let settings = context::services().settings;
    let [whatsapp, meta] = words.meta_policies;
    let links = [
        (settings.privacy_policy_url.clone(), words.privacy_policy),
        (settings.terms_url.clone(), words.terms_of_service),
        (
            Some("https://www.whatsapp.com/legal/privacy-policy".to_owned()),
            whatsapp,
        ),
        (
            Some("https://developers.facebook.com/terms/".to_owned()),
            meta,
        ),
    ];
    let items = links
        .into_iter()
        .filter_map(|(address, name)| {
            let address = address?;
            Some(view! {
                <li>
                    <a href=address>{name}</a>
                </li>
            })
        })
        .collect_view();
    view! {
        <p>{words.policies}</p>
        <ul>{items}</ul>
    }
    .into_any()
}
