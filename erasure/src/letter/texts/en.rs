//! The letters, in English.

use super::{
    super::{
        Facts,
        layout::{Block, Written},
    },
    grouped, keep_en, meta, meta_en, request_en, spaced, staff_en,
};
use crate::{
    locale::Locale::En,
    manifest::Category,
    receipt::{KeptKind, KeptReceipt, Receipt},
    services::Settings,
};

#[expect(clippy::too_many_lines, reason = "one arm for each letter")]
pub(super) fn write(facts: &Facts, settings: &Settings) -> Written {
    let controller = &settings.controller;
    let (subject, blocks) = match facts {
        Facts::DeletionCode { code, organizations, counts, expires_at } => (
            format!("Your {controller} deletion code"),
            vec![
                Block::Paragraph("Hello,".to_owned()),
                Block::Paragraph(format!("This code confirms the deletion of {}.", what(organizations))),
                Block::Code(spaced(code)),
                Block::Paragraph(format!(
                    "Type it on the page that you left open. It works once, until {}.",
                    expires_at.to_moment(En)
                )),
                Block::Paragraph("What will be deleted for good:".to_owned()),
                Block::List(counts.iter().map(|(category, rows)| format!("{}: {}", name(*category), number(*rows))).collect()),
                Block::Paragraph(format!(
                    "You did not ask for this? Give the code to nobody, change your password and write to {}. Without the code nothing is deleted.",
                    settings.support_address
                )),
            ],
        ),
        Facts::DeletionStarted { reference, organizations, link, starts_at } => (
            format!("Your deletion is confirmed ({reference})"),
            vec![
                Block::Paragraph("Hello,".to_owned()),
                Block::Paragraph(format!("You confirmed the deletion of {}.", what(organizations))),
                Block::Paragraph(starts_at.map_or_else(
                    || "It is under way. Everything will be gone from our systems within 24 hours, and from our backups within 30 days.".to_owned(),
                    |at| format!("The other owners have been told and may cancel it until {}. After that it starts by itself.", at.to_moment(En)),
                )),
                Block::Link { label: "Follow the deletion".to_owned(), address: link.clone() },
                Block::Paragraph("This link is yours alone: it shows the progress, then your receipt.".to_owned()),
                Block::Paragraph(format!("This was not you? Write to {} at once.", settings.support_address)),
            ],
        ),
        Facts::DeletionAnnounced { reference, organization, cancel } => (
            format!("{organization} is about to be deleted from {controller} ({reference})"),
            announced(organization, cancel.as_ref(), settings),
        ),
        Facts::DeletionOrdered { reference, organization } => (
            format!("{organization} will be deleted from {controller} ({reference})"),
            ordered(organization, settings),
        ),
        Facts::DeletionCancelled { reference, organizations } => (
            format!("Deletion cancelled ({reference})"),
            vec![
                Block::Paragraph("Hello,".to_owned()),
                Block::Paragraph(format!("The deletion of {} was cancelled. Nothing was deleted.", what(organizations))),
                Block::Paragraph("You can sign in again now.".to_owned()),
            ],
        ),
        Facts::DeletionCompleted { link, receipt } => (
            format!("Done: your data has been deleted ({})", receipt.reference),
            completed(link, receipt, settings),
        ),
        Facts::DeletionHeld { reference, link, basis, review_at } => keep_en::held(reference, link, *basis, *review_at, settings),
        Facts::DeletionResumed { reference, link } => keep_en::resumed(reference, link),
        Facts::DataExported { at } => keep_en::exported(*at, settings),
        Facts::Request(facts) => request_en::write(facts, settings),
        Facts::WhatsappDisconnected { organization, numbers, reason } => {
            meta::disconnected(&meta_en::WORDS, organization, numbers, *reason, settings)
        }
        Facts::FacebookLoginErased { wizard, disconnected } => {
            meta::login_erased(&meta_en::WORDS, wizard, *disconnected, settings)
        }
        Facts::StaffInvited { role, link, expires_at } => staff_en::invited(*role, link, *expires_at, settings),
        Facts::StaffNotice { event, at } => staff_en::notice(*event, *at, settings),
    };
    let signature = format!(
        "{controller} · {} · {}",
        settings.privacy_address, settings.public_url
    );
    Written {
        subject,
        blocks,
        signature,
    }
}

