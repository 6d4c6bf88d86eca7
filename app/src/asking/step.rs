//! The questions, their addresses and their order.

use erasure::{locale::Locale, request::Role};

use super::Answers;

/// A question of the form, or the page that shows all answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Who are you?
    Who,
    /// Which number, or which account?
    Identity,
    /// Which business wrote to you?
    Business,
    /// Where may we write?
    Contact,
    /// May you ask?
    Statement,
    /// Is this right?
    Check,
}

impl Step {
    /// Every one, in order.
    pub(crate) const ALL: [Self; 6] = [
        Self::Who,
        Self::Identity,
        Self::Business,
        Self::Contact,
        Self::Statement,
        Self::Check,
    ];

    /// The word at the end of its address, also the name that forms give.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Identity => "identity",
            Self::Business => "business",
            Self::Contact => "contact",
            Self::Statement => "statement",
            Self::Check => "check",
        }
    }

    /// The question of this name.
    pub(crate) fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }

    /// Its address.
    pub(crate) fn path(self, locale: Locale) -> String {
        let lang = locale.as_str();
        if self == Self::Who {
            format!("/{lang}/request")
        } else {
            format!("/{lang}/request/{}", self.as_str())
        }
    }

    /// The questions that somebody in this role is asked. An account's letters go to its own address, and the business that
    /// wrote is the account holder's own.
    pub(crate) fn of(role: Option<Role>) -> Vec<Self> {
        let is_asked = |step: &Self| match (role, step) {
            (Some(Role::AccountHolder), Self::Business | Self::Contact) => false,
            (_, _) => true,
        };
        Self::ALL.into_iter().filter(is_asked).collect()
    }

    /// Which question it is among those of this role, from one on.
    pub(crate) fn position(self, role: Option<Role>) -> (usize, usize) {
        let all = Self::of(role);
        let at = all
            .iter()
            .position(|step| *step == self)
            .unwrap_or_default();
        (at + 1, all.len())
    }

    /// The question after this one.
    pub(crate) fn next(self, role: Option<Role>) -> Self {
        let all = Self::of(role);
        let after = all.iter().skip_while(|step| **step != self).nth(1);
        after.copied().unwrap_or(Self::Check)
    }

    /// The question before this one.
    pub(crate) fn before(self, role: Option<Role>) -> Option<Self> {
        let all = Self::of(role);
        let before = all.iter().take_while(|step| **step != self).last();
        before.copied()
    }

    /// The first question that has to be answered before this page can be shown; `None`: it can.
    pub(crate) fn missing(self, answers: &Answers) -> Option<Self> {
        let all = Self::of(answers.role);
        let earlier = all.iter().take_while(|step| **step != self);
        earlier.copied().find(|step| !answers.has(*step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_holder_is_asked_less() {
        assert_eq!(Step::of(Some(Role::EndUser)).len(), 6);
        assert_eq!(
            Step::of(Some(Role::AccountHolder)),
            [Step::Who, Step::Identity, Step::Statement, Step::Check]
        );
        assert_eq!(
            Step::Identity.next(Some(Role::AccountHolder)),
            Step::Statement
        );
        assert_eq!(
            Step::Statement.before(Some(Role::AccountHolder)),
            Some(Step::Identity)
        );
        assert_eq!(Step::Check.position(Some(Role::AccountHolder)), (4, 4));
    }

    #[test]
    fn a_question_cannot_be_reached_before_the_ones_before_it() {
        let mut answers = Answers::default();
        assert_eq!(Step::Check.missing(&answers), Some(Step::Who));
        assert_eq!(Step::Who.missing(&answers), None);

        answers.role = Some(Role::EndUser);
        assert_eq!(Step::Check.missing(&answers), Some(Step::Identity));
        answers.identity = "+33612345678".to_owned();
        assert_eq!(
            Step::Check.missing(&answers),
            Some(Step::Statement),
            "the others may stay empty"
        );
        answers.stated = true;
        assert_eq!(Step::Check.missing(&answers), None);
    }

    #[test]
    fn every_question_has_a_name_of_its_own() {
        for step in Step::ALL {
            assert_eq!(Step::named(step.as_str()), Some(step));
        }
        assert_eq!(Step::named("../settings"), None);
    }
}
