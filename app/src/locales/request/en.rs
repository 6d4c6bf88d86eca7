//! English: for everybody, so in everyday words.

use erasure::request::{ExtensionReason, Ground, Role, Stage};

use super::{Check, Find, Form, Objection, Proof, RequestTexts, StatusWords};
use crate::wire::RequestTrouble;

pub(super) static TEXTS: RequestTexts = RequestTexts {
    form: FORM,
    check: CHECK,
    proof: PROOF,
    status: STATUS,
    find: FIND,
    objection: OBJECTION,
    trouble,
};

const FORM: Form = Form {
    title: "Ask for my data to be deleted",
    step_of: |step, steps| format!("Step {step} of {steps}"),
    go_on: "Continue",
    back: "Back",
    privacy: "Your answers stay in your browser until you send them. After that they serve this request and nothing else.",
    who: "Who are you?",
    who_intro: |product| {
        format!(
            "Businesses use {product} to write on WhatsApp. You can ask here for what is kept about you to be deleted. It is free, and you need no account."
        )
    },
    who_short: "You are",
    role: |role| match role {
        Role::EndUser => "Somebody a business wrote to on WhatsApp",
        Role::AccountHolder => "The holder of an account that I can no longer open",
        Role::Representative => "Somebody who acts for another person",
    },
    role_hint: |role| match role {
        Role::EndUser => "I want my messages and information to be deleted.",
        Role::AccountHolder => "I am a customer and want to delete my account.",
        Role::Representative => "Parent, guardian, heir, lawyer… with the right to act for them.",
    },
    signed_in: "You have an account and can sign in?",
    signed_in_link: "Delete it directly, within minutes",
    number: "Your WhatsApp number",
    number_label: "WhatsApp number",
    number_hint: "With the country code, for example +44 7700 900123.",
    number_only: "Next, you will show that this number is yours. Only this number is used to find your data.",
    account: "The e-mail address of your account",
    account_label: "E-mail address of the account",
    account_hint: "The one you used to sign in with.",
    account_lost: "You can no longer read that address either? Write to us:",
    either: "The person you act for",
    either_label: "Their WhatsApp number, or the e-mail address of their account",
    either_hint: "For example +44 7700 900123, or name@example.com.",
    either_review: "You will have to show that this number or address is in your hands. A person of our team will then examine the request.",
    business: "Which business wrote to you?",
    business_label: "Name of the business (optional)",
    business_hint: "As you remember it. If you do not know, leave it empty.",
    business_all: "The name helps us answer you. We look at every business anyway.",
    contact: "Where may we write to you?",
    contact_label: "E-mail address for the answer (optional)",
    contact_hint: "If you leave it empty, you follow the request by a private link.",
    contact_only: "It serves to answer you and is then erased. It is not used to look for data.",
    statement: "May you make this request?",
    statement_intro: "Deleted data cannot be brought back. So we ask you to confirm.",
    statement_label: |role| match role {
        Role::EndUser => "This number is mine, and I ask for the data tied to it to be deleted.",
        Role::AccountHolder => {
            "This account is mine, and I ask for it to be deleted with its data."
        }
        Role::Representative => {
            "I have the legal right to act for this person, and I ask for their data to be deleted."
        }
    },
    statement_free: "The request is free. A false statement may be punished by law.",
};

const CHECK: Check = Check {
    title: "Check your answers",
    intro: "Nothing is sent before you press the button.",
    change: "Change",
    none: "not given",
    stated: "Right to make the request",
    stated_yes: "Confirmed",
    next: "Next, you will show that the number or address is yours. Nothing is deleted before that.",
    submit: "Send the request",
};

