//! English: plain words, British spelling.

use erasure::{
    disconnection::Act,
    locale::Locale::En,
    manifest::Category,
    progress::{Stage, StageState},
    receipt::KeptKind,
    session::Role,
};

use super::{
    format::{span, total},
    texts::{
        Code, Common, Danger, Erasure, Identity, Login, Lost, Overview, Receipt, Settings, Texts,
        Troubles, Wizard,
    },
};

pub(super) static TEXTS: Texts = Texts {
    common: COMMON,
    login: LOGIN,
    settings: SETTINGS,
    danger: DANGER,
    wizard: WIZARD,
    overview: OVERVIEW,
    identity: IDENTITY,
    code: CODE,
    erasure: ERASURE,
    receipt: RECEIPT,
    lost: LOST,
    trouble: TROUBLES,
};

const COMMON: Common = Common {
    skip_to_content: "Skip to content",
    other_language: "Français",
    sign_out: "Sign out",
    settings: "Settings",
    danger_zone: "Danger zone",
    general: "General",
    navigation: "Settings",
    help: "Help",
    privacy: "Privacy",
    demo: "Demo: all data is made up.",
    demo_mailbox: "Open the mailbox",
    continue_: "Continue",
    offline: "You seem to be offline. Nothing is lost: check your connection, then try again.",
    error_heading: "There is a problem",
    error_prefix: "Error: ",
    category: |category| match category {
        Category::Account => "Account",
        Category::WhatsappProfiles => "WhatsApp profiles",
        Category::Contacts => "Contacts",
        Category::Messages => "Messages",
        Category::Automations => "Automations",
        Category::Analytics => "Usage analytics",
        Category::Media => "Files",
    },
    category_hint: |category| match category {
        Category::Account => "name, e-mail address, organization, password",
        Category::WhatsappProfiles => "numbers, WhatsApp Business accounts, access tokens",
        Category::Contacts => "names, numbers, notes",
        Category::Messages => "received and sent, conversations",
        Category::Automations => "flows, campaigns, AI agents, message templates",
        Category::Analytics => "events and counters tied to the account",
        Category::Media => "images, audio, video, documents",
    },
    kept: |kind| match kind {
        KeptKind::Billing => "Invoices and accounting records",
        KeptKind::SecurityLogs => "Security logs",
        KeptKind::Backups => "Backups",
    },
};

const LOGIN: Login = Login {
    title: "Sign in",
    intro: |product| format!("Open your {product} account."),
    email: "E-mail address",
    password: "Password",
    submit: "Sign in",
    needed: "Sign in to continue. We will then take you to the page you asked for.",
    ended: "Your session has ended. Sign in again to carry on where you left off.",
    signed_out: "You are signed out.",
};

const SETTINGS: Settings = Settings {
    profile: "Your profile",
    name: "Name",
    email: "E-mail address",
    organizations: "Your organizations",
    no_organization: "You are not part of any organization.",
    role: |role| match role {
        Role::Owner => "Owner",
        Role::Admin => "Administrator",
        Role::Member => "Member",
    },
};

const DANGER: Danger = Danger {
    intro: "What you do here cannot be undone.",
    delete_heading: "Delete the account",
    delete_text: "Erases your account and everything in it: WhatsApp profiles, contacts, messages, automations, statistics and files.",
    delete_steps: "You first see the exact list of what will be deleted. Nothing is erased before you enter the code that we send you by e-mail.",
    delete_link: "Delete the account",
};

const WIZARD: Wizard = Wizard {
    title: "Delete the account",
    steps: ["Overview", "Identity", "Code", "Deletion"],
    steps_label: "Steps of the deletion",
    step_of: |step, steps| format!("Step {step} of {steps}"),
    step_done: "done",
    leave: "Leave without deleting",
    leave_short: ["Leave", " without deleting"],
    back: "Back",
};

