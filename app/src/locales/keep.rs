//! What is kept, what has to wait, and what people take along, in words.

use std::time::Duration;

use erasure::{hold::Basis, locale::Locale, receipt::KeptKind};

use super::format::span;

/// The words of this area.
pub(crate) struct Keep {
    /// Why something is kept; the second text is the law, as the domain names it.
    pub(crate) why: fn(KeptKind, &str) -> String,
    pub(crate) held: Held,
    pub(crate) export: Export,
}

/// A deletion that a legal hold keeps waiting.
pub(crate) struct Held {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) reason_heading: &'static str,
    pub(crate) reason: fn(Basis) -> &'static str,
    pub(crate) meanwhile: [&'static str; 2],
    pub(crate) since: &'static str,
    pub(crate) review: &'static str,
    pub(crate) disagree: &'static str,
    /// On the receipt, when it is over: from, to.
    pub(crate) was: fn(&str, &str) -> String,
}

/// Taking one's data along.
pub(crate) struct Export {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) owner: fn(&str) -> String,
    pub(crate) member: &'static str,
    pub(crate) contains: [&'static str; 3],
    pub(crate) left_out: &'static str,
    pub(crate) proof: &'static str,
    pub(crate) proof_lasts: fn(Duration) -> String,
    pub(crate) proof_submit: &'static str,
    pub(crate) download: &'static str,
    pub(crate) at_once: &'static str,
    pub(crate) card: &'static str,
    pub(crate) link: &'static str,
    pub(crate) before_deleting: &'static str,
}

/// The words of a language.
pub(crate) const fn keep(locale: Locale) -> &'static Keep {
    match locale {
        Locale::Fr => &FRENCH,
        Locale::En => &ENGLISH,
    }
}

static FRENCH: Keep = Keep {
    why: |kind, law| {
        match kind {
        KeptKind::Billing => format!(
            "La loi impose de les garder : {}. Elles sont chiffrées et mises de côté.",
            law.replace("GDPR", "RGPD,")
        ),
        KeptKind::SecurityLogs => {
            "Utiles contre la fraude (intérêt légitime : RGPD, art. 6(1)(f)). Ils sont rendus anonymes avant d’être gardés ; ce qui ne peut pas l’être est effacé.".to_owned()
        }
        KeptKind::Backups => {
            "Chiffrées, elles servent en cas de panne, puis sont détruites. Une restauration ne ramène jamais vos données.".to_owned()
        }
    }
    },
    held: Held {
        title: "Suppression en attente",
        lead: "Votre demande est acceptée. Une raison juridique nous empêche d’effacer ces données maintenant.",
        reason_heading: "Pourquoi",
        reason: |basis| match basis {
            Basis::LegalClaim => {
                "Elles servent à faire valoir ou à défendre un droit en justice (RGPD, art. 17(3)(e))."
            }
            Basis::LegalObligation => "Une loi nous impose de les conserver (RGPD, art. 17(3)(b)).",
            Basis::Authority => {
                "Une autorité compétente nous a demandé de les conserver (RGPD, art. 17(3)(b))."
            }
        },
        meanwhile: [
            "Les accès sont fermés : plus personne n’utilise ni ne consulte ces données.",
            "La suppression reprendra d’elle-même dès que la raison aura disparu. Vous n’avez rien à faire, et vous recevrez un e-mail.",
        ],
        since: "En attente depuis le",
        review: "Prochain réexamen au plus tard le",
        disagree: "Vous n’êtes pas d’accord ? Écrivez-nous, ou adressez une réclamation à votre autorité de protection des données (en France, la CNIL). L’adresse :",
        was: |from, to| {
            format!("Une raison juridique a retenu cette suppression du {from} au {to}.")
        },
    },
    export: Export {
        title: "Emporter vos données",
        lead: "Téléchargez une copie de vos données, dans un seul fichier ZIP.",
        owner: |names| format!("Elle contient tout ce que contient votre compte, avec : {names}."),
        member: "Elle contient vos informations personnelles. Les données des organisations dont vous n’êtes pas propriétaire n’en font pas partie.",
        contains: [
            "une page à lire, qui explique le reste ;",
            "un fichier par catégorie, lisible par un tableur ou un autre logiciel ;",
            "vos images, sons, vidéos et documents.",
        ],
        left_out: "Les mots de passe, les clés et les jetons d’accès n’y figurent pas.",
        proof: "Pour protéger vos données, redonnez votre mot de passe.",
        proof_lasts: |left| {
            format!(
                "Le téléchargement peut commencer pendant encore {}.",
                span(Locale::Fr, left)
            )
        },
        proof_submit: "Continuer",
        download: "Télécharger mes données (ZIP)",
        at_once: "Le téléchargement commence tout de suite ; rien n’est gardé de notre côté. Il s’arrête si vous confirmez la suppression du compte : laissez-le d’abord se terminer.",
        card: "Une copie de tout ce que contient votre compte, quand vous voulez.",
        link: "Emporter une copie de vos données",
        before_deleting: "Avant de supprimer, vous pouvez emporter une copie de vos données. C’est facultatif et cela ne retarde rien.",
    },
};

