//! Français : pour tout le monde, donc avec des mots de tous les jours.

use erasure::request::{ExtensionReason, Ground, Role, Stage};

use super::{Check, Find, Form, Objection, Proof, RequestTexts, StatusWords};
use crate::wire::RequestTrouble;

pub(super) static TEXTS: RequestTexts = RequestTexts {
    form: FORM,
    check: CHECK,
    proof: PROOF,
    status: STATUS,
    find: FIND,
    objection: OBJECTION,
    trouble,
};

const FORM: Form = Form {
    title: "Demander la suppression de mes données",
    step_of: |step, steps| format!("Étape {step} sur {steps}"),
    go_on: "Continuer",
    back: "Retour",
    privacy: "Vos réponses restent dans votre navigateur jusqu’à l’envoi. Ensuite, elles ne servent qu’à traiter la demande.",
    who: "Qui êtes-vous ?",
    who_intro: |product| {
        format!(
            "Des entreprises utilisent {product} pour écrire sur WhatsApp. Vous pouvez demander ici que ce qui y est gardé sur vous soit effacé. C’est gratuit, et vous n’avez pas besoin de compte."
        )
    },
    who_short: "Vous êtes",
    role: |role| match role {
        Role::EndUser => "Une personne à qui une entreprise a écrit sur WhatsApp",
        Role::AccountHolder => "Le titulaire d’un compte auquel je n’ai plus accès",
        Role::Representative => "Quelqu’un qui agit pour une autre personne",
    },
    role_hint: |role| match role {
        Role::EndUser => "Je veux que mes messages et mes informations soient effacés.",
        Role::AccountHolder => "Je suis client et je veux supprimer mon compte.",
        Role::Representative => "Parent, tuteur, héritier, avocat… avec le droit d’agir pour elle.",
    },
    signed_in: "Vous avez un compte et vous pouvez vous connecter ?",
    signed_in_link: "Supprimez-le directement, en quelques minutes",
    number: "Votre numéro WhatsApp",
    number_label: "Numéro WhatsApp",
    number_hint: "Avec l’indicatif du pays, par exemple +33 6 12 34 56 78.",
    number_only: "Vous montrerez ensuite que ce numéro est bien le vôtre. Seul ce numéro sert à trouver vos données.",
    account: "L’adresse e-mail de votre compte",
    account_label: "Adresse e-mail du compte",
    account_hint: "Celle avec laquelle vous vous connectiez.",
    account_lost: "Vous n’avez plus accès à cette adresse non plus ? Écrivez-nous :",
    either: "La personne pour qui vous agissez",
    either_label: "Son numéro WhatsApp, ou l’adresse e-mail de son compte",
    either_hint: "Par exemple +33 6 12 34 56 78, ou nom@exemple.fr.",
    either_review: "Il faudra montrer que ce numéro ou cette adresse est entre vos mains. Une personne de notre équipe examinera ensuite la demande.",
    business: "Quelle entreprise vous a écrit ?",
    business_label: "Nom de l’entreprise (facultatif)",
    business_hint: "Comme vous vous en souvenez. Si vous ne le savez pas, laissez vide.",
    business_all: "Le nom nous aide à vous répondre. Nous cherchons de toute façon chez toutes les entreprises.",
    contact: "Où pouvons-nous vous écrire ?",
    contact_label: "Adresse e-mail pour la réponse (facultatif)",
    contact_hint: "Si vous la laissez vide, vous suivrez la demande avec un lien privé.",
    contact_only: "Elle ne sert qu’à vous répondre, puis elle est effacée. Elle ne sert pas à chercher des données.",
    statement: "Avez-vous le droit de faire cette demande ?",
    statement_intro: "Effacer des données ne peut pas être défait. Nous vous demandons donc de le confirmer.",
    statement_label: |role| match role {
        Role::EndUser => {
            "Ce numéro est le mien, et je demande que les données qui y sont liées soient effacées."
        }
        Role::AccountHolder => {
            "Ce compte est le mien, et je demande qu’il soit supprimé avec ses données."
        }
        Role::Representative => {
            "J’ai légalement le droit d’agir pour cette personne, et je demande que ses données soient effacées."
        }
    },
    statement_free: "La demande est gratuite. Une fausse déclaration peut être punie par la loi.",
};

