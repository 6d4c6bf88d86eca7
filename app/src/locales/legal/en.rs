//! The legal page, in English.

use super::LegalTexts;

pub(super) static TEXTS: LegalTexts = LegalTexts {
    title: |terms| format!("Deleting data at {}", terms.controller),
    updated: "Last updated: April 2026",
    contents: "On this page",
    parts: [
        "1. Overview",
        "2. What can be deleted",
        "3. Deleting your account yourself",
        "4. Asking for deletion without an account",
        "5. WhatsApp data",
        "6. What is kept, and why",
        "7. How long it takes",
        "8. Contact",
        "9. Related policies",
    ],
    overview: |terms| {
        [
            format!(
                "{} helps businesses write to their customers on WhatsApp. This page explains how to have your data deleted, what is deleted, what has to be kept, and how long it takes.",
                terms.controller
            ),
            "Deletion is free. It is final: once done, nobody can bring the data back.".to_owned(),
        ]
    },
    ways: [
        ["You have an account", "Delete my account"],
        ["You have no account, or cannot open it", "Ask for deletion"],
    ],
    deleted: [
        (
            "Account",
            "name, e-mail address, organization, password hash",
        ),
        (
            "WhatsApp profiles",
            "phone number ID, WhatsApp Business Account (WABA) ID, access token, encrypted until then",
        ),
        ("Contacts", "names, numbers, notes"),
        ("Messages", "received and sent, conversations"),
        (
            "Automations",
            "flows, campaigns, AI agents, message templates",
        ),
        ("Usage analytics", "events and counters tied to the account"),
        (
            "Files",
            "images, audio, video, documents, uploaded or received",
        ),
    ],
    deleted_intro: |terms| {
        format!(
            "{} deletes these seven categories, counts them, and then reads all of its tables again to check that nothing is left. Somebody without an account has deleted what concerns them at every business, and nothing that concerns others.",
            terms.controller
        )
    },
    self_service: "If you can sign in, this is the quickest way:",
    self_service_steps: [
        "Sign in.",
        "Open Settings, then Danger zone, then Delete the account.",
        "Read the exact list of what will be deleted and what will be kept.",
        "Enter the 8-digit code that you get by e-mail.",
        "Watch it go, then keep the receipt.",
    ],
    self_service_link: "Go to the deletion of the account",
    self_service_owners: "If there are several owners, the others are told and can cancel for a short time.",
    request: |terms| {
        format!(
            "Without an account, or if you can no longer open it, fill in the form or write to {}. The request holds:",
            terms.privacy
        )
    },
    request_holds: [
        "the e-mail address of the account, if you are a customer;",
        "your WhatsApp number in international format, if a business wrote to you;",
        "the name of that business, if you know it;",
        "the statement that the data is yours, or that the law lets you act.",
    ],
    request_link: "Open the form",
    request_email: "Write an e-mail",
    request_proof: "Before we delete, we check that the number or address is yours: by a WhatsApp message or by a code. We never ask for an identity document. No answer tells a stranger whether a number or an address is known to us.",
    find_link: "Find a request you have made",
    whatsapp: |terms| {
        [
            format!(
                "When an account is deleted, {} unsubscribes from each connected WhatsApp Business Account: Meta stops sending us its messages. The access token is destroyed.",
                terms.controller
            ),
            "The WhatsApp Business Account (WABA) itself belongs to the business, at Meta. We do not touch it. To delete it as well: Meta's business settings, WhatsApp accounts.".to_owned(),
            "When a person has their data erased, everything tied to their number goes: messages both ways, files, scheduled sends, answers to flows, traces of AI agents, analytics. A keyed fingerprint keeps an import from bringing them back.".to_owned(),
            "Messages stay on the telephones of those who received them, and Meta keeps its own by its own rules.".to_owned(),
        ]
    },
    facebook: |terms| {
        format!(
            "You connected {} with your Facebook account? You can also ask on Facebook: Settings & privacy, Settings, Apps and websites, {}, Remove, then Send request. Meta passes it on to us and gives you a link to follow it.",
            terms.controller, terms.controller
        )
    },
    retained_intro: "The law or security makes us keep a few things. They are destroyed by themselves at the end of their term.",
    retained: |terms| {
        vec![
            [
                "Invoices and accounting records".to_owned(),
                format!("{} years in France", terms.billing_years),
                "Fiscal duty (Code de commerce, art. L123-22; GDPR art. 17(3)(b)). In an encrypted archive.".to_owned(),
            ],
            [
                "Security logs".to_owned(),
                format!("{} days", terms.security_log_days),
                "Against fraud (GDPR art. 6(1)(f)). Made anonymous before they are kept.".to_owned(),
            ],
            [
                "Backups".to_owned(),
                format!("at most {} days", terms.backup_days),
                "Recovery after an outage (GDPR art. 32(1)(c)). Encrypted; a restore never brings an erased person back.".to_owned(),
            ],
            [
                "Record of the request".to_owned(),
                "5 years".to_owned(),
                "Proof that we answered (GDPR art. 5(2)). Without name or number.".to_owned(),
            ],
        ]
    },
    retained_use: "Nothing that is kept serves commerce, analytics or the training of models. Archives open only for an authorized person who states a legal basis, and each opening is on record.",
    timeline: |terms| {
        vec![
            [
                "Account deleted by you".to_owned(),
                "gone within 24 hours, usually within minutes".to_owned(),
            ],
            [
                "Acknowledgement of a request".to_owned(),
                "at once, and within 72 hours at the latest".to_owned(),
            ],
            [
                "Answer to a request".to_owned(),
                "within 30 days, or a month where that is shorter".to_owned(),
            ],
            [
                "Backups".to_owned(),
                format!("within {} days of the deletion", terms.backup_days),
            ],
        ]
    },
    timeline_longer: "A difficult case (several businesses, a duty to keep) can take up to two months more. We tell you so in writing, with the reasons, before the first term ends.",
    contact: |terms| {
        vec![
            ["Controller".to_owned(), terms.controller.clone()],
            ["Privacy".to_owned(), terms.privacy.clone()],
            ["Support".to_owned(), terms.support.clone()],
            ["Application".to_owned(), terms.site.clone()],
        ]
    },
    complain: "If our answer does not satisfy you, you can complain to the data protection authority of your country. In France that is the CNIL:",
    policies: "See also:",
    privacy_policy: "Privacy policy",
    terms_of_service: "Terms of service",
    meta_policies: ["WhatsApp's privacy policy", "Meta Platform Terms"],
    print: "This page can be printed.",
};
