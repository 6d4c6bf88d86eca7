//! Les suppressions décidées par l’équipe, en français.

use erasure::{progress::State, staff::deletion::Basis};

use super::Deletions;

pub(in super::super) const DELETIONS: Deletions = Deletions {
    title: "Suppressions",
    intro: "Ce que l’équipe fait supprimer sans demande. Il y faut deux responsables : l’un propose, un autre confirme dans la semaine. Ensuite, c’est définitif.",
    waiting: "Attend un second responsable",
    nothing_waits: "Rien n’attend.",
    whole: "toute l’organisation",
    contact: |number| {
        number.map_or_else(
            || "un contact, connu par l’identifiant de Meta".to_owned(),
            |number| format!("un contact, {number}"),
        )
    },
    gone: "Déjà disparu",
    frozen: "La suppression est déjà en cours : cette proposition ne peut plus qu’être retirée.",
    proposed_by: |by, day| format!("Proposé par {by} ; à confirmer avant le {day}."),
    own: "Vous l’avez proposé vous-même : quelqu’un d’autre doit le confirmer.",
    proposer_left: "La personne qui l’a proposé n’est plus responsable : cette proposition ne peut plus qu’être écartée.",
    retype_slug: "Saisissez de nouveau le nom court de l’organisation",
    retype_contact: "Saisissez de nouveau le numéro entier du contact, ou l’identifiant de Meta",
    confirm: "Supprimer pour toujours",
    confirm_text: "Prenez le nom ou le numéro dans le dossier, pas sur cette page. L’effacement commence aussitôt, sauf si un gel légal le retient ; les personnes de l’organisation sont prévenues.",
    decline: "Écarter",
    withdraw: "Retirer",
    propose: "Proposer une suppression",
    propose_text: "Un responsable autre que vous a une semaine pour la confirmer. Votre raison est gardée scellée ; le second responsable la lit.",
    organization: "Nom court de l’organisation",
    identity: "Un seul contact : son numéro au format international, ou l’identifiant de Meta",
    basis: "Fondement",
    basis_name: |basis| match basis {
        Basis::Asked => "La personne l’a demandé et a montré autrement qui elle est",
        Basis::NoLongerNeeded => "Plus nécessaire à son but",
        Basis::Unlawful => "Traité de façon illicite",
        Basis::LegalObligation => "Une loi impose de l’effacer",
        Basis::Authority => "L’autorité de contrôle l’a ordonné",
    },
    reason: "Raison, avec le numéro du dossier",
    propose_submit: "Proposer la suppression",
    begun: "Ce qui a été confirmé",
    nothing_begun: "Rien pour l’instant.",
    reference: "Référence",
    what: "Quoi",
    one_organization: "Une organisation",
    one_contact: "Un contact",
    proposed: "Proposé par",
    confirmed: "Confirmé par",
    unknown: "quelqu’un qui est parti",
    day: "Confirmé le",
    state: "État",
    state_name: |state| match state {
        State::Waiting => "En attente",
        State::Held => "Gelé par la loi",
        State::Erasing => "Effacement en cours",
        State::Completed => "Terminé",
        State::Cancelled => "Annulé",
    },
};

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_can_break_before_a_sign_or_inside_a_quotation() {
        super::super::super::super::spaces::check(include_str!("fr.rs"));
    }
}