const CHECK: Check = Check {
    title: "Vérifiez vos réponses",
    intro: "Rien n’est envoyé avant que vous appuyiez sur le bouton.",
    change: "Modifier",
    none: "non précisé",
    stated: "Droit de faire la demande",
    stated_yes: "Confirmé",
    next: "Ensuite, vous montrerez que le numéro ou l’adresse est bien à vous. Rien n’est supprimé avant cela.",
    submit: "Envoyer la demande",
};

const PROOF: Proof = Proof {
    title_address: "Saisissez le code reçu par e-mail",
    title_number: "Montrez que ce numéro est le vôtre",
    number_is: "Le numéro est",
    number_how: "Une personne de notre équipe s’assure qu’il est entre vos mains : il suffit d’un message depuis votre WhatsApp, sans aucun papier.",
    number_write: "Écrivez-nous avec votre référence, et nous vous dirons la suite :",
    by_message: "Par un message depuis votre WhatsApp",
    message_how: "Vous envoyez un code court depuis votre WhatsApp. C’est gratuit, et personne ne peut le faire à votre place.",
    message_show: "Afficher mon code",
    message_to_us: "Envoyez-nous ce code depuis votre WhatsApp :",
    message_to_business: "Envoyez ce code depuis votre WhatsApp, dans la conversation avec l’entreprise qui vous a écrit :",
    message_open: "Ouvrir WhatsApp avec le message",
    message_picture: "Le même lien, pour l’appareil photo de votre téléphone",
    message_waits: "Cette page continue d’elle-même quand votre message est arrivé.",
    by_code: "Par un code sur WhatsApp",
    by_hand: "Aucun des deux ne fonctionne ?",
    received: |reference| {
        format!("Votre demande {reference} est bien arrivée. Il reste une étape.")
    },
    nothing_yet: "Tant que cette étape n’est pas faite, rien n’est supprimé.",
    sent_to: "Nous avons envoyé un code à 8 chiffres à",
    none_valid: "Aucun code n’est valable en ce moment. Demandez-en un : il arrive en général en moins d’une minute.",
    not_delivered: |address| {
        format!(
            "Notre serveur d’e-mail ne répond pas. Rien n’est perdu : l’envoi de votre code à {address} est retenté automatiquement."
        )
    },
    submit: "Confirmer",
    until: |date| {
        format!("Vous avez jusqu’au {date} pour cette étape. Ensuite, la demande est effacée.")
    },
    keep: "À garder",
    keep_link: "Gardez ce lien privé : il montre où en est votre demande, et permet de reprendre ici.",
    help: "Vous n’avez rien reçu ?",
    help_spam: "Regardez dans les courriers indésirables.",
    help_address: "Vérifiez l’adresse. Si elle est fausse, faites une nouvelle demande : celle-ci s’efface d’elle-même.",
    help_privacy: "Vous n’y arrivez pas ? Écrivez-nous avec votre référence :",
};

