//! Le journal, les chiffres et ce qui est gardé, en français.

use erasure::{
    archive::LegalBasis,
    staff::{Act, audit::Outcome},
};

use super::{Audit, Figures, Retention};

pub(in super::super) const AUDIT: Audit = Audit {
    title: "Journal",
    intro: "Tout ce que l’équipe a consulté et fait, lié par une chaîne : rien ne peut être changé ni retiré sans que cela se voie.",
    filter: "Filtrer le journal",
    who: "Qui",
    act: "Quoi",
    outcome: "Résultat",
    about: "À propos de (identifiant)",
    everybody: "Tout le monde",
    everything: "Tout",
    show: "Afficher",
    caption: "Entrées du journal, la plus récente d’abord",
    when: "Quand (UTC)",
    number: "N°",
    detail: "Précision",
    operator: "Ligne de commande",
    stranger: "Inconnu",
    act_name: |act| match act {
        Act::SignIn => "Connexion",
        Act::SignOut => "Déconnexion",
        Act::Prove => "Nouvelle preuve d’identité",
        Act::SetUp => "Accès préparé",
        Act::ChangePassword => "Mot de passe changé",
        Act::ChangeAuthenticator => "Application changée",
        Act::RenewRecoveryCodes => "Codes de secours renouvelés",
        Act::AddPasskey => "Clé d’accès ajoutée",
        Act::RemovePasskey => "Clé d’accès retirée",
        Act::ReadStaff => "Équipe consultée",
        Act::AddStaff => "Personne invitée",
        Act::ResetStaff => "Accès réinitialisé",
        Act::DisableStaff => "Accès retiré",
        Act::ChangeRole => "Rôle changé",
        Act::ReadAudit => "Journal consulté",
        Act::ExportAudit => "Journal exporté",
        Act::ReadQueue => "File consultée",
        Act::ReadRequest => "Demande consultée",
        Act::RevealIdentity => "Numéro ou adresse affichés en entier",
        Act::AssignRequest => "Demande confiée",
        Act::AddNote => "Note écrite",
        Act::ApproveRequest => "Représentant accepté",
        Act::OverruleObjection => "Opposition écartée",
        Act::ExtendTerm => "Délai prolongé",
        Act::ProposeRefusal => "Refus proposé",
        Act::ConfirmRefusal => "Refus confirmé",
        Act::DeclineRefusal => "Refus retiré",
        Act::ReadHolds => "Gels légaux consultés",
        Act::PlaceHold => "Gel légal posé",
        Act::ReviewHold => "Gel légal revu",
        Act::LiftHold => "Levée d’un gel légal",
        Act::ReadDeletions => "Suppressions consultées",
        Act::ProposeDeletion => "Suppression proposée",
        Act::ConfirmDeletion => "Suppression confirmée",
        Act::DeclineDeletion => "Suppression retirée",
        Act::SetObjectionDays => "Délai d’opposition changé",
        Act::ReadFigures => "Chiffres consultés",
        Act::ExportRegister => "Registre exporté",
        Act::ReadRetention => "Ce qui est gardé consulté",
        Act::OpenArchive => "Archive ouverte",
    },
    outcome_name: |outcome| match outcome {
        Outcome::Done => "Fait",
        Outcome::Refused => "Refusé",
    },
    detail_name: |word| match word {
        "code" => Some("avec un code"),
        "recovery_code" => Some("avec un code de secours"),
        "passkey" => Some("avec une clé d’accès"),
        "proposed" => Some("proposée"),
        "lifted" => Some("levé"),
        "legal_claim" => Some("droit en justice"),
        "legal_obligation" => Some("obligation légale"),
        "authority" => Some("à la demande d’une autorité"),
        "tax_audit" => Some("contrôle fiscal"),
        "court_order" => Some("ordre d’un juge"),
        "accounting" => Some("nos comptes"),
        "asked" => Some("identité montrée autrement"),
        "no_longer_needed" => Some("plus nécessaire"),
        "unlawful" => Some("traitement illicite"),
        "at_once" => Some("tout de suite"),
        "window" => Some("un délai"),
        "customer_request" => Some("demande du client"),
        _ => None,
    },
    nothing: "Aucune entrée ne correspond.",
    older: "Plus anciennes",
    newest: "Revenir aux plus récentes",
    copy: "Emporter une copie",
    copy_text: "Les entrées qui correspondent au filtre. L’export est lui-même inscrit au journal.",
    copy_csv: "Télécharger en CSV",
    copy_json: "Télécharger en JSON",
};

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
