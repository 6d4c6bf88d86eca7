//! Les lettres au sujet de Meta, en français.

use super::{super::Disconnection, meta::Words};
use crate::locale::Locale;

pub(super) const WORDS: Words = Words {
    locale: Locale::Fr,
    hello: "Bonjour,",
    disconnected_subject: |organization| format!("{organization} : WhatsApp est déconnecté"),
    reason: |reason, organization| match reason {
        Disconnection::AppUninstalled => format!(
            "Meta nous signale que notre application a été retirée du compte WhatsApp Business de « {organization} »."
        ),
        Disconnection::AccountDeleted => format!(
            "Meta nous signale que le compte WhatsApp Business de « {organization} » a été supprimé."
        ),
        Disconnection::LoginWithdrawn => format!(
            "La personne qui avait connecté WhatsApp pour « {organization} » a retiré notre application de son compte Facebook."
        ),
    },
    token_destroyed: "Nous avons détruit la clé d’accès de ces numéros, et nous ne gardons plus rien de ce qui leur est écrit :",
    data_stays: "Vos données n’ont pas bougé : contacts, conversations et automatisations sont toujours là. Pour continuer, reconnectez WhatsApp dans vos paramètres. Pour tout supprimer, passez par la zone dangereuse :",
    danger_zone: "Ouvrir la zone dangereuse",
    surprised: |support| format!("Cela vous surprend ? Écrivez-nous à {support}."),
    login_subject: "Votre demande transmise par Facebook",
    login_erased: |controller, disconnected| {
        let numbers = match disconnected {
            0 => String::new(),
            1 => " et déconnecté le numéro WhatsApp que vous aviez relié avec Facebook".to_owned(),
            several => format!(
                " et déconnecté les {several} numéros WhatsApp que vous aviez reliés avec Facebook"
            ),
        };
        format!(
            "Vous avez demandé à Facebook que {controller} supprime vos données. C’est fait pour tout ce qui nous venait de Facebook : nous avons effacé le lien entre votre compte et Facebook{numbers}."
        )
    },
    account_stays: |controller| {
        format!(
            "Votre compte {controller} existe encore, avec ce qu’il contient. Facebook ne peut pas en demander la suppression à votre place : il nous faut votre confirmation, avec votre mot de passe et un code envoyé à cette adresse."
        )
    },
    delete_account: "Supprimer mon compte et ses données",
    locked_out: |privacy| {
        format!("Vous n’arrivez plus à vous connecter ? Écrivez-nous à {privacy}.")
    },
    keep_account: "Vous souhaitez garder votre compte ? Vous n’avez rien à faire.",
};
