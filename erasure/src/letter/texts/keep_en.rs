//! The letters about what is kept or taken along, in English.

use super::super::layout::Block;
use crate::{hold::Basis, locale::Locale::En, services::Settings, time::Timestamp};

pub(super) fn held(
    reference: &str,
    link: &str,
    basis: Basis,
    review_at: Timestamp,
    settings: &Settings,
) -> (String, Vec<Block>) {
    (
        format!("Your deletion has to wait ({reference})"),
        vec![
            Block::Paragraph("Hello,".to_owned()),
            Block::Paragraph(
                "Your deletion request is accepted. A legal reason, however, keeps us from erasing this data now.".to_owned(),
            ),
            Block::Paragraph(format!("The reason: {}", reason(basis))),
            Block::List(vec![
                "Your access is closed, and nobody uses or looks at this data any more (GDPR, art. 18).".to_owned(),
                "As soon as the reason is gone, the deletion goes on by itself. There is nothing for you to do.".to_owned(),
                format!("We check by {} at the latest whether the reason still stands.", review_at.to_date(En)),
            ]),
            Block::Link {
                label: "See how your request stands".to_owned(),
                address: link.to_owned(),
            },
            Block::Paragraph(format!(
                "You do not agree? Write to {}. You can also complain to your data protection authority (in France the CNIL: www.cnil.fr) or go to court.",
                settings.privacy_address
            )),
        ],
    )
}

fn reason(basis: Basis) -> String {
    let words = match basis {
        Basis::LegalClaim => "it is needed to bring or to answer a legal claim",
        Basis::LegalObligation => "a law requires us to keep it",
        Basis::Authority => "a competent authority has asked us to keep it",
    };
    format!("{words} (GDPR, art. {}).", basis.article())
}

pub(super) fn resumed(reference: &str, link: &str) -> (String, Vec<Block>) {
    (
        format!("Your deletion goes on ({reference})"),
        vec![
            Block::Paragraph("Hello,".to_owned()),
            Block::Paragraph(
                "The legal reason that held your deletion is gone. Erasing goes on by itself: everything will have left our systems within 24 hours, and our backups within 30 days.".to_owned(),
            ),
            Block::Link {
                label: "Follow the deletion".to_owned(),
                address: link.to_owned(),
            },
        ],
    )
}

pub(super) fn exported(at: Timestamp, settings: &Settings) -> (String, Vec<Block>) {
    (
        format!("Your {} data was downloaded", settings.controller),
        vec![
            Block::Paragraph("Hello,".to_owned()),
            Block::Paragraph(format!(
                "A copy of your data was downloaded from your account on {}.",
                at.to_moment(En)
            )),
            Block::Paragraph(format!(
                "This was not you? Change your password and write to {} at once.",
                settings.support_address
            )),
        ],
    )
}
