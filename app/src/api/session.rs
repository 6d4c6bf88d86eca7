//! Signing in and out.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Signs in with address and password, and goes where the person wanted to go.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "session/sign-in")]
pub async fn sign_in(
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
) -> Result<(), Trouble> {
    use erasure::session::{self, Credentials};

    use crate::{answer, context, locales, pages::Next};

    let locale = locales::of_form(&lang);
    let next = Next::parse(&next);
    let login = next.login_path(locale);
    if email.trim().is_empty() {
        answer::refuse(&login, Trouble::EmailMissing, "");
        return Ok(());
    }
    if password.is_empty() {
        answer::refuse(&login, Trouble::PasswordMissing, &email);
        return Ok(());
    }
    let credentials = Credentials {
        email: email.clone(),
        password: password.into(),
    };
    match session::sign_in(&context::services(), &credentials, &context::network()).await {
        Ok(token) => {
            answer::set_cookie(&answer::Cookie::session(token.expose()));
            answer::redirect_to(&next.path(locale));
        }
        Err(error) => answer::refuse(&login, error.into(), &email),
    }
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "session/sign-out")]
pub async fn sign_out(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
) -> Result<(), Trouble> {
    use erasure::session;

    use crate::{answer, context, locales, pages::Place, wire::Notice};

    let locale = locales::of_form(&lang);
    let ended = match context::session().await {
        Ok(Some(session)) => session::sign_out(&context::services(), &session).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        let trouble = answer::our_fault(&error);
        answer::refuse(&Place::Settings.path(locale), trouble, "");
        return Ok(());
    }
    answer::set_cookie(&answer::Cookie::expired(answer::Cookie::SESSION));
    answer::tell(&Place::Login.path(locale), Notice::SignedOut);
    Ok(())
}