const STATUS: StatusWords = StatusWords {
    title: |stage| match stage {
        Stage::Received | Stage::Acknowledged => "Il reste une étape",
        Stage::Proven | Stage::Erasing => "Demande confirmée",
        Stage::InReview => "Demande en cours d’examen",
        Stage::Completed => "C’est fait",
        Stage::Refused => "Réponse à votre demande",
        Stage::Expired => "Demande non confirmée",
        Stage::Withdrawn => "Demande retirée",
        Stage::Joined => "Demande jointe à une autre",
    },
    lead: |stage| match stage {
        Stage::Received | Stage::Acknowledged => {
            "Nous avons reçu votre demande. Avant d’effacer quoi que ce soit, il faut que vous montriez que le numéro ou l’adresse est bien à vous."
        }
        Stage::Proven | Stage::Erasing => {
            "Nous cherchons tout ce qui est gardé sur vous, nous l’effaçons, puis nous vérifions qu’il ne reste rien. Vous pouvez fermer cette page."
        }
        Stage::InReview => {
            "Une personne de notre équipe lit votre demande avant que quoi que ce soit soit effacé. Vous n’avez rien à faire."
        }
        Stage::Completed => {
            "Nous avons cherché partout, effacé ce que nous avons trouvé, puis relu : il ne reste rien qui soit lié à ce que vous avez prouvé."
        }
        Stage::Refused => {
            "Nous n’avons pas effacé ce que vous demandiez. Voici pourquoi, et ce que vous pouvez faire."
        }
        Stage::Expired => {
            "Personne n’a montré à temps que le numéro ou l’adresse était le sien. Rien n’a été supprimé, et ce qui avait été saisi est effacé."
        }
        Stage::Withdrawn => {
            "Vous avez retiré cette demande. Rien n’a été supprimé, et ce qui avait été saisi est effacé."
        }
        Stage::Joined => "Vous aviez déjà une demande en cours : c’est elle qui continue.",
    },
    letter_title: "Il reste quelques questions",
    letter_lead: "Nous avons bien reçu votre e-mail. Dites qui vous êtes et de quel numéro ou de quel compte il s’agit, puis montrez qu’il est bien à vous. Tant que ce n’est pas fait, rien n’est recherché et rien n’est supprimé.",
    prove: "Continuer",
    milestones: "Où en est la demande",
    milestone: [
        "Demande reçue",
        "Identité montrée",
        "Données effacées",
        "Réponse donnée",
    ],
    facts: "En bref",
    reference: "Référence",
    received: "Reçue le",
    due: "Réponse au plus tard le",
    closed: "Terminée le",
    link: "Lien privé",
    link_hint: "Gardez l’adresse de cette page : elle s’ouvre sans compte. Qui l’a voit où en est la demande, rien d’autre.",
    extended: "Pourquoi cela prend plus de temps",
    extended_to: |date| {
        format!("Nous avons besoin de plus d’un mois. La réponse viendra au plus tard le {date}.")
    },
    reason: |reason| match reason {
        ExtensionReason::SeveralOrganizations => {
            "Plusieurs entreprises gardent des données sur vous et doivent être entendues."
        }
        ExtensionReason::ObjectionUnderReview => {
            "Une entreprise n’est pas d’accord, et nous examinons sa raison."
        }
        ExtensionReason::LegalHold => "Une loi interdit d’effacer pour le moment.",
        ExtensionReason::AuthorityUnderReview => "Nous examinons vos documents.",
        ExtensionReason::SeveralRequests => "Vous avez fait plusieurs demandes.",
    },
    cases: "Ce qui demande plus de temps",
    business: "Une entreprise qui utilise notre service",
    account: "Votre compte",
    objecting: |date| {
        format!(
            "Cette entreprise a jusqu’au {date} pour dire si une loi l’oblige à garder quelque chose. Sinon, tout est effacé."
        )
    },
    held: "Une loi interdit d’effacer pour le moment. Nous effacerons dès que ce sera possible.",
    in_review: "Cette entreprise dit devoir garder quelque chose. Une personne de notre équipe vérifie sa raison.",
    account_waits: |date| {
        format!(
            "Votre compte est fermé. L’effacement commence le {date} : d’ici là, il peut encore être annulé."
        )
    },
    account_erasing: "Votre compte et ses données sont en train d’être effacés.",
    account_erased: "Votre compte et ses données sont effacés.",
    account_cancelled: "L’effacement de ce compte a été annulé. Rien n’a été supprimé.",
    account_link: "Voir l’avancement, annuler ou lire le reçu",
    refused: "Ce qui n’est pas effacé, et pourquoi",
    ground: |ground| match ground {
        Ground::Expression => "La liberté d’expression et d’information",
        Ground::LegalObligation => "Une loi oblige à garder ces données",
        Ground::PublicHealth => "La santé publique",
        Ground::Archiving => "Des archives, une recherche ou des statistiques d’intérêt public",
        Ground::LegalClaims => {
            "Ces données sont nécessaires pour faire valoir des droits en justice"
        }
        Ground::Excessive => "La demande est manifestement infondée ou excessive",
        Ground::AuthorityNotShown => "Le droit d’agir pour cette personne n’a pas été montré",
    },
    article: |article, statute| {
        statute.map_or_else(
            || format!("RGPD, art. {article}"),
            |statute| format!("RGPD, art. {article} ; {statute}"),
        )
    },
    kept_until: |date| format!("Gardé jusqu’au {date}, puis détruit."),
    appeal: "Vous n’êtes pas d’accord ? Écrivez-nous : une autre personne réexaminera la décision. Vous pouvez aussi vous plaindre à une autorité, ou aller devant un tribunal.",
    erased: "Ce qui a été effacé",
    erased_caption: "Nombre d’éléments trouvés et effacés, par catégorie",
    stays: "Ce qui reste, et pourquoi",
    stays_backups: |date| {
        format!(
            "Des sauvegardes chiffrées, au plus tard jusqu’au {date}. Une restauration ne ramène jamais vos données."
        )
    },
    stays_suppression: "Là où une entreprise détenait quelque chose, une empreinte chiffrée de ce qui vous y identifiait, et rien d’autre, pour que vous ne reveniez pas par un import.",
    stays_record: "La trace de cette demande, sans votre nom ni votre numéro, pendant cinq ans : elle montre que nous avons répondu.",
    meta: "Les messages sur votre téléphone, et ce que l’entreprise garde ailleurs, ne sont pas chez nous. Nous avons demandé aux entreprises d’effacer leurs propres copies.",
    withdraw: "Retirer la demande",
    withdraw_text: "Vous avez changé d’avis ? Tant que rien n’est effacé, vous pouvez retirer la demande.",
    again: "Faire une nouvelle demande",
    complain: "Si vous n’êtes pas content de notre réponse",
    complain_us: "Écrivez-nous d’abord, avec la référence :",
    complain_authority: "Vous pouvez aussi vous plaindre à l’autorité de protection des données de votre pays. En France, c’est la CNIL :",
};

