//! Français : vouvoiement, mots simples, espaces insécables.

use erasure::{
    disconnection::Act,
    locale::Locale::Fr,
    manifest::Category,
    progress::{Stage, StageState},
    receipt::KeptKind,
    session::Role,
};

use super::{
    format::{span, total},
    texts::{
        Code, Common, Danger, Erasure, Identity, Login, Lost, Overview, Receipt, Settings, Texts,
        Troubles, Wizard,
    },
};

pub(super) static TEXTS: Texts = Texts {
    common: COMMON,
    login: LOGIN,
    settings: SETTINGS,
    danger: DANGER,
    wizard: WIZARD,
    overview: OVERVIEW,
    identity: IDENTITY,
    code: CODE,
    erasure: ERASURE,
    receipt: RECEIPT,
    lost: LOST,
    trouble: TROUBLES,
};

const COMMON: Common = Common {
    skip_to_content: "Aller au contenu",
    other_language: "English",
    sign_out: "Se déconnecter",
    settings: "Paramètres",
    danger_zone: "Zone dangereuse",
    general: "Général",
    navigation: "Paramètres",
    help: "Aide",
    privacy: "Vie privée",
    demo: "Démonstration : les données sont inventées.",
    demo_mailbox: "Ouvrir la boîte aux lettres",
    continue_: "Continuer",
    offline: "Vous semblez être hors ligne. Rien n’est perdu : vérifiez votre connexion, puis réessayez.",
    error_heading: "Il y a un problème",
    error_prefix: "Erreur : ",
    category: |category| match category {
        Category::Account => "Compte",
        Category::WhatsappProfiles => "Profils WhatsApp",
        Category::Contacts => "Contacts",
        Category::Messages => "Messages",
        Category::Automations => "Automatisations",
        Category::Analytics => "Statistiques d’usage",
        Category::Media => "Fichiers",
    },
    category_hint: |category| match category {
        Category::Account => "nom, adresse e-mail, organisation, mot de passe",
        Category::WhatsappProfiles => "numéros, comptes WhatsApp Business, jetons d’accès",
        Category::Contacts => "noms, numéros, notes",
        Category::Messages => "reçus et envoyés, conversations",
        Category::Automations => "scénarios, campagnes, agents IA, modèles de messages",
        Category::Analytics => "événements et compteurs liés au compte",
        Category::Media => "images, sons, vidéos, documents",
    },
    kept: |kind| match kind {
        KeptKind::Billing => "Factures et pièces comptables",
        KeptKind::SecurityLogs => "Journaux de sécurité",
        KeptKind::Backups => "Sauvegardes",
    },
};

const LOGIN: Login = Login {
    title: "Se connecter",
    intro: |product| format!("Accédez à votre compte {product}."),
    email: "Adresse e-mail",
    password: "Mot de passe",
    submit: "Se connecter",
    needed: "Connectez-vous pour continuer. Vous reviendrez ensuite à la page demandée.",
    ended: "Votre session a pris fin. Reconnectez-vous : vous reprendrez où vous en étiez.",
    signed_out: "Vous êtes déconnecté.",
};

const SETTINGS: Settings = Settings {
    profile: "Votre profil",
    name: "Nom",
    email: "Adresse e-mail",
    organizations: "Vos organisations",
    no_organization: "Vous ne faites partie d’aucune organisation.",
    role: |role| match role {
        Role::Owner => "Propriétaire",
        Role::Admin => "Administrateur",
        Role::Member => "Membre",
    },
};

const DANGER: Danger = Danger {
    intro: "Ce que vous faites ici ne peut pas être défait.",
    delete_heading: "Supprimer le compte",
    delete_text: "Efface votre compte et tout ce qu’il contient : profils WhatsApp, contacts, messages, automatisations, statistiques et fichiers.",
    delete_steps: "Vous verrez d’abord la liste exacte de ce qui sera supprimé. Rien n’est effacé avant le code de confirmation que vous recevrez par e-mail.",
    delete_link: "Supprimer le compte",
};

const WIZARD: Wizard = Wizard {
    title: "Supprimer le compte",
    steps: ["Aperçu", "Identité", "Code", "Suppression"],
    steps_label: "Étapes de la suppression",
    step_of: |step, steps| format!("Étape {step} sur {steps}"),
    step_done: "terminée",
    leave: "Quitter sans supprimer",
    leave_short: ["Quitter", " sans supprimer"],
    back: "Retour",
};

