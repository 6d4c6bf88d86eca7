//! The words of what is watched: the desk in figures, and what is kept.

pub(super) mod en;
pub(super) mod fr;

use erasure::archive::LegalBasis;

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
