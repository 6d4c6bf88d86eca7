//! What the forms do with an answer: keep it and ask the next question, or say what is wrong with it.

use erasure::{
    id::Capability,
    locale::Locale,
    person::EmailAddress,
    proof::BeginError,
    rate_limit::Allowance,
    request::{
        Ground, Role, object as objection,
        object::ObjectError,
        proof,
        status::{self, WithdrawError},
        submit::{self, Once},
        whatsapp,
    },
};

use super::{Draft, Kept, Step, letter, parse};
use crate::{
    answer, context,
    wire::{Notice, RequestTrouble, Trouble},
};

/// Keeps an answer and goes on to the next question; a wrong one is asked again, with what was typed.
pub(crate) fn save(locale: Locale, step: &str, typed: &str) {
    let Some(step) = Step::named(step) else {
        return answer::redirect_to(&Step::Who.path(locale)); // no form of ours says so
    };
    let services = context::services();
    let mut draft = match Draft::kept() {
        Kept::Draft(draft) => draft,
        Kept::TooOld(Some(capability)) => return letter::begin_again(locale, &capability),
        // The first answer begins a form; any other one belongs to a form that is gone.
        _ if step == Step::Who => Draft::new(services.random.as_ref()),
        Kept::Sent(capability) => return answer::redirect_to(&proof_path(locale, &capability)),
        Kept::Nothing | Kept::TooOld(None) => return forgotten(locale),
    };
    if let Err(trouble) = take(&mut draft, step, typed) {
        // What was answered before stays, whatever is wrong with this.
        draft.keep(&services);
        return answer::refuse(&step.path(locale), trouble, typed);
    }
    let next = step.next(draft.answers.role);
    let next = next.missing(&draft.answers).unwrap_or(next);
    draft.keep(&services);
    answer::redirect_to(&next.path(locale));
}

fn take(draft: &mut Draft, step: Step, typed: &str) -> Result<(), Trouble> {
    let answers = &mut draft.answers;
    match step {
        Step::Who => {
            let role = typed.parse::<Role>();
            answers.take_role(role.map_err(|_| RequestTrouble::RoleMissing)?);
        }
        Step::Identity => {
            let role = answers.role.ok_or(RequestTrouble::RoleMissing)?;
            parse::asker(role, typed)?;
            typed.trim().clone_into(&mut answers.identity);
        }
        Step::Business => {
            let name = parse::business(typed)?;
            answers.business = name.map_or_else(String::new, |name| name.expose().to_owned());
        }
        Step::Contact => {
            let address = parse::contact(typed)?;
            answers.contact = address.map_or_else(String::new, |at| at.expose().to_owned());
        }
        Step::Statement => {
            answers.stated = typed == "yes";
            if !answers.stated {
                return Err(RequestTrouble::StatementMissing.into());
            }
        }
        Step::Check => {}
    }
    Ok(())
}

/// Sends the form: what was shown, and nothing else.
pub(crate) async fn send(locale: Locale, seen: &str) {
    let services = context::services();
    let draft = match Draft::kept() {
        Kept::Draft(draft) => draft,
        Kept::Sent(capability) => return answer::redirect_to(&proof_path(locale, &capability)),
        Kept::TooOld(Some(capability)) => return letter::begin_again(locale, &capability),
        Kept::Nothing | Kept::TooOld(None) => return forgotten(locale),
    };
    let check = Step::Check.path(locale);
    if seen != draft.seen(&services.vault) {
        return answer::refuse(&check, RequestTrouble::AnswersChanged.into(), "");
    }
    let ask = match parse::ask(&draft.answers, locale) {
        Ok(ask) => ask,
        Err(trouble) => {
            let step = Step::Check
                .missing(&draft.answers)
                .unwrap_or(Step::Identity);
            return answer::refuse(&step.path(locale), trouble, "");
        }
    };
    if let Some(capability) = draft.letter() {
        return Box::pin(letter::state(locale, draft, &capability, &ask)).await;
    }
    let once = Once::Form(draft.secret());
    match submit::submit(&services, &ask, once, &context::network()).await {
        Ok(submitted) => {
            let path = proof_path(locale, &submitted.capability);
            draft.clone().sent(&submitted.capability).keep(&services);
            answer::redirect_to(&path);
        }
        Err(error) => answer::refuse(&check, error.into(), ""),
    }
}

/// The secret of a link, as a form carries it; a form of ours always carries one.
pub(crate) fn opened(locale: Locale, capability: &str) -> Option<Capability> {
    let capability = capability.parse().ok();
    if capability.is_none() {
        answer::redirect_to(&Step::Who.path(locale));
    }
    capability
}

/// Mails another code.
pub(crate) async fn send_code(locale: Locale, capability: &Capability) {
    let page = proof_path(locale, capability);
    match proof::send_code(&context::services(), capability, &context::network()).await {
        Ok(_) => answer::tell(&page, Notice::CodeSentAgain),
        Err(proof::SendCodeError::NotNeeded | proof::SendCodeError::NotFound) => {
            answer::redirect_to(&context::status_path(locale, capability));
        }
        Err(error) => answer::refuse(&page, error.into(), ""),
    }
}