const OVERVIEW: Overview = Overview {
    title: "What will be deleted",
    intro: |product| {
        format!(
            "This is what {product} will erase, what has to be kept, and why. Nothing is deleted at this step."
        )
    },
    consequences: "What this changes",
    organization_erased: |name| format!("The organization “{name}” will be deleted"),
    sole_owner: "You are its only owner. The organization and all of its data will be erased.",
    others_lose_access: |people| match people {
        0 => "Nobody else has access to it.".to_owned(),
        1 => "1 other person will lose access.".to_owned(),
        _ => format!(
            "{} will lose access.",
            total(En, people, "other person", "other people")
        ),
    },
    organization_erased_later: |name| {
        format!("The organization “{name}” will be deleted after a delay")
    },
    other_owners: |owners, window| {
        let window = span(En, window);
        if owners == 1 {
            format!("The other owner will be told by e-mail and can cancel for {window}.")
        } else {
            format!("The {owners} other owners will be told by e-mail and can cancel for {window}.")
        }
    },
    access_left: |name| format!("You will leave the organization “{name}”"),
    access_left_text: "You do not own it: the organization and its data stay. Only your personal details are erased.",
    no_organization: "You are not part of any organization: only your personal details will be erased.",
    person_erased: "Your personal account will be deleted",
    person_erased_text: "You will be signed out of all your devices as soon as you confirm.",
    counts: "Data that will be deleted",
    counts_caption: "Number of items that will be deleted, by category",
    what: "Category",
    records: "Items",
    sum: "Total",
    kept: "What is kept, and until when",
    kept_intro: "This data is used for nothing else. It is destroyed on the date shown.",
    kept_until: |date| format!("Until {date}"),
    kept_records: |records| total(En, records, "item", "items"),
    meta: "On Meta’s side (WhatsApp)",
    meta_numbers: |numbers| {
        if numbers == 1 {
            "We will no longer receive the messages of this number:"
        } else {
            "We will no longer receive the messages of these numbers:"
        }
    },
    meta_none: "No WhatsApp number is connected: there is nothing to do at Meta.",
    meta_yours: "Your WhatsApp Business account belongs to your Meta space. We do not touch it. If you want to delete it too:",
    deregister_title: "Release your numbers (optional)",
    deregister_why: "A number that you tick also leaves the WhatsApp Business API: nobody can use it there any more, and you can set it up in the WhatsApp app. It can come back later; Meta allows ten such changes in 72 hours.",
    deregister: |number| format!("Take {number} off the WhatsApp Business API"),
    meta_steps: [
        "Open Meta’s business settings, section WhatsApp accounts.",
        "Choose the account that these numbers belong to.",
        "Remove it, or delete its numbers in WhatsApp Manager.",
    ],
    meta_link: "Open Meta’s business settings",
    when: "When",
    when_now: "The deletion starts as soon as your code is confirmed. The data leaves our systems within 24 hours, and usually within minutes.",
    when_later: |window| {
        format!(
            "The deletion starts {} after you confirm. Until then, you or another owner can cancel it. After that, the data leaves our systems within 24 hours.",
            span(En, window)
        )
    },
    nothing_yet: "When you continue, we send you a code by e-mail. Nothing is deleted before you enter it.",
};

const IDENTITY: Identity = Identity {
    title: "Confirm that it is you",
    intro: "To protect your account, enter your password again.",
    account: "Account",
    password: "Password",
    nothing_yet: "We will then send a code to your e-mail address. Nothing is deleted at this step.",
    proof_needed: "More than five minutes have passed. Enter your password again to continue.",
};

const CODE: Code = Code {
    title: "Enter the code we sent by e-mail",
    title_without: "Ask for a new code",
    sent_to: "We sent an 8-digit code to",
    valid_until: "It is valid until",
    expires_soon: "This code expires in less than a minute. You can ask for another one below.",
    expired_now: "This code has expired. Ask for another one below.",
    none_valid: "No code is valid at the moment. Ask for one: it usually arrives in less than a minute.",
    not_delivered: |address| {
        format!(
            "Our mail server does not answer. Nothing is lost: we keep trying to send your code to {address}. You can also ask for another one."
        )
    },
    sent_again: "A new code is on its way. The previous one is no longer valid.",
    label: "8-digit code",
    hint: "For example 1234 5678. You can paste it with its spaces.",
    recap: "You are about to delete",
    recap_total: |records| format!("{} in total", total(En, records, "item", "items")),
    final_now: "This is final: once the code is confirmed, the deletion cannot be stopped.",
    final_later: |window| {
        format!(
            "After you confirm, you or another owner can still cancel for {}. After that, it is final.",
            span(En, window)
        )
    },
    submit: "Permanently delete the account",
    resend: "Send another code",
    resend_new: "Send a new code",
    resend_wait: "Send another code in {s} s",
    resend_from: "Another code can be asked for from",
    help: "Nothing received, or is the address wrong?",
    help_spam: "Look in your spam folder.",
    help_wait: "Wait a minute, then ask for another code.",
    help_address: "If you no longer have access to this address, write to us:",
};

