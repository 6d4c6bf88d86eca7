//! The fixed words of requests: who asks, how, why a term is longer, why something is refused.

use crate::named::named;

named! {
    /// How a request reached us.
    pub enum Channel {
        /// The form on this site.
        Form = "form",
        /// The JSON API, from a customer's own site.
        Api = "api",
        /// A letter to the privacy address.
        Email = "email",
        /// Somebody of the staff wrote down what they were told.
        Staff = "staff",
        /// Meta passed it on.
        Meta = "meta",
    }
}

named! {
    /// Who asks.
    pub enum Role {
        /// Somebody who wrote with a customer of the platform.
        EndUser = "end_user",
        /// A customer who cannot sign in.
        AccountHolder = "account_holder",
        /// Somebody with legal authority for another.
        Representative = "representative",
    }
}

named! {
    /// Why a term has to be longer: complexity or number, said concretely (GDPR art. 12(3)). That there is much to do is no
    /// reason, and therefore no word here.
    pub enum ExtensionReason {
        /// Several businesses hold data and have to be heard.
        SeveralOrganizations = "several_organizations",
        /// A business objected, and its ground is being examined.
        ObjectionUnderReview = "objection_under_review",
        /// A law forbids to erase for the time being.
        LegalHold = "legal_hold",
        /// Papers that show the right to act for somebody have to be examined.
        AuthorityUnderReview = "authority_under_review",
        /// The same person asked several times.
        SeveralRequests = "several_requests",
    }
}

named! {
    /// On which ground something is not erased. Each names its article; a law beside the GDPR is named with the decision.
    pub enum Ground {
        /// Freedom of expression and information: art. 17(3)(a).
        Expression = "expression",
        /// A legal obligation to keep: art. 17(3)(b).
        LegalObligation = "legal_obligation",
        /// Public health: art. 17(3)(c).
        PublicHealth = "public_health",
        /// Archives, research, statistics: art. 17(3)(d).
        Archiving = "archiving",
        /// Legal claims: art. 17(3)(e).
        LegalClaims = "legal_claims",
        /// Manifestly unfounded or excessive, which is ours to show: art. 12(5).
        Excessive = "excessive",
        /// The right to act for the person was not shown: art. 12(6).
        AuthorityNotShown = "authority_not_shown",
    }
}

impl Ground {
    /// The article of the GDPR.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Expression => "17(3)(a)",
            Self::LegalObligation => "17(3)(b)",
            Self::PublicHealth => "17(3)(c)",
            Self::Archiving => "17(3)(d)",
            Self::LegalClaims => "17(3)(e)",
            Self::Excessive => "12(5)",
            Self::AuthorityNotShown => "12(6)",
        }
    }

    /// The grounds that a business can object on. The other two are not a business's to judge.
    #[must_use]
    pub const fn is_open_to_objection(self) -> bool {
        !matches!(self, Self::Excessive | Self::AuthorityNotShown)
    }
}
