//! The sentence for each trouble.

use erasure::{locale::Locale, time::Timestamp};

use super::{console_sentence, request_sentence, texts};
use crate::wire::Trouble;

/// What the person is told, `now` being the moment at which they read it.
pub(crate) fn sentence(locale: Locale, trouble: Trouble, now: Timestamp) -> String {
    let words = &texts(locale).trouble;
    let wait = |retry_at| Timestamp::from_millis(retry_at).since(now);
    let fixed = match trouble {
        Trouble::CodeWrong { tries_left } => return (words.code_wrong)(tries_left),
        Trouble::TooSoon { retry_at } => return (words.too_soon)(wait(retry_at)),
        Trouble::TooManyTries { retry_at } => return (words.too_many_tries)(wait(retry_at)),
        Trouble::EmailMissing => words.email_missing,
        Trouble::PasswordMissing => words.password_missing,
        Trouble::SignInRefused => words.sign_in_refused,
        Trouble::WrongPassword => words.wrong_password,
        Trouble::CodeMissing => words.code_missing,
        Trouble::CodeNotDigits => words.code_not_digits,
        Trouble::CodeTooShort => words.code_too_short,
        Trouble::CodeTooLong => words.code_too_long,
        Trouble::CodeExpired => words.code_expired,
        Trouble::PlanOutdated => words.plan_outdated,
        Trouble::BeingErased => words.being_erased,
        Trouble::TooLateToCancel => words.too_late_to_cancel,
        Trouble::OurFault => words.our_fault,
        Trouble::Request(trouble) => request_sentence(locale, trouble),
        Trouble::Console(trouble) => console_sentence(locale, trouble),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_798_200_000_000);

    #[test]
    fn a_wait_is_told_in_the_persons_language() {
        let trouble = Trouble::TooSoon {
            retry_at: NOW.as_millis() + 27_000,
        };

        assert_eq!(
            sentence(Locale::Fr, trouble, NOW),
            "Vous pourrez demander un autre code dans 27\u{a0}secondes."
        );
        assert_eq!(
            sentence(Locale::En, trouble, NOW),
            "You can ask for another code in 27 seconds."
        );
    }

    #[test]
    fn the_last_try_and_a_dead_code_are_told_apart() {
        let told = |tries_left| sentence(Locale::Fr, Trouble::CodeWrong { tries_left }, NOW);

        assert!(told(3).contains("3\u{a0}essais"));
        assert!(told(1).contains("1\u{a0}essai."));
        assert!(told(0).contains("Demandez-en un autre"));
    }
}
