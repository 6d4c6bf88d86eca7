//! The words of the console, and what can go wrong there.

mod deletions;
mod desk;
mod en;
mod fr;
mod watch;

use erasure::{
    locale::Locale,
    staff::{MemberState, Role},
};

pub(crate) use self::{
    deletions::Deletions,
    desk::Desk,
    watch::{Audit, Figures, Retention},
};
use crate::wire::{ConsoleNotice, ConsoleTrouble};

/// The words of a language.
pub(crate) fn console_texts(locale: Locale) -> &'static ConsoleTexts {
    match locale {
        Locale::Fr => &fr::TEXTS,
        Locale::En => &en::TEXTS,
    }
}

/// What somebody is told.
pub(crate) fn console_sentence(locale: Locale, trouble: ConsoleTrouble) -> &'static str {
    (console_texts(locale).trouble)(trouble)
}

/// Everything that a member of the staff reads.
pub(crate) struct ConsoleTexts {
    pub(crate) common: Common,
    pub(crate) sign_in: SignIn,
    pub(crate) set_up: SetUp,
    pub(crate) prove: Prove,
    pub(crate) passkey: Passkey,
    pub(crate) account: Account,
    pub(crate) staff: Members,
    pub(crate) audit: Audit,
    pub(crate) desk: Desk,
    pub(crate) deletions: Deletions,
    pub(crate) figures: Figures,
    pub(crate) retention: Retention,
    pub(crate) notice: fn(ConsoleNotice) -> &'static str,
    pub(crate) trouble: fn(ConsoleTrouble) -> &'static str,
}

/// What stands on every page.
pub(crate) struct Common {
    pub(crate) console: &'static str,
    pub(crate) navigation: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) role: fn(Role) -> &'static str,
    pub(crate) denied_title: &'static str,
    pub(crate) denied_text: &'static str,
    pub(crate) back: &'static str,
    pub(crate) never: &'static str,
    /// After a proof that a form had to wait for.
    pub(crate) again: &'static str,
}

/// The sign-in.
pub(crate) struct SignIn {
    pub(crate) title: &'static str,
    pub(crate) intro: fn(&str) -> String,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) passkey: &'static str,
    pub(crate) needed: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) signed_out: &'static str,
}

/// The page behind a set-up link, and those that change a part of it.
pub(crate) struct SetUp {
    pub(crate) title: &'static str,
    pub(crate) intro: fn(&str, &str) -> String,
    pub(crate) password: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) app: &'static str,
    pub(crate) app_text: &'static str,
    pub(crate) app_picture: &'static str,
    pub(crate) app_letters: &'static str,
    pub(crate) app_code: &'static str,
    pub(crate) app_code_hint: &'static str,
    pub(crate) codes: &'static str,
    pub(crate) codes_text: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) gone_title: &'static str,
    pub(crate) gone_text: &'static str,
}

/// Proving again who one is.
pub(crate) struct Prove {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) submit: &'static str,
}

/// The one page with a script.
pub(crate) struct Passkey {
    pub(crate) sign_in_title: &'static str,
    pub(crate) sign_in_intro: &'static str,
    pub(crate) prove_title: &'static str,
    pub(crate) prove_intro: &'static str,
    pub(crate) add_title: &'static str,
    pub(crate) add_intro: &'static str,
    pub(crate) label: &'static str,
    pub(crate) label_hint: &'static str,
    pub(crate) use_it: &'static str,
    pub(crate) make_it: &'static str,
    pub(crate) with_code: &'static str,
    pub(crate) no_script: &'static str,
    pub(crate) unsupported: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) no_domain: &'static str,
}

/// The own account.
pub(crate) struct Account {
    pub(crate) title: &'static str,
    pub(crate) who: &'static str,
    pub(crate) email: &'static str,
    pub(crate) role: &'static str,
    pub(crate) role_text: fn(Role) -> &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_change: &'static str,
    pub(crate) present: &'static str,
    pub(crate) new: &'static str,
    pub(crate) app: &'static str,
    pub(crate) app_change: &'static str,
    pub(crate) app_change_text: &'static str,
    pub(crate) codes: &'static str,
    pub(crate) codes_left: fn(i64) -> String,
    pub(crate) codes_renew: &'static str,
    pub(crate) codes_renew_text: &'static str,
    pub(crate) passkeys: &'static str,
    pub(crate) passkeys_text: &'static str,
    pub(crate) passkeys_none: &'static str,
    pub(crate) passkey_add: &'static str,
    pub(crate) passkey_remove: &'static str,
    pub(crate) passkey_added: fn(&str) -> String,
    pub(crate) passkey_used: fn(&str) -> String,
    pub(crate) save: &'static str,
}

/// Who the members are.
pub(crate) struct Members {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) who: &'static str,
    pub(crate) role: &'static str,
    pub(crate) state: &'static str,
    pub(crate) state_name: fn(MemberState) -> &'static str,
    pub(crate) signed_in: &'static str,
    pub(crate) actions: &'static str,
    pub(crate) yourself: &'static str,
    pub(crate) change: &'static str,
    pub(crate) change_of: fn(&str) -> String,
    pub(crate) reset: &'static str,
    pub(crate) reset_text: &'static str,
    pub(crate) disable: &'static str,
    pub(crate) disable_text: &'static str,
    pub(crate) role_of: fn(&str) -> String,
    pub(crate) role_change: &'static str,
    pub(crate) add: &'static str,
    pub(crate) add_text: &'static str,
    pub(crate) language: &'static str,
    pub(crate) invite: &'static str,
}
