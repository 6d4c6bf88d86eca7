//! The settings: who one is, and where.

use erasure::session::{Membership, Session};
use leptos::prelude::*;

use super::{Detour, Frame, Page, Place, Visit};
use crate::locales::{Texts, keep};

/// The front page leads to the settings.
pub(super) async fn home(visit: Visit) -> Result<Page, Detour> {
    Err(Detour::To(Place::Settings.path(visit.locale)))
}

/// Profile and organizations.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let session = visit.session(Place::Settings).await?;
    let texts = visit.texts();
    let words = &texts.settings;
    let body = view! {
        <h1 tabindex="-1">{texts.common.settings}</h1>
        <section class="card" aria-labelledby="profile">
            <h2 id="profile">{words.profile}</h2>
            <dl class="facts">
                <div>
                    <dt>{words.name}</dt>
                    <dd>{session.name.clone()}</dd>
                </div>
                <div>
                    <dt>{words.email}</dt>
                    <dd class="breakable">{session.email.expose().to_owned()}</dd>
                </div>
            </dl>
        </section>
        <section class="card" aria-labelledby="organizations">
            <h2 id="organizations">{words.organizations}</h2>
            {organizations(texts, &session)}
        </section>
        <section class="card" aria-labelledby="export">
            <h2 id="export">{keep(visit.locale).export.title}</h2>
            <p>{keep(visit.locale).export.card}</p>
            <p>
                <a class="button button-quiet" href=Place::Export.path(visit.locale)>
                    {keep(visit.locale).export.link}
                </a>
            </p>
        </section>
    };
    let frame = Frame::Settings {
        name: session.name,
        place: Place::Settings,
    };
    Ok(Page::new(texts.common.settings, frame, body.into_any()))
}

fn organizations(texts: &'static Texts, session: &Session) -> AnyView {
    if session.memberships.is_empty() {
        return view! { <p>{texts.settings.no_organization}</p> }.into_any();
    }
    let row = |membership: &Membership| {
        view! {
            <li>
                <span class="rows-name">{membership.organization_name.clone()}</span>
                <span class="tag">{(texts.settings.role)(membership.role)}</span>
            </li>
        }
    };
    view! { <ul class="rows">{session.memberships.iter().map(row).collect_view()}</ul> }.into_any()
}
