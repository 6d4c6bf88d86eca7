//! The pages, and the table of their addresses.
//!
//! A page is an async function from a [`Visit`] to a [`Page`] or a [`Detour`]. It reads from the domain, never writes, and
//! knows nothing of HTTP but its own status. How a page is dressed is in `parts`.

mod check;
mod console;
mod danger_zone;
mod erasure;
mod export;
mod find;
pub(crate) mod legal;
mod login;
mod lost;
mod meta_deletion;
mod objection;
mod place;
mod receipt;
mod request;
mod settings;
mod status;
mod visit;
mod wizard;

use std::future::Future;

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

pub(crate) use self::{
    check::Checked,
    console::{ConsoleNext, ConsolePlace, RequestKey},
    place::{Next, Place},
    visit::{Detour, Frame, Page, Visit},
};
use crate::{answer, parts::Document};

/// Every page, by its address. Bare addresses without a language are in `router`.
#[component]
pub(crate) fn Pages() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=|| show(lost::not_found)>
                <Route path=path!("/:lang") view=|| show(settings::home) ssr=SsrMode::Async />
                <Route path=path!("/:lang/login") view=|| show(login::page) ssr=SsrMode::Async />
                <Route path=path!("/:lang/settings") view=|| show(settings::page) ssr=SsrMode::Async />
                <Route
                    path=path!("/:lang/settings/danger-zone")
                    view=|| show(danger_zone::page)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/settings/danger-zone/delete-account")
                    view=|| show(wizard::overview)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/settings/danger-zone/delete-account/identity")
                    view=|| show(wizard::identity)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/settings/danger-zone/delete-account/code")
                    view=|| show(wizard::code)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/settings/export")
                    view=|| show(export::page)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/erasure/:capability")
                    view=|| show(erasure::page)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/:lang/console") view=|| show(console::page) ssr=SsrMode::Async />
                <Route path=path!("/:lang/console/*rest") view=|| show(console::page) ssr=SsrMode::Async />
                <Route path=path!("/:lang/data-deletion") view=|| show(legal::page) ssr=SsrMode::Async />
                <Route path=path!("/:lang/request") view=|| show(request::who) ssr=SsrMode::Async />
                <Route
                    path=path!("/:lang/request/identity")
                    view=|| show(request::identity)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/request/business")
                    view=|| show(request::business)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/request/contact")
                    view=|| show(request::contact)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/request/statement")
                    view=|| show(request::statement)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/request/check")
                    view=|| show(request::check)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/request/proof/:capability")
                    view=|| show(request::proof)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/:lang/status") view=|| show(find::page) ssr=SsrMode::Async />
                <Route
                    path=path!("/:lang/status/:capability")
                    view=|| show(status::page)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/objection/:capability")
                    view=|| show(objection::page)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:lang/meta-deletion/:code")
                    view=|| show(meta_deletion::page)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/:lang/receipt") view=|| show(check::page) ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}

/// Renders the whole document once the page has everything it needs.
fn show<F>(page: fn(Visit) -> F) -> impl IntoView
where
    F: Future<Output = Result<Page, Detour>> + Send + 'static,
{
    Suspend::new(async move {
        let visit = Visit::current();
        let locale = visit.locale;
        let answer = if visit.in_known_language() {
            page(visit).await
        } else {
            Err(Detour::NotFound)
        };
        let page = match answer {
            Ok(page) => page,
            Err(Detour::NotFound) => lost::not_found_page(locale),
            Err(Detour::Denied(staff)) => console::denied_page(locale, *staff),
            Err(Detour::Broken) => lost::broken_page(locale),
            Err(Detour::To(path)) => {
                answer::redirect_to(&path);
                return ().into_any();
            }
        };
        answer::set_status(page.status);
        view! { <Document page locale /> }.into_any()
    })
}
