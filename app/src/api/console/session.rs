//! Signing in to the console and out of it, and proving again who one is.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Signs in with address, password and code, and goes where the person wanted to go.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/sign-in")]
pub async fn console_sign_in(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Where to go afterwards.
    #[server(default)]
    next: String,
    /// The address, as typed.
    #[server(default)]
    email: String,
    /// The password, as typed.
    #[server(default)]
    password: String,
    /// The code, as typed.
    #[server(default)]
    code: String,
) -> Result<(), Trouble> {
    use erasure::staff::{self, StaffCredentials};

    use crate::{
        answer, context, locales,
        pages::{ConsoleNext, ConsolePlace},
        wire::ConsoleTrouble,
    };

    let locale = locales::of_form(&lang);
    let next = ConsoleNext::parse(&next);
    let door = next.through(ConsolePlace::SignIn, locale);
    let missing = match (email.trim(), password.as_str(), code.trim()) {
        ("", _, _) => Some(Trouble::EmailMissing),
        (_, "", _) => Some(Trouble::PasswordMissing),
        (_, _, "") => Some(Trouble::Console(ConsoleTrouble::CodeMissing)),
        _ => None,
    };
    if let Some(trouble) = missing {
        answer::refuse(&door, trouble, &email);
        return Ok(());
    }
    let credentials = StaffCredentials {
        email: email.clone(),
        password: password.into(),
        code: code.into(),
    };
    match staff::sign_in(&context::services(), &credentials, &context::network()).await {
        Ok(token) => {
            answer::set_cookie(&answer::Cookie::staff(token.expose()));
            answer::redirect_to(&next.path(locale));
        }
        Err(error) => {
            let trouble = answer::sign_in_trouble(error, ConsoleTrouble::Refused);
            answer::refuse(&door, trouble, &email);
        }
    }
    Ok(())
}

/// Takes a code again.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/prove")]
pub async fn console_prove(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Where to go afterwards.
    #[server(default)]
    next: String,
    /// The code, as typed.
    #[server(default)]
    code: String,
) -> Result<(), Trouble> {
    use erasure::staff;

    use crate::{
        answer, console, context, locales,
        pages::{ConsoleNext, ConsolePlace},
        wire::ConsoleTrouble,
    };

    let locale = locales::of_form(&lang);
    let next = ConsoleNext::parse(&next);
    let Some(member) = console::at_form(locale, next.place()).await else {
        return Ok(());
    };
    let door = next.through(ConsolePlace::Prove, locale);
    if code.trim().is_empty() {
        answer::refuse(&door, Trouble::Console(ConsoleTrouble::CodeMissing), "");
        return Ok(());
    }
    let (services, network) = (context::services(), context::network());
    match staff::prove(&services, &member, &code.into(), &network).await {
        Ok(token) => {
            answer::set_cookie(&answer::Cookie::staff(token.expose()));
            answer::redirect_to(&next.path(locale));
        }
        Err(error) => {
            let trouble = answer::sign_in_trouble(error, ConsoleTrouble::ProofRefused);
            answer::refuse(&door, trouble, "");
        }
    }
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/sign-out")]
pub async fn console_sign_out(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
) -> Result<(), Trouble> {
    use erasure::staff;

    use crate::{answer, context, locales, pages::ConsolePlace, wire::Notice};

    let locale = locales::of_form(&lang);
    let ended = match context::staff().await {
        Ok(Some(member)) => staff::sign_out(&context::services(), &member).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        let trouble = answer::our_fault(&error);
        answer::refuse(&ConsolePlace::Account.path(locale), trouble, "");
        return Ok(());
    }
    answer::set_cookie(&answer::Cookie::expired(answer::Cookie::STAFF));
    answer::tell(&ConsolePlace::SignIn.path(locale), Notice::SignedOut);
    Ok(())
}