const FIND: Find = Find {
    title: "Retrouver ma demande",
    intro: "Vous avez perdu votre lien privé ? Donnez la référence et l’adresse e-mail de la demande : nous vous renverrons le lien.",
    reference: "Référence",
    reference_hint: "Par exemple QD-7K3M-9XP2.",
    email: "Adresse e-mail",
    email_hint: "Celle que vous avez donnée dans la demande.",
    submit: "Recevoir le lien",
    sent: "Si cette référence et cette adresse vont ensemble, le lien est en route. Regardez votre boîte aux lettres.",
    no_email: "Vous n’aviez pas donné d’adresse ? Refaites la demande avec le même numéro : une fois confirmée, elle rejoint la première.",
    no_email_link: "Refaire la demande",
};

const OBJECTION: Objection = Objection {
    title: "Un contact demande l’effacement de ses données",
    intro: |organization, identity| {
        format!(
            "Un contact de {organization} ({identity}) a demandé l’effacement de ses données, et a montré que ce numéro est bien le sien."
        )
    },
    until: |date| {
        format!(
            "Vous avez jusqu’au {date} pour vous y opposer, sur un motif prévu par la loi (RGPD, art. 17(3))."
        )
    },
    ground: "Motif",
    explanation: "Explication",
    explanation_hint: "Quelles données, quelle loi, jusqu’à quand. Entre 30 et 4 000 caractères. Notre équipe la lit avant de décider.",
    submit: "S’opposer à l’effacement",
    otherwise: "Vous n’avez rien à objecter ? Fermez cette page : tout sera effacé à la date indiquée.",
    taken: "Votre opposition est enregistrée. Une personne de notre équipe l’examine, et rien n’est effacé jusque-là.",
    over: "Il n’est plus possible de s’opposer à cette demande : le délai est passé, ou une décision a été prise.",
};

