//! Les lettres, en français.

use super::{
    super::{
        Facts,
        layout::{Block, Written},
    },
    grouped, keep_fr, meta, meta_fr, request_fr, spaced, staff_fr,
};
use crate::{
    locale::Locale::Fr,
    manifest::Category,
    receipt::{KeptKind, KeptReceipt, Receipt},
    services::Settings,
};

#[expect(clippy::too_many_lines, reason = "one arm for each letter")]
pub(super) fn write(facts: &Facts, settings: &Settings) -> Written {
    let controller = &settings.controller;
    let (subject, blocks) = match facts {
        Facts::DeletionCode { code, organizations, counts, expires_at } => (
            format!("Votre code de suppression {controller}"),
            vec![
                Block::Paragraph("Bonjour,".to_owned()),
                Block::Paragraph(format!("Voici le code qui confirme la suppression {}.", of(organizations))),
                Block::Code(spaced(code)),
                Block::Paragraph(format!(
                    "Saisissez-le sur la page que vous avez laissée ouverte. Il fonctionne une seule fois, jusqu’au {}.",
                    expires_at.to_moment(Fr)
                )),
                Block::Paragraph("Ce qui sera supprimé définitivement :".to_owned()),
                Block::List(counts.iter().map(|(category, rows)| format!("{} : {}", name(*category), number(*rows))).collect()),
                Block::Paragraph(format!(
                    "Vous n’avez rien demandé ? Ne donnez ce code à personne, changez votre mot de passe et écrivez-nous à {}. Sans le code, rien n’est supprimé.",
                    settings.support_address
                )),
            ],
        ),
        Facts::DeletionStarted { reference, organizations, link, starts_at } => (
            format!("Votre suppression est confirmée ({reference})"),
            vec![
                Block::Paragraph("Bonjour,".to_owned()),
                Block::Paragraph(format!("Vous avez confirmé la suppression {}.", of(organizations))),
                Block::Paragraph(starts_at.map_or_else(
                    || "Elle est en cours. Tout aura disparu de nos systèmes dans les 24 heures, et de nos sauvegardes dans les 30 jours.".to_owned(),
                    |at| format!("Les autres propriétaires ont été prévenus et peuvent l’annuler jusqu’au {}. Elle commence ensuite d’elle-même.", at.to_moment(Fr)),
                )),
                Block::Link { label: "Suivre la suppression".to_owned(), address: link.clone() },
                Block::Paragraph("Ce lien est personnel : il montre l’avancement, puis votre reçu.".to_owned()),
                not_you(settings),
            ],
        ),
        Facts::DeletionAnnounced { reference, organization, cancel } => (
            format!("{organization} va être supprimée de {controller} ({reference})"),
            announced(organization, cancel.as_ref(), settings),
        ),
        Facts::DeletionOrdered { reference, organization } => (
            format!("{organization} va être supprimée de {controller} ({reference})"),
            ordered(organization, settings),
        ),
        Facts::DeletionCancelled { reference, organizations } => (
            format!("Suppression annulée ({reference})"),
            vec![
                Block::Paragraph("Bonjour,".to_owned()),
                Block::Paragraph(format!("La suppression {} a été annulée. Rien n’a été supprimé.", of(organizations))),
                Block::Paragraph("Vous pouvez vous reconnecter dès maintenant.".to_owned()),
            ],
        ),
        Facts::DeletionCompleted { link, receipt } => (
            format!("C’est fait : vos données sont supprimées ({})", receipt.reference),
            completed(link, receipt, settings),
        ),
        Facts::DeletionHeld { reference, link, basis, review_at } => keep_fr::held(reference, link, *basis, *review_at, settings),
        Facts::DeletionResumed { reference, link } => keep_fr::resumed(reference, link),
        Facts::DataExported { at } => keep_fr::exported(*at, settings),
        Facts::Request(facts) => request_fr::write(facts, settings),
        Facts::WhatsappDisconnected { organization, numbers, reason } => {
            meta::disconnected(&meta_fr::WORDS, organization, numbers, *reason, settings)
        }
        Facts::FacebookLoginErased { wizard, disconnected } => {
            meta::login_erased(&meta_fr::WORDS, wizard, *disconnected, settings)
        }
        Facts::StaffInvited { role, link, expires_at } => staff_fr::invited(*role, link, *expires_at, settings),
        Facts::StaffNotice { event, at } => staff_fr::notice(*event, *at, settings),
    };
    let signature = format!(
        "{controller} · {} · {}",
        settings.privacy_address, settings.public_url
    );
    Written {
        subject,
        blocks,
        signature,
    }
}

