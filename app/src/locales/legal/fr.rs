//! La page légale, en français.

use super::LegalTexts;

pub(super) static TEXTS: LegalTexts = LegalTexts {
    title: |terms| format!("Suppression des données chez {}", terms.controller),
    updated: "Dernière mise à jour : avril 2026",
    contents: "Sur cette page",
    parts: [
        "1. En bref",
        "2. Ce qui peut être supprimé",
        "3. Supprimer soi-même son compte",
        "4. Demander la suppression sans compte",
        "5. Les données WhatsApp",
        "6. Ce qui est gardé, et pourquoi",
        "7. Les délais",
        "8. Nous contacter",
        "9. Autres règles",
    ],
    overview: |terms| {
        [
            format!(
                "{} aide des entreprises à écrire à leurs clients sur WhatsApp. Cette page explique comment faire supprimer vos données, ce qui est effacé, ce qui doit être gardé et en combien de temps.",
                terms.controller
            ),
            "La suppression est gratuite. Elle est définitive : une fois faite, personne ne peut ramener les données.".to_owned(),
        ]
    },
    ways: [
        ["Vous avez un compte", "Supprimer mon compte"],
        [
            "Vous n’avez pas de compte, ou plus d’accès",
            "Demander la suppression",
        ],
    ],
    deleted: [
        (
            "Compte",
            "nom, adresse e-mail, organisation, empreinte du mot de passe",
        ),
        (
            "Profils WhatsApp",
            "identifiant du numéro, identifiant du compte WhatsApp Business (WABA), jeton d’accès, chiffré jusque-là",
        ),
        ("Contacts", "noms, numéros, notes"),
        ("Messages", "reçus et envoyés, conversations"),
        (
            "Automatisations",
            "scénarios, campagnes, agents IA, modèles de messages",
        ),
        (
            "Statistiques d’usage",
            "événements et compteurs liés au compte",
        ),
        (
            "Fichiers",
            "images, sons, vidéos, documents, envoyés ou reçus",
        ),
    ],
    deleted_intro: |terms| {
        format!(
            "{} efface ces sept catégories, les compte, puis relit toutes ses tables pour vérifier qu’il ne reste rien. Une personne sans compte fait effacer ce qui la concerne chez toutes les entreprises, et rien de ce qui concerne les autres.",
            terms.controller
        )
    },
    self_service: "Si vous pouvez vous connecter, c’est le plus rapide :",
    self_service_steps: [
        "Connectez-vous.",
        "Ouvrez Paramètres, puis Zone dangereuse, puis Supprimer le compte.",
        "Lisez la liste exacte de ce qui sera supprimé et de ce qui sera gardé.",
        "Saisissez le code à 8 chiffres reçu par e-mail.",
        "Suivez l’effacement, puis gardez le reçu.",
    ],
    self_service_link: "Aller à la suppression du compte",
    self_service_owners: "S’il y a plusieurs propriétaires, les autres sont prévenus et peuvent annuler pendant un court délai.",
    request: |terms| {
        format!(
            "Sans compte, ou si vous n’y avez plus accès, remplissez le formulaire ou écrivez à {}. La demande contient :",
            terms.privacy
        )
    },
    request_holds: [
        "l’adresse e-mail du compte, si vous êtes client ;",
        "votre numéro WhatsApp au format international, si une entreprise vous a écrit ;",
        "le nom de cette entreprise, si vous le connaissez ;",
        "la déclaration que ces données sont les vôtres, ou que la loi vous permet d’agir.",
    ],
    request_link: "Ouvrir le formulaire",
    request_email: "Écrire un e-mail",
    request_proof: "Avant d’effacer, nous vérifions que le numéro ou l’adresse est bien à vous : par un message WhatsApp ou par un code. Nous ne demandons jamais de pièce d’identité. Aucune réponse ne dit à un inconnu si un numéro ou une adresse se trouve chez nous.",
    find_link: "Retrouver une demande déjà faite",
    whatsapp: |terms| {
        [
            format!(
                "Quand un compte est supprimé, {} se désabonne de chaque compte WhatsApp Business relié : Meta cesse de nous envoyer les messages. Le jeton d’accès est détruit.",
                terms.controller
            ),
            "Le compte WhatsApp Business (WABA) lui-même appartient à l’entreprise, chez Meta. Nous n’y touchons pas. Pour le supprimer aussi : paramètres d’entreprise de Meta, rubrique Comptes WhatsApp.".to_owned(),
            "Quand une personne fait effacer ses données, tout ce qui est lié à son numéro part : messages dans les deux sens, fichiers, envois prévus, réponses aux scénarios, traces des agents IA, statistiques. Une empreinte chiffrée empêche qu’un import la fasse revenir.".to_owned(),
            "Les messages restent sur les téléphones de ceux qui les ont reçus, et Meta garde les siens selon ses propres règles.".to_owned(),
        ]
    },
    facebook: |terms| {
        format!(
            "Vous avez relié {} avec votre compte Facebook ? Vous pouvez aussi passer par Facebook : Paramètres et confidentialité, Paramètres, Applications et sites web, {}, Supprimer, puis Envoyer la demande. Meta nous la transmet et vous donne un lien pour la suivre.",
            terms.controller, terms.controller
        )
    },
    retained_intro: "La loi ou la sécurité nous fait garder peu de choses. Elles sont détruites d’elles-mêmes à leur terme.",
    retained: |terms| {
        vec![
            [
                "Factures et pièces comptables".to_owned(),
                format!("{} ans en France", terms.billing_years),
                "Obligation fiscale (Code de commerce, art. L123-22 ; RGPD, art. 17(3)(b)). Dans une archive chiffrée.".to_owned(),
            ],
            [
                "Journaux de sécurité".to_owned(),
                format!("{} jours", terms.security_log_days),
                "Lutte contre la fraude (RGPD, art. 6(1)(f)). Rendus anonymes avant d’être gardés.".to_owned(),
            ],
            [
                "Sauvegardes".to_owned(),
                format!("{} jours au plus", terms.backup_days),
                "Reprise après panne (RGPD, art. 32(1)(c)). Chiffrées ; une restauration ne ramène jamais une personne effacée.".to_owned(),
            ],
            [
                "Trace de la demande".to_owned(),
                "5 ans".to_owned(),
                "Preuve que nous avons répondu (RGPD, art. 5(2)). Sans nom ni numéro.".to_owned(),
            ],
        ]
    },
    retained_use: "Rien de ce qui est gardé ne sert au commerce, à l’analyse ou à l’entraînement de modèles. Les archives ne s’ouvrent que pour une personne autorisée qui indique une base légale, et chaque ouverture est enregistrée.",
    timeline: |terms| {
        vec![
            [
                "Compte supprimé par vous".to_owned(),
                "effacé en 24 heures au plus, en général en quelques minutes".to_owned(),
            ],
            [
                "Accusé de réception d’une demande".to_owned(),
                "tout de suite, et 72 heures au plus".to_owned(),
            ],
            [
                "Réponse à une demande".to_owned(),
                "30 jours au plus, ou un mois si c’est plus court".to_owned(),
            ],
            [
                "Sauvegardes".to_owned(),
                format!("{} jours au plus après l’effacement", terms.backup_days),
            ],
        ]
    },
    timeline_longer: "Un cas difficile (plusieurs entreprises, obligation de garder) peut demander jusqu’à deux mois de plus. Nous vous le disons par écrit, avec les raisons, avant la fin du premier délai.",
    contact: |terms| {
        vec![
            ["Responsable".to_owned(), terms.controller.clone()],
            ["Vie privée".to_owned(), terms.privacy.clone()],
            ["Aide".to_owned(), terms.support.clone()],
            ["Application".to_owned(), terms.site.clone()],
        ]
    },
    complain: "Si notre réponse ne vous satisfait pas, vous pouvez vous plaindre à l’autorité de protection des données de votre pays. En France, c’est la CNIL :",
    policies: "À lire aussi :",
    privacy_policy: "Politique de confidentialité",
    terms_of_service: "Conditions d’utilisation",
    meta_policies: [
        "Politique de confidentialité de WhatsApp",
        "Conditions de la plateforme Meta",
    ],
    print: "Cette page peut être imprimée.",
};

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_can_break_before_a_sign_or_inside_a_quotation() {
        crate::locales::spaces::check(include_str!("fr.rs"));
    }
}
