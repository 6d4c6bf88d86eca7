//! The words of every letter, in every language.

mod en;
mod fr;
mod keep_en;
mod keep_fr;
mod meta;
mod meta_en;
mod meta_fr;
mod request_business_en;
mod request_business_fr;
mod request_en;
mod request_fr;
mod request_mailed_en;
mod request_mailed_fr;
mod request_reasons_en;
mod request_reasons_fr;
#[cfg(test)]
mod request_tests;
mod staff_en;
mod staff_fr;

use super::{Facts, layout::Written};
use crate::{locale::Locale, services::Settings};

/// The letter in words.
pub(super) fn write(locale: Locale, facts: &Facts, settings: &Settings) -> Written {
    match locale {
        Locale::Fr => fr::write(facts, settings),
        Locale::En => en::write(facts, settings),
    }
}

/// A code as people read it: `1234 5678`.
fn spaced(code: &str) -> String {
    code.split_at_checked(4).map_or_else(
        || code.to_owned(),
        |(left, right)| format!("{left} {right}"),
    )
}

/// A number with its thousands set apart.
fn grouped(number: i64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{CancelFacts, Disconnection, StaffEvent, layout};
    use super::*;
    use crate::{
        archive::Jurisdictions,
        hold::Basis,
        manifest::Category,
        receipt::{CategoryReceipt, KeptKind, KeptReceipt, Receipt, Verification},
        retention,
        staff::Role,
        time::Timestamp,
    };

    const NOON: Timestamp = Timestamp::from_millis(1_798_200_000_000);

    fn receipt() -> Receipt {
        Receipt {
            version: 1,
            reference: "QD-7K3M-9XP2".to_owned(),
            controller: "Qliento".to_owned(),
            requested_at: NOON,
            completed_at: NOON,
            categories: vec![CategoryReceipt {
                category: Category::Messages,
                found: 1_234,
                erased: 1_234,
            }],
            kept: vec![KeptReceipt {
                what: KeptKind::Billing,
                basis: Jurisdictions::default().of("FR").basis(),
                records: Some(24),
                until: NOON.plus_years(10),
            }],
            meta: vec![],
            verification: Verification {
                tables: 25,
                columns: 30,
                found: 0,
                at: NOON,
            },
            backups_gone_by: retention::backups_end(NOON),
            held: None,
            journal: None,
            ledger: None,
            signature: None,
        }
    }

    fn every_letter() -> Vec<Facts> {
        let (reference, link) = (
            String::from("QD-7K3M-9XP2"),
            String::from("https://app.qliento.com/x/erasure/secret"),
        );
        let organizations = vec!["Atelier <Rivage>".to_owned()];
        vec![
            Facts::DeletionCode {
                code: "12345678".to_owned(),
                organizations: organizations.clone(),
                counts: vec![(Category::Contacts, 1), (Category::Messages, 1_234)],
                expires_at: NOON,
            },
            Facts::DeletionStarted {
                reference: reference.clone(),
                organizations: organizations.clone(),
                link: link.clone(),
                starts_at: Some(NOON),
            },
            Facts::DeletionAnnounced {
                reference: reference.clone(),
                organization: "Atelier <Rivage>".to_owned(),
                cancel: Some(CancelFacts {
                    link: link.clone(),
                    until: NOON,
                }),
            },
            Facts::DeletionOrdered {
                reference: reference.clone(),
                organization: "Atelier <Rivage>".to_owned(),
            },
            Facts::DeletionCancelled {
                reference: reference.clone(),
                organizations,
            },
            Facts::DeletionHeld {
                reference: reference.clone(),
                link: link.clone(),
                basis: Basis::LegalClaim,
                review_at: NOON,
            },
            Facts::DeletionResumed {
                reference,
                link: link.clone(),
            },
            Facts::DataExported { at: NOON },
            Facts::DeletionCompleted {
                link: link.clone(),
                receipt: Box::new(receipt()),
            },
            Facts::WhatsappDisconnected {
                organization: "Atelier <Rivage>".to_owned(),
                numbers: vec!["+33612345678".to_owned(), "+33698765432".to_owned()],
                reason: Disconnection::AppUninstalled,
            },
            Facts::FacebookLoginErased {
                wizard: "https://app.qliento.com/x/settings/danger-zone/delete-account".to_owned(),
                disconnected: 2,
            },
            Facts::StaffInvited {
                role: Role::Officer,
                link,
                expires_at: NOON,
            },
        ]
    }

    #[test]
    fn every_letter_reads_well_in_every_language() {
        let settings = Settings::default();
        for facts in every_letter() {
            for locale in Locale::ALL {
                let letter = write(locale, &facts, &settings);
                let page = format!("Subject: {}\n\n{}", letter.subject, layout::text(&letter));
                insta::assert_snapshot!(format!("{}_{}", facts.kind(), locale.as_str()), page);
            }
        }
    }

    #[test]
    fn every_event_of_a_console_account_is_told_in_every_language() {
        let settings = Settings::default();
        for event in [
            StaffEvent::CodesClosed,
            StaffEvent::RecoveryCodeUsed,
            StaffEvent::PasswordChanged,
            StaffEvent::AuthenticatorChanged,
            StaffEvent::PasskeyAdded,
        ] {
            for locale in Locale::ALL {
                let letter = write(locale, &Facts::StaffNotice { event, at: NOON }, &settings);
                let page = format!("Subject: {}\n\n{}", letter.subject, layout::text(&letter));
                insta::assert_snapshot!(format!("{event:?}_{}", locale.as_str()), page);
            }
        }
    }
}
