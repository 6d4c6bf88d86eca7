//! A code that came by mail: the field for it with its countdown, and the way to another one. Wherever a code is asked for.

use erasure::{account::CodeSent, time::Timestamp};
use leptos::prelude::*;

use super::{CodeField, Field, Moment};
use crate::{answer::Flash, pages::Visit};

/// The field, until when the code works, and the words that a script says as that comes near.
#[component]
pub(crate) fn CodeEntry<'a>(
    visit: &'a Visit,
    code: &'a CodeSent,
    flash: Option<&'a Flash>,
    now: Timestamp,
) -> impl IntoView {
    let words = &visit.texts().code;
    let trouble = flash
        .and_then(Flash::trouble)
        .filter(|trouble| Field::Code.is_at_fault(*trouble));
    view! {
        <CodeField
            label=words.label
            hint=words.hint
            value=flash.map_or_else(String::new, |flash| flash.typed().to_owned())
            locale=visit.locale
            trouble
        />
        <p class="muted">
            {words.valid_until} " " <Moment at=code.expires_at locale=visit.locale short=true /> "."
        </p>
        <p
            class="notice notice-warning"
            role="status"
            data-expires-at=code.expires_at.as_millis()
            data-now=now.as_millis()
            data-soon=words.expires_soon
            data-over=words.expired_now
            hidden
        ></p>
    }
}

/// The form that asks for another code; `children` are what it sends besides the language.
#[component]
pub(crate) fn ResendCode<'a>(
    visit: &'a Visit,
    code: Option<&'a CodeSent>,
    /// Where the form is sent.
    action: &'static str,
    now: Timestamp,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let words = &visit.texts().code;
    let waiting = code.filter(|code| code.resend_at > now);
    let (label, class) = if code.is_some() {
        (words.resend, "button button-quiet")
    } else {
        (words.resend_new, "button button-primary")
    };
    view! {
        <form class="resend" method="post" action=action>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            {children.map(|children| children())}
            <button
                id="resend"
                class=class
                type="submit"
                data-resend-at=waiting.map(|code| code.resend_at.as_millis())
                data-now=now.as_millis()
                data-wait=words.resend_wait
            >
                {label}
            </button>
            {waiting
                .map(|code| {
                    view! {
                        <p class="muted" data-resend-from>
                            {words.resend_from}
                            " "
                            <Moment at=code.resend_at locale=visit.locale short=true />
                            "."
                        </p>
                    }
                })}
        </form>
    }
}
