//! Les lettres aux personnes de la console, en français.

use super::super::{StaffEvent, layout::Block};
use crate::{locale::Locale::Fr, services::Settings, staff::Role, time::Timestamp};

/// L’invitation : le lien qui ouvre le compte une fois.
pub(super) fn invited(
    role: Role,
    link: &str,
    expires_at: Timestamp,
    settings: &Settings,
) -> (String, Vec<Block>) {
    let controller = &settings.controller;
    let role = match role {
        Role::Agent => "agent",
        Role::Officer => "responsable",
        Role::Auditor => "auditeur",
        Role::Administrator => "administrateur",
    };
    (
        format!("Votre accès à la console {controller}"),
        vec![
            Block::Paragraph("Bonjour,".to_owned()),
            Block::Paragraph(format!(
                "Un accès à la console de protection des données de {controller} vous est ouvert, avec le rôle « {role} »."
            )),
            Block::Link {
                label: "Choisir votre mot de passe".to_owned(),
                address: link.to_owned(),
            },
            Block::Paragraph(format!(
                "Ce lien fonctionne une seule fois, jusqu’au {}. Gardez votre téléphone à portée de main : une application d’authentification vous sera demandée.",
                expires_at.to_moment(Fr)
            )),
            Block::Paragraph(format!(
                "Vous n’attendiez pas cette lettre ? N’ouvrez pas le lien et écrivez-nous à {}.",
                settings.privacy_address
            )),
        ],
    )
}

/// Ce qui vient d’arriver au compte, au cas où ce ne serait pas vous.
pub(super) fn notice(
    event: StaffEvent,
    at: Timestamp,
    settings: &Settings,
) -> (String, Vec<Block>) {
    let (subject, what) = match event {
        StaffEvent::CodesClosed => (
            "Trop de codes faux pour votre accès à la console",
            "Dix codes faux ont été saisis avec le bon mot de passe. Les codes sont refusés pendant vingt-quatre heures. Si ce n’était pas vous, quelqu’un connaît votre mot de passe : demandez aussitôt à un administrateur de réinitialiser votre accès.",
        ),
        StaffEvent::RecoveryCodeUsed => (
            "Un code de secours a servi",
            "Quelqu’un s’est identifié à la console avec l’un de vos codes de secours. Ce code ne sert plus.",
        ),
        StaffEvent::PasswordChanged => (
            "Votre mot de passe de la console a changé",
            "Le mot de passe de votre accès à la console a été changé, et vos autres sessions ont été fermées.",
        ),
        StaffEvent::AuthenticatorChanged => (
            "Une autre application d’authentification est en place",
            "Une autre application d’authentification a remplacé la vôtre, et vos autres sessions ont été fermées.",
        ),
        StaffEvent::PasskeyAdded => (
            "Une clé d’accès a été ajoutée",
            "Une clé d’accès a été ajoutée à votre accès à la console. Elle permet de se connecter sans mot de passe.",
        ),
    };
    (
        format!("{subject} ({})", settings.controller),
        vec![
            Block::Paragraph("Bonjour,".to_owned()),
            Block::Paragraph(what.to_owned()),
            Block::Paragraph(format!("C’était le {}.", at.to_moment(Fr))),
            Block::Paragraph(format!(
                "Ce n’était pas vous ? Prévenez un administrateur et écrivez-nous tout de suite à {}.",
                settings.privacy_address
            )),
        ],
    )
}
