//! Why a term is longer and why something is kept, in English.

use crate::request::{ExtensionReason, Ground};

pub(super) const fn extension(reason: ExtensionReason) -> &'static str {
    match reason {
        ExtensionReason::SeveralOrganizations => {
            "several businesses hold data and have to be heard"
        }
        ExtensionReason::ObjectionUnderReview => {
            "a business objects, and we are examining its ground"
        }
        ExtensionReason::LegalHold => "a legal obligation forbids to erase for the time being",
        ExtensionReason::AuthorityUnderReview => {
            "we are examining the papers that show that you may act for this person"
        }
        ExtensionReason::SeveralRequests => "you have made several requests",
    }
}

pub(super) const fn refusal(ground: Ground) -> &'static str {
    match ground {
        Ground::Expression => "freedom of expression and information",
        Ground::LegalObligation => "a legal obligation to keep",
        Ground::PublicHealth => "public health",
        Ground::Archiving => "archives, research or statistics in the public interest",
        Ground::LegalClaims => "the establishment, exercise or defence of legal claims",
        Ground::Excessive => "a request that is manifestly unfounded or excessive",
        Ground::AuthorityNotShown => "the right to act for this person was not shown",
    }
}
