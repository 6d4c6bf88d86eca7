//! Whose data goes: an organization's, or one person's.

use crate::id::{OrganizationId, UserId};

/// Someone whose data an erasure takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Everything of an organization.
    Organization(OrganizationId),
    /// A person with a sign-in, in whatever organization they left something.
    User(UserId),
}

impl Subject {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::User(_) => "user",
        }
    }

    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Organization(id) => id.as_str(),
            Self::User(id) => id.as_str(),
        }
    }

    pub(super) fn stored(kind: &str, id: String) -> Option<Self> {
        match kind {
            "organization" => Some(Self::Organization(OrganizationId::stored(id))),
            "user" => Some(Self::User(UserId::stored(id))),
            _ => None,
        }
    }
}
