//! Checking a receipt: a form, and the same page again with what came of it.
//!
//! The answer to a form is a page here, not a redirect: nothing is changed by asking, and a receipt is too long to travel
//! anywhere else. Whoever reloads asks again.

use erasure::receipt::{Genuine, VerifyError};
use http::StatusCode;
use leptos::prelude::*;

use super::{Detour, Frame, Page, Place, Visit, receipt};
use crate::{
    locales::{self, Check},
    parts::NoticeBox,
};

/// What came of a receipt that somebody brought.
#[derive(Clone)]
pub(crate) struct Checked(pub(crate) Result<Box<Genuine>, VerifyError>);

/// The form, or the answer to it.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let words = locales::check(visit.locale);
    Ok(match use_context::<Checked>() {
        None => form_page(&visit, words, None),
        Some(Checked(Ok(genuine))) => genuine_page(&visit, words, &genuine),
        Some(Checked(Err(why))) => {
            let mut page = form_page(&visit, words, Some(&why)).with_status(status(&why));
            page.title = format!("{}{}", visit.texts().common.error_prefix, page.title);
            page
        }
    })
}

const fn status(why: &VerifyError) -> StatusCode {
    match why {
        VerifyError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        VerifyError::Empty
        | VerifyError::NotJson
        | VerifyError::NotAReceipt
        | VerifyError::Unsigned
        | VerifyError::UnknownAlgorithm
        | VerifyError::UnknownKey(_)
        | VerifyError::Refused => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn form_page(visit: &Visit, words: &'static Check, why: Option<&VerifyError>) -> Page {
    let problem = why.map(|why| {
        view! {
            <div class="problems" role="alert" tabindex="-1">
                <h2>{words.refused}</h2>
                <p>{(words.why)(why)}</p>
            </div>
        }
    });
    let body = view! {
        {problem}
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.intro}</p>
        <form
            class="form"
            method="post"
            enctype="multipart/form-data"
            action=Place::Receipt.path(visit.locale)
        >
            <div class="field">
                <label for="file">{words.file}</label>
                <p class="hint" id="file-hint">
                    {words.file_hint}
                </p>
                <input
                    id="file"
                    name="file"
                    type="file"
                    accept=".json,application/json"
                    aria-describedby="file-hint"
                />
            </div>
            <div class="field">
                <label for="text">{words.text}</label>
                <textarea id="text" name="text" rows="6" spellcheck="false" autocomplete="off"></textarea>
            </div>
            <button class="button button-primary button-wide" type="submit">
                {words.submit}
            </button>
        </form>
    };
    Page::new(words.title, Frame::Alone, body.into_any())
}

fn genuine_page(visit: &Visit, words: &'static Check, Genuine { receipt, key }: &Genuine) -> Page {
    let retired = key
        .retired_at
        .map(|at| view! { <li>{(words.retired)(&at.to_date(visit.locale))}</li> });
    let noted = receipt
        .ledger
        .as_ref()
        .map(|place| view! { <li>{(words.noted)(place.entry)}</li> });
    let body = view! {
        <h1 tabindex="-1">{words.title}</h1>
        <NoticeBox>{words.genuine}</NoticeBox>
        <section aria-labelledby="checked">
            <h2 id="checked">{words.checked}</h2>
            <ul>
                <li>{(words.signed)(&receipt.controller, &key.id)}</li>
                {retired}
                <li>{words.unchanged}</li>
                {noted}
            </ul>
            <p class="muted">{words.not_checked}</p>
        </section>
        {receipt::article(visit, receipt)}
        <p>
            <a class="button" href=Place::Receipt.path(visit.locale)>
                {words.another}
            </a>
        </p>
    };
    Page::new(words.genuine, Frame::Alone, body.into_any())
}
