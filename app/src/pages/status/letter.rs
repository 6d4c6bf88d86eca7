//! A request that came as a letter, before anybody has said what it asks for: the way to the questions.

use erasure::request::Stage;
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::Shown;
use crate::api::request::GoOnFromLetter;

/// Whether the questions have still to be answered.
pub(super) fn is_unstated(shown: &Shown<'_>) -> bool {
    let is_open = matches!(shown.status.state, Stage::Received | Stage::Acknowledged);
    is_open && shown.status.role.is_none()
}

/// The button that leads to them. What is posted makes the form this request's.
pub(super) fn go_on(shown: &Shown<'_>) -> AnyView {
    view! {
        <form class="no-print" method="post" action=GoOnFromLetter::url()>
            <input type="hidden" name="lang" value=shown.visit.locale.as_str() />
            <input type="hidden" name="capability" value=shown.capability.expose().to_owned() />
            <button class="button button-primary" type="submit">
                {shown.words.status.prove}
            </button>
        </form>
    }
    .into_any()
}
