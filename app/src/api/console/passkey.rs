//! Passkeys: used, added, taken away. What the browser says of them comes as the page's script writes it down.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Signs in with a passkey, or proves again who is signed in.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/use-passkey")]
pub async fn use_passkey(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Where to go afterwards.
    #[server(default)]
    next: String,
    /// What the browser says, as JSON.
    #[server(default)]
    answer: String,
) -> Result<(), Trouble> {
    use crate::{console, locales, pages::ConsoleNext};

    console::use_passkey(locales::of_form(&lang), ConsoleNext::parse(&next), &answer).await;
    Ok(())
}

/// Adds a passkey to the own account.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/add-passkey")]
pub async fn add_passkey(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// What its owner calls it.
    #[server(default)]
    label: String,
    /// What the browser says, as JSON.
    #[server(default)]
    answer: String,
) -> Result<(), Trouble> {
    use erasure::staff::passkey;

    use crate::{
        console, context, locales,
        pages::ConsolePlace,
        wire::{ConsoleNotice, ConsoleTrouble},
    };

    let locale = locales::of_form(&lang);
    let place = ConsolePlace::Account;
    let Some(member) = console::at_form(locale, place).await else {
        return Ok(());
    };
    let Some(ceremony) = console::ceremony() else {
        console::say(locale, place, ConsoleTrouble::PageTooOld);
        return Ok(());
    };
    let services = context::services();
    let done = match serde_json::from_str(&answer) {
        Ok(made) => passkey::add(&services, &member, &ceremony, &made, &label).await,
        Err(_) => Err(passkey::PasskeyError::Refused),
    };
    console::conclude(locale, place, done, ConsoleNotice::PasskeyAdded);
    Ok(())
}

/// Takes one of the own passkeys away.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/remove-passkey")]
pub async fn remove_passkey(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Which.
    #[server(default)]
    id: String,
) -> Result<(), Trouble> {
    use erasure::staff::passkey;

    use crate::{console, context, locales, pages::ConsolePlace, wire::ConsoleNotice};

    let locale = locales::of_form(&lang);
    let place = ConsolePlace::Account;
    let Some(member) = console::at_form(locale, place).await else {
        return Ok(());
    };
    let done = match id.parse() {
        Ok(id) => passkey::remove(&context::services(), &member, &id).await,
        Err(_) => Ok(()), // there is none of that name: it is as good as gone
    };
    console::conclude(locale, place, done, ConsoleNotice::PasskeyRemoved);
    Ok(())
}
