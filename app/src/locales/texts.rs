//! Which words there are. Each language fills in one [`Texts`]; a word that is missing does not compile.

use std::time::Duration;

use erasure::{
    disconnection::Act,
    manifest::Category,
    progress::{Stage, StageState},
    receipt::KeptKind,
    session::Role,
};

/// Everything that a person reads.
pub(crate) struct Texts {
    pub(crate) common: Common,
    pub(crate) login: Login,
    pub(crate) settings: Settings,
    pub(crate) danger: Danger,
    pub(crate) wizard: Wizard,
    pub(crate) overview: Overview,
    pub(crate) identity: Identity,
    pub(crate) code: Code,
    pub(crate) erasure: Erasure,
    pub(crate) receipt: Receipt,
    pub(crate) lost: Lost,
    pub(crate) trouble: Troubles,
}

/// What stands on every page.
pub(crate) struct Common {
    pub(crate) skip_to_content: &'static str,
    /// The other language, in that language.
    pub(crate) other_language: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) settings: &'static str,
    pub(crate) danger_zone: &'static str,
    pub(crate) general: &'static str,
    pub(crate) navigation: &'static str,
    pub(crate) help: &'static str,
    pub(crate) privacy: &'static str,
    pub(crate) demo: &'static str,
    pub(crate) demo_mailbox: &'static str,
    pub(crate) continue_: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) error_heading: &'static str,
    pub(crate) error_prefix: &'static str,
    pub(crate) category: fn(Category) -> &'static str,
    pub(crate) category_hint: fn(Category) -> &'static str,
    pub(crate) kept: fn(KeptKind) -> &'static str,
}

/// The sign-in.
pub(crate) struct Login {
    pub(crate) title: &'static str,
    pub(crate) intro: fn(&str) -> String,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) needed: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) signed_out: &'static str,
}

/// The settings.
pub(crate) struct Settings {
    pub(crate) profile: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) organizations: &'static str,
    pub(crate) no_organization: &'static str,
    pub(crate) role: fn(Role) -> &'static str,
}

/// The danger zone.
pub(crate) struct Danger {
    pub(crate) intro: &'static str,
    pub(crate) delete_heading: &'static str,
    pub(crate) delete_text: &'static str,
    pub(crate) delete_steps: &'static str,
    pub(crate) delete_link: &'static str,
}

/// What all steps share.
pub(crate) struct Wizard {
    pub(crate) title: &'static str,
    pub(crate) steps: [&'static str; 4],
    pub(crate) steps_label: &'static str,
    pub(crate) step_of: fn(usize, usize) -> String,
    pub(crate) step_done: &'static str,
    pub(crate) leave: &'static str,
    /// The same in one word, and the rest of it for screen readers.
    pub(crate) leave_short: [&'static str; 2],
    pub(crate) back: &'static str,
}

/// Step 1.
pub(crate) struct Overview {
    pub(crate) title: &'static str,
    pub(crate) intro: fn(&str) -> String,
    pub(crate) consequences: &'static str,
    pub(crate) organization_erased: fn(&str) -> String,
    pub(crate) sole_owner: &'static str,
    pub(crate) others_lose_access: fn(i64) -> String,
    pub(crate) organization_erased_later: fn(&str) -> String,
    pub(crate) other_owners: fn(i64, Duration) -> String,
    pub(crate) access_left: fn(&str) -> String,
    pub(crate) access_left_text: &'static str,
    pub(crate) no_organization: &'static str,
    pub(crate) person_erased: &'static str,
    pub(crate) person_erased_text: &'static str,
    pub(crate) counts: &'static str,
    pub(crate) counts_caption: &'static str,
    pub(crate) what: &'static str,
    pub(crate) records: &'static str,
    pub(crate) sum: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) kept_intro: &'static str,
    pub(crate) kept_until: fn(&str) -> String,
    pub(crate) kept_records: fn(i64) -> String,
    pub(crate) meta: &'static str,
    pub(crate) meta_numbers: fn(usize) -> &'static str,
    pub(crate) meta_none: &'static str,
    pub(crate) meta_yours: &'static str,
    pub(crate) deregister_title: &'static str,
    pub(crate) deregister_why: &'static str,
    pub(crate) deregister: fn(&str) -> String,
    pub(crate) meta_steps: [&'static str; 3],
    pub(crate) meta_link: &'static str,
    pub(crate) when: &'static str,
    pub(crate) when_now: &'static str,
    pub(crate) when_later: fn(Duration) -> String,
    pub(crate) nothing_yet: &'static str,
}

/// Step 2.
pub(crate) struct Identity {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) account: &'static str,
    pub(crate) password: &'static str,
    pub(crate) nothing_yet: &'static str,
    pub(crate) proof_needed: &'static str,
}

/// Step 3.
pub(crate) struct Code {
    pub(crate) title: &'static str,
    pub(crate) title_without: &'static str,
    /// Ends where the address goes.
    pub(crate) sent_to: &'static str,
    pub(crate) valid_until: &'static str,
    pub(crate) expires_soon: &'static str,
    pub(crate) expired_now: &'static str,
    pub(crate) none_valid: &'static str,
    pub(crate) not_delivered: fn(&str) -> String,
    pub(crate) sent_again: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) recap: &'static str,
    pub(crate) recap_total: fn(i64) -> String,
    pub(crate) final_now: &'static str,
    pub(crate) final_later: fn(Duration) -> String,
    pub(crate) submit: &'static str,
    pub(crate) resend: &'static str,
    pub(crate) resend_new: &'static str,
    /// With `{s}` where the seconds go; the browser fills it in.
    pub(crate) resend_wait: &'static str,
    pub(crate) resend_from: &'static str,
    pub(crate) help: &'static str,
    pub(crate) help_spam: &'static str,
    pub(crate) help_wait: &'static str,
    pub(crate) help_address: &'static str,
}

