//! Pages that are not there, or not now.

use erasure::locale::Locale;
use http::StatusCode;
use leptos::prelude::*;

use super::{Detour, Frame, Page, Visit};
use crate::locales::texts;

/// The page for an address that leads nowhere.
pub(super) async fn not_found(visit: Visit) -> Result<Page, Detour> {
    Ok(not_found_page(visit.locale))
}

/// Nothing is here. Says nothing about whether something ever was.
pub(super) fn not_found_page(locale: Locale) -> Page {
    let words = &texts(locale).lost;
    lost(locale, words.not_found_title, words.not_found_text).with_status(StatusCode::NOT_FOUND)
}

/// Something broke.
pub(super) fn broken_page(locale: Locale) -> Page {
    let words = &texts(locale).lost;
    lost(locale, words.broken_title, words.broken_text)
        .with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

fn lost(locale: Locale, title: &'static str, text: &'static str) -> Page {
    let home = format!("/{}", locale.as_str());
    let body = view! {
        <h1 tabindex="-1">{title}</h1>
        <p class="lead">{text}</p>
        <p>
            <a class="button" href=home>
                {texts(locale).lost.home}
            </a>
        </p>
    };
    Page::new(title, Frame::Alone, body.into_any())
}
