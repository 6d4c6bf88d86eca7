//! Why a term is longer and why something is kept, in French.

use crate::request::{ExtensionReason, Ground};

pub(super) const fn extension(reason: ExtensionReason) -> &'static str {
    match reason {
        ExtensionReason::SeveralOrganizations => {
            "plusieurs entreprises détiennent des données et doivent être entendues"
        }
        ExtensionReason::ObjectionUnderReview => {
            "une entreprise s’y oppose, et nous examinons son motif"
        }
        ExtensionReason::LegalHold => "une obligation légale interdit l’effacement pour le moment",
        ExtensionReason::AuthorityUnderReview => {
            "nous examinons les documents qui montrent que vous pouvez agir pour cette personne"
        }
        ExtensionReason::SeveralRequests => "vous avez fait plusieurs demandes",
    }
}

pub(super) const fn refusal(ground: Ground) -> &'static str {
    match ground {
        Ground::Expression => "liberté d’expression et d’information",
        Ground::LegalObligation => "obligation légale de conserver",
        Ground::PublicHealth => "santé publique",
        Ground::Archiving => "archives, recherche ou statistiques d’intérêt public",
        Ground::LegalClaims => "constatation, exercice ou défense de droits en justice",
        Ground::Excessive => "demande manifestement infondée ou excessive",
        Ground::AuthorityNotShown => "le droit d’agir pour cette personne n’a pas été montré",
    }
}