const PROOF: Proof = Proof {
    title_address: "Enter the code we sent by e-mail",
    title_number: "Show that this number is yours",
    number_is: "The number is",
    number_how: "A person of our team makes sure that it is in your hands: it takes one message from your WhatsApp, and no papers.",
    number_write: "Write to us with your reference, and we tell you the next step:",
    by_message: "With a message from your WhatsApp",
    message_how: "You send a short code from your WhatsApp. It costs nothing, and nobody can do it for you.",
    message_show: "Show my code",
    message_to_us: "Send us this code from your WhatsApp:",
    message_to_business: "Send this code from your WhatsApp, in the conversation with the business that wrote to you:",
    message_open: "Open WhatsApp with the message",
    message_picture: "The same link, for the camera of your telephone",
    message_waits: "This page goes on by itself when your message has arrived.",
    by_code: "With a code on WhatsApp",
    by_hand: "Neither of them works?",
    received: |reference| format!("Your request {reference} has arrived. One step is left."),
    nothing_yet: "Until this step is done, nothing is deleted.",
    sent_to: "We sent an 8-digit code to",
    none_valid: "No code is valid right now. Ask for one: it usually arrives within a minute.",
    not_delivered: |address| {
        format!(
            "Our mail server does not answer. Nothing is lost: your code to {address} is sent again automatically."
        )
    },
    submit: "Confirm",
    until: |date| format!("You have until {date} for this step. After that the request is erased."),
    keep: "To keep",
    keep_link: "Keep this private link: it shows where your request stands, and lets you go on from here.",
    help: "Nothing arrived?",
    help_spam: "Look in your spam folder.",
    help_address: "Check the address. If it is wrong, make a new request: this one erases itself.",
    help_privacy: "It does not work? Write to us with your reference:",
};

