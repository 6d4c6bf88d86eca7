//! The words of the public request form, the pages behind it, and what can go wrong there.

mod en;
mod fr;

use erasure::{
    locale::Locale,
    request::{ExtensionReason, Ground, Role, Stage},
};

use crate::wire::RequestTrouble;

/// The words of a language.
pub(crate) fn request_texts(locale: Locale) -> &'static RequestTexts {
    match locale {
        Locale::Fr => &fr::TEXTS,
        Locale::En => &en::TEXTS,
    }
}

/// What the person is told.
pub(crate) fn request_sentence(locale: Locale, trouble: RequestTrouble) -> &'static str {
    (request_texts(locale).trouble)(trouble)
}

/// Everything that a person reads there.
pub(crate) struct RequestTexts {
    pub(crate) form: Form,
    pub(crate) check: Check,
    pub(crate) proof: Proof,
    pub(crate) status: StatusWords,
    pub(crate) find: Find,
    pub(crate) objection: Objection,
    pub(crate) trouble: fn(RequestTrouble) -> &'static str,
}

/// The questions.
pub(crate) struct Form {
    pub(crate) title: &'static str,
    pub(crate) step_of: fn(usize, usize) -> String,
    pub(crate) go_on: &'static str,
    pub(crate) back: &'static str,
    pub(crate) privacy: &'static str,
    pub(crate) who: &'static str,
    pub(crate) who_intro: fn(&str) -> String,
    pub(crate) who_short: &'static str,
    pub(crate) role: fn(Role) -> &'static str,
    pub(crate) role_hint: fn(Role) -> &'static str,
    pub(crate) signed_in: &'static str,
    pub(crate) signed_in_link: &'static str,
    pub(crate) number: &'static str,
    pub(crate) number_label: &'static str,
    pub(crate) number_hint: &'static str,
    pub(crate) number_only: &'static str,
    pub(crate) account: &'static str,
    pub(crate) account_label: &'static str,
    pub(crate) account_hint: &'static str,
    pub(crate) account_lost: &'static str,
    pub(crate) either: &'static str,
    pub(crate) either_label: &'static str,
    pub(crate) either_hint: &'static str,
    pub(crate) either_review: &'static str,
    pub(crate) business: &'static str,
    pub(crate) business_label: &'static str,
    pub(crate) business_hint: &'static str,
    pub(crate) business_all: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) contact_label: &'static str,
    pub(crate) contact_hint: &'static str,
    pub(crate) contact_only: &'static str,
    pub(crate) statement: &'static str,
    pub(crate) statement_intro: &'static str,
    pub(crate) statement_label: fn(Role) -> &'static str,
    pub(crate) statement_free: &'static str,
}

/// The answers, before they are sent.
pub(crate) struct Check {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) change: &'static str,
    pub(crate) none: &'static str,
    pub(crate) stated: &'static str,
    pub(crate) stated_yes: &'static str,
    pub(crate) next: &'static str,
    pub(crate) submit: &'static str,
}

/// Showing that a number or an address is one's own.
pub(crate) struct Proof {
    pub(crate) title_address: &'static str,
    pub(crate) title_number: &'static str,
    pub(crate) number_is: &'static str,
    pub(crate) number_how: &'static str,
    pub(crate) number_write: &'static str,
    pub(crate) by_message: &'static str,
    pub(crate) message_how: &'static str,
    pub(crate) message_show: &'static str,
    pub(crate) message_to_us: &'static str,
    pub(crate) message_to_business: &'static str,
    pub(crate) message_open: &'static str,
    pub(crate) message_picture: &'static str,
    pub(crate) message_waits: &'static str,
    pub(crate) by_code: &'static str,
    pub(crate) by_hand: &'static str,
    pub(crate) received: fn(&str) -> String,
    pub(crate) nothing_yet: &'static str,
    pub(crate) sent_to: &'static str,
    pub(crate) none_valid: &'static str,
    pub(crate) not_delivered: fn(&str) -> String,
    pub(crate) submit: &'static str,
    pub(crate) until: fn(&str) -> String,
    pub(crate) keep: &'static str,
    pub(crate) keep_link: &'static str,
    pub(crate) help: &'static str,
    pub(crate) help_spam: &'static str,
    pub(crate) help_address: &'static str,
    pub(crate) help_privacy: &'static str,
}

/// Where a request stands.
pub(crate) struct StatusWords {
    pub(crate) title: fn(Stage) -> &'static str,
    pub(crate) lead: fn(Stage) -> &'static str,
    pub(crate) letter_title: &'static str,
    pub(crate) letter_lead: &'static str,
    pub(crate) prove: &'static str,
    pub(crate) milestones: &'static str,
    pub(crate) milestone: [&'static str; 4],
    pub(crate) facts: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) received: &'static str,
    pub(crate) due: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) link: &'static str,
    pub(crate) link_hint: &'static str,
    pub(crate) extended: &'static str,
    pub(crate) extended_to: fn(&str) -> String,
    pub(crate) reason: fn(ExtensionReason) -> &'static str,
    pub(crate) cases: &'static str,
    pub(crate) business: &'static str,
    pub(crate) account: &'static str,
    pub(crate) objecting: fn(&str) -> String,
    pub(crate) held: &'static str,
    pub(crate) in_review: &'static str,
    pub(crate) account_waits: fn(&str) -> String,
    pub(crate) account_erasing: &'static str,
    pub(crate) account_erased: &'static str,
    pub(crate) account_cancelled: &'static str,
    pub(crate) account_link: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) ground: fn(Ground) -> &'static str,
    pub(crate) article: fn(&str, Option<&str>) -> String,
    pub(crate) kept_until: fn(&str) -> String,
    pub(crate) appeal: &'static str,
    pub(crate) erased: &'static str,
    pub(crate) erased_caption: &'static str,
    pub(crate) stays: &'static str,
    pub(crate) stays_backups: fn(&str) -> String,
    pub(crate) stays_suppression: &'static str,
    pub(crate) stays_record: &'static str,
    pub(crate) meta: &'static str,
    pub(crate) withdraw: &'static str,
    pub(crate) withdraw_text: &'static str,
    pub(crate) again: &'static str,
    pub(crate) complain: &'static str,
    pub(crate) complain_us: &'static str,
    pub(crate) complain_authority: &'static str,
}

/// The private link again.
pub(crate) struct Find {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) reference_hint: &'static str,
    pub(crate) email: &'static str,
    pub(crate) email_hint: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) no_email: &'static str,
    pub(crate) no_email_link: &'static str,
}

/// A business objects.
pub(crate) struct Objection {
    pub(crate) title: &'static str,
    pub(crate) intro: fn(&str, &str) -> String,
    pub(crate) until: fn(&str) -> String,
    pub(crate) ground: &'static str,
    pub(crate) explanation: &'static str,
    pub(crate) explanation_hint: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) otherwise: &'static str,
    pub(crate) taken: &'static str,
    pub(crate) over: &'static str,
}
