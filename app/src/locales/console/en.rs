//! The console, in English.

use erasure::staff::{MemberState, Role};

use super::{
    Account, Common, ConsoleTexts, Members, Passkey, Prove, SetUp, SignIn,
    deletions::en::DELETIONS,
    desk::en::DESK,
    watch::en::{AUDIT, FIGURES, RETENTION},
};
use crate::wire::{ConsoleNotice, ConsoleTrouble};

pub(super) static TEXTS: ConsoleTexts = ConsoleTexts {
    common: COMMON,
    sign_in: SIGN_IN,
    set_up: SET_UP,
    prove: PROVE,
    passkey: PASSKEY,
    account: ACCOUNT,
    staff: MEMBERS,
    audit: AUDIT,
    desk: DESK,
    deletions: DELETIONS,
    figures: FIGURES,
    retention: RETENTION,
    notice: |notice| match notice {
        ConsoleNotice::SetUp => "Your access is ready. Welcome.",
        ConsoleNotice::PasswordChanged => {
            "Your password was changed. Your other sessions have ended."
        }
        ConsoleNotice::AuthenticatorChanged => {
            "Your new app is in place. The old one no longer works."
        }
        ConsoleNotice::RecoveryCodesRenewed => {
            "Your new recovery codes are in place. The old ones no longer work."
        }
        ConsoleNotice::PasskeyAdded => "The passkey was added.",
        ConsoleNotice::PasskeyRemoved => "The passkey was removed.",
        ConsoleNotice::MemberInvited => {
            "The invitation is on its way by e-mail. Its link works once, for 24 hours."
        }
        ConsoleNotice::MemberReset => "The access was reset. A new link is on its way by e-mail.",
        ConsoleNotice::MemberDisabled => "The access was taken away, and the sessions have ended.",
        ConsoleNotice::RoleChanged => "The role was changed, and the sessions have ended.",
        ConsoleNotice::Assigned => "The request is with you, or back in the queue.",
        ConsoleNotice::NoteAdded => "The note was added.",
        ConsoleNotice::Approved => {
            "The representative was accepted. The request goes on by itself."
        }
        ConsoleNotice::Overruled => "The objection was overruled. Erasing has begun.",
        ConsoleNotice::Extended => "The term was extended, and the person is told.",
        ConsoleNotice::RefusalProposed => {
            "The refusal is proposed. An officer who is not you has a week to confirm it."
        }
        ConsoleNotice::RefusalConfirmed => "The refusal is confirmed. The letter is on its way.",
        ConsoleNotice::RefusalDeclined => "The proposed refusal is off.",
        ConsoleNotice::Held => "The legal hold stands.",
        ConsoleNotice::HoldReviewed => "The review was noted.",
        ConsoleNotice::LiftProposed => {
            "It is proposed to lift the hold. A second officer has a week to agree."
        }
        ConsoleNotice::HoldLifted => "The hold was lifted. What waited goes on by itself.",
        ConsoleNotice::DeletionProposed => {
            "The deletion is proposed. An officer who is not you has a week to confirm it."
        }
        ConsoleNotice::DeletionBegun => "The deletion is confirmed, and erasing has begun.",
        ConsoleNotice::DeletionHeld => {
            "The deletion is confirmed. A legal hold keeps it waiting; it goes on by itself."
        }
        ConsoleNotice::DeletionDeclined => "The proposed deletion is off.",
    },
    trouble: |trouble| match trouble {
        ConsoleTrouble::Refused => {
            "The address, the password or the code does not fit. Check all three; each code works only once."
        }
        ConsoleTrouble::ProofRefused => {
            "This code is wrong, or was used before. Wait for the next one."
        }
        ConsoleTrouble::PasskeyRefused => {
            "This passkey was not accepted. Try again, or use your code."
        }
        ConsoleTrouble::CodeMissing => "Enter the code that your app shows.",
        ConsoleTrouble::AppCodeWrong => {
            "This is not the code that the app shows for this picture. Wait for the next one, and check the telephone’s clock."
        }
        ConsoleTrouble::PresentPasswordWrong => "This is not the password of your access.",
        ConsoleTrouble::PasswordTooShort => {
            "It needs at least 12 characters. A short sentence does very well."
        }
        ConsoleTrouble::PasswordTooLong => {
            "That is more than 256 characters. Make it a little shorter."
        }
        ConsoleTrouble::PasswordCommon => {
            "This password is among the first that anybody tries, or holds nothing but your name and ours. Choose one that is your own."
        }
        ConsoleTrouble::CodesNotKept => "Keep your recovery codes first, then tick the box.",
        ConsoleTrouble::PageTooOld => {
            "The page was open for too long, or in another browser. Begin again with what is shown now."
        }
        ConsoleTrouble::Denied => "Your role does not allow that. This attempt is on record.",
        ConsoleTrouble::AddressMalformed => "This is not an e-mail address.",
        ConsoleTrouble::RoleMissing => "Choose a role.",
        ConsoleTrouble::MemberTaken => "Somebody has access with this address already.",
        ConsoleTrouble::MemberUnknown => "This access does not exist.",
        ConsoleTrouble::Yourself => "Nobody changes their own access: ask another administrator.",
        ConsoleTrouble::RequestUnknown => "This request, part or hold does not exist.",
        ConsoleTrouble::NoProposal => {
            "There is no proposal any more: it was used, withdrawn, or is more than a week old."
        }
        ConsoleTrouble::Proposed => "This is proposed already, and waits for a second person.",
        ConsoleTrouble::SamePerson => {
            "You proposed this yourself: somebody else has to confirm it."
        }
        ConsoleTrouble::NoColleague => "This person does not work on requests.",
        ConsoleTrouble::NotDecidable => {
            "This cannot be decided any more, or not yet. See where it stands now."
        }
        ConsoleTrouble::TermOver => "The first term is over: it can no longer be extended.",
        ConsoleTrouble::TermUnfit => {
            "A term is extended once, to a day within the law’s limit. Check the day."
        }
        ConsoleTrouble::ExplanationUnfit => {
            "The explanation has 30 to 1,500 characters. Say concretely why."
        }
        ConsoleTrouble::NoteUnfit => "Write a note of 1 to 1,500 characters.",
        ConsoleTrouble::ReasonUnfit => "Say why, in one line of at most 1,000 characters.",
        ConsoleTrouble::RecordUnknown => {
            "There is no such record: there never was, or its term has come."
        }
        ConsoleTrouble::TooManyRecords => {
            "You have opened five today: more takes two people, at the command line."
        }
        ConsoleTrouble::DayUnfit => "Enter a day: year, month, day.",
        ConsoleTrouble::ChoiceMissing => "Choose one of the list.",
        ConsoleTrouble::OrganizationUnknown => "No organization has this short name.",
        ConsoleTrouble::ContactUnknown => {
            "This organization holds no contact by that number or id, or it is being deleted already."
        }
        ConsoleTrouble::IdentityUnfit => {
            "Enter a number in international format, for example +33 6 12 34 56 78, or Meta’s id."
        }
        ConsoleTrouble::BeingErased => "It is being deleted already, or is gone.",
        ConsoleTrouble::NotTheSame => {
            "What you typed is not what was proposed. Nothing was deleted: check the file."
        }
        ConsoleTrouble::ProposerLeft => {
            "Whoever proposed this is no officer any more: it has to be proposed anew."
        }
        ConsoleTrouble::ErasureBegun => "Its erasure has begun and can no longer be held.",
        ConsoleTrouble::HoldDaysUnfit => {
            "The days do not fit: the review is within a year, the end after it and within ten years."
        }
    },
};

