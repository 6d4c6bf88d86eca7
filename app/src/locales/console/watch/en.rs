//! Figures and what is kept, in English.

use erasure::archive::LegalBasis;

use super::{Figures, Retention};

pub(in super::super) const FIGURES: Figures = Figures {
    title: "Figures",
    intro: "Twelve months of requests, and how old what is open has become.",
    months: "Month by month",
    month: "Month",
    received: "Received",
    completed: "Completed",
    refused: "Refused",
    took: "Days from question to erasure (median)",
    days: |days| match days {
        0 => "less than 1".to_owned(),
        _ => days.to_string(),
    },
    ages: "Age of what is open",
    how_old: "Age",
    age: |from, to| match to {
        Some(to) => format!("{from} to {to} days"),
        None => format!("{from} days and more"),
    },
    open: "Open",
    register: "Register",
    register_text: "Every request with its dates and its outcome, without anybody’s name. The export is itself on record.",
};

pub(in super::super) const RETENTION: Retention = Retention {
    title: "What is kept",
    intro: "What stays when somebody has gone: how much, on which basis, until when. Numbers, never names.",
    holds: |active, late, waiting| {
        format!(
            "Legal holds: {active} stand, {late} past their review, {waiting} deletions wait for them."
        )
    },
    backups: |days| format!("Backups: what is erased is in none of them after {days} days."),
    tables: "Table by table",
    table: "Table",
    rows: "Rows",
    basis: "Basis",
    until: "Until",
    next: "Next to end",
    purges: "What ends next of the archive",
    day: "Ends on",
    organizations: "Organizations",
    invoices: "Invoices",
    archive: "Archive",
    archive_text: "Invoices that the law keeps, sealed. Opening them gives a file, and is on record with basis and reason before the first is read.",
    reference: "Reference",
    country: "Country",
    actions: "Actions",
    open: "Open",
    on_basis: "On which basis",
    legal_basis: |basis| match basis {
        LegalBasis::TaxAudit => "Tax audit",
        LegalBasis::CourtOrder => "Order of a court or an authority",
        LegalBasis::LegalClaim => "A legal claim",
        LegalBasis::Accounting => "Our own books",
        LegalBasis::CustomerRequest => "The customer asks for them",
    },
    reason: "Why",
    open_submit: "Open and download",
};