const ERASURE: Erasure = Erasure {
    waiting_title: "Deletion scheduled",
    waiting_text: "The request is confirmed. All owners have been told by e-mail.",
    waiting_starts: "The deletion will start on",
    cancel_heading: "Changed your mind?",
    cancel_text: "Until then, the deletion can be cancelled. Access is then restored and nothing is lost.",
    cancel: "Cancel the deletion",
    erasing_title: "Deletion in progress",
    erasing_text: "You can close this page: the deletion goes on, and we send you an e-mail when it is done.",
    delayed: "One step takes longer than planned. We keep trying; there is nothing you need to do.",
    due: "At the latest on",
    lost_connection: "Connection lost, we are trying again. This does not affect the deletion.",
    stages: "Steps",
    stage: |stage| match stage {
        Stage::Inventory => "Count the data",
        Stage::Meta => "Stop receiving messages from Meta",
        Stage::Archive => "Lock away what the law requires us to keep",
        Stage::Anonymize => "Make security logs anonymous",
        Stage::Media => "Delete files",
        Stage::Rows => "Delete data",
        Stage::Mentions => "Remove copies from what stays",
        Stage::Scrub => "Erase traces on disk",
        Stage::Verify => "Read back and check",
        Stage::Receipt => "Write the receipt",
    },
    stage_state: |state| match state {
        StageState::Pending => "to come",
        StageState::Running => "in progress",
        StageState::Done => "done",
        StageState::Unconfirmed => "not confirmed by Meta",
    },
    summary: "Step {n} of {total}: {stage}",
    categories: "Data",
    erased_of: |erased, expected| format!("{erased} of {expected}"),
    nothing: "nothing to erase",
    keep_link: "Keep the address of this page: it opens without signing in and leads to your receipt.",
    reference: "Reference",
    confirmed: "Confirmed on",
    cancelled_title: "Deletion cancelled",
    cancelled_text: "Nothing was deleted. The account and the organization work as before.",
    cancelled_login: "Sign in",
};

const RECEIPT: Receipt = Receipt {
    title: "Deletion completed",
    intro: |date| format!("Everything was erased, then checked, on {date}. This is your receipt."),
    facts: "In short",
    requested: "Requested on",
    completed: "Completed on",
    controller: "Controller",
    counts: "What was deleted",
    found: "Found",
    erased: "Erased",
    verification: "Check",
    verified: |tables, columns| {
        format!(
            "A separate read-back went through {} and {}.",
            total(En, tables, "table", "tables"),
            total(En, columns, "column", "columns")
        )
    },
    verified_nothing: "It found nothing left.",
    verified_left: |found| format!("It found {}.", total(En, found, "item", "items")),
    verified_at: "Done on",
    meta: "At Meta",
    meta_none: "No WhatsApp Business account was connected.",
    meta_act: |act| match act {
        Act::Override => "Callback address of a number",
        Act::Subscription => "WhatsApp Business account",
        Act::Registration => "Number on the WhatsApp Business API",
        Act::Token => "Access token",
    },
    meta_result: |result| match result {
        "cleared" => "removed",
        "unsubscribed" => "we no longer receive its messages",
        "deregistered" => "taken off",
        "revoked" => "revoked, then destroyed",
        "already_gone" => "did not exist any more",
        "not_configured" => "destroyed on our side, without asking Meta",
        "never_confirmed" => "stop requested, never confirmed by Meta",
        "no_access" => "our access had already been removed",
        "not_connected" => "nothing was being received",
        "still_used_by_another_organization" => "left alone: another organization still uses it",
        _ => "requested; Meta has not confirmed yet, we keep asking",
    },
    backups: |date| {
        format!("The backups that still hold this data are destroyed on {date} at the latest.")
    },
    download: "Download the receipt (JSON)",
    print_hint: "You can also print this page or save it as PDF.",
    questions: "A question about this deletion? Write to us and quote the reference:",
};

const LOST: Lost = Lost {
    not_found_title: "Page not found",
    not_found_text: "This address leads nowhere. Check it, or start again from the home page.",
    broken_title: "Something went wrong",
    broken_text: "It is our fault, not yours. Try again in a moment.",
    home: "Go to the home page",
};

const TROUBLES: Troubles = Troubles {
    email_missing: "Enter your e-mail address.",
    password_missing: "Enter your password.",
    sign_in_refused: "The address and the password do not match. Check both and try again.",
    wrong_password: "This is not your account’s password. Try again.",
    code_missing: "Enter the code that we sent by e-mail.",
    code_not_digits: "The code only has digits. Check what you entered.",
    code_too_short: "Some digits are missing: the code has 8.",
    code_too_long: "There are too many digits: the code has 8.",
    code_wrong: |tries_left| {
        match tries_left {
        ..=0 => "This is not the right code, and after too many tries it is no longer valid. Ask for another one.".to_owned(),
        _ => format!("This is not the right code. You have {} left.", total(En, tries_left, "try", "tries")),
    }
    },
    code_expired: "This code is no longer valid: it expired, was used, or was replaced by another one. Ask for another one.",
    plan_outdated: "The account changed after the code was sent. Read again what will be deleted, then continue.",
    being_erased: "Another owner has already asked for this organization to be deleted. It is in progress.",
    too_soon: |wait| format!("You can ask for another code in {}.", span(En, wait)),
    too_many_tries: |wait| format!("Too many tries. You can try again in {}.", span(En, wait)),
    too_late_to_cancel: "The deletion has already started: it can no longer be cancelled.",
    our_fault: "Something went wrong on our side. Try again in a moment.",
};