const OVERVIEW: Overview = Overview {
    title: "Ce qui sera supprimé",
    intro: |product| {
        format!(
            "Voici ce que {product} effacera, ce qui doit être gardé, et pourquoi. Rien n’est supprimé à cette étape."
        )
    },
    consequences: "Ce que cela change",
    organization_erased: |name| format!("L’organisation « {name} » sera supprimée"),
    sole_owner: "Vous en êtes l’unique propriétaire. L’organisation et toutes ses données seront effacées.",
    others_lose_access: |people| match people {
        0 => "Personne d’autre n’y a accès.".to_owned(),
        1 => "1 autre personne perdra son accès.".to_owned(),
        _ => format!(
            "{} perdront leur accès.",
            total(Fr, people, "autre personne", "autres personnes")
        ),
    },
    organization_erased_later: |name| {
        format!("L’organisation « {name} » sera supprimée après un délai")
    },
    other_owners: |owners, window| {
        let window = span(Fr, window);
        if owners == 1 {
            format!(
                "L’autre propriétaire sera prévenu par e-mail et pourra annuler pendant {window}."
            )
        } else {
            format!(
                "Les {owners} autres propriétaires seront prévenus par e-mail et pourront annuler pendant {window}."
            )
        }
    },
    access_left: |name| format!("Vous quitterez l’organisation « {name} »"),
    access_left_text: "Vous n’en êtes pas propriétaire : l’organisation et ses données restent. Seules vos informations personnelles sont effacées.",
    no_organization: "Vous ne faites partie d’aucune organisation : seules vos informations personnelles seront effacées.",
    person_erased: "Votre compte personnel sera supprimé",
    person_erased_text: "Vous serez déconnecté de tous vos appareils dès la confirmation.",
    counts: "Données supprimées",
    counts_caption: "Nombre d’éléments supprimés, par catégorie",
    what: "Catégorie",
    records: "Éléments",
    sum: "Total",
    kept: "Ce qui est gardé, et jusqu’à quand",
    kept_intro: "Ces données ne servent à rien d’autre. Elles sont détruites à la date indiquée.",
    kept_until: |date| format!("Jusqu’au {date}"),
    kept_records: |records| total(Fr, records, "élément", "éléments"),
    meta: "Du côté de Meta (WhatsApp)",
    meta_numbers: |numbers| {
        if numbers == 1 {
            "Nous ne recevrons plus les messages de ce numéro :"
        } else {
            "Nous ne recevrons plus les messages de ces numéros :"
        }
    },
    meta_none: "Aucun numéro WhatsApp n’est connecté : il n’y a rien à faire chez Meta.",
    meta_yours: "Votre compte WhatsApp Business appartient à votre espace Meta. Nous n’y touchons pas. Si vous voulez le supprimer aussi :",
    deregister_title: "Libérer vos numéros (facultatif)",
    deregister_why: "Un numéro que vous cochez quitte aussi l’API WhatsApp Business : plus personne ne peut s’en servir là-bas, et vous pouvez l’installer dans l’application WhatsApp. Il peut y revenir plus tard ; Meta limite ces changements à dix en 72 heures.",
    deregister: |number| format!("Retirer {number} de l’API WhatsApp Business"),
    meta_steps: [
        "Ouvrez les paramètres d’entreprise de Meta, rubrique Comptes WhatsApp.",
        "Choisissez le compte relié à ces numéros.",
        "Retirez-le, ou supprimez ses numéros dans le gestionnaire WhatsApp.",
    ],
    meta_link: "Ouvrir les paramètres d’entreprise de Meta",
    when: "Quand",
    when_now: "La suppression commence dès que votre code est confirmé. Les données quittent nos systèmes en 24 heures au plus, et en général en quelques minutes.",
    when_later: |window| {
        format!(
            "La suppression commence {} après la confirmation. D’ici là, vous ou un autre propriétaire pouvez l’annuler. Ensuite, les données quittent nos systèmes en 24 heures au plus.",
            span(Fr, window)
        )
    },
    nothing_yet: "En continuant, vous recevrez un code par e-mail. Rien n’est supprimé avant que vous le saisissiez.",
};

const IDENTITY: Identity = Identity {
    title: "Confirmez que c’est bien vous",
    intro: "Pour protéger votre compte, redonnez votre mot de passe.",
    account: "Compte",
    password: "Mot de passe",
    nothing_yet: "Ensuite, nous enverrons un code à votre adresse e-mail. Rien n’est supprimé à cette étape.",
    proof_needed: "Plus de cinq minutes ont passé. Redonnez votre mot de passe pour continuer.",
};

