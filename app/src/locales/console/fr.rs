//! La console, en français : vouvoiement, mots simples, espaces insécables.

use erasure::staff::{MemberState, Role};

use super::{
    Account, Common, ConsoleTexts, Members, Passkey, Prove, SetUp, SignIn,
    deletions::fr::DELETIONS,
    desk::fr::DESK,
    watch::fr::{AUDIT, FIGURES, RETENTION},
};
use crate::wire::{ConsoleNotice, ConsoleTrouble};

pub(super) static TEXTS: ConsoleTexts = ConsoleTexts {
    common: COMMON,
    sign_in: SIGN_IN,
    set_up: SET_UP,
    prove: PROVE,
    passkey: PASSKEY,
    account: ACCOUNT,
    staff: MEMBERS,
    audit: AUDIT,
    desk: DESK,
    deletions: DELETIONS,
    figures: FIGURES,
    retention: RETENTION,
    notice: |notice| match notice {
        ConsoleNotice::SetUp => "Votre accès est prêt. Bienvenue.",
        ConsoleNotice::PasswordChanged => {
            "Votre mot de passe a changé. Vos autres sessions sont fermées."
        }
        ConsoleNotice::AuthenticatorChanged => {
            "Votre nouvelle application est en place. L’ancienne ne sert plus."
        }
        ConsoleNotice::RecoveryCodesRenewed => {
            "Vos nouveaux codes de secours sont en place. Les anciens ne servent plus."
        }
        ConsoleNotice::PasskeyAdded => "La clé d’accès est ajoutée.",
        ConsoleNotice::PasskeyRemoved => "La clé d’accès est retirée.",
        ConsoleNotice::MemberInvited => {
            "L’invitation part par e-mail. Son lien fonctionne une fois, pendant 24 heures."
        }
        ConsoleNotice::MemberReset => "L’accès est réinitialisé. Un nouveau lien part par e-mail.",
        ConsoleNotice::MemberDisabled => "L’accès est retiré, et les sessions sont fermées.",
        ConsoleNotice::RoleChanged => "Le rôle a changé, et les sessions sont fermées.",
        ConsoleNotice::Assigned => "La demande est entre vos mains, ou revenue dans la file.",
        ConsoleNotice::NoteAdded => "La note est ajoutée.",
        ConsoleNotice::Approved => "Le représentant est accepté. La demande continue d’elle-même.",
        ConsoleNotice::Overruled => "L’opposition est écartée. L’effacement a commencé.",
        ConsoleNotice::Extended => "Le délai est prolongé, et la personne est prévenue.",
        ConsoleNotice::RefusalProposed => {
            "Le refus est proposé. Un responsable autre que vous a une semaine pour le confirmer."
        }
        ConsoleNotice::RefusalConfirmed => "Le refus est confirmé. La lettre est en route.",
        ConsoleNotice::RefusalDeclined => "La proposition de refus est retirée.",
        ConsoleNotice::Held => "Le gel légal est posé.",
        ConsoleNotice::HoldReviewed => "La revue est notée.",
        ConsoleNotice::LiftProposed => {
            "La levée du gel est proposée. Un second responsable a une semaine pour en convenir."
        }
        ConsoleNotice::DeletionProposed => {
            "La suppression est proposée. Un responsable autre que vous a une semaine pour la confirmer."
        }
        ConsoleNotice::DeletionBegun => "La suppression est confirmée, et l’effacement a commencé.",
        ConsoleNotice::DeletionHeld => {
            "La suppression est confirmée. Un gel légal la retient ; elle reprend d’elle-même."
        }
        ConsoleNotice::DeletionDeclined => "La suppression n’est plus proposée.",
        ConsoleNotice::HoldLifted => "Le gel est levé. Ce qui attendait reprend de soi-même.",
    },
    trouble: |trouble| match trouble {
        ConsoleTrouble::Refused => {
            "L’adresse, le mot de passe ou le code ne correspond pas. Vérifiez les trois ; chaque code ne sert qu’une fois."
        }
        ConsoleTrouble::ProofRefused => {
            "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."
        }
        ConsoleTrouble::PasskeyRefused => {
            "Cette clé d’accès n’a pas été acceptée. Réessayez, ou utilisez votre code."
        }
        ConsoleTrouble::CodeMissing => "Saisissez le code affiché par votre application.",
        ConsoleTrouble::AppCodeWrong => {
            "Ce code n’est pas celui que l’application affiche pour cette image. Attendez le suivant, et vérifiez l’heure du téléphone."
        }
        ConsoleTrouble::PresentPasswordWrong => "Ce mot de passe n’est pas celui de votre accès.",
        ConsoleTrouble::PasswordTooShort => {
            "Il faut 12 caractères au moins. Une petite phrase convient très bien."
        }
        ConsoleTrouble::PasswordTooLong => "C’est plus de 256 caractères. Raccourcissez un peu.",
        ConsoleTrouble::PasswordCommon => {
            "Ce mot de passe est parmi les premiers qu’on essaie, ou ne contient que votre nom et le nôtre. Choisissez-en un qui soit à vous."
        }
        ConsoleTrouble::CodesNotKept => "Gardez d’abord vos codes de secours, puis cochez la case.",
        ConsoleTrouble::PageTooOld => {
            "La page est restée ouverte trop longtemps, ou dans un autre navigateur. Recommencez avec ce qui s’affiche maintenant."
        }
        ConsoleTrouble::Denied => {
            "Votre rôle ne permet pas cela. Cet essai est inscrit au journal."
        }
        ConsoleTrouble::AddressMalformed => "Ce n’est pas une adresse e-mail.",
        ConsoleTrouble::RoleMissing => "Choisissez un rôle.",
        ConsoleTrouble::MemberTaken => "Une personne a déjà un accès avec cette adresse.",
        ConsoleTrouble::MemberUnknown => "Cet accès n’existe pas.",
        ConsoleTrouble::Yourself => {
            "Personne ne change son propre accès : demandez à un autre administrateur."
        }
        ConsoleTrouble::RequestUnknown => "Cette demande, cette part ou ce gel n’existe pas.",
        ConsoleTrouble::NoProposal => {
            "Il n’y a plus de proposition : elle a servi, a été retirée, ou date de plus d’une semaine."
        }
        ConsoleTrouble::Proposed => "C’est déjà proposé, et attend une seconde personne.",
        ConsoleTrouble::SamePerson => {
            "Vous l’avez proposé vous-même : quelqu’un d’autre doit le confirmer."
        }
        ConsoleTrouble::NoColleague => "Cette personne ne suit pas de demandes.",
        ConsoleTrouble::NotDecidable => {
            "Cela ne peut plus, ou pas encore, se décider. Voyez où cela en est à présent."
        }
        ConsoleTrouble::TermOver => "Le premier délai est passé : il ne peut plus être prolongé.",
        ConsoleTrouble::TermUnfit => {
            "Un délai se prolonge une fois, jusqu’à un jour que la loi permet. Vérifiez le jour."
        }
        ConsoleTrouble::ExplanationUnfit => {
            "L’explication a de 30 à 1 500 caractères. Dites concrètement pourquoi."
        }
        ConsoleTrouble::NoteUnfit => "Écrivez une note de 1 à 1 500 caractères.",
        ConsoleTrouble::ReasonUnfit => "Dites pourquoi, en une ligne de 1 000 caractères au plus.",
        ConsoleTrouble::RecordUnknown => {
            "Il n’y a pas de telle archive : il n’y en a jamais eu, ou son terme est venu."
        }
        ConsoleTrouble::TooManyRecords => {
            "Vous en avez ouvert cinq aujourd’hui : davantage demande deux personnes, en ligne de commande."
        }
        ConsoleTrouble::DayUnfit => "Saisissez un jour : année, mois, jour.",
        ConsoleTrouble::ChoiceMissing => "Choisissez dans la liste.",
        ConsoleTrouble::OrganizationUnknown => "Aucune organisation n’a ce nom court.",
        ConsoleTrouble::ContactUnknown => {
            "Cette organisation n’a pas de contact connu par ce numéro ou cet identifiant, ou sa suppression est déjà en cours."
        }
        ConsoleTrouble::IdentityUnfit => {
            "Saisissez un numéro au format international, par exemple +33 6 12 34 56 78, ou l’identifiant de Meta."
        }
        ConsoleTrouble::BeingErased => "La suppression est déjà en cours, ou terminée.",
        ConsoleTrouble::NotTheSame => {
            "Ce que vous avez saisi n’est pas ce qui est proposé. Rien n’a été supprimé : vérifiez le dossier."
        }
        ConsoleTrouble::ProposerLeft => {
            "La personne qui l’a proposé n’est plus responsable : il faut le proposer de nouveau."
        }
        ConsoleTrouble::ErasureBegun => "Son effacement a commencé et ne peut plus être gelé.",
        ConsoleTrouble::HoldDaysUnfit => {
            "Les jours ne vont pas : la revue a lieu dans l’année, la fin vient après elle et dans les dix ans."
        }
    },
};

