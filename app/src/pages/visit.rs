//! What a page is given, and what it gives back.

use erasure::{id::Capability, locale::Locale, session::Session, staff::Staff, time::Timestamp};
use http::StatusCode;
use leptos::prelude::AnyView;

use super::{ConsolePlace, Place};
use crate::{
    answer::{self, Flash},
    context,
    locales::{self, Texts},
};

/// One request for one page.
pub(crate) struct Visit {
    /// The language of the page.
    pub(crate) locale: Locale,
    /// Its address, without the query.
    pub(crate) path: String,
    query: String,
}

impl Visit {
    /// The request being served.
    pub(crate) fn current() -> Self {
        let uri = context::request().uri;
        Self {
            locale: context::locale(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
        }
    }

    /// The words of its language.
    pub(crate) fn texts(&self) -> &'static Texts {
        locales::texts(self.locale)
    }

    /// Whether the address begins with a language that exists.
    pub(super) fn in_known_language(&self) -> bool {
        locales::of_path(&self.path).is_some()
    }

    /// The value of a query parameter. Ours hold no character that needs decoding.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The secret at the end of the address.
    pub(super) fn capability(&self) -> Option<Capability> {
        self.path.rsplit('/').next()?.parse().ok()
    }

    /// The message that waits for this page.
    pub(super) fn take_flash(&self) -> Option<Flash> {
        answer::take_flash(&self.path)
    }

    /// The session, or the way to the page that somebody without one has to see first.
    pub(super) async fn session(&self, place: Place) -> Result<Session, Detour> {
        match context::session().await? {
            Some(session) => Ok(session),
            None => Err(Detour::To(context::way_back(self.locale, place).await?)),
        }
    }
}

/// A page, ready to be dressed.
pub(crate) struct Page {
    /// The title, without the product's name.
    pub(crate) title: String,
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// What stands around it.
    pub(crate) frame: Frame,
    /// What stands in it.
    pub(crate) body: AnyView,
}

impl Page {
    /// A page that is what was asked for.
    pub(super) fn new(title: impl Into<String>, frame: Frame, body: AnyView) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            frame,
            body,
        }
    }

    /// The same page with another status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same page, reporting what went wrong in its title and status.
    pub(super) fn reporting(mut self, visit: &Visit, flash: Option<&Flash>) -> Self {
        if let Some(trouble) = flash.and_then(Flash::trouble) {
            self.title = format!("{}{}", visit.texts().common.error_prefix, self.title);
            self.status = answer::status(trouble);
            if let Some(moment) = answer::retry_at(trouble) {
                answer::set_retry_after(moment.since(now()));
            }
        }
        self
    }
}

/// What stands around a page.
pub(crate) enum Frame {
    /// A card in the middle: sign-in, lost pages.
    Alone,
    /// The settings with their navigation.
    Settings {
        /// Whose settings.
        name: String,
        /// Where in them.
        place: Place,
    },
    /// A step of the wizard, counted from one.
    Wizard {
        /// Which step; none when the way was left. One past the last: all of them are done.
        step: Option<usize>,
        /// Whether it can still be left for the settings.
        leave: bool,
        /// Whether the page reloads itself where there is no JavaScript.
        refresh: bool,
    },
    /// A question of the request form, or a page behind it.
    Request {
        /// Which question of how many, if it is one.
        step: Option<(usize, usize)>,
        /// After how many seconds the page reloads itself where there is no JavaScript.
        refresh: Option<u32>,
    },
    /// A page of the console.
    Console {
        /// Who is signed in.
        staff: Box<Staff>,
        /// Where in it.
        place: ConsolePlace,
    },
    /// A page that leads into the console: a card in the middle, and nothing of the customers' site around it.
    ConsoleDoor,
    /// A text that anybody may read, keep and find by a search engine. It has no script.
    Public,
}

/// Why a page is not shown.
pub(crate) enum Detour {
    /// Another page has to be seen first.
    To(String),
    /// There is no such page, for this person at least.
    NotFound,
    /// There is, but not for this member's role.
    Denied(Box<Staff>),
    /// Our fault; it has been written down.
    Broken,
}

impl From<erasure::db::Error> for Detour {
    fn from(error: erasure::db::Error) -> Self {
        answer::our_fault(&error);
        Self::Broken
    }
}

/// The present moment.
pub(super) fn now() -> Timestamp {
    context::services().now()
}
