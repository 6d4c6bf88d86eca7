//! What the wizard's forms do with the domain's answers.

use erasure::{
    account::{self, ConfirmError, SendCodeError},
    id::Capability,
    locale::Locale,
    session::Session,
};
use http::{HeaderName, HeaderValue};

use crate::{
    answer::{self, Cookie},
    context, identity,
    pages::Place,
    wire::Notice,
};

/// Takes down what the owner chose on the overview, and mails the code for exactly that.
pub(crate) async fn begin(session: &Session, locale: Locale, deregister: &[String]) {
    let services = context::services();
    match account::choose_deregistrations(&services, session, deregister).await {
        Ok(()) => mail_code(session, locale, Place::Overview).await,
        Err(error) => answer::refuse(
            &Place::Overview.path(locale),
            SendCodeError::from(error).into(),
            "",
        ),
    }
}

/// Mails a code, and goes to the step that this makes the next one.
pub(crate) async fn mail_code(session: &Session, locale: Locale, from: Place) {
    let code = Place::Code.path(locale);
    match account::send_code(&context::services(), session, &context::network()).await {
        Ok(_) if from == Place::Code => answer::tell(&code, Notice::CodeSentAgain),
        Ok(_) => answer::redirect_to(&code),
        // A code is on its way already: the step where it is typed is the right one.
        Err(SendCodeError::TooSoon { .. }) if from != Place::Code => answer::redirect_to(&code),
        Err(SendCodeError::ProofNeeded) => ask_for_password(locale, from),
        Err(error) => answer::refuse(&from.path(locale), error.into(), ""),
    }
}

/// Takes the password; on success the code is mailed.
pub(crate) async fn prove(session: &Session, locale: Locale, password: String) {
    if let Some(proved) = identity::prove(session, locale, Place::Identity, password).await {
        mail_code(&proved, locale, Place::Identity).await;
    }
}

/// Takes the code; on success this session is over and the erasure's page is next.
pub(crate) async fn confirm(session: &Session, locale: Locale, typed: &str) {
    let step = Place::Code.path(locale);
    let digits = match answer::digits_of_code(typed) {
        Ok(digits) => digits,
        Err(trouble) => return answer::refuse(&step, trouble, typed),
    };
    let services = context::services();
    match account::confirm(&services, session, &digits, &context::network()).await {
        Ok(capability) => confirmed(locale, &capability),
        // What has to be read again is on the first step.
        Err(error @ (ConfirmError::PlanOutdated | ConfirmError::OrganizationBeingErased)) => {
            answer::refuse(&Place::Overview.path(locale), error.into(), "");
        }
        Err(error) => answer::refuse(&step, error.into(), typed),
    }
}

/// The password is asked for on a page of its own. Somebody who only just arrived needs no explanation for that.
fn ask_for_password(locale: Locale, from: Place) {
    let identity = Place::Identity.path(locale);
    if from == Place::Code {
        answer::tell(&identity, Notice::ProofNeeded);
    } else {
        answer::redirect_to(&identity);
    }
}

/// Nothing of the account stays in the browser but the way to its erasure.
fn confirmed(locale: Locale, capability: &Capability) {
    if let Some(token) = context::session_token() {
        answer::set_cookie(&Cookie::ended_session(&token));
    }
    answer::set_header(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    answer::redirect_to(&context::erasure_path(locale, capability));
}