const COMMON: Common = Common {
    console: "Console",
    navigation: "Console",
    sign_out: "Se déconnecter",
    role: |role| match role {
        Role::Agent => "Agent",
        Role::Officer => "Responsable",
        Role::Auditor => "Auditeur",
        Role::Administrator => "Administrateur",
    },
    denied_title: "Accès refusé",
    denied_text: "Votre rôle ne permet pas de voir cette page. Cet essai est inscrit au journal.",
    back: "Retour",
    never: "jamais",
    again: "Merci. Rien de ce que vous avez écrit n’est perdu : vérifiez, puis envoyez de nouveau.",
};

const SIGN_IN: SignIn = SignIn {
    title: "Console",
    intro: |product| {
        format!("Réservée aux personnes chargées de la protection des données chez {product}.")
    },
    email: "Adresse e-mail",
    password: "Mot de passe",
    code: "Code",
    code_hint: "Les 6 chiffres de votre application, ou un code de secours.",
    submit: "Se connecter",
    passkey: "Utiliser une clé d’accès",
    needed: "Connectez-vous pour continuer. Vous reviendrez ensuite à la page demandée.",
    ended: "Votre session a pris fin. Reconnectez-vous : vous reprendrez où vous en étiez.",
    signed_out: "Vous êtes déconnecté.",
};