const CODE: Code = Code {
    title: "Saisissez le code reçu par e-mail",
    title_without: "Demandez un nouveau code",
    sent_to: "Nous avons envoyé un code à 8 chiffres à",
    valid_until: "Il est valable jusqu’à",
    expires_soon: "Ce code expire dans moins d’une minute. Vous pouvez en demander un autre plus bas.",
    expired_now: "Ce code a expiré. Demandez-en un autre plus bas.",
    none_valid: "Aucun code n’est valable en ce moment. Demandez-en un : il arrive en général en moins d’une minute.",
    not_delivered: |address| {
        format!(
            "Notre serveur d’e-mail ne répond pas. Rien n’est perdu : l’envoi de votre code à {address} est retenté automatiquement. Vous pouvez aussi en demander un autre."
        )
    },
    sent_again: "Un nouveau code est en route. Le précédent n’est plus valable.",
    label: "Code à 8 chiffres",
    hint: "Par exemple 1234 5678. Vous pouvez le coller avec ses espaces.",
    recap: "Vous allez supprimer",
    recap_total: |records| format!("{} au total", total(Fr, records, "élément", "éléments")),
    final_now: "C’est définitif : une fois le code confirmé, la suppression ne peut plus être arrêtée.",
    final_later: |window| {
        format!(
            "Après la confirmation, vous ou un autre propriétaire pourrez encore annuler pendant {}. Ensuite, c’est définitif.",
            span(Fr, window)
        )
    },
    submit: "Supprimer définitivement le compte",
    resend: "Envoyer un autre code",
    resend_new: "Envoyer un nouveau code",
    resend_wait: "Envoyer un autre code dans {s} s",
    resend_from: "Un autre code pourra être demandé à partir de",
    help: "Vous n’avez rien reçu, ou l’adresse n’est pas la bonne ?",
    help_spam: "Regardez dans les courriers indésirables.",
    help_wait: "Attendez une minute, puis demandez un autre code.",
    help_address: "Si vous n’avez plus accès à cette adresse, écrivez-nous :",
};

const ERASURE: Erasure = Erasure {
    waiting_title: "Suppression programmée",
    waiting_text: "La demande est confirmée. Tous les propriétaires ont été prévenus par e-mail.",
    waiting_starts: "La suppression commencera le",
    cancel_heading: "Changer d’avis",
    cancel_text: "Jusqu’à ce moment, la suppression peut être annulée. Les accès sont alors rétablis et rien n’est perdu.",
    cancel: "Annuler la suppression",
    erasing_title: "Suppression en cours",
    erasing_text: "Vous pouvez fermer cette page : la suppression continue, et vous recevrez un e-mail à la fin.",
    delayed: "Une étape prend plus de temps que prévu. Nous réessayons automatiquement ; vous n’avez rien à faire.",
    due: "Au plus tard le",
    lost_connection: "Connexion perdue, nous réessayons. Cela ne change rien à la suppression.",
    stages: "Étapes",
    stage: |stage| match stage {
        Stage::Inventory => "Décompte des données",
        Stage::Meta => "Arrêt de la réception chez Meta",
        Stage::Archive => "Mise sous clé de ce que la loi impose de garder",
        Stage::Anonymize => "Anonymisation des journaux de sécurité",
        Stage::Media => "Suppression des fichiers",
        Stage::Rows => "Suppression des données",
        Stage::Mentions => "Suppression des copies dans ce qui reste",
        Stage::Scrub => "Effacement des traces sur le disque",
        Stage::Verify => "Relecture de contrôle",
        Stage::Receipt => "Rédaction du reçu",
    },
    stage_state: |state| match state {
        StageState::Pending => "à venir",
        StageState::Running => "en cours",
        StageState::Done => "terminée",
        StageState::Unconfirmed => "non confirmée par Meta",
    },
    summary: "Étape {n} sur {total} : {stage}",
    categories: "Données",
    erased_of: |erased, expected| format!("{erased} sur {expected}"),
    nothing: "rien à effacer",
    keep_link: "Gardez l’adresse de cette page : elle s’ouvre sans connexion et mène à votre reçu.",
    reference: "Référence",
    confirmed: "Confirmée le",
    cancelled_title: "Suppression annulée",
    cancelled_text: "Rien n’a été supprimé. Le compte et l’organisation fonctionnent de nouveau comme avant.",
    cancelled_login: "Se connecter",
};

