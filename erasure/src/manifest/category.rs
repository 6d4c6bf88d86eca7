//! What rows count as: the seven categories of the product page, and what is kept in another form.

use serde::{Deserialize, Serialize};

/// What a row counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Name, e-mail, organization, password hash.
    Account,
    /// Phone number id, WABA id, access token.
    WhatsappProfiles,
    /// The organization's contacts.
    Contacts,
    /// Messages both ways, and their conversations.
    Messages,
    /// Flows, campaigns, AI agents, templates.
    Automations,
    /// Usage analytics.
    Analytics,
    /// Images, audio, video, documents.
    Media,
    /// Invoices: kept in an encrypted archive.
    Billing,
    /// Security events: kept without identifiers.
    SecurityLogs,
    /// This product's own working data.
    Internal,
}

/// A category of the product page: shown, counted, erased and verified by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Category {
    /// Name, e-mail, organization, password hash.
    Account,
    /// Phone number id, WABA id, access token.
    WhatsappProfiles,
    /// The organization's contacts.
    Contacts,
    /// Messages both ways, and their conversations.
    Messages,
    /// Flows, campaigns, AI agents, templates.
    Automations,
    /// Usage analytics.
    Analytics,
    /// Images, audio, video, documents.
    Media,
}

impl Category {
    /// All seven, in the product page's order.
    pub const ALL: [Self; 7] = [
        Self::Account,
        Self::WhatsappProfiles,
        Self::Contacts,
        Self::Messages,
        Self::Automations,
        Self::Analytics,
        Self::Media,
    ];

    /// The name that the database and JSON use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::WhatsappProfiles => "whatsapp_profiles",
            Self::Contacts => "contacts",
            Self::Messages => "messages",
            Self::Automations => "automations",
            Self::Analytics => "analytics",
            Self::Media => "media",
        }
    }
}

impl Group {
    /// The name that the file and JSON use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => Category::Account.as_str(),
            Self::WhatsappProfiles => Category::WhatsappProfiles.as_str(),
            Self::Contacts => Category::Contacts.as_str(),
            Self::Messages => Category::Messages.as_str(),
            Self::Automations => Category::Automations.as_str(),
            Self::Analytics => Category::Analytics.as_str(),
            Self::Media => Category::Media.as_str(),
            Self::Billing => "billing",
            Self::SecurityLogs => "security_logs",
            Self::Internal => "internal",
        }
    }

    /// The category that these rows count for; `None` for what is kept and what is internal.
    #[must_use]
    pub const fn category(self) -> Option<Category> {
        match self {
            Self::Account => Some(Category::Account),
            Self::WhatsappProfiles => Some(Category::WhatsappProfiles),
            Self::Contacts => Some(Category::Contacts),
            Self::Messages => Some(Category::Messages),
            Self::Automations => Some(Category::Automations),
            Self::Analytics => Some(Category::Analytics),
            Self::Media => Some(Category::Media),
            Self::Billing | Self::SecurityLogs | Self::Internal => None,
        }
    }
}