const STATUS: StatusWords = StatusWords {
    title: |stage| match stage {
        Stage::Received | Stage::Acknowledged => "One step is left",
        Stage::Proven | Stage::Erasing => "Request confirmed",
        Stage::InReview => "Request being examined",
        Stage::Completed => "Done",
        Stage::Refused => "Answer to your request",
        Stage::Expired => "Request not confirmed",
        Stage::Withdrawn => "Request taken back",
        Stage::Joined => "Request joined to another",
    },
    lead: |stage| match stage {
        Stage::Received | Stage::Acknowledged => {
            "We have received your request. Before anything is deleted, you have to show that the number or address is yours."
        }
        Stage::Proven | Stage::Erasing => {
            "We look for everything that is kept about you, delete it, and then check that nothing is left. You can close this page."
        }
        Stage::InReview => {
            "A person of our team reads your request before anything is deleted. There is nothing for you to do."
        }
        Stage::Completed => {
            "We looked everywhere, deleted what we found, and read everything again: nothing is left that is tied to what you proved."
        }
        Stage::Refused => {
            "We have not deleted what you asked for. Here is why, and what you can do."
        }
        Stage::Expired => {
            "Nobody showed in time that the number or address was theirs. Nothing was deleted, and what had been typed is erased."
        }
        Stage::Withdrawn => {
            "You took this request back. Nothing was deleted, and what had been typed is erased."
        }
        Stage::Joined => "You had a request under way already: that one goes on.",
    },
    letter_title: "A few questions are left",
    letter_lead: "We have your e-mail. Say who you are and which number or account it is about, and show that it is yours. Until then nothing is looked up, and nothing is deleted.",
    prove: "Continue",
    milestones: "Where the request stands",
    milestone: [
        "Request received",
        "Identity shown",
        "Data deleted",
        "Answer given",
    ],
    facts: "In short",
    reference: "Reference",
    received: "Received on",
    due: "Answer by",
    closed: "Closed on",
    link: "Private link",
    link_hint: "Keep the address of this page: it opens without an account. Whoever has it sees where the request stands, nothing else.",
    extended: "Why it takes longer",
    extended_to: |date| {
        format!("We need more than a month. The answer will come by {date} at the latest.")
    },
    reason: |reason| match reason {
        ExtensionReason::SeveralOrganizations => {
            "Several businesses keep data about you and have to be heard."
        }
        ExtensionReason::ObjectionUnderReview => {
            "A business does not agree, and we are examining its reason."
        }
        ExtensionReason::LegalHold => "A law forbids to delete for the time being.",
        ExtensionReason::AuthorityUnderReview => "We are examining your papers.",
        ExtensionReason::SeveralRequests => "You have made several requests.",
    },
    cases: "What takes more time",
    business: "A business that uses our service",
    account: "Your account",
    objecting: |date| {
        format!(
            "This business has until {date} to say whether a law makes it keep something. If not, everything is deleted."
        )
    },
    held: "A law forbids to delete for the time being. We delete as soon as we may.",
    in_review: "This business says that it has to keep something. A person of our team checks its reason.",
    account_waits: |date| {
        format!(
            "Your account is closed. Deletion starts on {date}: until then it can still be cancelled."
        )
    },
    account_erasing: "Your account and its data are being deleted.",
    account_erased: "Your account and its data are deleted.",
    account_cancelled: "The deletion of this account was cancelled. Nothing was deleted.",
    account_link: "See the progress, cancel, or read the receipt",
    refused: "What is not deleted, and why",
    ground: |ground| match ground {
        Ground::Expression => "Freedom of expression and information",
        Ground::LegalObligation => "A law makes it necessary to keep this data",
        Ground::PublicHealth => "Public health",
        Ground::Archiving => "Archives, research or statistics in the public interest",
        Ground::LegalClaims => "This data is needed for legal claims",
        Ground::Excessive => "The request is manifestly unfounded or excessive",
        Ground::AuthorityNotShown => "The right to act for this person was not shown",
    },
    article: |article, statute| {
        statute.map_or_else(
            || format!("GDPR art. {article}"),
            |statute| format!("GDPR art. {article}; {statute}"),
        )
    },
    kept_until: |date| format!("Kept until {date}, then destroyed."),
    appeal: "You do not agree? Write to us: another person will look at the decision again. You can also complain to an authority, or go to court.",
    erased: "What was deleted",
    erased_caption: "Number of items found and deleted, by category",
    stays: "What stays, and why",
    stays_backups: |date| {
        format!(
            "Encrypted backups, until {date} at the latest. A restore never brings your data back."
        )
    },
    stays_suppression: "Where a business held something, a keyed fingerprint of what you were known by there, and nothing else, so that an import does not bring you back.",
    stays_record: "The record of this request, without your name or number, for five years: it shows that we answered.",
    meta: "The messages on your telephone, and what the business keeps elsewhere, are not with us. We have asked the businesses to delete their own copies.",
    withdraw: "Take the request back",
    withdraw_text: "You changed your mind? As long as nothing is deleted, you can take the request back.",
    again: "Make a new request",
    complain: "If you are not happy with our answer",
    complain_us: "Write to us first, with the reference:",
    complain_authority: "You can also complain to the data protection authority of your country. In France that is the CNIL:",
};

const FIND: Find = Find {
    title: "Find my request",
    intro: "You lost your private link? Give the reference and the e-mail address of the request: we will send you the link again.",
    reference: "Reference",
    reference_hint: "For example QD-7K3M-9XP2.",
    email: "E-mail address",
    email_hint: "The one you gave in the request.",
    submit: "Get the link",
    sent: "If this reference and this address belong together, the link is on its way. Look into your mailbox.",
    no_email: "You had given no address? Make the request again with the same number: once confirmed, it joins the first.",
    no_email_link: "Make the request again",
};

const OBJECTION: Objection = Objection {
    title: "A contact asks for erasure",
    intro: |organization, identity| {
        format!(
            "A contact of {organization} ({identity}) asked for their data to be erased, and has shown that this number is theirs."
        )
    },
    until: |date| {
        format!(
            "You have until {date} to object, on a ground that the law knows (GDPR art. 17(3))."
        )
    },
    ground: "Ground",
    explanation: "Explanation",
    explanation_hint: "Which data, which law, until when. Between 30 and 4,000 characters. Our team reads it before deciding.",
    submit: "Object to the erasure",
    otherwise: "You have nothing to object? Close this page: everything will be erased on the date given.",
    taken: "Your objection is recorded. A person of our team examines it, and nothing is erased until then.",
    over: "It is no longer possible to object to this request: the time is over, or a decision was taken.",
};

