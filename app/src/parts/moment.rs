//! A moment, in UTC from the server; the island rewrites it in the reader's own time.

use erasure::{locale::Locale, time::Timestamp};
use leptos::prelude::*;

use crate::locales::clock_time;

/// A date and time, or only the time when it is about the next minutes.
#[component]
pub(crate) fn Moment(
    at: Timestamp,
    locale: Locale,
    #[prop(optional)] short: bool,
) -> impl IntoView {
    let text = if short {
        format!("{} UTC", clock_time(at))
    } else {
        at.to_moment(locale)
    };
    view! {
        <time datetime=at.to_rfc3339() data-moment=if short { "time" } else { "day" }>
            {text}
        </time>
    }
}
