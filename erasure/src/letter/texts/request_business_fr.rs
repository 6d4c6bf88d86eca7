//! The letters to a business about a contact who asks, in French.

use super::{
    super::layout::Block,
    request_fr::{date, hello, moment, text},
};
use crate::{request::letters::ControllerFacts, services::Settings, time::Timestamp};

pub(super) fn notice(facts: &ControllerFacts, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "Un contact de {} a demandé le {} l’effacement de ses données, et a montré que ce numéro est bien le sien : {}.",
            facts.organization,
            date(settings, facts.received_at),
            facts.identity
        )),
        text(format!(
            "En tant que sous-traitant, {} efface tout ce que votre compte contient sur cette personne : fiche, messages, fichiers, envois prévus, statistiques. Le reste de votre compte n’est pas touché.",
            settings.controller
        )),
        text("Ce qu’il vous reste à faire, comme responsable du traitement :"),
        Block::List(vec![
            "effacez vos propres copies : exports, carnets d’adresses, autres logiciels ;"
                .to_owned(),
            "prévenez ceux à qui vous avez transmis ces données (RGPD, art. 19) ;".to_owned(),
            "n’ajoutez plus ce numéro : il est sur votre liste d’exclusion.".to_owned(),
        ]),
        text(format!(
            "La loi donne jusqu’au {}. Référence : {}. Une question : {}.",
            date(settings, facts.due_at),
            facts.reference,
            settings.privacy_address
        )),
    ]
}

pub(super) fn objection(
    facts: &ControllerFacts,
    until: Timestamp,
    link: &str,
    settings: &Settings,
) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "Un contact de {} a demandé le {} l’effacement de ses données, et a montré que ce numéro est bien le sien : {}.",
            facts.organization,
            date(settings, facts.received_at),
            facts.identity
        )),
        text(format!(
            "Selon vos réglages, vous avez jusqu’au {} pour vous y opposer, si une loi vous oblige ou vous autorise à garder quelque chose (RGPD, art. 17(3)). Sans réponse de votre part, {} effacera tout ce que votre compte contient sur cette personne.",
            moment(settings, until),
            settings.controller
        )),
        Block::Link {
            label: "Voir la demande et s’y opposer".to_owned(),
            address: link.to_owned(),
        },
        text(format!(
            "La loi donne jusqu’au {} pour répondre à cette personne. Référence : {}. Une question : {}.",
            date(settings, facts.due_at),
            facts.reference,
            settings.privacy_address
        )),
    ]
}
