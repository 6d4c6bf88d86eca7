//! The answers given so far, in the person's own browser: one sealed cookie, an hour long.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use erasure::{
    id::Capability, person::EmailAddress, random::Random, request::Role, services::Services,
    time::Timestamp, vault::Vault,
};
use serde::{Deserialize, Serialize};

use crate::{
    answer::{self, Cookie},
    context,
};

/// What separates this use of the vault's key from every other.
const PURPOSE: &str = "request draft";
/// What was typed is forgotten when nothing was added for so long.
const LIFETIME: Duration = Duration::from_hours(1);

/// What was answered. Each answer has been parsed before it is kept.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answers {
    pub(crate) role: Option<Role>,
    pub(crate) identity: String,
    pub(crate) business: String,
    pub(crate) contact: String,
    pub(crate) stated: bool,
}

impl Answers {
    /// Whether a question needs no answer any more.
    pub(super) fn has(&self, step: super::Step) -> bool {
        use super::Step;
        match step {
            Step::Who => self.role.is_some(),
            Step::Identity => !self.identity.is_empty(),
            Step::Business | Step::Contact | Step::Check => true,
            Step::Statement => self.stated,
        }
    }

    /// Another role is known by something else, and states something else. Where to write stays the same.
    pub(super) fn take_role(&mut self, role: Role) {
        if self.role != Some(role) {
            *self = Self {
                role: Some(role),
                contact: std::mem::take(&mut self.contact),
                ..Self::default()
            };
        }
    }
}

/// A form that is being filled in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// Names this one form: sent twice it becomes one request.
    form: String,
    saved_at: i64,
    /// What was answered.
    pub(crate) answers: Answers,
    /// The request that it has become.
    sent: Option<String>,
    /// The request that came as a letter, whose questions it answers.
    letter: Option<String>,
}

/// What the browser has kept.
pub(crate) enum Kept {
    /// Nothing, or nothing of ours.
    Nothing,
    /// A form that lay open for too long: nothing of it is used but the way back to the letter that it goes on from.
    TooOld(Option<Capability>),
    /// A form that is being filled in.
    Draft(Draft),
    /// A form that was sent: the way to its request.
    Sent(Capability),
}

impl Draft {
    /// A form of which nothing is answered.
    pub(crate) fn new(random: &dyn Random) -> Self {
        Self {
            form: URL_SAFE_NO_PAD.encode(random.bytes::<16>()),
            saved_at: 0,
            answers: Answers::default(),
            sent: None,
            letter: None,
        }
    }

    /// A form that goes on from a letter, which came from this address.
    pub(super) fn of_letter(
        random: &dyn Random,
        capability: &Capability,
        from: &EmailAddress,
    ) -> Self {
        let mut draft = Self::new(random);
        draft.letter = Some(capability.expose().to_owned());
        from.expose().clone_into(&mut draft.answers.contact);
        draft
    }

    /// The request whose questions it answers, if that came as a letter.
    pub(super) fn letter(&self) -> Option<Capability> {
        self.letter.as_deref()?.parse().ok()
    }

    /// What the browser that asks has kept.
    pub(crate) fn kept() -> Kept {
        let services = context::services();
        let sealed = answer::find_cookie(&context::request().headers, Cookie::REQUEST);
        match sealed.and_then(|sealed| Self::open(&services.vault, &sealed)) {
            None => Kept::Nothing,
            Some(draft) if draft.is_too_old(services.now()) => Kept::TooOld(draft.letter()),
            Some(draft) => match draft.sent.as_deref().map(str::parse) {
                Some(Ok(capability)) => Kept::Sent(capability),
                Some(Err(_)) => Kept::Nothing,
                None => Kept::Draft(draft),
            },
        }
    }

    /// Keeps it in the browser.
    pub(crate) fn keep(mut self, services: &Services) {
        self.saved_at = services.now().as_millis();
        answer::set_cookie(&Cookie::request(&self.seal(&services.vault)));
    }

    /// The request that it has become takes the answers' place.
    pub(crate) fn sent(self, capability: &Capability) -> Self {
        Self {
            answers: Answers::default(),
            sent: Some(capability.expose().to_owned()),
            ..self
        }
    }

    /// Names this form.
    pub(crate) fn secret(&self) -> &[u8] {
        self.form.as_bytes()
    }

    /// Stands for these answers of this form: what is sent is what was shown.
    pub(crate) fn seen(&self, vault: &Vault) -> String {
        let answers = serde_json::to_vec(&self.answers).unwrap_or_default();
        let digest = vault.keyed_digest("request answers", &[self.secret(), &answers]);
        URL_SAFE_NO_PAD.encode(digest)
    }

    fn is_too_old(&self, now: Timestamp) -> bool {
        now.since(Timestamp::from_millis(self.saved_at)) >= LIFETIME
    }

    fn seal(&self, vault: &Vault) -> String {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(vault.seal_ephemeral(PURPOSE, &plain))
    }

    fn open(vault: &Vault, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        serde_json::from_slice(&vault.open_ephemeral(PURPOSE, &sealed)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use erasure::random::ChaChaRandom;

    use super::*;

    fn vault() -> Vault {
        Vault::detached(Arc::new(ChaChaRandom::from_number(1)))
    }

    fn draft() -> Draft {
        let mut draft = Draft::new(&ChaChaRandom::from_number(2));
        draft.answers.identity = "+33612345678".to_owned();
        draft
    }

    #[test]
    fn answers_come_back_whole_and_unreadable_on_their_way() {
        let (vault, draft) = (vault(), draft());

        let cookie = draft.seal(&vault);

        assert!(!cookie.contains("33612345678"));
        let read = Draft::open(&vault, &cookie).unwrap();
        assert!(read.answers == draft.answers && read.secret() == draft.secret());
        assert!(Draft::open(&vault, &cookie[1..]).is_none());
        assert!(Draft::open(&vault, "not base64!").is_none());
    }

    #[test]
    fn the_longest_answers_fit_into_a_cookie() {
        let mut draft = draft();
        draft.answers.identity = format!("{}@example.org", "x".repeat(242));
        draft.answers.business = "\u{6a9f}".repeat(100);
        draft.answers.contact = format!("{}@example.org", "y".repeat(242));
        draft.letter = Some("z".repeat(43));

        let cookie = draft.seal(&vault());

        assert!(cookie.len() < 3_500, "{} characters", cookie.len());
    }

    #[test]
    fn other_answers_or_another_form_are_seen_as_such() {
        let (vault, draft) = (vault(), draft());
        let mut changed = draft.clone();
        changed.answers.identity = "+33612345679".to_owned();
        let other = Draft {
            form: "another".to_owned(),
            ..draft.clone()
        };

        assert_eq!(draft.seen(&vault), draft.clone().seen(&vault));
        assert_ne!(draft.seen(&vault), changed.seen(&vault));
        assert_ne!(draft.seen(&vault), other.seen(&vault));
    }

    #[test]
    fn another_role_begins_anew() {
        let mut answers = draft().answers;
        answers.take_role(Role::EndUser);
        assert_eq!(answers.identity, "");

        answers.identity = "+33612345678".to_owned();
        answers.take_role(Role::EndUser);
        assert_eq!(
            answers.identity, "+33612345678",
            "the same role changes nothing"
        );
    }
}
