//! The words of the legal page: how data is deleted here, in nine parts.
//!
//! Names, addresses and terms come in as [`Terms`]: another platform's page says its own.

mod en;
mod fr;

use erasure::{locale::Locale, retention, services::Settings};

/// The words of a language.
pub(crate) fn legal_texts(locale: Locale) -> &'static LegalTexts {
    match locale {
        Locale::Fr => &fr::TEXTS,
        Locale::En => &en::TEXTS,
    }
}

/// What the words are filled in with.
pub(crate) struct Terms {
    pub(crate) controller: String,
    pub(crate) privacy: String,
    pub(crate) support: String,
    pub(crate) site: String,
    pub(crate) backup_days: u64,
    pub(crate) security_log_days: u64,
    pub(crate) billing_years: i16,
}

impl Terms {
    /// This deployment's.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            controller: settings.controller.clone(),
            privacy: settings.privacy_address.clone(),
            support: settings.support_address.clone(),
            site: settings.public_url.clone(),
            backup_days: retention::BACKUP_DAYS,
            security_log_days: retention::SECURITY_LOG_DAYS,
            billing_years: settings.jurisdictions.of("FR").years,
        }
    }
}

/// Something that is deleted: its name and what belongs to it.
pub(crate) type Deleted = (&'static str, &'static str);

/// Something that is kept: what, how long, why and how.
pub(crate) type Retained = [String; 3];

/// The page.
pub(crate) struct LegalTexts {
    pub(crate) title: fn(&Terms) -> String,
    pub(crate) updated: &'static str,
    pub(crate) contents: &'static str,
    /// The headings of the nine parts.
    pub(crate) parts: [&'static str; 9],
    pub(crate) overview: fn(&Terms) -> [String; 2],
    /// A way to ask, and what its link says.
    pub(crate) ways: [[&'static str; 2]; 2],
    pub(crate) deleted: [Deleted; 7],
    pub(crate) deleted_intro: fn(&Terms) -> String,
    pub(crate) self_service: &'static str,
    pub(crate) self_service_steps: [&'static str; 5],
    pub(crate) self_service_link: &'static str,
    pub(crate) self_service_owners: &'static str,
    pub(crate) request: fn(&Terms) -> String,
    pub(crate) request_holds: [&'static str; 4],
    pub(crate) request_link: &'static str,
    pub(crate) request_email: &'static str,
    pub(crate) request_proof: &'static str,
    pub(crate) find_link: &'static str,
    pub(crate) whatsapp: fn(&Terms) -> [String; 4],
    pub(crate) facebook: fn(&Terms) -> String,
    pub(crate) retained_intro: &'static str,
    pub(crate) retained: fn(&Terms) -> Vec<Retained>,
    pub(crate) retained_use: &'static str,
    pub(crate) timeline: fn(&Terms) -> Vec<[String; 2]>,
    pub(crate) timeline_longer: &'static str,
    pub(crate) contact: fn(&Terms) -> Vec<[String; 2]>,
    pub(crate) complain: &'static str,
    pub(crate) policies: &'static str,
    pub(crate) privacy_policy: &'static str,
    pub(crate) terms_of_service: &'static str,
    pub(crate) meta_policies: [&'static str; 2],
    pub(crate) print: &'static str,
}
