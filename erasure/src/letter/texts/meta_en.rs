//! The letters about Meta, in English.

use super::{super::Disconnection, meta::Words};
use crate::locale::Locale;

pub(super) const WORDS: Words = Words {
    locale: Locale::En,
    hello: "Hello,",
    disconnected_subject: |organization| format!("{organization}: WhatsApp is disconnected"),
    reason: |reason, organization| match reason {
        Disconnection::AppUninstalled => format!(
            "Meta tells us that our app was removed from the WhatsApp Business account of \"{organization}\"."
        ),
        Disconnection::AccountDeleted => format!(
            "Meta tells us that the WhatsApp Business account of \"{organization}\" was deleted."
        ),
        Disconnection::LoginWithdrawn => format!(
            "Whoever connected WhatsApp for \"{organization}\" has removed our app from their Facebook account."
        ),
    },
    token_destroyed: "We have destroyed the access key of these numbers, and keep nothing of what is written to them any more:",
    data_stays: "Your data has not moved: contacts, conversations and automations are still there. To go on, connect WhatsApp again in your settings. To delete everything, use the danger zone:",
    danger_zone: "Open the danger zone",
    surprised: |support| format!("This surprises you? Write to {support}."),
    login_subject: "Your request, forwarded by Facebook",
    login_erased: |controller, disconnected| {
        let numbers = match disconnected {
            0 => String::new(),
            1 => " and disconnected the WhatsApp number that you had connected with Facebook"
                .to_owned(),
            several => format!(
                " and disconnected the {several} WhatsApp numbers that you had connected with Facebook"
            ),
        };
        format!(
            "You asked Facebook to have your data deleted by {controller}. That is done for everything that came to us from Facebook: we erased the link between your account and Facebook{numbers}."
        )
    },
    account_stays: |controller| {
        format!(
            "Your {controller} account still exists, with everything in it. Facebook cannot ask for its deletion in your place: we need your own confirmation, with your password and a code sent to this address."
        )
    },
    delete_account: "Delete my account and its data",
    locked_out: |privacy| format!("You cannot sign in any more? Write to {privacy}."),
    keep_account: "You want to keep your account? Then there is nothing to do.",
};