fn announced(
    organization: &str,
    cancel: Option<&super::super::CancelFacts>,
    settings: &Settings,
) -> Vec<Block> {
    let mut blocks = vec![
        Block::Paragraph("Bonjour,".to_owned()),
        Block::Paragraph(format!(
            "Un propriétaire de « {organization} » a confirmé la suppression de cette organisation et de tout ce qu’elle contient. L’accès est déjà fermé."
        )),
    ];
    if let Some(cancel) = cancel {
        blocks.push(Block::Paragraph(format!(
            "En tant que propriétaire, vous pouvez l’annuler jusqu’au {}.",
            cancel.until.to_moment(Fr)
        )));
        blocks.push(Block::Link {
            label: "Voir la demande et l’annuler".to_owned(),
            address: cancel.link.clone(),
        });
    }
    blocks.push(Block::Paragraph(format!(
        "Si vous n’avez plus d’autre organisation, votre accès personnel est supprimé aussi. Une question ? Écrivez-nous à {}.",
        settings.privacy_address
    )));
    blocks
}

fn ordered(organization: &str, settings: &Settings) -> Vec<Block> {
    vec![
        Block::Paragraph("Bonjour,".to_owned()),
        Block::Paragraph(format!(
            "Deux personnes chargées de la protection des données chez {} ont décidé, pour un motif légal, que « {organization} » et tout ce qu’elle contient seront supprimés. L’accès est déjà fermé.",
            settings.controller
        )),
        Block::Paragraph(
            "Si vous n’avez plus d’autre organisation, votre accès personnel est supprimé aussi."
                .to_owned(),
        ),
        Block::Paragraph(format!(
            "Vous voulez connaître le motif, ou vous n’êtes pas d’accord ? Écrivez-nous à {} en indiquant la référence qui figure dans l’objet de cette lettre. Vous pouvez aussi adresser une réclamation à votre autorité de protection des données (en France, la CNIL : www.cnil.fr) ou saisir un juge.",
            settings.privacy_address
        )),
    ]
}

fn completed(link: &str, receipt: &Receipt, settings: &Settings) -> Vec<Block> {
    vec![
        Block::Paragraph("Bonjour,".to_owned()),
        Block::Paragraph(format!(
            "La suppression demandée le {} est terminée depuis le {}. Nous avons relu toutes nos tables : il ne reste rien.",
            receipt.requested_at.to_moment(Fr),
            receipt.completed_at.to_moment(Fr)
        )),
        Block::Paragraph("Ce qui a été supprimé :".to_owned()),
        Block::List(
            receipt
                .categories
                .iter()
                .map(|row| format!("{} : {}", name(row.category), number(row.erased)))
                .collect(),
        ),
        Block::Paragraph(
            "Ce que la loi ou la sécurité nous fait garder, et jusqu’à quand :".to_owned(),
        ),
        Block::List(receipt.kept.iter().map(kept).collect()),
        Block::Link {
            label: "Voir et télécharger votre reçu".to_owned(),
            address: link.to_owned(),
        },
        Block::Paragraph(format!(
            "C’est le dernier message que vous recevez de nous : votre adresse est effacée dès qu’il est parti. Vous pouvez écrire à {} ou adresser une réclamation à votre autorité de protection des données (en France, la CNIL : www.cnil.fr).",
            settings.privacy_address
        )),
    ]
}

fn kept(row: &KeptReceipt) -> String {
    let until = row.until.to_date(Fr);
    match row.what {
        KeptKind::Billing => format!(
            "Factures, dans une archive chiffrée, jusqu’au {until} ({})",
            row.basis
        ),
        KeptKind::SecurityLogs => format!(
            "Journaux de sécurité rendus anonymes, jusqu’au {until} ({})",
            row.basis
        ),
        KeptKind::Backups => format!(
            "Sauvegardes chiffrées, jusqu’au {until} au plus tard ({})",
            row.basis
        ),
    }
}

fn not_you(settings: &Settings) -> Block {
    Block::Paragraph(format!(
        "Ce n’était pas vous ? Écrivez tout de suite à {}.",
        settings.support_address
    ))
}

fn of(organizations: &[String]) -> String {
    match organizations {
        [] => "de votre compte".to_owned(),
        [one] => format!("de l’organisation « {one} » et de votre compte"),
        several => format!(
            "de votre compte et des organisations {}",
            several
                .iter()
                .map(|name| format!("« {name} »"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

pub(super) const fn name(category: Category) -> &'static str {
    match category {
        Category::Account => "Compte",
        Category::WhatsappProfiles => "Profils WhatsApp",
        Category::Contacts => "Contacts",
        Category::Messages => "Messages et conversations",
        Category::Automations => "Scénarios, campagnes, agents IA et modèles",
        Category::Analytics => "Statistiques d’utilisation",
        Category::Media => "Fichiers",
    }
}

/// Thousands are set apart by a narrow no-break space.
pub(super) fn number(rows: i64) -> String {
    grouped(rows, '\u{202f}')
}
