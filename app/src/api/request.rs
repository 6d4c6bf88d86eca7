//! The public request form and the pages behind it.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Keeps the answer to one question and goes on to the next.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/answer")]
pub async fn save_answer(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Which question it was.
    #[server(default)]
    step: String,
    /// What was typed or chosen.
    #[server(default)]
    answer: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    asking::save(locales::of_form(&lang), &step, &answer);
    Ok(())
}

/// Sends the request, exactly as it was shown.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/send")]
pub async fn send_request(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Stands for the answers that were shown.
    #[server(default)]
    seen: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    Box::pin(asking::send(locales::of_form(&lang), &seen)).await;
    Ok(())
}

/// Mails another code.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/send-code")]
pub async fn send_request_code(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the request's link.
    #[server(default)]
    capability: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    let locale = locales::of_form(&lang);
    if let Some(capability) = asking::opened(locale, &capability) {
        asking::send_code(locale, &capability).await;
    }
    Ok(())
}

/// Shows the code that the person sends from their WhatsApp.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/message-code")]
pub async fn show_message_code(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the request's link.
    #[server(default)]
    capability: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    let locale = locales::of_form(&lang);
    if let Some(capability) = asking::opened(locale, &capability) {
        asking::show_message_code(locale, &capability).await;
    }
    Ok(())
}

/// Takes the code that shows that an address is the person's own.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/verify")]
pub async fn verify_request(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the request's link.
    #[server(default)]
    capability: String,
    /// The code, as typed.
    #[server(default)]
    code: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    let locale = locales::of_form(&lang);
    if let Some(capability) = asking::opened(locale, &capability) {
        asking::verify(locale, &capability, &code).await;
    }
    Ok(())
}

/// Takes a request back.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/withdraw")]
pub async fn withdraw_request(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the request's link.
    #[server(default)]
    capability: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    let locale = locales::of_form(&lang);
    if let Some(capability) = asking::opened(locale, &capability) {
        asking::withdraw(locale, &capability).await;
    }
    Ok(())
}

/// Begins the form that goes on from a letter.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/go-on")]
pub async fn go_on_from_letter(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the request's link.
    #[server(default)]
    capability: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    let locale = locales::of_form(&lang);
    if let Some(capability) = asking::opened(locale, &capability) {
        asking::go_on(locale, &capability).await;
    }
    Ok(())
}

/// Mails the private link again.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/find")]
pub async fn find_request(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// What people quote.
    #[server(default)]
    reference: String,
    /// The address that was given in the request.
    #[server(default)]
    email: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    asking::find(locales::of_form(&lang), &reference, &email).await;
    Ok(())
}

/// Takes a business's objection.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "request/object")]
pub async fn object_to_request(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the business's link.
    #[server(default)]
    capability: String,
    /// The legal ground.
    #[server(default)]
    ground: String,
    /// Why.
    #[server(default)]
    explanation: String,
) -> Result<(), Trouble> {
    use crate::{asking, locales};

    let locale = locales::of_form(&lang);
    if let Some(capability) = asking::opened(locale, &capability) {
        asking::object(locale, &capability, &ground, &explanation).await;
    }
    Ok(())
}
