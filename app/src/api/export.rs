//! Taking one's data along: the password again. The download itself is no form and has an address of its own.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Takes the password again, and leads back to the page that offers the download.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "account/prove-for-export")]
pub async fn prove_for_export(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The password, as typed.
    #[server(default)]
    password: String,
) -> Result<(), Trouble> {
    use crate::{answer, context, identity, locales, pages::Place};

    let locale = locales::of_form(&lang);
    if let Some(session) = context::signed_in(locale, Place::Export).await
        && identity::prove(&session, locale, Place::Export, password)
            .await
            .is_some()
    {
        answer::redirect_to(&Place::Export.path(locale));
    }
    Ok(())
}