static ENGLISH: Keep = Keep {
    why: |kind, law| {
        match kind {
        KeptKind::Billing => format!(
            "The law requires us to keep them: {law}. They are encrypted and set apart."
        ),
        KeptKind::SecurityLogs => {
            "They help prevent fraud (legitimate interest: GDPR art. 6(1)(f)). They are made anonymous before they are kept; what cannot be is erased.".to_owned()
        }
        KeptKind::Backups => {
            "Encrypted, used only if something breaks, then destroyed. A restore never brings your data back.".to_owned()
        }
    }
    },
    held: Held {
        title: "Deletion waiting",
        lead: "Your request is accepted. A legal reason keeps us from erasing this data now.",
        reason_heading: "Why",
        reason: |basis| match basis {
            Basis::LegalClaim => {
                "It is needed to bring or to answer a legal claim (GDPR art. 17(3)(e))."
            }
            Basis::LegalObligation => "A law requires us to keep it (GDPR art. 17(3)(b)).",
            Basis::Authority => {
                "A competent authority has asked us to keep it (GDPR art. 17(3)(b))."
            }
        },
        meanwhile: [
            "Access is closed: nobody uses or looks at this data any more.",
            "The deletion goes on by itself as soon as the reason is gone. There is nothing for you to do, and you will get an e-mail.",
        ],
        since: "Waiting since",
        review: "Looked at again by",
        disagree: "You do not agree? Write to us, or complain to your data protection authority (in France the CNIL). The address:",
        was: |from, to| format!("A legal reason held this deletion from {from} to {to}."),
    },
    export: Export {
        title: "Take your data with you",
        lead: "Download a copy of your data in a single ZIP file.",
        owner: |names| format!("It holds everything that your account holds, with: {names}."),
        member: "It holds your personal information. Data of organizations that you do not own is not part of it.",
        contains: [
            "a page to read, which explains the rest;",
            "a file for each category, which spreadsheets and other programs can read;",
            "your images, audio, video and documents.",
        ],
        left_out: "Passwords, keys and access tokens are not in it.",
        proof: "To protect your data, enter your password again.",
        proof_lasts: |left| {
            format!(
                "The download can begin within the next {}.",
                span(Locale::En, left)
            )
        },
        proof_submit: "Continue",
        download: "Download my data (ZIP)",
        at_once: "The download begins at once, and nothing is kept on our side. It stops if you confirm the deletion of the account: let it finish first.",
        card: "A copy of everything that your account holds, whenever you like.",
        link: "Take a copy of your data with you",
        before_deleting: "Before deleting, you can take a copy of your data with you. It is up to you, and it delays nothing.",
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_that_keeps_invoices_is_named_as_the_reader_knows_it() {
        let law = "Code de commerce, art. L123-22 (GDPR art. 17(3)(b))";

        let french = (keep(Locale::Fr).why)(KeptKind::Billing, law);
        assert!(french.contains("(RGPD, art. 17(3)(b))"), "{french}");
        assert!((keep(Locale::En).why)(KeptKind::Billing, law).contains(law));
    }
}
