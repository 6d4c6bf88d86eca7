//! The languages that the product speaks.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of the pages and letters. French comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Locale {
    /// Français.
    #[default]
    Fr,
    /// English.
    En,
}

impl Locale {
    /// Every language, the first choice first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The BCP 47 tag, also the first segment of a page's address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The months' names as they stand in a date, January first.
    pub(crate) const fn month_names(self) -> [&'static str; 12] {
        match self {
            Self::Fr => [
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ],
            Self::En => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        }
    }
}

/// The text names no language that the product speaks.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of fr, en")]
pub struct UnknownLocale;

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(text: &str) -> Result<Self, UnknownLocale> {
        Self::ALL
            .into_iter()
            .find(|locale| locale.as_str() == text)
            .ok_or(UnknownLocale)
    }
}