const RECEIPT: Receipt = Receipt {
    title: "Suppression terminée",
    intro: |date| format!("Tout a été effacé, puis vérifié, le {date}. Voici votre reçu."),
    facts: "En bref",
    requested: "Demandée le",
    completed: "Terminée le",
    controller: "Responsable",
    counts: "Ce qui a été supprimé",
    found: "Trouvés",
    erased: "Effacés",
    verification: "Vérification",
    verified: |tables, columns| {
        format!(
            "Une relecture séparée a parcouru {} et {}.",
            total(Fr, tables, "table", "tables"),
            total(Fr, columns, "colonne", "colonnes")
        )
    },
    verified_nothing: "Elle n’a plus rien trouvé.",
    verified_left: |found| format!("Elle a trouvé {}.", total(Fr, found, "élément", "éléments")),
    verified_at: "Faite le",
    meta: "Chez Meta",
    meta_none: "Aucun compte WhatsApp Business n’était connecté.",
    meta_act: |act| match act {
        Act::Override => "Adresse de réception propre à un numéro",
        Act::Subscription => "Compte WhatsApp Business",
        Act::Registration => "Numéro dans l’API WhatsApp Business",
        Act::Token => "Jeton d’accès",
    },
    meta_result: |result| match result {
        "cleared" => "retirée",
        "unsubscribed" => "réception arrêtée",
        "deregistered" => "retiré",
        "revoked" => "révoqué, puis détruit",
        "already_gone" => "n’existait déjà plus",
        "not_configured" => "détruit chez nous, sans passer par Meta",
        "never_confirmed" => "arrêt demandé, jamais confirmé par Meta",
        "no_access" => "notre accès était déjà retiré",
        "not_connected" => "aucune réception n’était active",
        "still_used_by_another_organization" => {
            "conservé : une autre organisation l’utilise encore"
        }
        _ => "demandé ; Meta n’a pas encore confirmé, nous insistons",
    },
    backups: |date| {
        format!(
            "Les sauvegardes qui contiennent encore ces données sont détruites au plus tard le {date}."
        )
    },
    download: "Télécharger le reçu (JSON)",
    print_hint: "Vous pouvez aussi imprimer cette page ou l’enregistrer en PDF.",
    questions: "Une question sur cette suppression ? Écrivez-nous en citant la référence :",
};

const LOST: Lost = Lost {
    not_found_title: "Page introuvable",
    not_found_text: "Cette adresse ne mène à rien. Vérifiez-la, ou repartez de l’accueil.",
    broken_title: "Un problème est survenu",
    broken_text: "C’est de notre côté, pas du vôtre. Réessayez dans un instant.",
    home: "Aller à l’accueil",
};

const TROUBLES: Troubles = Troubles {
    email_missing: "Saisissez votre adresse e-mail.",
    password_missing: "Saisissez votre mot de passe.",
    sign_in_refused: "L’adresse ou le mot de passe ne correspond pas. Vérifiez les deux et réessayez.",
    wrong_password: "Ce mot de passe n’est pas celui de votre compte. Réessayez.",
    code_missing: "Saisissez le code reçu par e-mail.",
    code_not_digits: "Le code ne contient que des chiffres. Vérifiez ce que vous avez saisi.",
    code_too_short: "Il manque des chiffres : le code en compte 8.",
    code_too_long: "Il y a trop de chiffres : le code en compte 8.",
    code_wrong: |tries_left| {
        match tries_left {
        ..=0 => "Ce code n’est pas le bon, et il n’est plus valable après trop d’essais. Demandez-en un autre.".to_owned(),
        _ => format!("Ce code n’est pas le bon. Il vous reste {}.", total(Fr, tries_left, "essai", "essais")),
    }
    },
    code_expired: "Ce code n’est plus valable : il a expiré, il a déjà servi ou un autre l’a remplacé. Demandez-en un autre.",
    plan_outdated: "Le compte a changé depuis l’envoi du code. Relisez ce qui sera supprimé, puis continuez.",
    being_erased: "Un autre propriétaire a déjà demandé la suppression de cette organisation. Elle est en cours.",
    too_soon: |wait| {
        format!(
            "Vous pourrez demander un autre code dans {}.",
            span(Fr, wait)
        )
    },
    too_many_tries: |wait| {
        format!(
            "Trop d’essais. Vous pourrez réessayer dans {}.",
            span(Fr, wait)
        )
    },
    too_late_to_cancel: "La suppression a déjà commencé : elle ne peut plus être annulée.",
    our_fault: "Un problème est survenu de notre côté. Réessayez dans un instant.",
};

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_can_break_before_a_sign_or_inside_a_quotation() {
        crate::locales::spaces::check(include_str!("fr.rs"));
    }
}
