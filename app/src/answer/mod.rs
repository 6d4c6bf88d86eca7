//! How a request is answered: where the browser goes next, what the next page says, and which headers go with it.
//!
//! Every form follows one rule, post → redirect → get: a server function never renders, it sends the browser to a page.
//! What that page must say travels in a [`Flash`].

mod console;
mod cookie;
mod flash;
mod headers;
mod trouble;

use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::expect_context;
use leptos_axum::ResponseOptions;

pub(crate) use self::{
    console::{Outcome, sign_in_trouble},
    cookie::{Cookie, find as find_cookie},
    flash::{Flash, Message},
    headers::{allow_island, allow_script, apply_defaults},
    trouble::{digits_of_code, our_fault, retry_at, status},
};
use crate::{
    context,
    wire::{Notice, Trouble},
};

/// Sends the browser to another of our pages; it fetches it with GET whatever the method was (303).
pub(crate) fn redirect_to(path: &str) {
    let options = expect_context::<ResponseOptions>();
    // Our own paths are ASCII; anything else would be a fault in this program, and the front page is always safe.
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    options.insert_header(header::LOCATION, location);
    options.set_status(StatusCode::SEE_OTHER);
}

/// Sends the browser to a page that says what went wrong and keeps what was typed.
pub(crate) fn refuse(path: &str, trouble: Trouble, typed: &str) {
    carry(&Flash::new(path, Message::Trouble(trouble), typed));
    redirect_to(path);
}

/// Sends the browser to a page that begins with good news.
pub(crate) fn tell(path: &str, notice: Notice) {
    carry(&Flash::new(path, Message::Notice(notice), ""));
    redirect_to(path);
}

/// Keeps what was typed for the page at `path`, to which a proof leads back.
pub(crate) fn keep(path: &str, typed: &str) {
    if !typed.is_empty() {
        carry(&Flash::new(
            path,
            Message::Notice(Notice::ProofNeeded),
            typed,
        ));
    }
}

/// Adds a cookie to the answer.
pub(crate) fn set_cookie(cookie: &Cookie) {
    match cookie.to_header() {
        Ok(value) => expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, value),
        Err(error) => tracing::error!(%error, "a cookie could not be written"),
    }
}

/// Adds a header to the answer.
pub(crate) fn set_header(name: HeaderName, value: HeaderValue) {
    expect_context::<ResponseOptions>().insert_header(name, value);
}

/// Sets the status of the page being rendered.
pub(crate) fn set_status(status: StatusCode) {
    expect_context::<ResponseOptions>().set_status(status);
}

/// Says after how many seconds the same may be tried again.
pub(crate) fn set_retry_after(wait: Duration) {
    set_header(
        header::RETRY_AFTER,
        HeaderValue::from(wait.as_secs().max(1)),
    );
}

/// The message for the page at `path`, if there is one. It is shown once: reading it clears it.
pub(crate) fn take_flash(path: &str) -> Option<Flash> {
    let sealed = find_cookie(&context::request().headers, Cookie::FLASH)?;
    let flash = Flash::open(&context::services().vault, &sealed)?;
    // Another tab's message stays for that tab.
    if flash.path() != path {
        return None;
    }
    set_cookie(&Cookie::expired(Cookie::FLASH));
    Some(flash)
}

fn carry(flash: &Flash) {
    set_cookie(&Cookie::flash(&flash.seal(&context::services().vault)));
}
