//! The wizard's forms: go on, prove who one is, ask for a code, confirm.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Leaves the overview: takes down what was chosen there, asks for the password when the last proof is old, otherwise mails the code.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "account/begin-deletion")]
pub async fn begin_deletion(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The numbers that are to leave the Cloud API.
    #[server(default)]
    deregister: Vec<String>,
) -> Result<(), Trouble> {
    use crate::{context, deletion, locales, pages::Place};

    let locale = locales::of_form(&lang);
    if let Some(session) = context::signed_in(locale, Place::Overview).await {
        deletion::begin(&session, locale, &deregister).await;
    }
    Ok(())
}

/// Takes the password again, and mails the code.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "account/prove-identity")]
pub async fn prove_identity(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The password, as typed.
    #[server(default)]
    password: String,
) -> Result<(), Trouble> {
    use crate::{context, deletion, locales, pages::Place};

    let locale = locales::of_form(&lang);
    if let Some(session) = context::signed_in(locale, Place::Identity).await {
        deletion::prove(&session, locale, password).await;
    }
    Ok(())
}

/// Mails another code.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "account/send-code")]
pub async fn send_code(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
) -> Result<(), Trouble> {
    use crate::{context, deletion, locales, pages::Place};

    let locale = locales::of_form(&lang);
    if let Some(session) = context::signed_in(locale, Place::Code).await {
        deletion::mail_code(&session, locale, Place::Code).await;
    }
    Ok(())
}

/// Takes the code. From here on the deletion runs by itself.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "account/confirm-deletion")]
pub async fn confirm_deletion(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The code, as typed.
    #[server(default)]
    code: String,
) -> Result<(), Trouble> {
    use crate::{context, deletion, locales, pages::Place};

    let locale = locales::of_form(&lang);
    if let Some(session) = context::signed_in(locale, Place::Code).await {
        deletion::confirm(&session, locale, &code).await;
    }
    Ok(())
}
