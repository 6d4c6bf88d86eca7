//! Stopping a deletion while it still waits.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Cancels a deletion that has not begun. Whoever holds its link may, unless the link is for reading only.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "erasure/cancel")]
pub async fn cancel_erasure(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the erasure's link.
    #[server(default)]
    capability: String,
) -> Result<(), Trouble> {
    use erasure::{id::Capability, progress};

    use crate::{answer, context, locales};

    let locale = locales::of_form(&lang);
    let Ok(capability) = capability.parse::<Capability>() else {
        answer::redirect_to(&format!("/{}", locale.as_str()));
        return Ok(());
    };
    let page = context::erasure_path(locale, &capability);
    match progress::cancel(&context::services(), &capability).await {
        Ok(()) => answer::redirect_to(&page),
        Err(error) => answer::refuse(&page, error.into(), ""),
    }
    Ok(())
}