const COMMON: Common = Common {
    console: "Console",
    navigation: "Console",
    sign_out: "Sign out",
    role: |role| match role {
        Role::Agent => "Agent",
        Role::Officer => "Officer",
        Role::Auditor => "Auditor",
        Role::Administrator => "Administrator",
    },
    denied_title: "Access denied",
    denied_text: "Your role does not allow you to see this page. This attempt is on record.",
    back: "Back",
    never: "never",
    again: "Thank you. Nothing you wrote was lost: check it, and send it again.",
};

const SIGN_IN: SignIn = SignIn {
    title: "Console",
    intro: |product| format!("For the people who look after data protection at {product}."),
    email: "E-mail address",
    password: "Password",
    code: "Code",
    code_hint: "The 6 digits of your app, or a recovery code.",
    submit: "Sign in",
    passkey: "Use a passkey",
    needed: "Sign in to go on. You will then return to the page you asked for.",
    ended: "Your session has ended. Sign in again: you will go on where you were.",
    signed_out: "You are signed out.",
};

const SET_UP: SetUp = SetUp {
    title: "Set up your access",
    intro: |email, role| format!("For {email}, with the role “{role}”. This link works only once."),
    password: "Choose a password",
    password_hint: "At least 12 characters. A short sentence that only you know is enough.",
    app: "Connect your authenticator app",
    app_text: "Open the app on your telephone and scan this picture.",
    app_picture: "Picture to scan with the authenticator app",
    app_letters: "You cannot scan? Type this key into the app:",
    app_code: "Code that the app shows",
    app_code_hint: "6 digits.",
    codes: "Keep your recovery codes",
    codes_text: "They open the console if you lose your telephone, once each. Write them down or print them: they are not shown again.",
    kept: "I have kept these codes in a safe place",
    submit: "Open my access",
    gone_title: "This link no longer works",
    gone_text: "It was used, or it is more than 24 hours old. Ask an administrator for another one.",
};