const fn trouble(trouble: RequestTrouble) -> &'static str {
    match trouble {
        RequestTrouble::RoleMissing => "Choose what fits you.",
        RequestTrouble::NumberMissing => "Enter your WhatsApp number.",
        RequestTrouble::NumberLetters => "A number holds no letters. Check what you typed.",
        RequestTrouble::NumberOtherDigits => "Write the number with the digits 0 to 9.",
        RequestTrouble::NumberMalformed => {
            "A number holds digits, spaces and a plus at the beginning, nothing else."
        }
        RequestTrouble::NumberNoCountryCode => {
            "Begin with + and the country code, for example +44 for the United Kingdom."
        }
        RequestTrouble::NumberUnknownCountry => "No country has this code. Check the first digits.",
        RequestTrouble::NumberShortCode => {
            "This is a short number: it cannot be on WhatsApp. Enter a full number with its country code."
        }
        RequestTrouble::NumberGroup => "This is a group, not a person. Enter your own number.",
        RequestTrouble::NumberTooShort => "Digits are missing from this number.",
        RequestTrouble::NumberTooLong => "There are too many digits in this number.",
        RequestTrouble::NumberUnassigned => "This country has no such number. Check the digits.",
        RequestTrouble::NumberLandline => {
            "This is a landline. Enter the number that you use on WhatsApp."
        }
        RequestTrouble::NumberService => "This is a service number, not a person's.",
        RequestTrouble::AddressMalformed => {
            "This e-mail address is not complete. It looks like name@example.com."
        }
        RequestTrouble::IdentityMissing => "Enter a WhatsApp number or an e-mail address.",
        RequestTrouble::IdentityMalformed => {
            "This is neither a number nor a complete e-mail address. Check what you typed."
        }
        RequestTrouble::BusinessTooLong => "This name is too long: 100 characters at most.",
        RequestTrouble::BusinessLink => "Write the name only, without a web address.",
        RequestTrouble::BusinessMalformed => {
            "There are characters in this name that no name has. Type it again."
        }
        RequestTrouble::ContactMalformed => {
            "This e-mail address is not complete. Correct it, or leave it empty."
        }
        RequestTrouble::StatementMissing => {
            "Tick the box to confirm that you may make this request."
        }
        RequestTrouble::FormTooOld => {
            "The form was open for too long: to protect you, your answers were forgotten. Nothing was sent. Start again here."
        }
        RequestTrouble::AnswersChanged => {
            "Your answers have changed meanwhile, perhaps in another tab. Read them again, then send."
        }
        RequestTrouble::CodesSpent => {
            "Too many wrong codes were entered: this request can no longer be confirmed. Make a new one."
        }
        RequestTrouble::TooLateToWithdraw => {
            "Deletion has begun: the request can no longer be taken back."
        }
        RequestTrouble::ReferenceMissing => "Enter the reference of your request.",
        RequestTrouble::ReferenceMalformed => {
            "A reference looks like QD-7K3M-9XP2. Check what you typed."
        }
        RequestTrouble::GroundMissing => "Choose the ground that the law knows.",
        RequestTrouble::ExplanationUnfit => "Explain in at least 30 characters, and at most 4,000.",
        RequestTrouble::TooLateToObject => {
            "The time is over, or a decision was taken: it is no longer possible to object."
        }
        RequestTrouble::WhatsappUnavailable => {
            "No code can be sent to this number over WhatsApp right now. Nothing is lost: try again in a moment, or choose the other way."
        }
    }
}