fn announced(
    organization: &str,
    cancel: Option<&super::super::CancelFacts>,
    settings: &Settings,
) -> Vec<Block> {
    let mut blocks = vec![
        Block::Paragraph("Hello,".to_owned()),
        Block::Paragraph(format!(
            "An owner of \"{organization}\" confirmed the deletion of this organization and of everything in it. Access is closed already."
        )),
    ];
    if let Some(cancel) = cancel {
        blocks.push(Block::Paragraph(format!(
            "As an owner you can cancel it until {}.",
            cancel.until.to_moment(En)
        )));
        blocks.push(Block::Link {
            label: "See the request and cancel it".to_owned(),
            address: cancel.link.clone(),
        });
    }
    blocks.push(Block::Paragraph(format!(
        "If you have no other organization, your own access is deleted too. Questions? Write to {}.",
        settings.privacy_address
    )));
    blocks
}

fn ordered(organization: &str, settings: &Settings) -> Vec<Block> {
    vec![
        Block::Paragraph("Hello,".to_owned()),
        Block::Paragraph(format!(
            "Two people who look after data protection at {} have decided, on a legal ground, that \"{organization}\" and everything in it will be deleted. Access is closed already.",
            settings.controller
        )),
        Block::Paragraph(
            "If you have no other organization, your own access is deleted too.".to_owned(),
        ),
        Block::Paragraph(format!(
            "You want to know the ground, or you do not agree? Write to {} and name the reference in the subject of this letter. You can also complain to your data protection authority (in France the CNIL: www.cnil.fr) or go to court.",
            settings.privacy_address
        )),
    ]
}

fn completed(link: &str, receipt: &Receipt, settings: &Settings) -> Vec<Block> {
    vec![
        Block::Paragraph("Hello,".to_owned()),
        Block::Paragraph(format!(
            "The deletion requested on {} was completed on {}. We read all our tables again: nothing is left.",
            receipt.requested_at.to_moment(En),
            receipt.completed_at.to_moment(En)
        )),
        Block::Paragraph("What was deleted:".to_owned()),
        Block::List(
            receipt
                .categories
                .iter()
                .map(|row| format!("{}: {}", name(row.category), number(row.erased)))
                .collect(),
        ),
        Block::Paragraph("What the law or security makes us keep, and until when:".to_owned()),
        Block::List(receipt.kept.iter().map(kept).collect()),
        Block::Link {
            label: "See and download your receipt".to_owned(),
            address: link.to_owned(),
        },
        Block::Paragraph(format!(
            "This is the last message you get from us: your address is erased once it has left. You can write to {} or complain to your data protection authority (in France the CNIL: www.cnil.fr).",
            settings.privacy_address
        )),
    ]
}

fn kept(row: &KeptReceipt) -> String {
    let until = row.until.to_date(En);
    match row.what {
        KeptKind::Billing => format!(
            "Invoices, in an encrypted archive, until {until} ({})",
            row.basis
        ),
        KeptKind::SecurityLogs => format!(
            "Security logs made anonymous, until {until} ({})",
            row.basis
        ),
        KeptKind::Backups => format!(
            "Encrypted backups, until {until} at the latest ({})",
            row.basis
        ),
    }
}

fn what(organizations: &[String]) -> String {
    match organizations {
        [] => "your account".to_owned(),
        [one] => format!("the organization \"{one}\" and your account"),
        several => format!(
            "your account and the organizations {}",
            several
                .iter()
                .map(|name| format!("\"{name}\""))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

pub(super) const fn name(category: Category) -> &'static str {
    match category {
        Category::Account => "Account",
        Category::WhatsappProfiles => "WhatsApp profiles",
        Category::Contacts => "Contacts",
        Category::Messages => "Messages and conversations",
        Category::Automations => "Flows, campaigns, AI agents and templates",
        Category::Analytics => "Usage analytics",
        Category::Media => "Files",
    }
}

pub(super) fn number(rows: i64) -> String {
    grouped(rows, ',')
}
