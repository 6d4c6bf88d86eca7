//! The letters to the people of the console, in English.

use super::super::{StaffEvent, layout::Block};
use crate::{locale::Locale::En, services::Settings, staff::Role, time::Timestamp};

/// The invitation: the link that opens the account once.
pub(super) fn invited(
    role: Role,
    link: &str,
    expires_at: Timestamp,
    settings: &Settings,
) -> (String, Vec<Block>) {
    let controller = &settings.controller;
    let role = match role {
        Role::Agent => "agent",
        Role::Officer => "officer",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    };
    (
        format!("Your access to the {controller} console"),
        vec![
            Block::Paragraph("Hello,".to_owned()),
            Block::Paragraph(format!(
                "You have been given access to the privacy console of {controller}, with the role “{role}”."
            )),
            Block::Link {
                label: "Choose your password".to_owned(),
                address: link.to_owned(),
            },
            Block::Paragraph(format!(
                "This link works once, until {}. Keep your telephone at hand: you will be asked for an authenticator app.",
                expires_at.to_moment(En)
            )),
            Block::Paragraph(format!(
                "You did not expect this letter? Do not open the link, and write to {}.",
                settings.privacy_address
            )),
        ],
    )
}

/// What just happened to the account, in case it was not you.
pub(super) fn notice(
    event: StaffEvent,
    at: Timestamp,
    settings: &Settings,
) -> (String, Vec<Block>) {
    let (subject, what) = match event {
        StaffEvent::CodesClosed => (
            "Too many wrong codes for your console access",
            "Ten wrong codes were typed behind the right password. Codes are refused for twenty-four hours. If this was not you, somebody knows your password: ask an administrator to reset your access at once.",
        ),
        StaffEvent::RecoveryCodeUsed => (
            "A recovery code was used",
            "Somebody identified themselves to the console with one of your recovery codes. That code works no more.",
        ),
        StaffEvent::PasswordChanged => (
            "Your console password was changed",
            "The password of your console access was changed, and your other sessions were ended.",
        ),
        StaffEvent::AuthenticatorChanged => (
            "Another authenticator app is in place",
            "Another authenticator app took the place of yours, and your other sessions were ended.",
        ),
        StaffEvent::PasskeyAdded => (
            "A passkey was added",
            "A passkey was added to your console access. It signs in without a password.",
        ),
    };
    (
        format!("{subject} ({})", settings.controller),
        vec![
            Block::Paragraph("Hello,".to_owned()),
            Block::Paragraph(what.to_owned()),
            Block::Paragraph(format!("That was on {}.", at.to_moment(En))),
            Block::Paragraph(format!(
                "This was not you? Tell an administrator, and write to {} at once.",
                settings.privacy_address
            )),
        ],
    )
}