const SET_UP: SetUp = SetUp {
    title: "Préparez votre accès",
    intro: |email, role| {
        format!("Pour {email}, avec le rôle « {role} ». Ce lien ne sert qu’une fois.")
    },
    password: "Choisissez un mot de passe",
    password_hint: "12 caractères au moins. Une petite phrase que vous seul connaissez suffit.",
    app: "Reliez votre application d’authentification",
    app_text: "Ouvrez l’application sur votre téléphone et scannez cette image.",
    app_picture: "Image à scanner avec l’application d’authentification",
    app_letters: "Impossible de scanner ? Saisissez cette clé dans l’application :",
    app_code: "Code affiché par l’application",
    app_code_hint: "6 chiffres.",
    codes: "Gardez vos codes de secours",
    codes_text: "Ils ouvrent la console si vous perdez votre téléphone, une fois chacun. Notez-les ou imprimez-les : ils ne seront plus affichés.",
    kept: "J’ai gardé ces codes en lieu sûr",
    submit: "Ouvrir mon accès",
    gone_title: "Ce lien ne fonctionne plus",
    gone_text: "Il a déjà servi, ou il a plus de 24 heures. Demandez-en un autre à un administrateur.",
};

const PROVE: Prove = Prove {
    title: "Confirmez que c’est bien vous",
    intro: "Avant une décision, la console vous le demande si votre dernière preuve a plus de cinq minutes. Rien n’est perdu.",
    submit: "Continuer",
};