#[expect(clippy::too_many_lines, reason = "one table of all sentences")]
const fn trouble(trouble: RequestTrouble) -> &'static str {
    match trouble {
        RequestTrouble::RoleMissing => "Choisissez ce qui vous correspond.",
        RequestTrouble::NumberMissing => "Saisissez votre numéro WhatsApp.",
        RequestTrouble::NumberLetters => {
            "Un numéro ne contient pas de lettres. Vérifiez ce que vous avez saisi."
        }
        RequestTrouble::NumberOtherDigits => "Écrivez le numéro avec les chiffres de 0 à 9.",
        RequestTrouble::NumberMalformed => {
            "Un numéro ne contient que des chiffres, des espaces et un plus au début."
        }
        RequestTrouble::NumberNoCountryCode => {
            "Commencez par + et l’indicatif du pays, par exemple +33 pour la France."
        }
        RequestTrouble::NumberUnknownCountry => {
            "Aucun pays n’a cet indicatif. Vérifiez les premiers chiffres."
        }
        RequestTrouble::NumberShortCode => {
            "C’est un numéro court : il ne peut pas être sur WhatsApp. Saisissez un numéro complet, avec l’indicatif du pays."
        }
        RequestTrouble::NumberGroup => {
            "C’est un groupe, pas une personne. Saisissez votre propre numéro."
        }
        RequestTrouble::NumberTooShort => "Il manque des chiffres à ce numéro.",
        RequestTrouble::NumberTooLong => "Il y a trop de chiffres dans ce numéro.",
        RequestTrouble::NumberUnassigned => {
            "Ce pays n’a pas de numéro comme celui-là. Vérifiez les chiffres."
        }
        RequestTrouble::NumberLandline => {
            "C’est un téléphone fixe. Saisissez le numéro que vous utilisez sur WhatsApp."
        }
        RequestTrouble::NumberService => "C’est un numéro de service, pas celui d’une personne.",
        RequestTrouble::AddressMalformed => {
            "Cette adresse e-mail n’est pas complète. Elle ressemble à nom@exemple.fr."
        }
        RequestTrouble::IdentityMissing => "Saisissez un numéro WhatsApp ou une adresse e-mail.",
        RequestTrouble::IdentityMalformed => {
            "Ce n’est ni un numéro, ni une adresse e-mail complète. Vérifiez ce que vous avez saisi."
        }
        RequestTrouble::BusinessTooLong => "Ce nom est trop long : 100 caractères au plus.",
        RequestTrouble::BusinessLink => "Écrivez seulement le nom, sans adresse de site.",
        RequestTrouble::BusinessMalformed => {
            "Ce nom contient des caractères qu’aucun nom n’a. Saisissez-le de nouveau."
        }
        RequestTrouble::ContactMalformed => {
            "Cette adresse e-mail n’est pas complète. Corrigez-la, ou laissez vide."
        }
        RequestTrouble::StatementMissing => {
            "Cochez la case pour confirmer que vous avez le droit de faire cette demande."
        }
        RequestTrouble::FormTooOld => {
            "Le formulaire est resté ouvert trop longtemps : pour vous protéger, vos réponses ont été oubliées. Rien n’a été envoyé. Recommencez ici."
        }
        RequestTrouble::AnswersChanged => {
            "Vos réponses ont changé entre-temps, peut-être dans un autre onglet. Relisez-les, puis envoyez."
        }
        RequestTrouble::CodesSpent => {
            "Trop de codes faux ont été saisis : cette demande ne peut plus être confirmée. Faites-en une nouvelle."
        }
        RequestTrouble::TooLateToWithdraw => {
            "L’effacement a déjà commencé : la demande ne peut plus être retirée."
        }
        RequestTrouble::ReferenceMissing => "Saisissez la référence de votre demande.",
        RequestTrouble::ReferenceMalformed => {
            "Une référence ressemble à QD-7K3M-9XP2. Vérifiez ce que vous avez saisi."
        }
        RequestTrouble::GroundMissing => "Choisissez le motif prévu par la loi.",
        RequestTrouble::ExplanationUnfit => {
            "Expliquez en 30 caractères au moins, et 4 000 au plus."
        }
        RequestTrouble::TooLateToObject => {
            "Le délai est passé, ou une décision a été prise : il n’est plus possible de s’opposer."
        }
        RequestTrouble::WhatsappUnavailable => {
            "Aucun code ne peut partir vers ce numéro par WhatsApp en ce moment. Rien n’est perdu : réessayez dans un instant, ou choisissez l’autre moyen."
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_can_break_before_a_sign_or_inside_a_quotation() {
        crate::locales::spaces::check(include_str!("fr.rs"));
    }
}