/// Makes the code that the person sends from their WhatsApp.
pub(crate) async fn show_message_code(locale: Locale, capability: &Capability) {
    let page = proof_path(locale, capability);
    match whatsapp::begin(&context::services(), capability, &context::network()).await {
        Ok(()) => answer::redirect_to(&page),
        Err(BeginError::NotOffered) => {
            answer::refuse(&page, RequestTrouble::WhatsappUnavailable.into(), "");
        }
        Err(BeginError::TooManyTries { retry_at }) => {
            let retry_at = retry_at.as_millis();
            answer::refuse(&page, Trouble::TooManyTries { retry_at }, "");
        }
        Err(BeginError::Internal(error)) => answer::refuse(&page, answer::our_fault(&error), ""),
    }
}

/// Takes the code.
pub(crate) async fn verify(locale: Locale, capability: &Capability, typed: &str) {
    let page = proof_path(locale, capability);
    let digits = match answer::digits_of_code(typed) {
        Ok(digits) => digits,
        Err(trouble) => return answer::refuse(&page, trouble, typed),
    };
    let (services, network) = (context::services(), context::network());
    match proof::verify(&services, capability, &digits, &network).await {
        Ok(()) => answer::redirect_to(&context::status_path(locale, capability)),
        Err(error) => answer::refuse(&page, error.into(), typed),
    }
}

/// Takes the request back.
pub(crate) async fn withdraw(locale: Locale, capability: &Capability) {
    let page = context::status_path(locale, capability);
    match status::withdraw(&context::services(), capability).await {
        Ok(()) | Err(WithdrawError::NotFound) => answer::redirect_to(&page),
        Err(WithdrawError::TooLate) => {
            answer::refuse(&page, RequestTrouble::TooLateToWithdraw.into(), "");
        }
        Err(WithdrawError::Internal(error)) => {
            answer::refuse(&page, answer::our_fault(&error), "");
        }
    }
}

/// Mails the private link again. Whatever was typed, the answer is the same.
pub(crate) async fn find(locale: Locale, reference: &str, email: &str) {
    let page = format!("/{}/status", locale.as_str());
    if reference.trim().is_empty() {
        return answer::refuse(&page, RequestTrouble::ReferenceMissing.into(), email);
    }
    if !is_reference(reference) {
        return answer::refuse(&page, RequestTrouble::ReferenceMalformed.into(), email);
    }
    if email.trim().is_empty() {
        return answer::refuse(&page, Trouble::EmailMissing, "");
    }
    let Ok(address) = email.parse::<EmailAddress>() else {
        return answer::refuse(&page, RequestTrouble::AddressMalformed.into(), email);
    };
    let services = context::services();
    match status::mail_link(&services, reference, &address, &context::network()).await {
        Ok(Allowance::Granted) => answer::tell(&page, Notice::LinkSent),
        Ok(Allowance::Exhausted { retry_at }) => {
            let retry_at = retry_at.as_millis();
            answer::refuse(&page, Trouble::TooManyTries { retry_at }, email);
        }
        Err(error) => answer::refuse(&page, answer::our_fault(&error), email),
    }
}

/// Takes a business's objection.
pub(crate) async fn object(
    locale: Locale,
    capability: &Capability,
    ground: &str,
    explanation: &str,
) {
    let page = format!("/{}/objection/{}", locale.as_str(), capability.expose());
    let Some(ground) = ground
        .parse::<Ground>()
        .ok()
        .filter(|ground| ground.is_open_to_objection())
    else {
        return answer::refuse(&page, RequestTrouble::GroundMissing.into(), explanation);
    };
    let Ok(words) = explanation.parse() else {
        return answer::refuse(&page, RequestTrouble::ExplanationUnfit.into(), explanation);
    };
    match objection::object(&context::services(), capability, ground, &words).await {
        Ok(()) | Err(ObjectError::NotFound) => answer::redirect_to(&page),
        Err(ObjectError::TooLate) => {
            answer::refuse(&page, RequestTrouble::TooLateToObject.into(), "");
        }
        Err(ObjectError::WrongGround) => {
            answer::refuse(&page, RequestTrouble::GroundMissing.into(), explanation);
        }
        Err(ObjectError::Internal(error)) => answer::refuse(&page, answer::our_fault(&error), ""),
    }
}

/// The page on which a request is proven.
pub(crate) fn proof_path(locale: Locale, capability: &Capability) -> String {
    format!("/{}/request/proof/{}", locale.as_str(), capability.expose())
}

/// `QD-7K3M-9XP2`, however it is written.
fn is_reference(typed: &str) -> bool {
    let symbols: Vec<char> = typed
        .chars()
        .filter(|one| !one.is_whitespace() && *one != '-')
        .collect();
    symbols.len() == 10 && symbols.iter().all(char::is_ascii_alphanumeric)
}

fn forgotten(locale: Locale) {
    let first = Step::Who.path(locale);
    answer::refuse(&first, RequestTrouble::FormTooOld.into(), "");
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn a_reference_is_recognized_however_it_is_written() {
        for typed in [
            "QD-7K3M-9XP2",
            " qd-7k3m-9xp2 ",
            "QD7K3M9XP2",
            "qd 7k3m 9xp2",
        ] {
            assert!(is_reference(typed), "{typed:?}");
        }
        for typed in [
            "",
            "QD",
            "QD-7K3M",
            "QD-7K3M-9XP2-1",
            "<script>ab",
            "QD-7K3M-9XP\u{660}",
        ] {
            assert!(!is_reference(typed), "{typed:?}");
        }
    }
}
