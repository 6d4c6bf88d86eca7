//! The words of the page on which anybody can check a receipt.

use erasure::{locale::Locale, receipt::VerifyError};

/// What that page says.
pub(crate) struct Check {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) file: &'static str,
    pub(crate) file_hint: &'static str,
    pub(crate) text: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) genuine: &'static str,
    pub(crate) checked: &'static str,
    /// By whom it was signed, with which key.
    pub(crate) signed: fn(&str, &str) -> String,
    /// The key signs no more, since that day.
    pub(crate) retired: fn(&str) -> String,
    pub(crate) unchanged: &'static str,
    /// Its line in the ledger.
    pub(crate) noted: fn(i64) -> String,
    pub(crate) not_checked: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) why: fn(&VerifyError) -> String,
    pub(crate) another: &'static str,
    /// On the receipt itself: where it can be checked.
    pub(crate) invitation: &'static str,
}

/// The words in this language.
pub(crate) const fn check(locale: Locale) -> &'static Check {
    match locale {
        Locale::Fr => &FR,
        Locale::En => &EN,
    }
}

const FR: Check = Check {
    title: "Vérifier un reçu",
    intro: "Toute personne qui tient un reçu de suppression peut s’assurer ici qu’il vient bien de nous et que rien n’y a été changé. Le fichier est lu, puis oublié.",
    file: "Le fichier du reçu",
    file_hint: "Le fichier JSON que vous avez téléchargé, par exemple qliento-receipt-QD-1234-5678.json",
    text: "… ou son contenu, collé ici",
    submit: "Vérifier",
    genuine: "Ce reçu est authentique.",
    checked: "Ce qui a été vérifié",
    signed: |controller, key| {
        format!("La signature est celle de {controller} (clé {key}, Ed25519).")
    },
    retired: |date| {
        format!("Cette clé ne signe plus depuis le {date} ; ce qu’elle a signé reste valable.")
    },
    unchanged: "Ce qu’il dit est exactement ce qui a été signé.",
    noted: |line| format!("Le reçu dit être noté à la ligne {line} de notre registre."),
    not_checked: "Cette page vérifie que le reçu est bien le nôtre et qu’il est intact ; elle ne regarde pas à nouveau dans la base de données.",
    refused: "Ce reçu n’est pas confirmé",
    why: |error| {
        match error {
        VerifyError::Empty => "Rien n’a été envoyé : choisissez un fichier ou collez son contenu.".to_owned(),
        VerifyError::TooLong => {
            "C’est trop long pour un reçu : plus de 64 Kio. Vérifiez que vous avez choisi le bon fichier."
                .to_owned()
        }
        VerifyError::NotJson => {
            "Ce n’est pas le fichier d’un reçu : ce n’est pas du JSON lisible d’une seule façon. Un PDF ou une capture d’écran ne peuvent pas être vérifiés."
                .to_owned()
        }
        VerifyError::NotAReceipt => "C’est bien du JSON, mais pas un reçu.".to_owned(),
        VerifyError::Unsigned => {
            "Ce reçu ne porte pas de signature : rien ne prouve de qui il vient.".to_owned()
        }
        VerifyError::UnknownAlgorithm => {
            "La signature est d’un type que nous n’utilisons pas.".to_owned()
        }
        VerifyError::UnknownKey(key) => format!(
            "La clé qui l’a signé ({key}) n’est pas une des nôtres : ce reçu vient d’ailleurs, ou a été fabriqué."
        ),
        VerifyError::Refused => {
            "La signature ne correspond pas : le reçu a été modifié après la signature, ou n’a jamais été de nous."
                .to_owned()
        }
    }
    },
    another: "Vérifier un autre reçu",
    invitation: "Faire vérifier ce reçu",
};

const EN: Check = Check {
    title: "Check a receipt",
    intro: "Whoever holds a deletion receipt can make sure here that it comes from us and that nothing in it was changed. The file is read, then forgotten.",
    file: "The receipt’s file",
    file_hint: "The JSON file that you downloaded, for example qliento-receipt-QD-1234-5678.json",
    text: "… or its content, pasted here",
    submit: "Check",
    genuine: "This receipt is genuine.",
    checked: "What was checked",
    signed: |controller, key| {
        format!("The signature is that of {controller} (key {key}, Ed25519).")
    },
    retired: |date| format!("This key signs no more since {date}; what it signed stays valid."),
    unchanged: "What it says is exactly what was signed.",
    noted: |line| format!("The receipt says that it is noted in line {line} of our ledger."),
    not_checked: "This page checks that the receipt is ours and whole; it does not look into the database again.",
    refused: "This receipt is not confirmed",
    why: |error| {
        match error {
        VerifyError::Empty => "Nothing was sent: choose a file or paste its content.".to_owned(),
        VerifyError::TooLong => {
            "This is too long for a receipt: more than 64 KiB. Make sure that you chose the right file."
                .to_owned()
        }
        VerifyError::NotJson => {
            "This is not a receipt’s file: it is not JSON that can be read in one way only. A PDF or a screenshot cannot be checked."
                .to_owned()
        }
        VerifyError::NotAReceipt => "This is JSON, but not a receipt.".to_owned(),
        VerifyError::Unsigned => {
            "This receipt carries no signature: nothing proves whose it is.".to_owned()
        }
        VerifyError::UnknownAlgorithm => {
            "The signature is of a kind that we do not use.".to_owned()
        }
        VerifyError::UnknownKey(key) => format!(
            "The key that signed it ({key}) is none of ours: this receipt comes from elsewhere, or was made up."
        ),
        VerifyError::Refused => {
            "The signature does not fit: the receipt was changed after it was signed, or was never ours."
                .to_owned()
        }
    }
    },
    another: "Check another receipt",
    invitation: "Have this receipt checked",
};
