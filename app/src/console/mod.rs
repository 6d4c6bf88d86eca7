//! What the console's pages and forms share: who is at the form, what a refusal leads to, what is shown while enrolling.

mod archive_file;
mod batches;
pub(crate) mod copy;
pub(crate) mod deletions;
pub(crate) mod desk;

use erasure::{
    id::{Capability, StaffId},
    locale::Locale,
    staff::{
        self, AccountError, Act, Enrolment, SetUp, Staff, Who,
        audit::{Filter, Outcome as Done},
        passkey::{self, Assertion, Ceremony},
    },
};

use crate::{
    answer::{self, Cookie, Outcome, find_cookie},
    context,
    pages::{ConsoleNext, ConsolePlace},
    wire::{ConsoleNotice, ConsoleTrouble, Notice, Trouble},
};

/// Who is at the form; without a session the browser is already on its way to the sign-in.
pub(crate) async fn at_form(locale: Locale, place: ConsolePlace) -> Option<Staff> {
    match context::staff().await {
        Ok(Some(staff)) => return Some(staff),
        Ok(None) => to_sign_in(locale, place),
        Err(error) => answer::refuse(&place.path(locale), answer::our_fault(&error), ""),
    }
    None
}

fn to_sign_in(locale: Locale, place: ConsolePlace) {
    answer::redirect_to(&ConsoleNext::to(place).through(ConsolePlace::SignIn, locale));
}

/// Sends the browser where this refusal leads: back to the page, to the proof, to the sign-in.
pub(crate) fn refuse(locale: Locale, place: ConsolePlace, outcome: Outcome, typed: &str) {
    match outcome {
        Outcome::Said(trouble) => answer::refuse(&place.path(locale), trouble, typed),
        Outcome::ProofNeeded => {
            let prove = ConsoleNext::to(place).through(ConsolePlace::Prove, locale);
            answer::keep(&place.path(locale), typed);
            answer::redirect_to(&prove);
        }
        Outcome::Ended => to_sign_in(locale, place),
    }
}

/// Says on the page what is wrong with the form.
pub(crate) fn say(locale: Locale, place: ConsolePlace, trouble: ConsoleTrouble) {
    answer::refuse(&place.path(locale), Trouble::Console(trouble), "");
}

/// Tells the good news, or sends the browser where the refusal leads.
pub(crate) fn conclude<E: Into<Outcome>>(
    locale: Locale,
    place: ConsolePlace,
    done: Result<(), E>,
    notice: ConsoleNotice,
) {
    match done {
        Ok(()) => answer::tell(&place.path(locale), Notice::Console(notice)),
        Err(error) => refuse(locale, place, error.into(), ""),
    }
}

/// The same for the pages of the own account, which lead back to it when all is well.
pub(crate) fn conclude_account(
    locale: Locale,
    place: ConsolePlace,
    done: Result<(), AccountError>,
    notice: ConsoleNotice,
) {
    match done {
        Ok(()) => {
            answer::set_cookie(&Cookie::expired(Cookie::ENROLMENT));
            answer::tell(&ConsolePlace::Account.path(locale), Notice::Console(notice));
        }
        Err(error) => refuse(locale, place, error.into(), ""),
    }
}

/// Sets the account up that a link opens; on success its member is in.
pub(crate) async fn set_up(
    locale: Locale,
    capability: &str,
    password: String,
    code: String,
    kept: &str,
) {
    let page = format!("{}/set-up/{capability}", ConsolePlace::Home.path(locale));
    let Ok(capability) = capability.parse::<Capability>() else {
        return answer::redirect_to(&ConsolePlace::SignIn.path(locale));
    };
    let say = |trouble| answer::refuse(&page, Trouble::Console(trouble), "");
    let services = context::services();
    let invited = match staff::invited(&services, &capability).await {
        Ok(Some(invited)) => invited,
        Ok(None) => return answer::redirect_to(&page), // which says so
        Err(error) => return answer::refuse(&page, answer::our_fault(&error), ""),
    };
    let Some(shown) = shown_enrolment(&invited.id) else {
        return say(ConsoleTrouble::PageTooOld);
    };
    if code.trim().is_empty() {
        return say(ConsoleTrouble::CodeMissing);
    }
    if kept.is_empty() {
        return say(ConsoleTrouble::CodesNotKept);
    }
    let typed = SetUp {
        password: password.into(),
        code: code.into(),
        locale,
    };
    let network = context::network();
    match staff::set_up(&services, &capability, &shown, &typed, &network).await {
        Ok(token) => {
            answer::set_cookie(&Cookie::staff(token.expose()));
            answer::set_cookie(&Cookie::expired(Cookie::ENROLMENT));
            let account = ConsolePlace::Account.path(locale);
            answer::tell(&account, Notice::Console(ConsoleNotice::SetUp));
        }
        Err(error) => answer::refuse(&page, error.into(), ""),
    }
}

