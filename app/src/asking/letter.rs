//! Going on with a request that came as a letter: the same questions, and the answers are stated in that request.

use erasure::{
    id::Capability,
    locale::Locale,
    request::{
        by_mail::{self, StateError},
        submit::Ask,
    },
};

use super::{Draft, Step, forms::proof_path};
use crate::{answer, context, wire::RequestTrouble};

/// Begins the form behind the link of a letter's answer. The letter's own address is there already, for somebody to correct.
pub(crate) async fn go_on(locale: Locale, capability: &Capability) {
    let services = context::services();
    let page = context::status_path(locale, capability);
    match by_mail::waits_for_statement(&services, capability).await {
        Ok(Some(contact)) => {
            Draft::of_letter(services.random.as_ref(), capability, &contact).keep(&services);
            answer::redirect_to(&Step::Who.path(locale));
        }
        Ok(None) => answer::redirect_to(&page),
        Err(error) => answer::refuse(&page, answer::our_fault(&error), ""),
    }
}

/// The form lay open for too long: its answers are forgotten, and it begins where its link leads.
pub(super) fn begin_again(locale: Locale, capability: &Capability) {
    let page = context::status_path(locale, capability);
    answer::refuse(&page, RequestTrouble::FormTooOld.into(), "");
}

/// States what was answered.
pub(super) async fn state(locale: Locale, draft: Draft, capability: &Capability, ask: &Ask) {
    let services = context::services();
    match by_mail::state(&services, capability, ask, &context::network()).await {
        Ok(()) => {
            draft.sent(capability).keep(&services);
            answer::redirect_to(&proof_path(locale, capability));
        }
        // Sent twice, or from two pages: it is shown as it stands.
        Err(StateError::TooLate | StateError::NotFound) => {
            draft.sent(capability).keep(&services);
            answer::redirect_to(&context::status_path(locale, capability));
        }
        Err(error) => answer::refuse(&Step::Check.path(locale), error.into(), ""),
    }
}
