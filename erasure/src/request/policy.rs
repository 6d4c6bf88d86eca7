//! What a business wants when one of its contacts asks to be erased: to be told, or to be asked before.
//!
//! The law gives the person the right, and the business no veto. A window only lets it name a legal ground before the data is
//! gone, so it is short, and it is none unless the business wants one.

use std::{fmt, str::FromStr};

use sqlx::FromRow;

use crate::{
    account,
    db::{self, value::args},
    services::Services,
    staff::{Act, ActError, Who, audit::About},
};

/// Two weeks leave staff the half of a month for what is objected; the schema says the same.
const LONGEST: u8 = 14;

/// How long a business may object. None: its contacts go at once, and it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectionDays(u8);

/// It is no such number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a business has 0 to {LONGEST} days: a whole number, and 0 erases at once")]
pub struct MalformedDays;

impl ObjectionDays {
    /// How many.
    #[must_use]
    pub const fn count(self) -> u8 {
        self.0
    }

    /// What stands on the record.
    const fn word(self) -> &'static str {
        if self.0 == 0 { "at_once" } else { "window" }
    }
}

impl FromStr for ObjectionDays {
    type Err = MalformedDays;

    fn from_str(text: &str) -> Result<Self, MalformedDays> {
        let days = text.parse().map_err(|_| MalformedDays)?;
        if days <= LONGEST {
            Ok(Self(days))
        } else {
            Err(MalformedDays)
        }
    }
}

impl fmt::Display for ObjectionDays {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// Why a business's window was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// There is none of that name, or it is going.
    #[error("there is no organization with that slug, or it is being erased")]
    NotFound,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

impl From<ActError> for PolicyError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Internal(error) => error.into(),
            // Nobody asks the operator for any of these.
            ActError::Denied | ActError::ProofNeeded | ActError::Ended => {
                db::Error::Corrupt("the operator's authority").into()
            }
        }
    }
}

/// Gives a business so many days to object in, for requests from now on, and puts that on the staff's record.
///
/// # Errors
/// See [`PolicyError`].
pub async fn set_objection_days(
    services: &Services,
    slug: &str,
    days: ObjectionDays,
) -> Result<(), PolicyError> {
    let mut acting = Who::Operator.begin(services, Act::SetObjectionDays).await?;
    let organization = account::by_slug(acting.tx(), slug)
        .await?
        .filter(|organization| !organization.is_frozen)
        .ok_or(PolicyError::NotFound)?;
    acting
        .tx()
        .execute(
            "-- set_objection_days
             UPDATE organizations SET objection_days = $1 WHERE id = $2",
            args![i64::from(days.0), &organization.id],
        )
        .await?;
    let about = About::Organization(&organization.id);
    acting.commit(Some(about), Some(days.word())).await?;
    Ok(())
}

/// A business that wants to be asked.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct Asked {
    /// Its short name.
    pub slug: String,
    /// In how many days it may object.
    pub days: i64,
}

/// The businesses that have a window, by name; all others are told afterwards.
///
/// # Errors
/// When the database fails.
pub async fn with_a_window(services: &Services) -> Result<Vec<Asked>, db::Error> {
    services
        .db
        .fetch_all(
            "-- organizations_with_a_window
             SELECT slug, objection_days AS days FROM organizations WHERE objection_days > 0 ORDER BY slug",
            args![],
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_at_most_two_weeks() {
        let days = |text: &str| text.parse::<ObjectionDays>().map(ObjectionDays::count);

        assert_eq!(days("0"), Ok(0));
        assert_eq!(days("14"), Ok(14));
        for text in ["15", "-1", "1.5", "", "a week", "300"] {
            assert_eq!(days(text), Err(MalformedDays), "{text}");
        }
        assert_eq!(ObjectionDays::default().word(), "at_once");
    }
}
