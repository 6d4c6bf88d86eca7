//! The password again, for whatever needs a fresh proof.

use erasure::{
    locale::Locale,
    session::{self, Session, SignInError},
};

use crate::{
    answer::{self, Cookie},
    context,
    pages::Place,
    wire::Trouble,
};

/// Takes the password; on success the browser has a new token, and the answer is the session it opens. Otherwise the browser is
/// on its way back to the page that asked.
pub(crate) async fn prove(
    session: &Session,
    locale: Locale,
    asked_at: Place,
    password: String,
) -> Option<Session> {
    let page = asked_at.path(locale);
    if password.is_empty() {
        answer::refuse(&page, Trouble::PasswordMissing, "");
        return None;
    }
    let services = context::services();
    match session::prove(&services, session, &password.into(), &context::network()).await {
        Ok(token) => {
            answer::set_cookie(&Cookie::session(token.expose()));
            match session::resume(&services, token.expose()).await {
                Ok(Some(proved)) => return Some(proved),
                Ok(None) => answer::redirect_to(&Place::Overview.path(locale)),
                Err(error) => answer::refuse(&page, answer::our_fault(&error), ""),
            }
        }
        Err(SignInError::Refused) => answer::refuse(&page, Trouble::WrongPassword, ""),
        Err(error) => answer::refuse(&page, error.into(), ""),
    }
    None
}