const PASSKEY: Passkey = Passkey {
    sign_in_title: "Se connecter avec une clé d’accès",
    sign_in_intro: "Votre appareil vous demandera votre doigt, votre visage ou votre code.",
    prove_title: "Confirmez avec votre clé d’accès",
    prove_intro: "Votre appareil vous demandera votre doigt, votre visage ou votre code.",
    add_title: "Ajouter une clé d’accès",
    add_intro: "Elle reste sur votre appareil et ouvre la console sans mot de passe ni code.",
    label: "Nom de la clé",
    label_hint: "Pour la reconnaître : « Téléphone », « Clé du bureau ».",
    use_it: "Utiliser ma clé d’accès",
    make_it: "Créer la clé d’accès",
    with_code: "Utiliser un code à la place",
    no_script: "Les clés d’accès ont besoin de JavaScript. Sans lui, utilisez votre mot de passe et votre code.",
    unsupported: "Ce navigateur ne connaît pas les clés d’accès. Utilisez votre mot de passe et votre code.",
    failed: "La clé d’accès n’a pas répondu, ou vous avez annulé. Réessayez, ou utilisez votre code.",
    no_domain: "Les clés d’accès ont besoin d’un nom de domaine. À cette adresse, utilisez votre mot de passe et votre code.",
};

const ACCOUNT: Account = Account {
    title: "Mon accès",
    who: "Qui vous êtes ici",
    email: "Adresse e-mail",
    role: "Rôle",
    role_text: |role| match role {
        Role::Agent => "Traite les demandes ; propose les refus.",
        Role::Officer => {
            "Traite les demandes, tranche les cas difficiles et confirme ce qui demande deux personnes."
        }
        Role::Auditor => "Lit tout et ne change rien.",
        Role::Administrator => "Gère les accès ; ne décide d’aucune demande.",
    },
    password: "Mot de passe",
    password_change: "Changer le mot de passe",
    present: "Mot de passe actuel",
    new: "Nouveau mot de passe",
    app: "Application d’authentification",
    app_change: "Relier une autre application",
    app_change_text: "Scannez cette image avec la nouvelle application. L’ancienne ne servira plus.",
    codes: "Codes de secours",
    codes_left: |left| match left {
        0 => "Il n’en reste aucun.".to_owned(),
        1 => "Il en reste 1.".to_owned(),
        _ => format!("Il en reste {left}."),
    },
    codes_renew: "Obtenir de nouveaux codes",
    codes_renew_text: "Les anciens ne serviront plus. Notez ou imprimez ceux-ci : ils ne seront plus affichés.",
    passkeys: "Clés d’accès",
    passkeys_text: "Une clé d’accès ouvre la console avec votre doigt, votre visage ou le code de votre appareil. Elle ne peut pas être volée par une fausse page.",
    passkeys_none: "Aucune pour l’instant.",
    passkey_add: "Ajouter une clé d’accès",
    passkey_remove: "Retirer",
    passkey_added: |date| format!("ajoutée le {date}"),
    passkey_used: |date| format!("utilisée le {date}"),
    save: "Enregistrer",
};

const MEMBERS: Members = Members {
    title: "Équipe",
    intro: "Qui peut ouvrir la console, et avec quel rôle. Chaque changement est inscrit au journal.",
    caption: "Accès à la console",
    who: "Personne",
    role: "Rôle",
    state: "État",
    state_name: |state| match state {
        MemberState::Invited => "Invité",
        MemberState::InvitationExpired => "Invitation expirée",
        MemberState::Active => "Actif",
        MemberState::Disabled => "Retiré",
    },
    signed_in: "Dernière connexion",
    actions: "Actions",
    yourself: "vous",
    change: "Modifier",
    change_of: |email| format!("Modifier l’accès de {email}"),
    reset: "Réinitialiser l’accès",
    reset_text: "Mot de passe, application, codes et clés ne servent plus. Un nouveau lien part par e-mail.",
    disable: "Retirer l’accès",
    disable_text: "Tout est fermé tout de suite. L’adresse reste au journal.",
    role_of: |email| format!("Rôle de {email}"),
    role_change: "Changer le rôle",
    add: "Inviter une personne",
    add_text: "Elle reçoit un lien qui fonctionne une fois, pendant 24 heures.",
    language: "Langue de ses lettres",
    invite: "Envoyer l’invitation",
};

#[cfg(test)]
mod tests {
    #[test]
    fn no_line_can_break_before_a_sign_or_inside_a_quotation() {
        super::super::super::spaces::check(include_str!("fr.rs"));
    }
}