/// The challenge that this browser was given.
pub(crate) fn ceremony() -> Option<Ceremony> {
    let sealed = find_cookie(&context::request().headers, Cookie::PASSKEY)?;
    Ceremony::open(&context::services(), &sealed)
}

/// Signs in with a passkey, or proves again who is signed in.
pub(crate) async fn use_passkey(locale: Locale, next: ConsoleNext, said: &str) {
    let door = next.through(ConsolePlace::Passkey, locale);
    let Some(ceremony) = ceremony() else {
        let trouble = Trouble::Console(ConsoleTrouble::PageTooOld);
        return answer::refuse(&door, trouble, "");
    };
    let Ok(said) = serde_json::from_str::<Assertion>(said) else {
        let trouble = Trouble::Console(ConsoleTrouble::PasskeyRefused);
        return answer::refuse(&door, trouble, "");
    };
    let (services, network) = (context::services(), context::network());
    let done = match context::staff().await {
        Ok(Some(staff)) => passkey::prove(&services, &staff, &ceremony, &said, &network).await,
        Ok(None) => passkey::sign_in(&services, &ceremony, &said, &network).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(token) => {
            answer::set_cookie(&Cookie::staff(token.expose()));
            answer::set_cookie(&Cookie::expired(Cookie::PASSKEY));
            answer::redirect_to(&next.path(locale));
        }
        Err(error) => {
            let trouble = answer::sign_in_trouble(error, ConsoleTrouble::PasskeyRefused);
            answer::refuse(&door, trouble, "");
        }
    }
}

/// Changes a member's role, resets their access, or takes it away.
pub(crate) async fn change_member(locale: Locale, member: &str, act: &str, role: &str) {
    let place = ConsolePlace::Staff;
    let Some(staff) = at_form(locale, place).await else {
        return;
    };
    let Ok(id) = member.parse::<StaffId>() else {
        return say(locale, place, ConsoleTrouble::MemberUnknown);
    };
    let (services, who) = (context::services(), Who::Staff(&staff));
    let (done, notice) = match (act.parse(), role.parse()) {
        (Ok(Act::ChangeRole), Ok(role)) => (
            staff::change_role(&services, who, &id, role).await,
            ConsoleNotice::RoleChanged,
        ),
        (Ok(Act::ResetStaff), _) => (
            staff::reset(&services, who, &id).await.map(drop),
            ConsoleNotice::MemberReset,
        ),
        (Ok(Act::DisableStaff), _) => (
            staff::disable(&services, who, &id).await,
            ConsoleNotice::MemberDisabled,
        ),
        _ => return say(locale, place, ConsoleTrouble::RoleMissing),
    };
    conclude(locale, place, done, notice);
}

/// What this member is shown while they enrol: what this browser was shown before, otherwise something fresh.
pub(crate) fn enrolment(staff: &StaffId) -> Enrolment {
    let services = context::services();
    shown_enrolment(staff).unwrap_or_else(|| {
        let enrolment = Enrolment::mint(&services, staff);
        answer::set_cookie(&Cookie::enrolment(&enrolment.seal(&services)));
        enrolment
    })
}

/// What this browser was shown.
pub(crate) fn shown_enrolment(staff: &StaffId) -> Option<Enrolment> {
    let sealed = find_cookie(&context::request().headers, Cookie::ENROLMENT)?;
    Enrolment::open(&context::services(), staff, &sealed)
}

/// The record's filter, from an address or a form. What is not understood filters nothing.
pub(crate) fn filter_of(value: impl Fn(&'static str) -> String) -> Filter {
    let outcome = value("outcome");
    Filter {
        staff: value("who").parse().ok(),
        act: value("act").parse().ok(),
        outcome: [Done::Done, Done::Refused]
            .into_iter()
            .find(|one| one.as_str() == outcome),
        // Every id that can stand on the record has the form of one of ours.
        subject: value("about")
            .trim()
            .parse::<StaffId>()
            .ok()
            .map(|id| id.to_string()),
    }
}
