//! The danger zone: the door to what cannot be undone, with what is behind it in plain words.

use leptos::prelude::*;

use super::{Detour, Frame, Page, Place, Visit};

/// One card, one link.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let session = visit.session(Place::DangerZone).await?;
    let texts = visit.texts();
    let words = &texts.danger;
    let body = view! {
        <h1 tabindex="-1">{texts.common.danger_zone}</h1>
        <p class="lead">{words.intro}</p>
        <section class="card card-danger" aria-labelledby="delete">
            <h2 id="delete">{words.delete_heading}</h2>
            <p>{words.delete_text}</p>
            <p class="muted">{words.delete_steps}</p>
            <p>
                <a class="button button-danger-quiet" href=Place::Overview.path(visit.locale)>
                    {words.delete_link}
                </a>
            </p>
        </section>
    };
    let frame = Frame::Settings {
        name: session.name,
        place: Place::DangerZone,
    };
    Ok(Page::new(texts.common.danger_zone, frame, body.into_any()))
}
