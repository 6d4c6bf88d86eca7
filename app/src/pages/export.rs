//! Taking one's data along: what is in it, the password when the last proof is old, and the download.

use std::time::Duration;

use erasure::session::{self, Role, Session};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Frame, Page, Place, Visit};
use crate::{
    answer::Flash,
    api::export::ProveForExport,
    context, download,
    locales::keep,
    parts::{AccountField, PasswordField, Problems},
    wire::Trouble,
};

/// One page, before and after the password.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let session = visit.session(Place::Export).await?;
    let flash = visit.take_flash();
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let words = &keep(visit.locale).export;
    let left = proof_left(&session);
    let body = view! {
        <Problems locale=visit.locale trouble />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <section class="card" aria-labelledby="content">
            <h2 id="content">{visit.texts().overview.what}</h2>
            <p>{whose(&visit, &session)}</p>
            <ul>{words.contains.map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            <p class="muted">{words.left_out}</p>
        </section>
        {if left.is_zero() {
            password_form(&visit, &session, trouble)
        } else {
            download_link(&visit, left)
        }}
    };
    let frame = Frame::Settings {
        name: session.name,
        place: Place::Export,
    };
    Ok(Page::new(words.title, frame, body.into_any()).reporting(&visit, flash.as_ref()))
}

fn proof_left(session: &Session) -> Duration {
    (session.proved_at + session::PROOF_LIFETIME).since(context::services().now())
}

fn whose(visit: &Visit, session: &Session) -> String {
    let words = &keep(visit.locale).export;
    let owned: Vec<&str> = session
        .memberships
        .iter()
        .filter(|membership| membership.role == Role::Owner)
        .map(|membership| membership.organization_name.as_str())
        .collect();
    if owned.is_empty() {
        words.member.to_owned()
    } else {
        (words.owner)(&owned.join(", "))
    }
}

fn download_link(visit: &Visit, left: Duration) -> AnyView {
    let words = &keep(visit.locale).export;
    let address = format!("{}?lang={}", download::PATH, visit.locale.as_str());
    view! {
        <p>
            <a class="button button-primary" href=address rel="external">
                {words.download}
            </a>
        </p>
        <p class="muted">{(words.proof_lasts)(left)}</p>
        <p class="muted">{words.at_once}</p>
    }
    .into_any()
}

fn password_form(visit: &Visit, session: &Session, trouble: Option<Trouble>) -> AnyView {
    let words = &keep(visit.locale).export;
    view! {
        <form class="form" method="post" action=ProveForExport::url() novalidate>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <p>{words.proof}</p>
            <AccountField locale=visit.locale email=session.email.expose().to_owned() />
            <PasswordField
                label=visit.texts().identity.password
                locale=visit.locale
                trouble
            />
            <div class="buttons">
                <button class="button button-primary" type="submit">
                    {words.proof_submit}
                </button>
            </div>
        </form>
    }
    .into_any()
}
