//! Whose data goes: an organization's, a person's with a sign-in, or a contact's of one organization.

use std::borrow::Cow;

use crate::{
    contact::Contact,
    id::{OrganizationId, UserId},
};

/// Someone whose data an erasure takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Everything of an organization.
    Organization(OrganizationId),
    /// A person with a sign-in, in whatever organization they left something.
    User(UserId),
    /// What one organization holds about one person who wrote to it, or to whom it wrote.
    Contact(Contact),
}

impl Subject {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::User(_) => "user",
            Self::Contact(_) => "contact",
        }
    }

    /// What the database calls it: random internal ids.
    pub(crate) fn id(&self) -> Cow<'_, str> {
        match self {
            Self::Organization(id) => Cow::Borrowed(id.as_str()),
            Self::User(id) => Cow::Borrowed(id.as_str()),
            Self::Contact(contact) => Cow::Owned(contact.to_text()),
        }
    }

    pub(crate) fn stored(kind: &str, id: String) -> Option<Self> {
        match kind {
            "organization" => Some(Self::Organization(OrganizationId::stored(id))),
            "user" => Some(Self::User(UserId::stored(id))),
            "contact" => Contact::stored(&id).map(Self::Contact),
            _ => None,
        }
    }

    /// The organization in which everything of the subject lies; `None`: in any.
    pub(super) const fn organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Organization(id) => Some(id),
            Self::User(_) => None,
            Self::Contact(contact) => Some(&contact.organization),
        }
    }
}
