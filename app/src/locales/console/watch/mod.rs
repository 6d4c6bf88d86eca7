//! The words of what is watched: the record, the desk in figures, and what is kept.

pub(super) mod en;
pub(super) mod fr;

use erasure::{
    archive::LegalBasis,
    staff::{Act, audit::Outcome},
};

/// The record.
pub(crate) struct Audit {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) who: &'static str,
    pub(crate) act: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) about: &'static str,
    pub(crate) everybody: &'static str,
    pub(crate) everything: &'static str,
    pub(crate) show: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) when: &'static str,
    pub(crate) number: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) stranger: &'static str,
    pub(crate) act_name: fn(Act) -> &'static str,
    pub(crate) outcome_name: fn(Outcome) -> &'static str,
    /// What a detail's fixed word means, where it is not a role.
    pub(crate) detail_name: fn(&str) -> Option<&'static str>,
    pub(crate) nothing: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copy_text: &'static str,
    pub(crate) copy_csv: &'static str,
    pub(crate) copy_json: &'static str,
}

/// The figures.
pub(crate) struct Figures {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) months: &'static str,
    pub(crate) month: &'static str,
    pub(crate) received: &'static str,
    pub(crate) completed: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) took: &'static str,
    pub(crate) days: fn(i64) -> String,
    pub(crate) ages: &'static str,
    pub(crate) how_old: &'static str,
    pub(crate) age: fn(i64, Option<i64>) -> String,
    pub(crate) open: &'static str,
    pub(crate) register: &'static str,
    pub(crate) register_text: &'static str,
}

/// What is kept.
pub(crate) struct Retention {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) holds: fn(i64, i64, i64) -> String,
    pub(crate) backups: fn(u64) -> String,
    pub(crate) tables: &'static str,
    pub(crate) table: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) basis: &'static str,
    pub(crate) until: &'static str,
    pub(crate) next: &'static str,
    pub(crate) purges: &'static str,
    pub(crate) day: &'static str,
    pub(crate) organizations: &'static str,
    pub(crate) invoices: &'static str,
    pub(crate) archive: &'static str,
    pub(crate) archive_text: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) country: &'static str,
    pub(crate) actions: &'static str,
    pub(crate) open: &'static str,
    pub(crate) on_basis: &'static str,
    pub(crate) legal_basis: fn(LegalBasis) -> &'static str,
    pub(crate) reason: &'static str,
    pub(crate) open_submit: &'static str,
}
