//! Les chiffres et ce qui est gardé, en français.

use erasure::archive::LegalBasis;

use super::{Figures, Retention};

pub(in super::super) const FIGURES: Figures = Figures {
    title: "Chiffres",
    intro: "Douze mois de demandes, et l’âge de ce qui est ouvert.",
    months: "Mois par mois",
    month: "Mois",
    received: "Reçues",
    completed: "Terminées",
    refused: "Refusées",
    took: "Jours de la demande à l’effacement (médiane)",
    days: |days| match days {
        0 => "moins de 1".to_owned(),
        _ => days.to_string(),
    },
    ages: "Âge de ce qui est ouvert",
    how_old: "Âge",
    age: |from, to| match to {
        Some(to) => format!("de {from} à {to} jours"),
        None => format!("{from} jours et plus"),
    },
    open: "Ouvertes",
    register: "Registre",
    register_text: "Chaque demande avec ses dates et son issue, sans le nom de personne. L’export est lui-même inscrit au journal.",
};

pub(in super::super) const RETENTION: Retention = Retention {
    title: "Ce qui est gardé",
    intro: "Ce qui reste quand quelqu’un est parti : combien, sur quel fondement, jusqu’à quand. Des nombres, jamais de noms.",
    holds: |active, late, waiting| {
        format!(
            "Gels légaux : {active} en place, {late} à revoir en retard, {waiting} suppressions en attente."
        )
    },
    backups: |days| {
        format!("Sauvegardes : ce qui est effacé n’est plus dans aucune après {days} jours.")
    },
    tables: "Table par table",
    table: "Table",
    rows: "Lignes",
    basis: "Fondement",
    until: "Jusqu’à",
    next: "Prochaine fin",
    purges: "Ce qui finit bientôt dans l’archive",
    day: "Finit le",
    organizations: "Organisations",
    invoices: "Factures",
    archive: "Archive",
    archive_text: "Les factures que la loi fait garder, scellées. Les ouvrir donne un fichier, et s’inscrit au journal avec le fondement et la raison avant la première lecture.",
    reference: "Référence",
    country: "Pays",
    actions: "Actions",
    open: "Ouvrir",
    on_basis: "Sur quel fondement",
    legal_basis: |basis| match basis {
        LegalBasis::TaxAudit => "Contrôle fiscal",
        LegalBasis::CourtOrder => "Ordre d’un juge ou d’une autorité",
        LegalBasis::LegalClaim => "Un droit en justice",
        LegalBasis::Accounting => "Nos propres comptes",
        LegalBasis::CustomerRequest => "Le client les demande",
    },
    reason: "Pourquoi",
    open_submit: "Ouvrir et télécharger",
};

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_can_break_before_a_sign_or_inside_a_quotation() {
        super::super::super::super::spaces::check(include_str!("fr.rs"));
    }
}
