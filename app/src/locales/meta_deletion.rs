//! The words of the page behind Meta's data deletion callback.

use erasure::locale::Locale;

/// Everything on that page.
pub(crate) struct MetaDeletionTexts {
    pub(crate) title: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) nothing_why: fn(&str) -> String,
    pub(crate) erased: &'static str,
    pub(crate) erased_heading: &'static str,
    pub(crate) link_erased: fn(&str) -> String,
    pub(crate) numbers_erased: fn(i64) -> String,
    pub(crate) waits_heading: &'static str,
    pub(crate) waits_why: fn(&str) -> String,
    pub(crate) waits_how: &'static str,
    pub(crate) delete_account: &'static str,
    pub(crate) going_heading: &'static str,
    pub(crate) going: &'static str,
    pub(crate) gone_heading: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) received: &'static str,
    pub(crate) code: &'static str,
    pub(crate) contacts_heading: &'static str,
    pub(crate) contacts: fn(&str) -> String,
    pub(crate) questions: &'static str,
    pub(crate) complain: &'static str,
}

/// The words of a language.
pub(crate) const fn texts(locale: Locale) -> &'static MetaDeletionTexts {
    match locale {
        Locale::Fr => &FR,
        Locale::En => &EN,
    }
}

const FR: MetaDeletionTexts = MetaDeletionTexts {
    title: "Votre demande transmise par Facebook",
    nothing: "Rien chez nous ne vient de ce compte Facebook.",
    nothing_why: |controller| {
        format!(
            "Aucun compte {controller} n’est relié à ce compte Facebook, ou ce lien était déjà effacé. Il n’y a donc rien à supprimer pour cette demande."
        )
    },
    erased: "Tout ce qui nous venait de Facebook est effacé.",
    erased_heading: "Ce qui a été effacé",
    link_erased: |controller| format!("Le lien entre le compte {controller} et le compte Facebook"),
    numbers_erased: |count| match count {
        1 => "La clé d’accès du numéro WhatsApp qui avait été relié avec Facebook".to_owned(),
        count => format!(
            "Les clés d’accès des {count} numéros WhatsApp qui avaient été reliés avec Facebook"
        ),
    },
    waits_heading: "Le compte lui-même existe encore",
    waits_why: |controller| {
        format!(
            "Nous ne l’avons pas supprimé, et voici pourquoi. La demande de Facebook montre que quelqu’un a retiré notre application de son compte Facebook ; elle ne montre pas que le titulaire du compte {controller} veut perdre ses contacts, ses messages et ses fichiers, ni que les autres personnes de son organisation sont d’accord."
        )
    },
    waits_how: "Nous avons écrit au titulaire, à l’adresse de son compte. Avec son mot de passe et un code reçu par e-mail, il peut tout supprimer lui-même en quelques minutes.",
    delete_account: "Supprimer le compte",
    going_heading: "Le compte est en cours de suppression",
    going: "Son titulaire l’a demandé. Tout aura disparu de nos systèmes dans les 24 heures.",
    gone_heading: "Le compte est supprimé",
    gone: "Il n’en reste rien dans nos systèmes, et nous l’avons vérifié.",
    kept: "À la suppression d’un compte, seules restent les factures (dix ans, dans une archive chiffrée : Code de commerce, art. L123-22), des journaux de sécurité rendus anonymes (90 jours) et des sauvegardes chiffrées (30 jours au plus).",
    received: "Demande reçue le",
    code: "Code de confirmation",
    contacts_heading: "Vous avez seulement écrit à une entreprise sur WhatsApp ?",
    contacts: |controller| {
        format!(
            "Alors cette page ne vous concerne pas : Facebook ne peut pas nous dire quel est votre numéro WhatsApp. Pour faire effacer ce que les entreprises gardent sur votre numéro chez {controller}, indiquez-nous ce numéro, au format international, à l’adresse"
        )
    },
    questions: "Une question ? Écrivez-nous à",
    complain: "Vous pouvez aussi vous adresser à votre autorité de protection des données (en France la CNIL : www.cnil.fr).",
};

const EN: MetaDeletionTexts = MetaDeletionTexts {
    title: "Your request, forwarded by Facebook",
    nothing: "Nothing here comes from that Facebook account.",
    nothing_why: |controller| {
        format!(
            "No {controller} account is connected to that Facebook account, or the connection was erased before. There is nothing to delete for this request."
        )
    },
    erased: "Everything that came to us from Facebook is erased.",
    erased_heading: "What was erased",
    link_erased: |controller| {
        format!("The connection between the {controller} account and the Facebook account")
    },
    numbers_erased: |count| match count {
        1 => {
            "The access key of the WhatsApp number that had been connected with Facebook".to_owned()
        }
        count => format!(
            "The access keys of the {count} WhatsApp numbers that had been connected with Facebook"
        ),
    },
    waits_heading: "The account itself still exists",
    waits_why: |controller| {
        format!(
            "We did not delete it, and this is why. Facebook's request shows that somebody removed our app from their Facebook account; it does not show that the holder of the {controller} account wants to lose their contacts, messages and files, nor that the other people of the organization agree."
        )
    },
    waits_how: "We have written to the holder, at the address of the account. With the password and a code sent by e-mail they can delete everything themselves within minutes.",
    delete_account: "Delete the account",
    going_heading: "The account is being deleted",
    going: "Its holder asked for it. Everything will be gone from our systems within 24 hours.",
    gone_heading: "The account is deleted",
    gone: "Nothing of it is left in our systems, and we have checked that.",
    kept: "When an account is deleted, all that stays are invoices (ten years, in an encrypted archive: Code de commerce, art. L123-22), security logs made anonymous (90 days) and encrypted backups (30 days at most).",
    received: "Request received on",
    code: "Confirmation code",
    contacts_heading: "You only wrote with a business on WhatsApp?",
    contacts: |controller| {
        format!(
            "Then this page is not about you: Facebook cannot tell us which WhatsApp number is yours. To have erased what businesses keep about your number at {controller}, tell us that number, in international format, at"
        )
    },
    questions: "A question? Write to",
    complain: "You can also turn to your data protection authority (in France the CNIL: www.cnil.fr).",
};
