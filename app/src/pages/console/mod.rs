//! The console's pages, and the table of their addresses. All are rendered on the server; one of them has a script.

mod account;
mod audit;
mod deletions;
mod figures;
mod holds;
mod passkey;
mod place;
mod prove;
mod queue;
mod request;
mod request_forms;
mod retention;
mod set_up;
mod sign_in;
mod staff;

use erasure::{
    locale::Locale,
    request::desk::DeskError,
    staff::{ActError, Staff},
};
use http::StatusCode;
use leptos::prelude::*;

pub(crate) use self::place::{ConsoleNext, ConsolePlace, RequestKey};
use super::{Detour, Frame, Page, Visit};
use crate::{
    answer::{Flash, our_fault},
    context,
    locales::{ConsoleTexts, console_texts},
    wire::Notice,
};

/// The page of this address.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let path = visit.path.get(3..).unwrap_or_default().to_owned();
    if let Some(capability) = path.strip_prefix("/console/set-up/") {
        return set_up::page(visit, capability.parse().ok()).await;
    }
    match ConsolePlace::parse(path.trim_end_matches('/')).ok_or(Detour::NotFound)? {
        ConsolePlace::Home => home(&visit).await,
        ConsolePlace::SignIn => sign_in::page(visit).await,
        ConsolePlace::Passkey => passkey::page(visit).await,
        ConsolePlace::Prove => prove::page(visit).await,
        ConsolePlace::Account => account::page(visit).await,
        ConsolePlace::Password => account::password(visit).await,
        ConsolePlace::Authenticator => account::authenticator(visit).await,
        ConsolePlace::RecoveryCodes => account::recovery_codes(visit).await,
        ConsolePlace::Staff => staff::page(visit).await,
        ConsolePlace::Audit => audit::page(visit).await,
        ConsolePlace::Requests => queue::page(visit).await,
        ConsolePlace::Request(key) => request::page(visit, key).await,
        ConsolePlace::Holds => holds::page(visit).await,
        ConsolePlace::Deletions => deletions::page(visit).await,
        ConsolePlace::Figures => figures::page(visit).await,
        ConsolePlace::Retention => retention::page(visit).await,
    }
}

/// The front page leads to the first page that the role may see.
async fn home(visit: &Visit) -> Result<Page, Detour> {
    let staff = visit.staff(ConsolePlace::Home).await?;
    let first = ConsolePlace::NAVIGATION
        .into_iter()
        .find(|(_, act)| staff.role().may(*act))
        .map_or(ConsolePlace::Account, |(place, _)| place);
    Err(Detour::To(first.path(visit.locale)))
}

/// The page for somebody whose role does not reach further.
pub(super) fn denied_page(locale: Locale, staff: Staff) -> Page {
    let words = &console_texts(locale).common;
    let body = view! {
        <h1 tabindex="-1">{words.denied_title}</h1>
        <p class="lead">{words.denied_text}</p>
        <p>
            <a class="button" href=ConsolePlace::Home.path(locale)>
                {words.back}
            </a>
        </p>
    };
    inside(
        words.denied_title,
        staff,
        ConsolePlace::Home,
        body.into_any(),
    )
    .with_status(StatusCode::FORBIDDEN)
}

impl Visit {
    /// The console's words in this page's language.
    fn console(&self) -> &'static ConsoleTexts {
        console_texts(self.locale)
    }

    /// Who is signed in to the console, or the way to the sign-in.
    async fn staff(&self, place: ConsolePlace) -> Result<Staff, Detour> {
        let staff = context::staff().await?;
        staff.ok_or_else(|| self.to_sign_in(place))
    }

    /// The same for a page that wants a proof that will still be fresh when its form is sent.
    async fn proved_staff(&self, place: ConsolePlace) -> Result<Staff, Detour> {
        let staff = self.staff(place).await?;
        if staff.proof_is_fresh(super::visit::now()) {
            Ok(staff)
        } else {
            Err(Detour::To(
                ConsoleNext::to(place).through(ConsolePlace::Prove, self.locale),
            ))
        }
    }

    fn to_sign_in(&self, place: ConsolePlace) -> Detour {
        Detour::To(ConsoleNext::to(place).through(ConsolePlace::SignIn, self.locale))
    }

    /// The page that somebody sees instead who may not do what this one does.
    fn instead(&self, error: ActError, staff: Staff, place: ConsolePlace) -> Detour {
        match error {
            ActError::Denied => Detour::Denied(Box::new(staff)),
            ActError::ProofNeeded => {
                Detour::To(ConsoleNext::to(place).through(ConsolePlace::Prove, self.locale))
            }
            ActError::Ended => self.to_sign_in(place),
            ActError::Internal(error) => {
                our_fault(&error);
                Detour::Broken
            }
        }
    }

    /// The same where a request or a hold is at stake.
    fn instead_of_desk(&self, error: DeskError, staff: Staff, place: ConsolePlace) -> Detour {
        match error {
            DeskError::Act(error) => self.instead(error, staff, place),
            DeskError::NotFound
            | DeskError::NoProposal
            | DeskError::Proposed
            | DeskError::SamePerson
            | DeskError::NoColleague
            | DeskError::Decide(_)
            | DeskError::ErasureBegun
            | DeskError::Days(_) => Detour::NotFound,
        }
    }

    /// The good news that waits for this page, in words.
    fn good_news(&self, flash: Option<&Flash>) -> Option<&'static str> {
        match flash.and_then(Flash::notice)? {
            Notice::Console(notice) => Some((self.console().notice)(notice)),
            Notice::ProofNeeded => Some(self.console().common.again),
            Notice::CodeSentAgain | Notice::SignedOut | Notice::LinkSent => None,
        }
    }
}

/// A page inside the console.
fn inside(title: impl Into<String>, staff: Staff, place: ConsolePlace, body: AnyView) -> Page {
    let frame = Frame::Console {
        staff: Box::new(staff),
        place,
    };
    Page::new(title, frame, body)
}
