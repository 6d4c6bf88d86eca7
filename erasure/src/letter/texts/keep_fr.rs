//! Les lettres sur ce qui est gardé ou emporté, en français.

use super::super::layout::Block;
use crate::{hold::Basis, locale::Locale::Fr, services::Settings, time::Timestamp};

pub(super) fn held(
    reference: &str,
    link: &str,
    basis: Basis,
    review_at: Timestamp,
    settings: &Settings,
) -> (String, Vec<Block>) {
    (
        format!("Votre suppression doit attendre ({reference})"),
        vec![
            Block::Paragraph("Bonjour,".to_owned()),
            Block::Paragraph(
                "Votre demande de suppression est acceptée. Une raison juridique nous empêche cependant d’effacer ces données maintenant.".to_owned(),
            ),
            Block::Paragraph(format!("La raison : {}", reason(basis))),
            Block::List(vec![
                "Vos accès sont fermés, et plus personne n’utilise ni ne consulte ces données (RGPD, art. 18).".to_owned(),
                "Dès que la raison disparaît, la suppression reprend d’elle-même. Vous n’avez rien à faire.".to_owned(),
                format!("Nous vérifions au plus tard le {} si cette raison existe toujours.", review_at.to_date(Fr)),
            ]),
            Block::Link {
                label: "Voir où en est votre demande".to_owned(),
                address: link.to_owned(),
            },
            Block::Paragraph(format!(
                "Vous n’êtes pas d’accord ? Écrivez-nous à {}. Vous pouvez aussi adresser une réclamation à votre autorité de protection des données (en France, la CNIL : www.cnil.fr) ou saisir un juge.",
                settings.privacy_address
            )),
        ],
    )
}

fn reason(basis: Basis) -> String {
    let words = match basis {
        Basis::LegalClaim => "elles servent à faire valoir ou à défendre un droit en justice",
        Basis::LegalObligation => "une loi nous impose de les conserver",
        Basis::Authority => "une autorité compétente nous a demandé de les conserver",
    };
    format!("{words} (RGPD, art. {}).", basis.article())
}

pub(super) fn resumed(reference: &str, link: &str) -> (String, Vec<Block>) {
    (
        format!("Votre suppression reprend ({reference})"),
        vec![
            Block::Paragraph("Bonjour,".to_owned()),
            Block::Paragraph(
                "La raison juridique qui retenait votre suppression n’existe plus. L’effacement reprend de lui-même : tout aura disparu de nos systèmes dans les 24 heures, et de nos sauvegardes dans les 30 jours.".to_owned(),
            ),
            Block::Link {
                label: "Suivre la suppression".to_owned(),
                address: link.to_owned(),
            },
        ],
    )
}

pub(super) fn exported(at: Timestamp, settings: &Settings) -> (String, Vec<Block>) {
    (
        format!("Vos données {} ont été téléchargées", settings.controller),
        vec![
            Block::Paragraph("Bonjour,".to_owned()),
            Block::Paragraph(format!(
                "Une copie de vos données a été téléchargée depuis votre compte le {}.",
                at.to_moment(Fr)
            )),
            Block::Paragraph(format!(
                "Ce n’était pas vous ? Changez votre mot de passe et écrivez-nous tout de suite à {}.",
                settings.support_address
            )),
        ],
    )
}
