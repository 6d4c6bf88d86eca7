//! The desk's forms: one for everything that happens to a request, one for the legal holds.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Does something to a request: `act` says what.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/act-on-request")]
pub async fn act_on_request(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Which request.
    #[server(default)]
    request: String,
    /// What is done.
    #[server(default)]
    act: String,
    /// The part it is about; empty: the whole.
    #[server(default)]
    case: String,
    /// What was chosen from the form's list.
    #[server(default)]
    choice: String,
    /// What was typed on one line.
    #[server(default)]
    line: String,
    /// A day.
    #[server(default)]
    day: String,
    /// The day on which it ends.
    #[server(default)]
    end: String,
    /// What was written.
    #[server(default)]
    words: String,
) -> Result<(), Trouble> {
    use crate::{
        console::desk::{self, Draft},
        locales,
    };

    let draft = Draft {
        act,
        case,
        choice,
        line,
        day,
        end,
        words,
    };
    desk::act_on_request(locales::of_form(&lang), &request, &draft).await;
    Ok(())
}

/// Looks at a legal hold again, or wishes to lift it.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/act-on-hold")]
pub async fn act_on_hold(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Which hold.
    #[server(default)]
    hold: String,
    /// What is done.
    #[server(default)]
    act: String,
    /// A day.
    #[server(default)]
    day: String,
    /// Why.
    #[server(default)]
    words: String,
) -> Result<(), Trouble> {
    use crate::{
        console::desk::{self, Draft},
        locales,
    };

    let draft = Draft {
        act,
        case: hold.clone(),
        day,
        words,
        ..Draft::default()
    };
    desk::act_on_hold(locales::of_form(&lang), &hold, &draft).await;
    Ok(())
}
