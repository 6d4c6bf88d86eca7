//! A step of a plan, as its row says it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Subject;

/// What kind of work a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ErasureStage))]
pub enum Stage {
    /// Counting what is there, behind the fence.
    Inventory,
    /// Unsubscribing a WhatsApp Business Account from the webhooks.
    Meta,
    /// Sealing what the law keeps.
    Archive,
    /// Copying security events without identifiers.
    Anonymize,
    /// Deleting files.
    Media,
    /// Deleting rows.
    Rows,
    /// Emptying copies of a number or an address in records that stay.
    Mentions,
    /// Leaving no erased byte in the database's files.
    Scrub,
    /// Reading back.
    Verify,
    /// Writing the receipt.
    Receipt,
}

impl Stage {
    /// The name that the database uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Meta => "meta",
            Self::Archive => "archive",
            Self::Anonymize => "anonymize",
            Self::Media => "media",
            Self::Rows => "rows",
            Self::Mentions => "mentions",
            Self::Scrub => "scrub",
            Self::Verify => "verify",
            Self::Receipt => "receipt",
        }
    }

    /// Every stage, in the order of the plan.
    pub const ALL: [Self; 10] = [
        Self::Inventory,
        Self::Meta,
        Self::Archive,
        Self::Anonymize,
        Self::Media,
        Self::Rows,
        Self::Mentions,
        Self::Scrub,
        Self::Verify,
        Self::Receipt,
    ];
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.as_str() == text)
            .ok_or(())
    }
}

/// One step of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) position: i64,
    pub(crate) stage: Stage,
    pub(crate) subject: Option<Subject>,
    pub(crate) target: Option<String>,
    pub(crate) expected: Option<i64>,
    pub(crate) erased: i64,
    pub(crate) outcome: Option<String>,
    /// The primary key behind which rows are left, without its first column.
    pub(crate) reached: Vec<String>,
    /// How often it had to be done again because rows were found behind it.
    pub(crate) reopened: i64,
}
