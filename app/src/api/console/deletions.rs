//! The deletions that the staff begins: one form for all that happens to them.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Proposes a deletion, confirms it or declines it: `act` says what.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/act-on-deletion")]
pub async fn act_on_deletion(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// What is done.
    #[server(default)]
    act: String,
    /// Which proposal; empty: a new one.
    #[server(default)]
    proposal: String,
    /// The organization's short name.
    #[server(default)]
    organization: String,
    /// The number or id of one contact; empty: the whole organization.
    #[server(default)]
    identity: String,
    /// On which ground.
    #[server(default)]
    basis: String,
    /// Why.
    #[server(default)]
    reason: String,
    /// What is to go, once more.
    #[server(default)]
    retyped: String,
) -> Result<(), Trouble> {
    use crate::{
        console::deletions::{self, Draft},
        locales,
    };

    let draft = Draft {
        act,
        proposal,
        organization,
        identity,
        basis,
        reason,
        retyped,
    };
    deletions::act_on_deletion(locales::of_form(&lang), &draft).await;
    Ok(())
}
