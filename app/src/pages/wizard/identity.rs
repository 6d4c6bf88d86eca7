//! Step 2: the password again, unless it was given within the last five minutes.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Page, Place, Visit, step};
use crate::{
    answer::Flash,
    api::account::ProveIdentity,
    context,
    parts::{AccountField, NoticeBox, PasswordField, Problems},
    wire::Notice,
};

/// Asks for the password, or goes on when there is no need to.
pub(crate) async fn page(visit: Visit) -> Result<Page, Detour> {
    let session = visit.session(Place::Identity).await?;
    if session.proof_is_fresh(context::services().now()) {
        return Err(Detour::To(Place::Overview.path(visit.locale)));
    }
    let flash = visit.take_flash();
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let proof_needed = flash.as_ref().and_then(Flash::notice) == Some(Notice::ProofNeeded);
    let texts = visit.texts();
    let words = &texts.identity;
    let body = view! {
        <Problems locale=visit.locale trouble />
        <h1 tabindex="-1">{words.title}</h1>
        {proof_needed.then(|| view! { <NoticeBox>{words.proof_needed}</NoticeBox> })}
        <p class="lead">{words.intro}</p>
        <form class="form" method="post" action=ProveIdentity::url() novalidate>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <AccountField locale=visit.locale email=session.email.expose().to_owned() />
            <PasswordField label=words.password locale=visit.locale trouble />
            <p class="muted">{words.nothing_yet}</p>
            <div class="buttons">
                <button class="button button-primary" type="submit">
                    {texts.common.continue_}
                </button>
                <a class="button button-quiet" href=Place::Overview.path(visit.locale) data-step>
                    {texts.wizard.back}
                </a>
            </div>
        </form>
    };
    Ok(Page::new(words.title, step(2), body.into_any()).reporting(&visit, flash.as_ref()))
}