const PROVE: Prove = Prove {
    title: "Confirm that it is you",
    intro: "Before a decision the console asks, if your last proof is more than five minutes old. Nothing is lost.",
    submit: "Continue",
};

const PASSKEY: Passkey = Passkey {
    sign_in_title: "Sign in with a passkey",
    sign_in_intro: "Your device will ask for your finger, your face or your PIN.",
    prove_title: "Confirm with your passkey",
    prove_intro: "Your device will ask for your finger, your face or your PIN.",
    add_title: "Add a passkey",
    add_intro: "It stays on your device and opens the console without a password or a code.",
    label: "Name of the passkey",
    label_hint: "To recognize it: “Telephone”, “Office key”.",
    use_it: "Use my passkey",
    make_it: "Create the passkey",
    with_code: "Use a code instead",
    no_script: "Passkeys need JavaScript. Without it, use your password and your code.",
    unsupported: "This browser does not know passkeys. Use your password and your code.",
    failed: "The passkey did not answer, or you cancelled. Try again, or use your code.",
    no_domain: "Passkeys need a domain name. At this address, use your password and your code.",
};

const ACCOUNT: Account = Account {
    title: "My access",
    who: "Who you are here",
    email: "E-mail address",
    role: "Role",
    role_text: |role| match role {
        Role::Agent => "Works on requests; proposes refusals.",
        Role::Officer => {
            "Works on requests, decides the hard cases and confirms what takes two people."
        }
        Role::Auditor => "Reads everything and changes nothing.",
        Role::Administrator => "Manages access; decides about no request.",
    },
    password: "Password",
    password_change: "Change the password",
    present: "Present password",
    new: "New password",
    app: "Authenticator app",
    app_change: "Connect another app",
    app_change_text: "Scan this picture with the new app. The old one will no longer work.",
    codes: "Recovery codes",
    codes_left: |left| match left {
        0 => "None is left.".to_owned(),
        1 => "1 is left.".to_owned(),
        _ => format!("{left} are left."),
    },
    codes_renew: "Get new codes",
    codes_renew_text: "The old ones will no longer work. Write these down or print them: they are not shown again.",
    passkeys: "Passkeys",
    passkeys_text: "A passkey opens the console with your finger, your face or your device’s PIN. No false page can steal it.",
    passkeys_none: "None yet.",
    passkey_add: "Add a passkey",
    passkey_remove: "Remove",
    passkey_added: |date| format!("added on {date}"),
    passkey_used: |date| format!("used on {date}"),
    save: "Save",
};

const MEMBERS: Members = Members {
    title: "Team",
    intro: "Who can open the console, and in which role. Every change is on record.",
    caption: "Access to the console",
    who: "Person",
    role: "Role",
    state: "State",
    state_name: |state| match state {
        MemberState::Invited => "Invited",
        MemberState::InvitationExpired => "Invitation expired",
        MemberState::Active => "Active",
        MemberState::Disabled => "Removed",
    },
    signed_in: "Last sign-in",
    actions: "Actions",
    yourself: "you",
    change: "Change",
    change_of: |email| format!("Change the access of {email}"),
    reset: "Reset the access",
    reset_text: "Password, app, codes and passkeys stop working. A new link goes out by e-mail.",
    disable: "Take the access away",
    disable_text: "Everything closes at once. The address stays on record.",
    role_of: |email| format!("Role of {email}"),
    role_change: "Change the role",
    add: "Invite somebody",
    add_text: "They get a link that works once, for 24 hours.",
    language: "Language of their letters",
    invite: "Send the invitation",
};
