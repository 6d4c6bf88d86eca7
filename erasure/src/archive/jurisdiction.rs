//! Which law keeps an invoice, and for how long: by the customer's country, from a table that a deployment can change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

const BUILT_IN: &str = include_str!("jurisdictions.toml");
/// No accounting law known to us asks for more; a larger number is a slip of the finger.
const MOST_YEARS: i16 = 30;

/// What a law asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// For how many years from the day of issue.
    pub years: i16,
    /// Which law, in words that a customer can look up.
    pub statute: String,
}

impl Rule {
    /// When an invoice that was issued at this moment has reached its term.
    #[must_use]
    pub fn ends(&self, issued_at: Timestamp) -> Timestamp {
        issued_at.plus_years(self.years)
    }

    /// The basis on which it is kept, as pages, letters and receipts say it.
    #[must_use]
    pub fn basis(&self) -> String {
        format!("{} (GDPR art. 17(3)(b))", self.statute)
    }
}

/// The rule of every country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jurisdictions {
    default: Rule,
    countries: BTreeMap<String, Rule>,
}

/// What is wrong with a table of jurisdictions.
#[derive(Debug, thiserror::Error)]
pub enum JurisdictionsError {
    /// It is not of that form.
    #[error("the table of jurisdictions is not understood: {0}")]
    Form(#[from] toml::de::Error),
    /// A country is not named as it must be.
    #[error("\"{0}\" is not a country: write its two capitals, for example \"FR\"")]
    Country(String),
    /// A country stands there twice.
    #[error("\"{0}\" stands in the table of jurisdictions twice: keep one of them")]
    Twice(String),
    /// The years cannot be meant.
    #[error("\"{place}\" keeps invoices for {years} years: write a number from 1 to {MOST_YEARS}")]
    Years {
        /// The country, or `default`.
        place: String,
        /// What stands there.
        years: i16,
    },
    /// No law is named.
    #[error("\"{0}\" names no statute: people are told on which law their invoices are kept")]
    Statute(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    default: Rule,
    #[serde(default)]
    country: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: Codes,
    years: i16,
    statute: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Codes {
    One(String),
    Several(Vec<String>),
}

impl Codes {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(code) => vec![code],
            Self::Several(codes) => codes,
        }
    }
}

impl Jurisdictions {
    /// Reads a table.
    ///
    /// # Errors
    /// When it is not of the form of `jurisdictions.toml`, or says what cannot be meant.
    pub fn read(text: &str) -> Result<Self, JurisdictionsError> {
        let Table { default, country } = toml::from_str(text)?;
        check("default", &default)?;
        let mut countries = BTreeMap::new();
        for Entry {
            code,
            years,
            statute,
        } in country
        {
            let rule = Rule { years, statute };
            for code in code.into_vec() {
                if code.len() != 2 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
                    return Err(JurisdictionsError::Country(code));
                }
                check(&code, &rule)?;
                if countries.insert(code.clone(), rule.clone()).is_some() {
                    return Err(JurisdictionsError::Twice(code));
                }
            }
        }
        Ok(Self { default, countries })
    }

    /// The rule for a customer of this country; where the table has none, the default.
    #[must_use]
    pub fn of(&self, country: &str) -> &Rule {
        self.countries.get(country).unwrap_or(&self.default)
    }
}

impl Default for Jurisdictions {
    fn default() -> Self {
        Self::read(BUILT_IN).unwrap_or_else(|error| unreachable!("{error}: a test reads it"))
    }
}

fn check(place: &str, rule: &Rule) -> Result<(), JurisdictionsError> {
    if !(1..=MOST_YEARS).contains(&rule.years) {
        return Err(JurisdictionsError::Years {
            place: place.to_owned(),
            years: rule.years,
        });
    }
    if rule.statute.trim().is_empty() {
        return Err(JurisdictionsError::Statute(place.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_rule_and_none_keeps_less_than_the_law_of_the_books() {
        let table = Jurisdictions::default();

        assert_eq!(table.of("FR").years, 10);
        assert_eq!(
            table.of("FR").basis(),
            "Code de commerce, art. L123-22 (GDPR art. 17(3)(b))"
        );
        assert_eq!(table.of("ZZ"), table.of("FR"));
        assert!(table.of("SN").statute.contains("OHADA"));
        assert!(table.countries.values().all(|rule| rule.years >= 10));
    }

    #[test]
    fn a_deployment_has_a_table_of_its_own() {
        let table = Jurisdictions::read(
            "[default]\nyears = 10\nstatute = \"L123-22\"\n[[country]]\ncode = \"DE\"\nyears = 8\nstatute = \"§ 14b UStG\"",
        )
        .unwrap();
        let issued_at = Timestamp::from_millis(1_795_521_600_000); // 2026-11-24T12:00:00Z

        assert_eq!(
            table.of("DE").ends(issued_at).to_rfc3339(),
            "2034-11-24T12:00:00.000Z"
        );
        assert_eq!(
            table.of("FR").ends(issued_at).to_rfc3339(),
            "2036-11-24T12:00:00.000Z"
        );
    }

    #[test]
    fn a_table_that_cannot_be_meant_is_refused_by_name() {
        const DEFAULT: &str = "[default]\nyears = 10\nstatute = \"x\"\n";
        for (text, said) in [
            ("", "not understood"),
            (
                "[default]\nyears = 0\nstatute = \"x\"",
                "\"default\" keeps invoices for 0 years",
            ),
            (
                "[default]\nyears = 10\nstatute = \" \"",
                "\"default\" names no statute",
            ),
            (
                "[[country]]\ncode = \"fr\"\nyears = 1\nstatute = \"x\"",
                "\"fr\" is not a country",
            ),
            (
                "[[country]]\ncode = \"FR\"\nyears = 100\nstatute = \"x\"",
                "from 1 to 30",
            ),
            (
                "[[country]]\ncode = [\"FR\", \"FR\"]\nyears = 1\nstatute = \"x\"",
                "\"FR\" stands in the table of jurisdictions twice",
            ),
            (
                "[[country]]\ncode = \"FR\"\nyears = 1\nlaw = \"x\"",
                "not understood",
            ),
        ] {
            let table = if text.starts_with("[[") {
                [DEFAULT, text].concat()
            } else {
                text.to_owned()
            };
            let error = Jurisdictions::read(&table).unwrap_err().to_string();
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }
}