/// Step 4: progress.
pub(crate) struct Erasure {
    pub(crate) waiting_title: &'static str,
    pub(crate) waiting_text: &'static str,
    pub(crate) waiting_starts: &'static str,
    pub(crate) cancel_heading: &'static str,
    pub(crate) cancel_text: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) erasing_title: &'static str,
    pub(crate) erasing_text: &'static str,
    pub(crate) delayed: &'static str,
    pub(crate) due: &'static str,
    pub(crate) lost_connection: &'static str,
    pub(crate) stages: &'static str,
    pub(crate) stage: fn(Stage) -> &'static str,
    pub(crate) stage_state: fn(StageState) -> &'static str,
    /// With `{n}`, `{total}` and `{stage}`; the browser fills them in.
    pub(crate) summary: &'static str,
    pub(crate) categories: &'static str,
    pub(crate) erased_of: fn(&str, &str) -> String,
    pub(crate) nothing: &'static str,
    pub(crate) keep_link: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) confirmed: &'static str,
    pub(crate) cancelled_title: &'static str,
    pub(crate) cancelled_text: &'static str,
    pub(crate) cancelled_login: &'static str,
}

/// Step 4: the receipt.
pub(crate) struct Receipt {
    pub(crate) title: &'static str,
    pub(crate) intro: fn(&str) -> String,
    pub(crate) facts: &'static str,
    pub(crate) requested: &'static str,
    pub(crate) completed: &'static str,
    pub(crate) controller: &'static str,
    pub(crate) counts: &'static str,
    pub(crate) found: &'static str,
    pub(crate) erased: &'static str,
    pub(crate) verification: &'static str,
    pub(crate) verified: fn(i64, i64) -> String,
    pub(crate) verified_nothing: &'static str,
    pub(crate) verified_left: fn(i64) -> String,
    pub(crate) verified_at: &'static str,
    pub(crate) meta: &'static str,
    pub(crate) meta_none: &'static str,
    /// By the receipt's stable word for what came of it.
    pub(crate) meta_act: fn(Act) -> &'static str,
    pub(crate) meta_result: fn(&str) -> &'static str,
    pub(crate) backups: fn(&str) -> String,
    pub(crate) download: &'static str,
    pub(crate) print_hint: &'static str,
    pub(crate) questions: &'static str,
}

/// Pages that are not there, or not now.
pub(crate) struct Lost {
    pub(crate) not_found_title: &'static str,
    pub(crate) not_found_text: &'static str,
    pub(crate) broken_title: &'static str,
    pub(crate) broken_text: &'static str,
    pub(crate) home: &'static str,
}

/// One sentence for each trouble; see `troubles` for which is which.
pub(crate) struct Troubles {
    pub(crate) email_missing: &'static str,
    pub(crate) password_missing: &'static str,
    pub(crate) sign_in_refused: &'static str,
    pub(crate) wrong_password: &'static str,
    pub(crate) code_missing: &'static str,
    pub(crate) code_not_digits: &'static str,
    pub(crate) code_too_short: &'static str,
    pub(crate) code_too_long: &'static str,
    pub(crate) code_wrong: fn(i64) -> String,
    pub(crate) code_expired: &'static str,
    pub(crate) plan_outdated: &'static str,
    pub(crate) being_erased: &'static str,
    pub(crate) too_soon: fn(Duration) -> String,
    pub(crate) too_many_tries: fn(Duration) -> String,
    pub(crate) too_late_to_cancel: &'static str,
    pub(crate) our_fault: &'static str,
}
